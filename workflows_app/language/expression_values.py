"""What operators do with values: JSON, timestamps and durations.  Never touches an attribute.

Whole numbers are 64 bits wide in arithmetic and exact outside it: an id beyond 2**63 in the data is
passed on, compared and printed digit by digit, and arithmetic that would leave the 64 bits fails
instead of turning into a rounded number.  Numbers of different kinds compare but do not add up.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from datetime import UTC, datetime, timedelta
from typing import Any, Final

from workflows_app.language import expression_bounds as bounds
from workflows_app.language.expression_bounds import ExpressionError, Meter, limit

_KINDS: Final[Mapping[type, str]] = {
    bool: "bool",
    int: "int",
    float: "double",
    str: "string",
    list: "list",
    dict: "map",
    type(None): "null_type",
    datetime: "timestamp",
    timedelta: "duration",
}
_ORDERED: Final = frozenset({"bool", "string", "timestamp", "duration"})
_NUMBERS: Final = frozenset({"int", "double"})


def kind(value: Any) -> str:
    """Return the language's name for the type of ``value``.

    Raises:
        ExpressionError: ``expression.type`` for anything that is not JSON, a time or a duration.
    """
    found = _KINDS.get(type(value))
    if found is None:
        if isinstance(value, Mapping):
            return "map"
        found = next((name for base, name in _KINDS.items() if isinstance(value, base)), None)
    if found is None:
        raise wrong_type(f"a {type(value).__name__} is not a JSON value")
    return found


def wrong_type(message: str) -> ExpressionError:
    """Return the error for values that do not go together."""
    return ExpressionError("expression.type", message)


def failed(message: str) -> ExpressionError:
    """Return the error for an operation that this data does not allow."""
    return ExpressionError("expression.failed", message)


def equal(left: Any, right: Any, meter: Meter, depth: int = 0) -> bool:
    """Return whether both are the same JSON value; ``1 == 1.0``, but ``true != 1``."""
    if depth > bounds.MAX_VALUE_DEPTH:
        raise limit(f"compares values deeper than {bounds.MAX_VALUE_DEPTH} levels")
    left_kind, right_kind = kind(left), kind(right)
    if left_kind == "string" and right_kind == "string":
        meter.spend(1 + min(len(left), len(right)) // bounds.BYTES_PER_UNIT)
        return bool(left == right)
    meter.spend(1)
    if left_kind in ("list", "map"):
        meter.spend(2)
    if left_kind == "list" and right_kind == "list":
        return len(left) == len(right) and all(
            equal(a, b, meter, depth + 1) for a, b in zip(left, right, strict=True)
        )
    if left_kind == "map" and right_kind == "map":
        return len(left) == len(right) and all(
            key in right and equal(item, right[key], meter, depth + 1) for key, item in left.items()
        )
    if left_kind != right_kind and not {left_kind, right_kind} <= _NUMBERS:
        return False
    return bool(left == right)


def compare(operator: str, left: Any, right: Any, meter: Meter) -> bool:
    """Return the answer of ``<``, ``<=``, ``>`` or ``>=``."""
    left_kind, right_kind = kind(left), kind(right)
    numbers = left_kind in _NUMBERS and right_kind in _NUMBERS
    if not numbers and (left_kind != right_kind or left_kind not in _ORDERED):
        raise wrong_type(f"{left_kind} and {right_kind} have no order; convert one of them")
    meter.spend(1 + (len(left) // bounds.BYTES_PER_UNIT if left_kind == "string" else 0))
    return bool(_COMPARISONS[operator](left, right))


def contains(item: Any, container: Any, meter: Meter) -> bool:
    """Return whether ``item in container``: an element of a list or a key of an object."""
    match kind(container):
        case "map":
            return kind(item) == "string" and item in container
        case "list":
            return any(equal(item, other, meter) for other in container)
        case other:
            raise wrong_type(f"'in' asks a list or a map, got {other}; see contains() for texts")


def arithmetic(operator: str, left: Any, right: Any, meter: Meter) -> Any:
    """Return ``left operator right`` for ``+ - * / %``."""
    left_kind, right_kind = kind(left), kind(right)
    if left_kind == right_kind:
        if left_kind == "int":
            return _whole(operator, left, right)
        if left_kind == "double" and operator != "%":
            return _double(operator, left, right)
    if operator == "+" and left_kind == right_kind == "string":
        meter.produce_text(len(left) + len(right))
        return left + right
    if operator == "+" and left_kind == right_kind == "list":
        meter.produce_list(len(left) + len(right))
        return left + right
    if operator in "+-" and {left_kind, right_kind} <= {"timestamp", "duration"}:
        return _time(operator, left, right)
    hint = "write string(x) to join texts"
    if {left_kind, right_kind} <= _NUMBERS:
        hint = "write num(x) or double(x) around the int, or int(x) around the double"
    raise wrong_type(f"cannot work out {left_kind} {operator} {right_kind}; {hint}")


def negate(value: Any) -> Any:
    """Return ``-value``."""
    match kind(value):
        case "int":
            return in_64_bits(-value)
        case "double":
            return -value
        case other:
            raise wrong_type(f"'-' needs a number, got {other}")


def in_64_bits(number: int) -> int:
    """Return ``number``, or fail when it needs more than 64 bits."""
    if bounds.INT_MIN <= number <= bounds.INT_MAX:
        return number
    raise failed("the whole number does not fit into 64 bits; use double(x) if about right will do")


def plain(value: Any) -> Any:
    """Return ``value`` as new plain JSON: times as ISO 8601 in UTC, durations in seconds.

    Raises:
        ExpressionError: ``expression.limit`` when it is over 1 MB or too deep,
            ``expression.type`` when it holds something that JSON cannot.
    """
    return _plain(value, [bounds.MAX_VALUE_BYTES], 0)


def _plain(value: Any, room: list[int], depth: int) -> Any:
    name = kind(value)
    room[0] -= len(value) + 2 if name in ("string", "list", "map") else 4
    if name == "string" and not value.isascii():
        room[0] -= len(value.encode(errors="surrogatepass")) - len(value)
    if room[0] < 0:
        raise limit(f"makes more than {bounds.MAX_VALUE_BYTES:,} bytes")
    if depth > bounds.MAX_VALUE_DEPTH:
        raise limit(f"makes a value deeper than {bounds.MAX_VALUE_DEPTH} levels")
    match name:
        case "list":
            return [_plain(item, room, depth + 1) for item in value]
        case "map":
            return {text_key(key, room): _plain(value[key], room, depth + 1) for key in value}
        case "double":
            if not math.isfinite(value):
                raise failed(f"the result is {value}, which JSON cannot say; guard the division")
            return float(value)
        case "int":
            room[0] -= value.bit_length() // 3
            return int(value)
        case "string":
            return str(value)
        case "timestamp":
            return show_timestamp(value)
        case "duration":
            return value.total_seconds()
        case _:
            return value


def text_key(key: Any, room: list[int]) -> str:
    """Return ``key`` if JSON allows it as a key."""
    if not isinstance(key, str):
        raise wrong_type(f"keys of a map are texts in JSON, got {key!r}")
    room[0] -= len(key) + 2
    return str(key)


def show_timestamp(value: datetime) -> str:
    """Return ``value`` as ISO 8601 in UTC, ending in ``Z``."""
    moment = value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)
    return moment.isoformat().removesuffix("+00:00") + "Z"


def show_double(value: float) -> str:
    """Return ``value`` as JSON writes it, without ``.0`` on whole numbers."""
    if math.isfinite(value) and value == int(value) and abs(value) < 1e16:
        return str(int(value))
    return repr(value)


def _whole(operator: str, left: int, right: int) -> int:
    match operator:
        case "+":
            return in_64_bits(left + right)
        case "-":
            return in_64_bits(left - right)
        case "*":
            if left.bit_length() + right.bit_length() > 130:
                return in_64_bits(bounds.INT_MAX + 1)
            return in_64_bits(left * right)
    if right == 0:
        raise failed("division by zero")
    # CEL cuts towards zero and gives the remainder the sign of the dividend; Python floors.
    quotient = abs(left) // abs(right) * (1 if (left < 0) == (right < 0) else -1)
    return in_64_bits(quotient if operator == "/" else left - quotient * right)


def _double(operator: str, left: float, right: float) -> float:
    match operator:
        case "+":
            return left + right
        case "-":
            return left - right
        case "*":
            return left * right
    if right == 0:
        return (
            math.nan
            if left == 0 or math.isnan(left)
            else math.copysign(math.inf, left) * (math.copysign(1, right))
        )
    return left / right


def _time(operator: str, left: Any, right: Any) -> Any:
    try:
        if operator == "+" and not (kind(left) == kind(right) == "timestamp"):
            return left + right
        if operator == "-" and not (kind(left) == "duration" and kind(right) == "timestamp"):
            return left - right
    except (OverflowError, TypeError):
        raise failed("the time is out of range: years go from 1 to 9999, in UTC") from None
    raise wrong_type(f"cannot work out {kind(left)} {operator} {kind(right)}")


_COMPARISONS: Final[Mapping[str, Callable[[Any, Any], Any]]] = {
    "<": lambda left, right: left < right,
    "<=": lambda left, right: left <= right,
    ">": lambda left, right: left > right,
    ">=": lambda left, right: left >= right,
}
