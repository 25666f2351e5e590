"""Which JSON type an expression certainly has, read off its outermost part.  Evaluates nothing."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from workflows_app.language.expression_bounds import ExpressionError
from workflows_app.language.expression_nodes import (
    Call,
    Chain,
    Conditional,
    Has,
    ListNode,
    Literal,
    Macro,
    MapNode,
    Node,
    Unary,
)
from workflows_app.language.expression_syntax import parse

_COMPARISONS: Final = frozenset({"==", "!=", "<", "<=", ">", ">=", "in", "&&", "||"})
_MACROS: Final = {"map": "array", "filter": "array"}
_FUNCTIONS: Final = {
    "bool": "boolean",
    "contains": "boolean",
    "double": "number",
    "endsWith": "boolean",
    "int": "integer",
    "matches": "boolean",
    "size": "integer",
    "split": "array",
    "startsWith": "boolean",
    "string": "string",
}
_VALUES: Final[Mapping[type, str]] = {
    bool: "boolean",
    int: "integer",
    float: "number",
    str: "string",
    type(None): "null",
}


def type_of_expression(text: str) -> str | None:
    """Return the JSON type of every value that ``text`` can have; ``None`` when that is open."""
    try:
        return _type_of(parse(text))
    except (ExpressionError, RecursionError):
        return None


def _type_of(node: Node) -> str | None:
    match node:
        case Literal(value=value):
            return _VALUES.get(type(value))
        case Has():
            return "boolean"
        case Macro(kind=kind):
            return _MACROS.get(kind, "boolean")
        case Call(function=function):
            return _FUNCTIONS.get(function)
        case ListNode():
            return "array"
        case MapNode():
            return "object"
        case Unary(operators=operators) if operators.startswith("!"):
            return "boolean"
        case Chain(rest=((operator, _, _), *_)) if operator in _COMPARISONS:
            return "boolean"
        case Conditional(then=then, otherwise=otherwise):
            found = _type_of(then)
            return found if found == _type_of(otherwise) else None
    return None
