"""Saying in a sentence why a value does not fit its schema.  Shows little of the value itself."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Mapping
from typing import Any, Final

import jsonschema_rs

from workflows_app.language.paths import Path, format_path

_NAMES: Final[Mapping[str, str]] = {
    "string": "a string",
    "number": "a number",
    "integer": "a whole number",
    "boolean": "true or false",
    "object": "an object",
    "array": "a list",
    "null": "null",
}
_SHOWN_CHARS: Final = 40

_SENTENCES: Final[Mapping[str, Callable[[Any], str]]] = {
    "enum": lambda kind: f"must be one of {_listed(kind.options)}",
    "const": lambda kind: f"must be {_json(kind.expected_value)}",
    "minimum": lambda kind: f"must be at least {kind.limit}",
    "maximum": lambda kind: f"must be at most {kind.limit}",
    "exclusiveMinimum": lambda kind: f"must be more than {kind.limit}",
    "exclusiveMaximum": lambda kind: f"must be less than {kind.limit}",
    "multipleOf": lambda kind: f"must be a multiple of {kind.multiple_of}",
    "minLength": lambda kind: f"must have at least {kind.limit} characters",
    "maxLength": lambda kind: f"must have at most {kind.limit} characters",
    "minItems": lambda kind: f"must have at least {kind.limit} items",
    "maxItems": lambda kind: f"must have at most {kind.limit} items",
    "minProperties": lambda kind: f"must have at least {kind.limit} fields",
    "maxProperties": lambda kind: f"must have at most {kind.limit} fields",
    "additionalItems": lambda kind: f"must have at most {kind.limit} items",
    "pattern": lambda kind: f"must match the pattern {kind.pattern!r:.80}",
    "format": lambda kind: f"must be written as {kind.format}",
    "uniqueItems": lambda kind: "must not have the same item twice",
    "contains": lambda kind: "must contain a certain item and does not",
    "falseSchema": lambda kind: "may not be given",
    "not": lambda kind: "is of a kind that is not allowed",
    "oneOf": lambda kind: "must fit exactly one of several alternatives",
    "anyOf": lambda kind: "must fit one of several alternatives",
    "propertyNames": lambda kind: "has a field with a name that is not allowed",
}
#: Keywords whose sentence stands alone; the others end in what was found instead.
_WITHOUT_VALUE: Final = frozenset({
    "uniqueItems", "contains", "falseSchema", "minItems", "maxItems", "minProperties",
    "maxProperties", "additionalItems", "propertyNames",
})  # fmt: skip


def sentence(error: jsonschema_rs.ValidationError, name: str) -> Iterator[tuple[Path, str]]:
    """Yield the place in the value and the sentence for each problem that ``error`` tells of.

    ``name`` is what the whole value is called, such as ``inputs``; it may be empty.
    """
    place: Path = tuple(error.instance_path)
    kind: Any = error.kind  # its fields depend on the keyword
    match kind.name:
        case "required":
            path = (*place, kind.property)
            yield path, f"{spoken(path, name)} is required"
        case "additionalProperties" | "unevaluatedProperties":
            for extra in kind.unexpected:
                path = (*place, extra)
                yield path, f"{spoken(path, name)} is not a known field"
        case "type":
            wanted = " or ".join(_NAMES.get(str(one), str(one)) for one in kind.types)
            yield place, f"{spoken(place, name)} must be {wanted}, got {described(error.instance)}"
        case "anyOf" | "oneOf" if inner := _only_real_branch(kind):
            for one in inner:
                yield from sentence(one, name)
        case word:
            say = _SENTENCES.get(word, lambda _: f"breaks the rule {word!r}")
            tail = "" if word in _WITHOUT_VALUE else f", got {described(error.instance)}"
            yield place, f"{spoken(place, name)} {say(kind)}{tail}"


def described(value: Any) -> str:
    """Return the type of ``value`` and, for scalars, the beginning of it."""
    match value:
        case None:
            return "null"
        case bool():
            return f"boolean {_json(value)}"
        case str():
            return f"string {_short(repr(value))}"
        case int() | float():
            return f"number {_short(repr(value))}"
        case list():
            return f"a list of {len(value)}"
        case Mapping():
            return f"an object of {len(value)} fields"
        case _:
            return _short(repr(value))


def spoken(path: Path, name: str) -> str:
    """Return how a sentence calls the place ``path`` of the value called ``name``."""
    if not path:
        return name or "the value"
    text = format_path(path)
    return text if not name else name + (text if text.startswith("[") else f".{text}")


def _only_real_branch(kind: Any) -> list[jsonschema_rs.ValidationError]:
    """Return the errors of the one alternative that is meant: "or null" is no alternative."""
    branches = [list(branch) for branch in getattr(kind, "context", [])]
    real = [
        branch
        for branch in branches
        if not (len(branch) == 1 and branch[0].kind.name == "type" and _only_null(branch[0]))
    ]
    return real[0] if len(branches) == 2 and len(real) == 1 else []


def _only_null(error: jsonschema_rs.ValidationError) -> bool:
    kind: Any = error.kind
    return [str(one) for one in kind.types] == ["null"]


def _listed(options: Any) -> str:
    shown = [_json(option) for option in list(options)[:10]]
    return ", ".join(shown) + (", ..." if len(options) > len(shown) else "")


def _json(value: Any) -> str:
    return _short(json.dumps(value, ensure_ascii=False, default=str))


def _short(text: str) -> str:
    return text if len(text) <= _SHOWN_CHARS else text[: _SHOWN_CHARS - 3] + "..."
