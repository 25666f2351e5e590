"""From the sources of the web UI to its bundle.  Refuses to work twice on the same sources."""

from __future__ import annotations

import fcntl
import os
import subprocess
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from hashlib import sha256
from pathlib import Path

from whitenoise.compress import Compressor

from config.browser.bundle import BUNDLE, SOURCES, STAMP, is_current, sources_digest
from config.browser.node import Node, find_node

PACKAGES = SOURCES / "node_modules"
_INSTALLED = PACKAGES / ".installed.sha256"
_LOCK_FILE = SOURCES / "package-lock.json"
STEP_SECONDS = 600
LAST_LINES = 30


class BuildFailed(Exception):
    """A command of the build ended with an error."""

    def __init__(self, command: Sequence[str], output: str) -> None:
        last = "\n".join(output.strip().splitlines()[-LAST_LINES:])
        super().__init__(f"building the web UI: `{' '.join(command)}` failed in editor/:\n{last}")


def install_packages(*, tell: Callable[[str], object]) -> Node:
    """Install what the build needs, unless the lock file's packages are there; return the Node.

    Raises:
        NodeMissing: if no Node.js fits.
        BuildFailed: if npm fails; its last lines are in the message.
    """
    node = find_node()
    with _alone():
        _install(node, tell)
    return node


def build(*, tell: Callable[[str], object], force: bool = False) -> bool:
    """Build the bundle unless it is of today's sources; return whether anything was done.

    Raises:
        NodeMissing: if no Node.js fits.
        BuildFailed: if a command fails; its last lines are in the message.
    """
    if is_current() and not force:
        return False
    node = find_node()
    with _alone():
        if is_current() and not force:  # another process was quicker
            return False
        _install(node, tell)
        tell("Building the web UI ...")
        digest = sources_digest()
        _run(node, [str(node.program), "node_modules/vite/bin/vite.js", "build"])
        _compress()
        STAMP.write_text(digest)
    return True


def _install(node: Node, tell: Callable[[str], object]) -> None:
    wanted = sha256(_LOCK_FILE.read_bytes()).hexdigest()
    if _INSTALLED.exists() and _INSTALLED.read_text() == wanted:
        return
    tell("Installing what the web UI is built with (once) ...")
    _run(node, [*node.npm, "ci", "--no-audit", "--no-fund"])
    _INSTALLED.write_text(wanted)


def _run(node: Node, command: list[str]) -> None:
    # Everything else stays as it is: proxies and certificates are told in variables, too.
    environment = dict(os.environ)
    environment["PATH"] = os.pathsep.join((str(node.program.parent), environment.get("PATH", "")))
    done = subprocess.run(
        command,
        cwd=SOURCES,
        env=environment | {"NO_COLOR": "1"},
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        timeout=STEP_SECONDS,
    )
    if done.returncode:
        raise BuildFailed(command, done.stdout)


def _compress() -> None:
    """Put a compressed copy beside each file; WhiteNoise sends it to whoever takes it."""
    compressor = Compressor(quiet=True)
    for path in BUNDLE.rglob("*"):
        if path.is_file() and compressor.should_compress(path.name):
            for _made in compressor.compress(str(path)) or ():
                pass


@contextmanager
def _alone() -> Iterator[None]:
    """Hold the build's lock: tests and ``make up`` may build at the same time."""
    with Path(SOURCES / ".build.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield
