"""The built-in tools, through the call shape that workers use."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pytest

from workflows_app.connectors.base import Tool, ToolCall, ToolError, ToolRegistry
from workflows_app.connectors.builtin import BUILTIN_TOOLS, LOG, TEMPLATE, TRANSFORM
from workflows_app.language.schemas import apply_defaults, check_schema, validate_value

Line = tuple[str, str, Mapping[str, Any]]


def run(tool: Tool, lines: list[Line] | None = None, **values: Any) -> Any:
    said: list[Line] = [] if lines is None else lines
    assert validate_value(tool.input_schema, values) == []
    output = tool.run(
        ToolCall(
            input=values,
            idempotency_key="key",
            timeout_seconds=10,
            entity_id=None,
            connection_id=None,
            log=lambda level, message, data: said.append((level, message, data)),
        )
    )
    assert validate_value(tool.output_schema, output) == []
    return output


def refused(tool: Tool, **values: Any) -> ToolError:
    with pytest.raises(ToolError) as caught:
        run(tool, **values)
    assert not caught.value.retryable
    return caught.value


def test_a_template_is_filled_from_its_values() -> None:
    output = run(
        TEMPLATE,
        template="{{ input.name }} owes {{ input.sum * 2 }} for {{ input.items }}.{{ input.x }}",
        values={"name": "Ada", "sum": 2, "items": ["tea"]},
    )

    assert output == {"text": 'Ada owes 4 for ["tea"].'}


def test_a_template_needs_no_values() -> None:
    assert run(TEMPLATE, template="as it is") == {"text": "as it is"}


def test_what_a_template_puts_in_is_never_read_again() -> None:
    output = run(TEMPLATE, template="{{ input.evil }}", values={"evil": "{{ 1 + 1 }}"})

    assert output == {"text": "{{ 1 + 1 }}"}


def test_a_template_that_names_what_it_cannot_see_says_how_to_hand_it_over() -> None:
    error = refused(TEMPLATE, template="Hello {{ steps.fetch.name }}", values={})

    assert error.code == "expression.unknown_name"
    assert "{{ input.steps }}" in error.message


def test_a_template_with_open_braces_is_refused_with_its_place() -> None:
    error = refused(TEMPLATE, template="Hello {{ input.name", values={})

    assert (error.code, error.details["position"]) == ("template.invalid", 6)


@pytest.mark.parametrize(
    ("expression", "data", "expected"),
    [
        ("input.filter(i, i.price > 10).map(i, i.name)", [{"name": "a", "price": 11}], ["a"]),
        ("{'total': sum(input)}", [1, 2, 3], {"total": 6}),
        ("input == null", None, True),
    ],
)
def test_a_transform_gives_the_expressions_value(expression: str, data: Any, expected: Any) -> None:
    assert run(TRANSFORM, expression=expression, data=data) == expected


def test_a_transform_without_data_sees_null() -> None:
    assert run(TRANSFORM, expression="input == null") is True


@pytest.mark.parametrize(
    ("expression", "code"),
    [
        ("input +", "expression.syntax"),
        ("steps.fetch.x", "expression.unknown_name"),
        ("open('/etc/passwd')", "expression.unknown_function"),
        ("input.__class__", "expression.unknown_name"),
        ("input.a.b", "expression.type"),
        ("1 + 'a'", "expression.type"),
        ("'x' in [[1,2,3].map(a, [1,2,3].map(b, [1,2,3].map(c, c)))]", "expression.limit"),
    ],
)
def test_a_transform_that_cannot_be_is_refused_for_good(expression: str, code: str) -> None:
    assert refused(TRANSFORM, expression=expression, data={"a": 1}).code == code


def test_a_log_line_is_written_and_handed_on() -> None:
    lines: list[Line] = []

    output = run(LOG, lines, message="Halfway", level="warning", data={"done": 5})

    assert lines == [("warning", "Halfway", {"done": 5})]
    assert output == {"message": "Halfway", "level": "warning", "data": {"done": 5}}


def test_a_log_line_is_information_unless_said_otherwise() -> None:
    assert run(LOG, message="Hi") == {"message": "Hi", "level": "info", "data": {}}


@pytest.mark.parametrize("tool", BUILTIN_TOOLS, ids=lambda tool: tool.name)
def test_every_schema_is_sound_and_every_input_described(tool: Tool) -> None:
    properties = tool.input_schema["properties"]

    assert not check_schema(tool.input_schema)
    assert not check_schema(tool.output_schema)
    assert all(schema.get("description") for schema in properties.values())
    filled = apply_defaults(tool.input_schema, {"message": "", "template": "", "expression": "1"})
    assert filled is not None


def test_they_stand_in_a_registry_under_their_names() -> None:
    registry = ToolRegistry()

    for tool in BUILTIN_TOOLS:
        registry.register(tool)

    assert registry.names() == ["log", "template", "transform"]
