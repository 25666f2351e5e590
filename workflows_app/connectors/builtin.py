"""The tools ``template``, ``transform`` and ``log``: small work on data, no service behind it.

Refuse to reach anything: what they compute with is their own input, under the one name ``input``,
within the bounds of the expression language.  Nothing is evaluated as Python.
"""

from __future__ import annotations

from typing import Any

from workflows_app.connectors.base import Tool, ToolCall, ToolError
from workflows_app.language.expression_bounds import ExpressionError
from workflows_app.language.expressions import check, evaluate
from workflows_app.language.templates import MAX_TEMPLATE_BYTES, check_template, render

#: The only name a template or an expression starts from here.
ROOT = "input"
LEVELS = ("debug", "info", "warning", "error")
MAX_MESSAGE_CHARACTERS = 10_000
MAX_EXPRESSION_CHARACTERS = 4_096


def fill_template(call: ToolCall) -> dict[str, str]:
    """Return ``text``: the template with its places filled in from ``values``.

    Raises:
        ToolError: with the code of the expression language, for good.
    """
    template = str(call.input["template"])
    try:
        unknown = sorted(check_template(template).roots - {ROOT})
        if unknown:
            raise ToolError(
                "expression.unknown_name",
                f"{unknown[0]!r} has no value in this template; hand it over under 'values' "
                f"and write {{{{ {ROOT}.{unknown[0]} }}}}",
            )
        return {"text": render(template, {ROOT: call.input.get("values", {})})}
    except ExpressionError as error:
        raise _tool_error(error) from None


def transform(call: ToolCall) -> Any:
    """Return what the expression gives for ``data``.

    Raises:
        ToolError: with the code of the expression language, for good.
    """
    expression = str(call.input["expression"])
    try:
        check(expression, roots=(ROOT,))
        return evaluate(expression, {ROOT: call.input.get("data")})
    except ExpressionError as error:
        raise _tool_error(error) from None


def write_log(call: ToolCall) -> dict[str, Any]:
    """Write one line to the execution's log and return it."""
    line = {
        "message": str(call.input["message"]),
        "level": call.input.get("level", "info"),
        "data": call.input.get("data", {}),
    }
    call.log(line["level"], line["message"], line["data"])
    return line


def _tool_error(error: ExpressionError) -> ToolError:
    details = {"position": error.position, "line": error.line, "column": error.column}
    return ToolError(error.code, str(error), details)


_TEXT_OUTPUT = {"type": "string", "description": "The template with every place filled in."}
_LOG_PROPERTIES: dict[str, Any] = {
    "message": {
        "type": "string",
        "maxLength": MAX_MESSAGE_CHARACTERS,
        "description": "The line people read.",
    },
    "level": {
        "type": "string",
        "enum": list(LEVELS),
        "default": "info",
        "description": "How much it matters.",
    },
    "data": {
        "type": "object",
        "default": {},
        "description": "Values to keep beside the message, by name.",
    },
}

TEMPLATE = Tool(
    name="template",
    title="Fill in a text",
    group="Text and data",
    description="Fill values into a text: Hello {{ input.name }}.",
    input_schema={
        "type": "object",
        "additionalProperties": False,
        "required": ["template"],
        "properties": {
            "template": {
                "type": "string",
                "maxLength": MAX_TEMPLATE_BYTES,
                "description": "A text with {{ expressions }} over input, which is what "
                "'values' holds.",
            },
            "values": {
                "type": "object",
                "default": {},
                "description": "What the template can use, by name.",
            },
        },
    },
    output_schema={
        "type": "object",
        "additionalProperties": False,
        "required": ["text"],
        "properties": {"text": _TEXT_OUTPUT},
    },
    run=fill_template,
    idempotent=True,
)

TRANSFORM = Tool(
    name="transform",
    title="Work out a value",
    group="Text and data",
    description="Compute a new value from data with an expression.",
    input_schema={
        "type": "object",
        "additionalProperties": False,
        "required": ["expression"],
        "properties": {
            "expression": {
                "type": "string",
                "minLength": 1,
                "maxLength": MAX_EXPRESSION_CHARACTERS,
                "description": "A CEL expression over input, which is what 'data' holds: "
                "input.items.filter(i, i.price > 10).",
            },
            "data": {"description": "Any value; the expression knows it as input."},
        },
    },
    output_schema={"description": "What the expression gives."},
    run=transform,
    idempotent=True,
)

LOG = Tool(
    name="log",
    title="Write a log line",
    group="Text and data",
    description="Write a line to the execution's log.",
    input_schema={
        "type": "object",
        "additionalProperties": False,
        "required": ["message"],
        "properties": _LOG_PROPERTIES,
    },
    output_schema={
        "type": "object",
        "additionalProperties": False,
        "required": ["message", "level", "data"],
        "properties": _LOG_PROPERTIES,
    },
    run=write_log,
    idempotent=True,
)

BUILTIN_TOOLS = (TEMPLATE, TRANSFORM, LOG)
