"""Turning bytes from outside into text and JSON that a database will take.  Never raises.

Neither guesses: text is decoded by the declared charset or UTF-8, JSON is what the type or the
first character says it is.  What cannot be stored everywhere (NUL, numbers beyond a float, lone
surrogates, nesting beyond 64) does not come through as JSON.
"""

from __future__ import annotations

import json
import math
import re
from typing import Any

MAX_DEPTH = 64
MAX_DIGITS = 400

_CHARSET = re.compile(r"charset\s*=\s*\"?([A-Za-z0-9_.:-]{1,40})", re.IGNORECASE)

#: Python knows stranger codecs (punycode, unicode_escape, utf-7) that are costly or unsafe.
_SAFE_CHARSET = re.compile(
    r"utf-?8|us-?ascii|utf-?16(le|be)?|iso-?8859-?\d{1,2}|latin-?1|(windows-?|cp)125\d"
    r"|koi8-[ru]|gb2312|gbk|gb18030|big5|euc-(jp|kr)|shift_jis",
    re.IGNORECASE,
)
_JSON_TYPE = re.compile(r"\s*(application|text)/([\w.+-]+\+)?json\s*(;|$)", re.IGNORECASE)


class _NotPlain(ValueError):
    """Sound JSON perhaps, but not for us."""


def text_of(body: bytes, content_type: str) -> str:
    """Return ``body`` as text; every byte that is none, and NUL, becomes U+FFFD."""
    declared = _CHARSET.search(content_type)
    charset = declared[1] if declared and _SAFE_CHARSET.fullmatch(declared[1]) else "utf-8"
    try:
        text = body.decode(charset, errors="replace")
    except LookupError:  # e.g. iso-8859-99
        text = body.decode("utf-8", errors="replace")
    # PostgreSQL cannot hold NUL in text or jsonb, and SQLite can: better the same on both.
    return text.removeprefix("\ufeff").replace("\x00", "\ufffd")


def json_of(text: str, content_type: str) -> Any:
    """Return ``text`` read as JSON if its type or its first character says so, else ``None``."""
    if not _JSON_TYPE.match(content_type) and text.lstrip()[:1] not in ("{", "["):
        return None
    try:
        value = json.loads(text, parse_constant=_constant, parse_float=_float, parse_int=_integer)
        _require_plain(value)
    except (ValueError, RecursionError):
        return None
    return value


def _require_plain(value: Any) -> None:
    """Walk level by level, so that no depth can exhaust the stack."""
    level = [value]
    for _ in range(MAX_DEPTH):
        members: list[Any] = []
        for item in level:
            if isinstance(item, dict):
                members.extend(item)
                members.extend(item.values())
            elif isinstance(item, list):
                members.extend(item)
        if not all(_is_storable(item) for item in (*level, *members) if isinstance(item, str)):
            raise _NotPlain
        level = [item for item in members if isinstance(item, dict | list)]
        if not level:
            return
    raise _NotPlain


def _is_storable(text: str) -> bool:
    return "\x00" not in text and (text.isascii() or not _LONE_SURROGATE.search(text))


_LONE_SURROGATE = re.compile("[\ud800-\udfff]")


def _constant(_name: str) -> Any:
    raise _NotPlain


def _float(digits: str) -> float:
    number = float(digits)
    if not math.isfinite(number):
        raise _NotPlain
    return number


def _integer(digits: str) -> int:
    if len(digits) > MAX_DIGITS:
        raise _NotPlain
    return int(digits)
