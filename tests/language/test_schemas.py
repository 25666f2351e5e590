"""JSON Schemas: values are told apart, problems are sentences, defaults are filled in."""

from __future__ import annotations

from typing import Any

import pytest

from workflows_app.language.schemas import (
    SchemaError,
    apply_defaults,
    check_schema,
    validate_value,
)

ORDER: dict[str, Any] = {
    "type": "object",
    "properties": {
        "id": {"type": "string", "minLength": 2},
        "nested": {"type": "object", "properties": {"value": {"type": "number"}}},
        "note": {"anyOf": [{"type": "string"}, {"type": "null"}]},
        "kind": {"enum": ["a", "b"]},
        "tags": {"type": "array", "items": {"$ref": "#/$defs/tag"}, "maxItems": 2},
        "mail": {"type": "string", "format": "email"},
        "level": {"type": ["integer", "null"], "minimum": 1},
    },
    "required": ["id"],
    "additionalProperties": False,
    "$defs": {"tag": {"type": "string", "pattern": "^[a-z]+$"}},
}


@pytest.mark.parametrize(
    ("value", "path", "message"),
    [
        ({}, "id", "inputs.id is required"),
        ({"id": "x"}, "id", "inputs.id must have at least 2 characters, got string 'x'"),
        ({"id": 1}, "id", "inputs.id must be a string, got number 1"),
        (
            {"id": "xx", "nested": {"value": "x"}},
            "nested.value",
            "inputs.nested.value must be a number, got string 'x'",
        ),
        ({"id": "xx", "note": 1}, "note", "inputs.note must be a string, got number 1"),
        (
            {"id": "xx", "kind": "c"},
            "kind",
            'inputs.kind must be one of "a", "b", got string \'c\'',
        ),
        ({"id": "xx", "tags": ["A"]}, "tags[0]", None),
        ({"id": "xx", "tags": ["a"] * 3}, "tags", "inputs.tags must have at most 2 items"),
        ({"id": "xx", "mail": "x"}, "mail", "inputs.mail must be written as email, got string 'x'"),
        ({"id": "xx", "level": 0}, "level", "inputs.level must be at least 1, got number 0"),
        ({"id": "xx", "level": True}, "level", None),
        ({"id": "xx", "a b": 1}, '["a b"]', 'inputs["a b"] is not a known field'),
        ([], ".", "inputs must be an object, got a list of 0"),
    ],
)
def test_a_value_that_does_not_fit_is_told_in_a_sentence(
    value: Any, path: str, message: str | None
) -> None:
    problems = validate_value(ORDER, value, name="inputs")

    assert [problem.path for problem in problems] == [path]
    assert message is None or problems[0].message == message


def test_all_problems_are_told_at_once() -> None:
    problems = validate_value(ORDER, {"nested": 1, "tags": 2, "x": 3})

    assert {problem.path for problem in problems} == {"id", "nested", "tags", "x"}


def test_a_value_that_fits_has_no_problems() -> None:
    assert check_schema(ORDER) == []
    assert validate_value(ORDER, {"id": "xx", "tags": ["a"], "note": None, "level": 2}) == []
    assert validate_value({}, {"any": [1, None, 2**70]}) == []


def test_problems_show_only_the_beginning_of_a_value() -> None:
    (problem,) = validate_value({"type": "number"}, "s" * 1_000)

    assert len(problem.message) < 100


@pytest.mark.parametrize("value", [{1: 2}, object(), b"x"])
def test_a_value_that_is_not_json_is_a_problem_too(value: Any) -> None:
    assert validate_value({"type": "object"}, value)


def test_a_schema_that_cannot_be_used_raises() -> None:
    with pytest.raises(SchemaError, match="inside the document"):
        validate_value({"$ref": "http://127.0.0.1/x"}, 1)


def test_a_recursive_schema_from_code_validates() -> None:
    tree = {
        "$defs": {
            "node": {
                "type": "object",
                "properties": {"children": {"type": "array", "items": {"$ref": "#/$defs/node"}}},
                "additionalProperties": False,
            }
        },
        "$ref": "#/$defs/node",
    }

    assert [problem.code for problem in check_schema(tree)] == ["schema.cycle"]
    assert validate_value(tree, {"children": [{"children": []}]}) == []
    assert validate_value(tree, {"children": [{"x": 1}]})[0].path == "children[0].x"


def test_older_drafts_are_read_by_their_own_rules() -> None:
    pair = {
        "$schema": "http://json-schema.org/draft-07/schema#",
        "items": [{"type": "string"}, {"type": "integer"}],
        "additionalItems": False,
    }

    assert check_schema(pair) == []
    assert validate_value(pair, ["a", 1]) == []
    assert validate_value(pair, ["a", "b"])[0].path == "[1]"


def test_defaults_are_filled_in_without_changing_the_value() -> None:
    schema = {
        "properties": {
            "a": {"default": 1},
            "b": {"type": "object", "default": {}, "properties": {"c": {"default": [1]}}},
            "d": {"items": {"$ref": "#/$defs/e"}},
            "n": {"default": 5},
        },
        "allOf": [{"properties": {"z": {"default": "last"}}}],
        "$defs": {"e": {"properties": {"f": {"default": True}}}},
    }
    value: dict[str, Any] = {"d": [{}, {"f": False}], "n": None}

    filled = apply_defaults(schema, value)

    assert filled == {
        "a": 1,
        "b": {"c": [1]},
        "d": [{"f": True}, {"f": False}],
        "n": None,
        "z": "last",
    }
    assert value == {"d": [{}, {"f": False}], "n": None}
    filled["b"]["c"].append(2)
    assert apply_defaults(schema, {})["b"] == {"c": [1]}
