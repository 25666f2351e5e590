#!/bin/sh
# Brings the browser that the tests drive, from the system's own packages.
set -eu
for name in chromium chromium-browser google-chrome; do
    if command -v "$name" >/dev/null 2>&1; then exit 0; fi
done
if [ -n "${CHROMIUM_PATH:-}" ]; then exit 0; fi
if [ "$(id -u)" != 0 ] || ! command -v apt-get >/dev/null 2>&1; then
    echo "The browser's tests need Chromium: install it (Debian, Ubuntu: apt-get install chromium)," >&2
    echo "or name one: CHROMIUM_PATH=/path/to/chromium" >&2
    exit 1
fi
echo "Installing Chromium for the browser's tests (once) ..."
apt-get update -qq
DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends chromium >/dev/null
