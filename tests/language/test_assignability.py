"""Whether a producer's schema fits a consumer's, and what a path finds in a schema."""

from __future__ import annotations

from typing import Any

import pytest

from workflows_app.language.assignability import UNKNOWN, assignable, schema_at

STR, INT, NUM = {"type": "string"}, {"type": "integer"}, {"type": "number"}


def obj(required: list[str] | None = None, **properties: Any) -> dict[str, Any]:
    return {"type": "object", "properties": properties, "required": required or []}


def told(producer: Any, consumer: Any) -> list[tuple[str, str, str]]:
    return [(str(p.severity), p.code, p.path) for p in assignable(producer, consumer)]


@pytest.mark.parametrize(
    ("producer", "consumer"),
    [
        (STR, STR),
        (INT, NUM),
        ({}, INT),
        (True, INT),
        (STR, {}),
        (UNKNOWN, INT),
        (None, INT),
        ({"description": "no type"}, INT),
        (STR, {"type": ["string", "null"]}),
        (STR, {"anyOf": [INT, STR]}),
        ({"type": ["string", "null"]}, {"anyOf": [STR, {"type": "null"}]}),
        (INT, {"oneOf": [STR, NUM]}),
        ({"enum": ["a"]}, {"type": "string", "enum": ["a", "b"]}),
        ({"const": 1}, NUM),
        ({"type": "array", "items": INT}, {"type": "array", "items": NUM}),
        ({"type": "array"}, {"type": "array", "items": NUM}),
        (obj(["a"], a=INT), obj(["a"], a=NUM)),
        (obj(a=INT), obj(b=STR)),
        ({"type": "object"}, obj(["a"], a=NUM)),
        ({**obj(), "additionalProperties": True}, obj(["a"], a=NUM)),
        (obj(["b"], b=INT), obj(["a", "b"], a={"type": "integer", "default": 1}, b=INT)),
        ({"$ref": "#/$defs/s", "$defs": {"s": STR}}, STR),
        ({"allOf": [obj(["a"], a=INT), obj(["b"], b=STR)]}, obj(["a", "b"], a=INT, b=STR)),
        ({"not": STR}, INT),
        ({"$ref": "#/nowhere"}, INT),
    ],
)
def test_what_fits_has_no_problems(producer: Any, consumer: Any) -> None:
    assert told(producer, consumer) == []


@pytest.mark.parametrize(
    ("producer", "consumer", "problems"),
    [
        (STR, NUM, [("error", "type.mismatch", ".")]),
        (NUM, INT, [("warning", "type.narrowing", ".")]),
        ({"type": "boolean"}, INT, [("error", "type.mismatch", ".")]),
        (STR, False, [("error", "type.mismatch", ".")]),
        ({"type": ["string", "null"]}, STR, [("warning", "type.narrowing", ".")]),
        ({"type": ["boolean", "null"]}, STR, [("error", "type.mismatch", ".")]),
        (STR, {"anyOf": [INT, {"type": "null"}]}, [("error", "type.mismatch", ".")]),
        (STR, {"enum": ["a"]}, [("warning", "type.narrowing", ".")]),
        ({"enum": ["a", "c"]}, {"enum": ["a", "b"]}, [("warning", "type.enum", ".")]),
        ({"const": "c"}, {"enum": ["a", "b"]}, [("error", "type.enum", ".")]),
        ({"enum": [True]}, {"enum": [1]}, [("error", "type.mismatch", ".")]),
        (
            {"type": "array", "items": STR},
            {"type": "array", "items": INT},
            [("error", "type.mismatch", "[]")],
        ),
        (obj(["a"], a=STR), obj(["b"], b=STR), [("error", "type.missing_property", "b")]),
        (obj(a=STR), obj(["a"], a=STR), [("warning", "type.missing_property", "a")]),
        (
            obj(["o"], o=obj(["x"], x=STR)),
            obj(["o"], o=obj(["x"], x=NUM)),
            [("error", "type.mismatch", "o.x")],
        ),
        (
            obj(["a", "b"], a=STR, b=STR),
            {**obj(["a"], a=STR), "additionalProperties": False},
            [("warning", "type.extra_property", "b")],
        ),
        (
            {"$ref": "#/$defs/s", "$defs": {"s": STR}},
            {"$ref": "#/$defs/s", "$defs": {"s": NUM}},
            [("error", "type.mismatch", ".")],
        ),
    ],
)
def test_what_does_not_fit_is_told(
    producer: Any, consumer: Any, problems: list[tuple[str, str, str]]
) -> None:
    assert told(producer, consumer) == problems


def test_recursive_and_wide_schemas_end() -> None:
    tree = {"$defs": {"t": obj(["c"], c={"$ref": "#/$defs/t"})}, "$ref": "#/$defs/t"}
    loop = {"$ref": "#"}
    wide: dict[str, Any] = STR
    for _ in range(12):
        wide = {"anyOf": [{"type": "array", "items": wide} for _ in range(6)]}

    assert told(tree, tree) == []
    assert told(loop, loop) == []
    assert told(wide, wide) == []


CLOSED = {**obj(["a"], a=INT), "additionalProperties": False}


@pytest.mark.parametrize(
    ("schema", "path", "found"),
    [
        (CLOSED, (), CLOSED),
        (CLOSED, ("a",), INT),
        (CLOSED, ("b",), None),
        (CLOSED, ("a", "b"), None),
        (CLOSED, (0,), None),
        (obj(a=INT), ("b",), UNKNOWN),
        ({}, ("a", "b", 0), UNKNOWN),
        (True, ("a",), UNKNOWN),
        (True, (), {}),
        (UNKNOWN, ("a",), UNKNOWN),
        ({"additionalProperties": STR}, ("x",), STR),
        ({**CLOSED, "patternProperties": {"^x": STR}}, ("x",), UNKNOWN),
        ({"type": "array", "items": STR}, (3,), STR),
        ({"type": "array", "items": STR}, ("x",), None),
        ({"type": "array", "items": obj(x=INT)}, (3, "x"), INT),
        ({"type": "array", "prefixItems": [STR], "items": False}, (1,), None),
        ({"type": "array", "prefixItems": [STR], "items": INT}, (0,), STR),
        ({"type": "array", "items": STR, "maxItems": 2}, (2,), None),
        ({"items": [STR, INT], "additionalItems": False}, (1,), INT),
        (STR, ("x",), None),
        ({"anyOf": [CLOSED, {"type": "null"}]}, ("a",), INT),
        ({"anyOf": [CLOSED, obj(a=STR)]}, ("a",), {"anyOf": [INT, STR]}),
        ({"anyOf": [CLOSED, {"type": "null"}]}, ("z",), None),
        ({"anyOf": [CLOSED, {}]}, ("z",), UNKNOWN),
        ({"allOf": [CLOSED, {}]}, ("a",), INT),
        ({"allOf": [CLOSED, {}]}, ("z",), None),
        ({"$ref": "#/$defs/c", "$defs": {"c": CLOSED}}, ("a",), INT),
        ({"$ref": "#/$defs/nope"}, ("a",), UNKNOWN),
        ({"$ref": "#"}, ("a",), UNKNOWN),
    ],
)
def test_a_path_finds_a_schema_or_nothing_or_does_not_know(
    schema: Any, path: tuple[str | int, ...], found: Any
) -> None:
    assert schema_at(schema, path) == found


def test_what_a_path_finds_can_be_used_alone() -> None:
    schema = {
        "properties": {"tags": {"type": "array", "items": {"$ref": "#/$defs/tag"}}},
        "$defs": {"tag": STR},
    }

    found = schema_at(schema, ("tags",))

    assert told(found, {"type": "array", "items": NUM}) == [("error", "type.mismatch", "[]")]
