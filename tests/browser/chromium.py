"""The Chromium of the system, as these tests start it."""

from __future__ import annotations

import os
import shutil

from playwright.sync_api import Browser, Playwright

PROGRAMS = ("chromium", "chromium-browser", "google-chrome")
SWITCHES = (
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
)


def launch(playwright: Playwright) -> Browser:
    """Return a running one."""
    found = os.environ.get("CHROMIUM_PATH") or next(filter(None, map(shutil.which, PROGRAMS)), "")
    assert found, "install Chromium (apt-get install chromium), or set CHROMIUM_PATH"
    return playwright.chromium.launch(executable_path=found, args=list(SWITCHES))
