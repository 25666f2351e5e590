"""The functions an expression may call, in one table.  No clock, no network, no randomness.

``f(x, y)`` and ``x.f(y)`` are the same call.  Each function pays the meter for what it reads and
makes *before* it does so.  Patterns run in the Rust regex engine, which is linear in the text.
"""

from __future__ import annotations

import json
import math
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any, Final

from workflows_app.language import expression_bounds as bounds
from workflows_app.language import expression_lists as lists
from workflows_app.language import expression_texts as texts
from workflows_app.language import expression_values as values
from workflows_app.language.expression_bounds import Meter
from workflows_app.language.expression_patterns import matches
from workflows_app.language.expression_times import TIME_FUNCTIONS


@dataclass(frozen=True, slots=True)
class Function:
    """A name of the language."""

    doc: str
    takes: tuple[tuple[str, ...], ...]
    """For each argument the kinds it may have; ``("any",)`` for all."""
    run: Callable[..., Any]
    optional: int = 0
    """How many arguments at the end may be left out."""


def call(name: str, arguments: list[Any], meter: Meter) -> Any:
    """Return what function ``name`` makes of ``arguments``.

    Raises:
        ExpressionError: ``expression.type`` for arguments it does not take, or its own failure.
    """
    function = TABLE[name]
    if not len(function.takes) - function.optional <= len(arguments) <= len(function.takes):
        raise values.wrong_type(f"{name}() takes {_count(function)}, got {len(arguments)}")
    for argument, allowed in zip(arguments, function.takes, strict=False):
        found = values.kind(argument)
        if allowed != ("any",) and found not in allowed:
            raise values.wrong_type(f"{name}() works on {' or '.join(allowed)}, got {found}")
        if found == "string":
            meter.spend(len(argument) // bounds.BYTES_PER_UNIT)
    return function.run(meter, *arguments)


def arity(name: str) -> tuple[int, int]:
    """Return the least and the greatest number of arguments of function ``name``."""
    function = TABLE[name]
    return len(function.takes) - function.optional, len(function.takes)


def _count(function: Function) -> str:
    most = len(function.takes)
    least = most - function.optional
    return f"{most} argument(s)" if least == most else f"{least} to {most} arguments"


def _type(meter: Meter, value: Any) -> str:
    return values.kind(value)


def _same(meter: Meter, value: Any) -> Any:
    return value


def _json(meter: Meter, value: Any) -> str:
    measured = values.plain(value)
    made = json.dumps(measured, ensure_ascii=False, separators=(",", ":"), allow_nan=False)
    meter.spend(len(made) // 16)
    meter.produce_text(len(made))
    return made


def _parse_json(meter: Meter, text: str) -> Any:
    # Worst is a list of empty lists: three characters become 64 bytes.
    meter.spend(len(text) // 4)
    try:
        return json.loads(text, parse_constant=_no_constant)
    except (ValueError, RecursionError) as error:
        raise values.failed(f"parse_json() got a text that is not JSON: {error}"[:200]) from None


def _no_constant(name: str) -> Any:
    raise ValueError(f"{name} is not JSON")


def _rounded(change: Callable[[float], int]) -> Callable[..., int]:
    def run(meter: Meter, number: float) -> int:
        if not math.isfinite(number):
            raise values.failed(f"{number} has no whole number")
        return values.in_64_bits(change(number))

    return run


def _round(meter: Meter, number: float, digits: int = 0) -> int | float:
    if not 0 <= digits <= 15:
        raise values.failed("round() keeps 0 to 15 digits")
    # Halves go away from zero, as people expect of money; Python would go to the even digit.
    scaled = abs(number) * 10**digits
    if not math.isfinite(scaled):
        raise values.failed(f"{number} cannot be rounded")
    whole = int(math.copysign(math.floor(scaled + 0.5), number))
    return values.in_64_bits(whole) if digits == 0 else whole / 10**digits


def _absolute(meter: Meter, number: int | float) -> int | float:
    return values.in_64_bits(abs(number)) if isinstance(number, int) else abs(number)


_ANY: Final = ("any",)
_TEXT: Final = ("string",)
_LIST: Final = ("list",)
_MAP: Final = ("map",)
_INT: Final = ("int",)
_NUMBER: Final = ("int", "double")

TABLE: Final[Mapping[str, Function]] = MappingProxyType(
    {
        "size": Function(
            "Number of characters, items or keys.", (("string", "list", "map"),), lists.size
        ),
        "contains": Function(
            "Whether a text has a part, a list an item, a map a key.",
            (("string", "list", "map"), _ANY),
            lists.contains,
        ),
        "startsWith": Function(
            "Whether a text begins so.", (_TEXT, _TEXT), lambda _, a, b: a.startswith(b)
        ),
        "endsWith": Function(
            "Whether a text ends so.", (_TEXT, _TEXT), lambda _, a, b: a.endswith(b)
        ),
        "matches": Function(
            "Whether a pattern (RE2 style) is found in a text.", (_TEXT, _TEXT), matches
        ),
        "type": Function("Name of the type of a value.", (_ANY,), _type),
        "dyn": Function("The value itself.", (_ANY,), _same),
        "int": Function(
            "Whole number from a number, text or time; cuts off the fraction.",
            (("int", "double", "string", "timestamp"),),
            texts.to_int,
        ),
        "double": Function(
            "Number with a fraction, from a number or text.",
            (("int", "double", "string"),),
            texts.to_double,
        ),
        "num": Function(
            "Same as double(): mixes with other numbers.",
            (("int", "double", "string"),),
            texts.to_double,
        ),
        "string": Function(
            "Text of a number, bool, null or time.",
            (("string", "int", "double", "bool", "null_type", "timestamp", "duration"),),
            texts.to_string,
        ),
        "bool": Function("true or false from those words.", (("bool", "string"),), texts.to_bool),
        "json": Function("Compact JSON text of a value.", (_ANY,), _json),
        "parse_json": Function("Value of a JSON text.", (_TEXT,), _parse_json),
        "lower": Function("Text in small letters.", (_TEXT,), texts.case(str.lower)),
        "upper": Function("Text in capital letters.", (_TEXT,), texts.case(str.upper)),
        "trim": Function("Text without spaces at its ends.", (_TEXT,), texts.case(str.strip)),
        "split": Function("List of the parts between separators.", (_TEXT, _TEXT), texts.split),
        "join": Function("Text of a list's items in a row.", (_LIST, _TEXT), texts.join, 1),
        "replace": Function(
            "Text with every old part replaced.", (_TEXT, _TEXT, _TEXT), texts.replace
        ),
        "indexOf": Function("Place of a part, or -1.", (_TEXT, _TEXT), texts.index_of),
        "slice": Function(
            "Part from start up to, not including, end.",
            (("string", "list"), _INT, _INT),
            lists.cut,
            1,
        ),
        "sum": Function("Sum of a list of numbers.", (_LIST,), lists.total),
        "avg": Function("Mean of a list of numbers.", (_LIST,), lists.average),
        "min": Function("Smallest item of a list.", (_LIST,), lists.least),
        "max": Function("Greatest item of a list.", (_LIST,), lists.greatest),
        "sort": Function("List in ascending order.", (_LIST,), lists.order),
        "unique": Function("List without repeated items.", (_LIST,), lists.unique),
        "reverse": Function("List from the end.", (_LIST,), lists.reverse),
        "flatten": Function("List with inner lists opened once.", (_LIST,), lists.flatten),
        "first": Function("First item of a list.", (_LIST,), lists.first),
        "last": Function("Last item of a list.", (_LIST,), lists.last),
        "keys": Function("Keys of a map.", (_MAP,), lists.keys_of),
        "values": Function("Values of a map.", (_MAP,), lists.values_of),
        "round": Function(
            "Rounded number, halves away from zero; digits to keep.", (_NUMBER, _INT), _round, 1
        ),
        "floor": Function("Whole number below.", (_NUMBER,), _rounded(math.floor)),
        "ceil": Function("Whole number above.", (_NUMBER,), _rounded(math.ceil)),
        "abs": Function("Number without its sign.", (_NUMBER,), _absolute),
        **{name: Function(doc, takes, run) for name, (doc, takes, run) in TIME_FUNCTIONS.items()},
    }
)

#: Every function an expression may call, with one line of what it gives.
FUNCTIONS: Final[Mapping[str, str]] = MappingProxyType(
    {name: function.doc for name, function in TABLE.items()}
)
