"""The project's own files, as the rules of the house look at them.  Judges nothing."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from functools import cache
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
PACKAGES = ("config", "workflows_app", "executions_app")
#: What tools and runs leave beside the sources; the same names as in ``.gitignore``.
_LEFT_BEHIND = frozenset(
    {".env", ".git", ".venv", "__pycache__", "node_modules", "static_root", "var"}
)
_TEXT = frozenset(
    {
        ".cfg",
        ".css",
        ".html",
        ".ini",
        ".js",
        ".json",
        ".lock",
        ".md",
        ".py",
        ".toml",
        ".txt",
        ".yml",
    }
)


def files(*folders: str, suffix: str = "") -> list[Path]:
    """Return the files below ``folders`` (``""`` is the whole project) that end in ``suffix``."""
    found = [path for folder in folders for path in _below(ROOT / folder)]
    return sorted(path for path in found if path.name.endswith(suffix))


def texts() -> list[Path]:
    """Return every file of the project that people write or read."""
    return [path for path in files("") if path.suffix in _TEXT or not path.suffix]


def modules(*folders: str) -> list[Path]:
    """Return the Python files below ``folders`` that hold something; no migrations."""
    return [
        path
        for path in files(*folders, suffix=".py")
        if "migrations" not in path.parts and path.stat().st_size
    ]


@cache
def tree(path: Path) -> ast.Module:
    """Return the syntax tree of a Python file."""
    return ast.parse(path.read_text(encoding="utf-8"), filename=str(path))


def name_of(path: Path) -> str:
    """Return how a message calls a file: by its path in the project."""
    return path.relative_to(ROOT).as_posix()


def _below(folder: Path) -> Iterator[Path]:
    for path in sorted(folder.iterdir()):
        if path.name in _LEFT_BEHIND or path.name.endswith(("_cache", ".egg-info")):
            continue
        if path.name == ".hypothesis":
            continue
        if path.is_dir():
            yield from _below(path)
        elif path.suffix != ".pyc":
            yield path
