"""The web UI's sources, as the rules of the house look at them: text, imports, exports.

Reads TypeScript by its outward look only, which Biome keeps the same everywhere.  Judges nothing.
"""

from __future__ import annotations

import posixpath
import re
from collections.abc import Iterator
from pathlib import Path

from tests.house.sources import ROOT, files

EDITOR = ROOT / "editor" / "src"
#: Made by tools, of what the Python side says.
GENERATED = ("api/schema.d.ts", "contracts/generated/")
_IMPORT = re.compile(r"""\b(?:from|import)\s*\(?\s*["']([^"']+)["']""")
_EXPORTED = re.compile(
    r"^export (?:default )?(?:"
    r"(?:async )?function\*? (\w+)"
    r"|const (\w+)[^=\n]*= (?:async )?(?:\(|\w+ =>|memo\(|forwardRef))",
    re.MULTILINE,
)


def written(*suffixes: str) -> list[Path]:
    """Return the files of the web UI that people write, below ``editor/src``."""
    return [
        path
        for path in files("editor/src")
        if path.suffix in (suffixes or (".ts", ".tsx"))
        if not name_in_editor(path).startswith(GENERATED)
    ]


def name_in_editor(path: Path) -> str:
    """Return how a message calls a file of the web UI: by its path below ``editor/src``."""
    return path.relative_to(EDITOR).as_posix()


def is_for_tests(name: str) -> bool:
    """Return whether a file, by its name below ``editor/src``, never reaches a browser."""
    return ".test." in name or "testing" in name.split("/")


def imports(name: str, source: str) -> Iterator[str]:
    """Yield what the file imports: of the UI's own files the name below ``editor/src``, of
    packages the name as it stands."""
    for imported in _IMPORT.findall(source):
        if imported.startswith("@/"):
            yield imported[2:]
        elif imported.startswith("."):
            yield posixpath.normpath(posixpath.join(posixpath.dirname(name), imported))
        else:
            yield f"npm:{imported}"


def unexplained(source: str) -> Iterator[str]:
    """Yield the exported functions and components that no ``/** … */`` stands right above."""
    for match in _EXPORTED.finditer(source):
        before = source[: match.start()].rstrip("\n")
        if not before.endswith("*/") or source[: match.start()].endswith("\n\n"):
            yield match[1] or match[2]


def places(pattern: re.Pattern[str], path: Path) -> Iterator[str]:
    """Yield ``file:line: text`` of each match."""
    source = path.read_text(encoding="utf-8")
    for match in pattern.finditer(source):
        line = source.count("\n", 0, match.start()) + 1
        yield f"{name_in_editor(path)}:{line}: {match[0].strip()}"
