"""The form that asks for a workflow's input.  Refuses to know the rules: the operation that starts
checks the input, and what it says is shown beside the field.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from uuid import uuid4

from django import forms

from executions_app.errors import IdempotencyMismatch, InputInvalid
from workflows_app.admin.json_form_field import JsonTextField
from workflows_app.admin.rendering import json_text
from workflows_app.authoring.errors import WorkflowError

#: Nested examples stop here.
EXAMPLE_DEPTH = 4


class InputForm(forms.Form):
    """The input, what travels beside it, and a key that makes sending the form twice harmless."""

    input = JsonTextField(rows=14, required=False, label="Input")
    runtime_context = JsonTextField(rows=4, required=False, label="Runtime context")
    key = forms.CharField(widget=forms.HiddenInput, max_length=64)

    def clean_runtime_context(self) -> dict[str, Any]:
        context = self.cleaned_data["runtime_context"]
        if not isinstance(context, dict | None):
            raise forms.ValidationError("the runtime context is a JSON object: { ... }")
        return context or {}

    def explain(self, error: WorkflowError) -> None:
        """Show why the workflow was not started."""
        match error:
            case InputInvalid():
                for problem in error.details["problems"]:
                    self.add_error("input", f"{problem['path'] or 'input'}: {problem['message']}")
            case IdempotencyMismatch():
                self.add_error(None, "This form was sent before; open it anew to start once more.")
            case _:
                self.add_error(None, str(error))


def blank_form(schema: Mapping[str, Any]) -> InputForm:
    """Return a form filled with what ``schema`` offers as defaults."""
    return InputForm(initial={"input": json_text(example(schema)), "key": uuid4().hex})


@dataclass(frozen=True, slots=True, kw_only=True)
class InputField:
    """One property of the input, explained."""

    name: str
    type: str
    is_required: bool
    description: str
    choices: str


def input_fields(schema: Mapping[str, Any]) -> list[InputField]:
    """Return the properties that ``schema`` (of an object) names, in its order."""
    required = schema.get("required", [])
    return [
        InputField(
            name=name,
            type=_type_text(part),
            is_required=name in required,
            description=str(part.get("description") or part.get("title") or ""),
            choices=", ".join(json_text(choice) for choice in part.get("enum", [])),
        )
        for name, part in schema.get("properties", {}).items()
        if isinstance(part, Mapping)
    ]


def example(schema: Mapping[str, Any], *, depth: int = EXAMPLE_DEPTH) -> Any:
    """Return a value to begin writing with: a default, a first choice, or something empty."""
    for key in ("default", "const"):
        if key in schema:
            return schema[key]
    for key in ("examples", "enum"):
        if isinstance(schema.get(key), list) and schema[key]:
            return schema[key][0]
    kinds = schema.get("type", "object" if depth == EXAMPLE_DEPTH else "null")
    kind = kinds[0] if isinstance(kinds, list) and kinds else kinds
    if kind == "object" and depth:
        required = schema.get("required", [])
        return {
            name: example(part, depth=depth - 1)
            for name, part in schema.get("properties", {}).items()
            if isinstance(part, Mapping) and (name in required or "default" in part)
        }
    return {
        "object": {},
        "array": [],
        "string": "",
        "boolean": False,
        "integer": 0,
        "number": 0,
    }.get(kind if isinstance(kind, str) else "null")


def _type_text(schema: Mapping[str, Any]) -> str:
    kinds = schema.get("type", "any")
    text = " or ".join(map(str, kinds)) if isinstance(kinds, list) else str(kinds)
    return f"{text} ({schema['format']})" if "format" in schema else text
