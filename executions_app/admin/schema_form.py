"""A form for a value that a JSON Schema describes: a field for each property of an object, else one
for the whole as JSON.

Refuses to judge the value: whoever takes it does, and :meth:`SchemaForm.explain` shows what they
say.  Names and texts come from users, so they are never names of fields, and never markup.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping, Sequence
from typing import Any

from django import forms

from workflows_app.admin.json_form_field import JsonTextField
from workflows_app.admin.rendering import json_text

#: An object of more properties is written as JSON.
MAX_FIELDS = 60
MAX_CHOICES = 200
#: Texts that may be longer get a box of several lines.
LINE_CHARS = 120
_WHOLE = "whole"
_INPUT_TYPES = {"date": "date", "time": "time", "email": "email", "uri": "url"}
_UNKNOWN = [("unknown", "—"), ("true", "yes"), ("false", "no")]

Schema = Mapping[str, Any]


class SchemaForm(forms.Form):
    """Asks for a value; :attr:`value` is what was written, once the form is valid."""

    def __init__(self, schema: Schema, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self._names: dict[str, str] = {}
        """Field -> property."""
        properties = schema.get("properties")
        if not isinstance(properties, Mapping) or not 0 < len(properties) <= MAX_FIELDS:
            self.fields[_WHOLE] = JsonTextField(label="Answer, as JSON", required=True)
            return
        required = schema.get("required", [])
        for position, (name, part) in enumerate(properties.items()):
            part = part if isinstance(part, Mapping) else {}
            field = _field(part, is_required=name in required)
            field.label = str(part.get("title") or name)
            field.help_text = str(part.get("description") or "")
            self._names[f"field_{position}"] = name
            self.fields[f"field_{position}"] = field

    @property
    def value(self) -> Any:
        """The value that was written; a property that was left empty is not in it."""
        if _WHOLE in self.fields:
            return self.cleaned_data[_WHOLE]
        return {
            name: self.cleaned_data[field]
            for field, name in self._names.items()
            if self.cleaned_data.get(field) is not None
        }

    def explain(self, problems: Sequence[Mapping[str, str]]) -> None:
        """Show ``problems`` (``path``, ``message``) beside the fields that they are about."""
        fields = {name: field for field, name in self._names.items()}
        for problem in problems:
            first = problem["path"].partition(".")[0].partition("[")[0]
            field = fields.get(first)
            self.add_error(field, problem["message"] if field else _sentence(problem))


def _sentence(problem: Mapping[str, str]) -> str:
    path, message = problem["path"], problem["message"]
    return message if path in ("", ".") or path in message else f"{path}: {message}"


def _field(part: Schema, *, is_required: bool) -> forms.Field:
    """Return the field for one property."""
    options = {"required": is_required, "initial": part.get("default")}
    choices = part.get("enum")
    if isinstance(choices, list) and 0 < len(choices) <= MAX_CHOICES:
        return _choice(choices, options)
    kinds = part.get("type")
    kind = kinds if isinstance(kinds, str) else ""
    items = part.get("items")
    if kind == "array" and isinstance(items, Mapping) and isinstance(items.get("enum"), list):
        return _choices(items["enum"], options)
    make = _BY_TYPE.get(kind)
    if make is None:
        given = None if options["initial"] is None else json_text(options["initial"])
        return JsonTextField(rows=4, required=is_required, initial=given)
    return make(part, options)


def _boolean(part: Schema, options: dict[str, Any]) -> forms.Field:
    if options["required"]:
        # Not a box: left as it is, it would be a no that nobody said.
        return forms.TypedChoiceField(
            choices=_UNKNOWN[1:],
            coerce="true".__eq__,
            widget=forms.RadioSelect,
            initial={True: "true", False: "false"}.get(options["initial"]),
        )
    return forms.TypedChoiceField(
        choices=_UNKNOWN,
        coerce={"true": True, "false": False, "unknown": None}.get,
        empty_value=None,
        required=False,
        initial={True: "true", False: "false"}.get(options["initial"], "unknown"),
    )


def _number(kind: type[forms.IntegerField]) -> Callable[[Schema, dict[str, Any]], forms.Field]:
    def make(part: Schema, options: dict[str, Any]) -> forms.Field:
        bounds = {
            name: part[key]
            for name, key in (("min_value", "minimum"), ("max_value", "maximum"))
            if isinstance(part.get(key), int | float)
        }
        return kind(**bounds, **options)

    return make


def _text(part: Schema, options: dict[str, Any]) -> forms.Field:
    longest = part.get("maxLength")
    fits = isinstance(longest, int) and longest <= LINE_CHARS
    kind = _INPUT_TYPES.get(str(part.get("format")))
    widget: forms.Widget = forms.Textarea(attrs={"rows": 4})
    if kind is not None or fits:
        widget = forms.TextInput(attrs={"type": kind or "text", "size": 60})
    longest = longest if isinstance(longest, int) else None
    return forms.CharField(
        strip=False, empty_value=None, max_length=longest, widget=widget, **options
    )


def _choice(values: list[Any], options: dict[str, Any]) -> forms.Field:
    blank = [] if options["required"] else [("", "—")]
    return forms.TypedChoiceField(
        choices=[*blank, *((json.dumps(value), _shown(value)) for value in values)],
        coerce=json.loads,
        empty_value=None,
        required=options["required"],
        initial=None if options["initial"] is None else json.dumps(options["initial"]),
    )


def _choices(values: list[Any], options: dict[str, Any]) -> forms.Field:
    return forms.TypedMultipleChoiceField(
        choices=[(json.dumps(value), _shown(value)) for value in values],
        coerce=json.loads,
        empty_value=[] if options["required"] else None,
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )


def _shown(value: Any) -> str:
    return value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)


_BY_TYPE: Mapping[str, Callable[[Schema, dict[str, Any]], forms.Field]] = {
    "boolean": _boolean,
    "integer": _number(forms.IntegerField),
    "number": _number(forms.FloatField),
    "string": _text,
}
