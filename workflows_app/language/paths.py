"""Paths such as ``steps.fetch.json.items[0].name``.  Reads mappings and lists, never attributes.

A path is a tuple of segments: text for a key, a whole number for a place in a list.  Keys that are
not plain words are written in brackets: ``steps["my-id"]``, ``inputs["Website URL"]``.  ``.`` and
the empty text mean the whole value.  A number behind a dot (``items.0``) means a place in a list,
or the key ``"0"`` where it meets an object.  Names that begin with two underscores are refused.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Mapping
from enum import Enum
from typing import Any, Final, TypeAlias

Path: TypeAlias = tuple[str | int, ...]

MAX_PATH_CHARS: Final = 1_000
MAX_PATH_SEGMENTS: Final = 64

_WORD = re.compile(r"[A-Za-z_][A-Za-z0-9_-]*")
#: Written without brackets; a dash is read as part of a word but written in brackets, because an
#: expression would take ``my-id`` for a subtraction.
_PLAIN = re.compile(r"[A-Za-z_][A-Za-z0-9_]*")
_NUMBER = re.compile(r"0|[1-9][0-9]{0,8}")
_QUOTED = re.compile(r'"(?:[^"\\]|\\.)*"' + r"|'(?:[^'\\]|\\.)*'", re.DOTALL)


class Missing(Enum):
    """The type of :data:`MISSING`."""

    MISSING = "missing"

    def __bool__(self) -> bool:
        return False

    def __repr__(self) -> str:
        return "MISSING"


#: There is an object or a list at the path's parent, and it has no such key or place.
MISSING: Final = Missing.MISSING


class PathError(ValueError):
    """A path cannot be read (``path.invalid``) or leads nowhere (``path.unresolved``)."""

    def __init__(self, code: str, message: str, *, position: int | None = None) -> None:
        super().__init__(message)
        self.code = code
        self.message = message
        self.position = position
        """Offset of the culprit in the text, from 0.  ``None`` when there is no text."""


def parse_path(text: str) -> Path:
    """Return the segments of ``text``.

    Raises:
        PathError: ``path.invalid`` with the position of the first character that cannot stand.
    """
    if not isinstance(text, str):
        raise PathError("path.invalid", f"a path is a text such as 'inputs.url', got {text!r}")
    if len(text) > MAX_PATH_CHARS:
        raise _invalid(text, MAX_PATH_CHARS, f"is longer than {MAX_PATH_CHARS} characters")
    start = len(text) - len(text.lstrip())
    end = len(text.rstrip())
    if text[start:end] in ("", "."):
        return ()
    segments: list[str | int] = []
    position = start
    while position < end:
        segment, next_position = _segment(text, position, end, first=not segments)
        _refuse_hidden(text, segment, position)
        segments.append(segment)
        position = next_position
        if len(segments) > MAX_PATH_SEGMENTS:
            raise _invalid(text, position, f"has more than {MAX_PATH_SEGMENTS} parts")
    return tuple(segments)


def format_path(path: Iterable[str | int]) -> str:
    """Return the shortest text that :func:`parse_path` reads as ``path``; ``.`` for the whole."""
    parts: list[str] = []
    for segment in path:
        if isinstance(segment, int):
            parts.append(f"[{segment}]")
        elif _PLAIN.fullmatch(segment):
            parts.append(f".{segment}" if parts else segment)
        else:
            parts.append(f"[{json.dumps(segment, ensure_ascii=False)}]")
    return "".join(parts) or "."


def resolve(path: Path, root: Mapping[str, Any]) -> Any:
    """Return the value at ``path`` below ``root``, or :data:`MISSING` when only the last key is.

    Raises:
        PathError: ``path.unresolved`` when the way there leads through something that is missing
            or is neither an object nor a list.
    """
    value: Any = root
    for depth, segment in enumerate(path):
        found = step_into(value, segment)
        if found is MISSING and (depth < len(path) - 1 or not isinstance(value, Mapping | list)):
            raise PathError("path.unresolved", _unresolved(path, depth, value, segment))
        value = found
    return value


def step_into(value: Any, segment: str | int) -> Any:
    """Return what ``segment`` names inside ``value``, or :data:`MISSING`."""
    if isinstance(value, Mapping):
        return value.get(str(segment), MISSING)
    if isinstance(value, list) and isinstance(segment, int) and segment < len(value):
        return value[segment]
    return MISSING


def _segment(text: str, position: int, end: int, *, first: bool) -> tuple[str | int, int]:
    if text[position] == "[":
        return _bracketed(text, position, end)
    if not first:
        if text[position] != ".":
            raise _invalid(text, position, "needs '.' or '[' here")
        position += 1
    if match := _WORD.match(text, position, end):
        return match.group(), match.end()
    if not first and (match := _NUMBER.match(text, position, end)):
        return int(match.group()), match.end()
    raise _invalid(text, position, 'needs a name here; write other keys as ["any key"]')


def _bracketed(text: str, position: int, end: int) -> tuple[str | int, int]:
    segment: str | int
    if match := _NUMBER.match(text, position + 1, end):
        segment = int(match.group())
    elif match := _QUOTED.match(text, position + 1, end):
        segment = _unquote(text, match)
    else:
        raise _invalid(text, position + 1, "needs a number or a quoted key inside [ ]")
    if match.end() >= end or text[match.end()] != "]":
        raise _invalid(text, match.end(), "needs ']' here")
    return segment, match.end() + 1


def _unquote(text: str, match: re.Match[str]) -> str:
    quoted = match.group()
    if quoted[0] == "'":
        inside = re.sub(r"\\(.)", lambda m: "'" if m[1] == "'" else m[0], quoted[1:-1])
        quoted = '"' + re.sub(r'(?<!\\)"', '\\\\"', inside) + '"'
    try:
        key: str = json.loads(quoted, strict=False)
        key.encode()
    except ValueError:
        raise _invalid(text, match.start(), "has a key with a broken escape") from None
    return key


def _refuse_hidden(text: str, segment: str | int, position: int) -> None:
    if isinstance(segment, str) and segment.startswith("__"):
        raise _invalid(text, position, f"may not use {segment!r}: names never start with '__'")


def _invalid(text: str, position: int, problem: str) -> PathError:
    shown = text if len(text) <= 80 else text[:77] + "..."
    return PathError("path.invalid", f"path {shown!r} {problem}", position=position)


def _unresolved(path: Path, depth: int, value: Any, segment: str | int) -> str:
    parent = format_path(path[:depth]) if depth else "the data"
    whole = format_path(path)
    if isinstance(value, Mapping | list):
        return f"Invalid path {whole}: {parent} has no {segment!r}"
    kind = "nothing (null)" if value is None else f"a {type(value).__name__}"
    return f"Invalid path {whole}: {parent} is {kind}, it has no parts"
