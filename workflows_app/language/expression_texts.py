"""The functions of expressions that make and change texts and numbers.  Pays before it builds."""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import Any

from workflows_app.language import expression_bounds as bounds
from workflows_app.language import expression_values as values
from workflows_app.language.expression_bounds import Meter


def to_int(meter: Meter, value: Any) -> int:
    if isinstance(value, str):
        return values.in_64_bits(_parse(value, int, "a whole number"))
    if isinstance(value, float):
        if not math.isfinite(value):
            raise values.failed(f"{value} has no whole number")
        return values.in_64_bits(int(value))
    return int(value.timestamp()) if values.kind(value) == "timestamp" else int(value)


def to_double(meter: Meter, value: Any) -> float:
    if isinstance(value, str):
        return float(_parse(value, float, "a number"))
    try:
        return float(value)
    except OverflowError:
        raise values.failed("the whole number is too large for a double") from None


def _parse(text: str, number: Callable[[str], Any], wanted: str) -> Any:
    # Python reads more than JSON does: '1_000', other scripts' digits, 'infinity'.
    stripped = text.strip()
    if len(stripped) > bounds.MAX_NUMBER_CHARS or not stripped.isascii() or "_" in stripped:
        raise values.failed(f"{text[:40]!r} is not {wanted}")
    try:
        found = number(stripped)
    except ValueError:
        raise values.failed(f"{text[:40]!r} is not {wanted}") from None
    if not math.isfinite(found):
        raise values.failed(f"{text[:40]!r} is not {wanted}")
    return found


def to_text(value: Any) -> str:
    """Return a scalar as text, the way ``string(x)`` shows it."""
    match values.kind(value):
        case "string":
            return str(value)
        case "bool":
            return "true" if value else "false"
        case "null_type":
            return "null"
        case "double":
            return values.show_double(value)
        case "timestamp":
            return values.show_timestamp(value)
        case "duration":
            return f"{values.show_double(value.total_seconds())}s"
        case _ if value.bit_length() > 4 * bounds.MAX_NUMBER_CHARS:
            raise bounds.limit(f"shows a number of more than {bounds.MAX_NUMBER_CHARS} digits")
        case _:
            return str(value)


def to_string(meter: Meter, value: Any) -> str:
    return to_text(value)


def to_bool(meter: Meter, value: Any) -> bool:
    if isinstance(value, bool):
        return value
    if value in ("true", "false"):
        return bool(value == "true")
    raise values.failed(f"{value[:40]!r} is neither 'true' nor 'false'")


def case(change: Callable[[str], str]) -> Callable[..., str]:
    """Return the expression function that applies ``change`` to a text, and counts its cost."""

    def run(meter: Meter, text: str) -> str:
        meter.produce_text(len(text))
        return change(text)

    return run


def split(meter: Meter, text: str, separator: str) -> list[str]:
    if not separator:
        raise values.failed("split() needs a separator; it cuts nothing at an empty text")
    meter.produce_text(len(text))
    meter.spend(text.count(separator))
    return text.split(separator)


def join(meter: Meter, items: list[Any], separator: str = "") -> str:
    meter.spend(len(items))
    parts = [to_text(item) if values.kind(item) not in ("list", "map") else None for item in items]
    if None in parts:
        raise values.wrong_type("join() joins texts and numbers; use json(x) for lists and maps")
    meter.produce_text(sum(len(part or "") for part in parts) + len(separator) * len(parts))
    return separator.join(part or "" for part in parts)


def replace(meter: Meter, text: str, old: str, new: str) -> str:
    if not old:
        raise values.failed("replace() needs a text to look for")
    meter.produce_text(len(text) + text.count(old) * max(0, len(new) - len(old)))
    return text.replace(old, new)


def index_of(meter: Meter, text: str, part: str) -> int:
    return text.find(part)
