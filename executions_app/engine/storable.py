"""What every database stores: text without NUL or half a surrogate pair, finite numbers.

PostgreSQL refuses the others, SQLite takes some of them.  An outcome that the database refuses
could not be recorded at all, and its step would run again and again, so they are met here.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from typing import Any

#: Containers in each other.  Whoever reads a value recursively, as Python's JSON does, has room.
MAX_DEPTH = 200
_TOO_DEEP = f"the value is nested deeper than {MAX_DEPTH} levels; hand on something flatter"
_NO_TEXT = re.compile("[\x00\ud800-\udfff]")
_REPLACEMENT = "\ufffd"


class NotStorable(Exception):
    """A value holds what no database of ours keeps."""

    code = "step.output_invalid"
    retryable = False

    def __init__(self, why: str = "") -> None:
        super().__init__(
            why
            or "the value holds a NUL character, half of a surrogate pair or an infinite number, "
            "which has no place in JSON; hand on bytes as base64"
        )


def storable_bytes(value: Any) -> int:
    """Return how many bytes of JSON ``value`` is.

    Raises:
        NotStorable: if a database would refuse it.
    """
    try:
        text = json.dumps(value, ensure_ascii=False, separators=(",", ":"), allow_nan=False)
        # Most texts need no copy to be measured.
        size_bytes = len(text) if text.isascii() else len(text.encode("utf-8"))
    except ValueError:  # an infinite number, or half of a surrogate pair
        raise NotStorable from None
    except RecursionError:
        raise NotStorable(_TOO_DEEP) from None
    # No value has more levels than containers, which are counted faster.
    if text.count("[") + text.count("{") > MAX_DEPTH and _is_deeper(value, MAX_DEPTH):
        raise NotStorable(_TOO_DEEP)
    # A text that merely spells the escape has it too, so only then every string is looked at.
    if "\\u0000" in text and readable(value) != value:
        raise NotStorable
    return size_bytes


def _is_deeper(value: Any, depth: int) -> bool:
    """Return whether containers stand in each other more than ``depth`` deep; without recursion."""
    level = [value] if isinstance(value, dict | list) else []
    for _ in range(depth):
        level = [
            item
            for holder in level
            for item in (holder.values() if isinstance(holder, dict) else holder)
            if isinstance(item, dict | list)
        ]
        if not level:
            return False
    return True


def readable(value: Any) -> Any:
    """Return ``value`` with a replacement character wherever its texts cannot be stored."""
    match value:
        case str():
            return _NO_TEXT.sub(_REPLACEMENT, value)
        case Mapping():
            return {readable(key): readable(item) for key, item in value.items()}
        case list() | tuple():
            return [readable(item) for item in value]
    return value
