"""Reading JSON from strangers.  Refuses whatever another reader could read differently, store badly
or choke on: duplicate keys, NaN, infinities, NUL, lone surrogates, depth, masses of keys or digits.

Pure: bytes in, values or :class:`JsonRefused` out.  Source: RFC 8259 and RFC 7493 (I-JSON).
"""

from __future__ import annotations

import json
import math
import re
from decimal import Decimal
from functools import partial
from typing import Any, NoReturn

from workflows_app.authoring.errors import WorkflowError
from workflows_app.language.limits import JSON, JsonLimits

# From here on Python writes a float with an exponent; none has digits after the point.
_WRITTEN_WITH_EXPONENT = 1e16

# Only an escape can bring NUL or half a surrogate pair through UTF-8 and the parser.
_DANGEROUS_ESCAPE = re.compile(r"\\u(?:0000|[dD][89a-fA-F])")


class JsonRefused(WorkflowError):
    """``code`` is ``json.invalid``, ``json.limit`` or, for a huge text, ``request.too_large``."""


def read_json(body: bytes, *, limits: JsonLimits = JSON) -> Any:
    """Return the value that ``body``, UTF-8 text, holds.

    Raises:
        JsonRefused: if it is no JSON, or JSON that is not taken here.
    """
    text = _decoded(body)
    value = _parsed(text, limits)
    _check_values(value, limits, check_text=_DANGEROUS_ESCAPE.search(text) is not None)
    return value


def _decoded(body: bytes) -> str:
    try:
        return body.decode("utf-8")
    except UnicodeDecodeError as error:
        raise _invalid(f"byte {error.start} is not UTF-8") from None


def _parsed(text: str, limits: JsonLimits) -> Any:
    keys = 0

    def as_object(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
        nonlocal keys
        keys += len(pairs)
        if keys > limits.keys:
            raise _limit(f"objects may have {limits.keys:,} keys in all", limit=limits.keys)
        found = dict(pairs)
        if len(found) != len(pairs):
            raise _invalid(f"the key {_first_repeated(pairs)!r} stands twice in one object")
        return found

    try:
        return json.loads(
            text,
            object_pairs_hook=as_object,
            parse_int=partial(_whole, limits),
            parse_float=partial(_real, limits),
            parse_constant=_constant,
        )
    except json.JSONDecodeError as error:
        raise _invalid(f"{error.msg} at line {error.lineno}, column {error.colno}") from None
    except RecursionError:
        raise _too_deep(limits) from None


def _first_repeated(pairs: list[tuple[str, Any]]) -> str:
    seen: set[str] = set()
    for key, _ in pairs:
        if key in seen:
            return key[:100]
        seen.add(key)
    raise AssertionError("unreachable: some key is repeated")


def _whole(limits: JsonLimits, digits: str) -> int:
    _check_digits(digits, limits)
    return int(digits)


def _real(limits: JsonLimits, digits: str) -> float | int:
    _check_digits(digits, limits)
    number = float(digits)
    if math.isinf(number):
        raise _invalid(f"the number {digits[:40]} is too large to be kept")
    # PostgreSQL gives 1e+16 back as 10000000000000000, which Python reads as a whole number: said
    # that way from the start, a definition compiles to one hash however often it was stored.
    return int(Decimal(repr(number))) if abs(number) >= _WRITTEN_WITH_EXPONENT else number


def _check_digits(digits: str, limits: JsonLimits) -> None:
    if len(digits.lstrip("-")) > limits.digits:
        raise _limit(f"a number may have {limits.digits} digits", limit=limits.digits)


def _constant(name: str) -> NoReturn:
    raise _invalid(f"{name} is no JSON number; send null or a string")


def _check_values(value: Any, limits: JsonLimits, *, check_text: bool) -> None:
    """Look at every value, level by level, so that no depth can exhaust a stack."""
    level, depth = [value], 0
    while level:
        below: list[Any] = []
        for item in level:
            if isinstance(item, str):
                _check_string(item, limits, check_text=check_text)
            elif isinstance(item, dict):
                for key in item:
                    _check_string(key, limits, check_text=check_text)
                below.extend(item.values())
            elif isinstance(item, list):
                below.extend(item)
            else:
                continue
            if depth >= limits.depth and isinstance(item, (dict, list)):
                raise _too_deep(limits)
        level, depth = below, depth + 1


def _check_string(text: str, limits: JsonLimits, *, check_text: bool) -> None:
    # The cheap comparison spares almost every string the encoding.
    if len(text) * 4 > limits.text_bytes:
        size_bytes = len(text.encode("utf-8", "surrogatepass"))
        if size_bytes > limits.text_bytes:
            raise JsonRefused(
                f"a text in the body is {size_bytes:,} bytes long; send at most "
                f"{limits.text_bytes:,}",
                code="request.too_large",
                details={"limit_bytes": limits.text_bytes},
            )
    if not check_text:
        return
    if "\0" in text:
        raise _invalid("a text holds the character NUL, which no database keeps")
    try:
        text.encode("utf-8")
    except UnicodeEncodeError:
        raise _invalid("a text holds half of a surrogate pair, which is no character") from None


def _invalid(message: str) -> JsonRefused:
    return JsonRefused(f"send valid JSON: {message}", code="json.invalid")


def _limit(message: str, *, limit: int) -> JsonRefused:
    return JsonRefused(
        f"send less in one request: {message}", code="json.limit", details={"limit": limit}
    )


def _too_deep(limits: JsonLimits) -> JsonRefused:
    return _limit(f"values may be nested {limits.depth} deep", limit=limits.depth)
