"""Runtime inputs and configs of an Agipo document as a JSON Schema and as values.  Refuses to
guess: a default or a bound that does not fit the input's type is named and left out."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from workflows_app.language.agipo_notes import Notes

TYPES = frozenset({"string", "number", "boolean", "array", "object"})
FORMATS: Mapping[str, str] = {"email": "email", "url": "uri", "date": "date"}

#: Type -> what ``min`` and ``max`` mean for it.
_BOUNDS: Mapping[str, tuple[str, str]] = {
    "number": ("minimum", "maximum"),
    "string": ("minLength", "maxLength"),
    "array": ("minItems", "maxItems"),
}
_KNOWN = frozenset({"key", "type", "label", "description", "required", "default", "validation"})


def inputs_schema(raw_inputs: Any, *, notes: Notes) -> dict[str, Any]:
    """Return the JSON Schema of ``raw_inputs`` (``runtimeInputs``), ``{}`` if there are none."""
    properties: dict[str, Any] = {}
    required: list[str] = []
    for index, raw in enumerate(raw_inputs if isinstance(raw_inputs, list) else []):
        place = ("runtimeInputs", index)
        key = raw.get("key") if isinstance(raw, Mapping) else None
        if not isinstance(raw, Mapping) or not isinstance(key, str) or not key:
            notes.add("agipo.input_invalid", "an input without a key was left out", *place)
            continue
        if key in properties:
            notes.add("agipo.input_invalid", f"the input {key!r} is declared twice", *place)
            continue
        properties[key] = _property(raw, place, notes)
        if raw.get("required") is True:
            required.append(key)
        for name in sorted(set(raw) - _KNOWN):
            notes.add("agipo.field_unknown", f"{name!r} was left out", *place, name)
    if not properties:
        return {}
    schema: dict[str, Any] = {"type": "object", "properties": properties}
    return {**schema, "required": required} if required else schema


def config_values(raw_configs: Any, *, notes: Notes) -> dict[str, Any]:
    """Return the value of each config by its key."""
    values: dict[str, Any] = {}
    for index, raw in enumerate(raw_configs if isinstance(raw_configs, list) else []):
        key = raw.get("key") if isinstance(raw, Mapping) else None
        if not isinstance(raw, Mapping) or not isinstance(key, str) or not key:
            notes.add("agipo.config", "a config without a key was left out", "configs", index)
            continue
        values[key] = raw.get("default")
        missing = "" if raw.get("default") is not None else "; it has no value yet, so set one"
        notes.add(
            "agipo.config",
            f"of the config {key!r} only the value was carried over{missing}",
            "configs",
            index,
        )
    return values


def _property(raw: Mapping[str, Any], place: tuple[str | int, ...], notes: Notes) -> dict[str, Any]:
    kind = raw.get("type")
    made: dict[str, Any] = {}
    if isinstance(kind, str) and kind in TYPES:
        made["type"] = kind
    else:
        notes.add("agipo.input_invalid", f"{kind!r} is no type of an input", *place, "type")
    for key, target in (("label", "title"), ("description", "description")):
        if isinstance(raw.get(key), str) and raw[key]:
            made[target] = raw[key]
    made |= _default(raw, made.get("type"), place, notes)
    rules = raw.get("validation")
    if isinstance(rules, Mapping):
        made |= _rules(rules, made.get("type"), (*place, "validation"), notes)
    elif rules is not None:
        notes.add("agipo.input_invalid", "the validation is no object", *place, "validation")
    return made


def _default(
    raw: Mapping[str, Any], kind: str | None, place: tuple[str | int, ...], notes: Notes
) -> dict[str, Any]:
    value = raw.get("default")
    # The editor's field for the default is a text field, and an empty one means none.
    if value is None or value == "":
        return {}
    if isinstance(value, str) and kind not in (None, "string"):
        value = _read(value)
    if kind is None or _fits(value, kind):
        return {"default": value}
    notes.add(
        "agipo.input_invalid",
        f"the default {raw['default']!r} is no {kind} and was left out",
        *place,
        "default",
    )
    return {}


def _read(text: str) -> Any:
    try:
        return json.loads(text, parse_constant=lambda _: None)
    except (ValueError, RecursionError):
        return None


def _fits(value: Any, kind: str) -> bool:
    match kind:
        case "string":
            return isinstance(value, str)
        case "number":
            return isinstance(value, int | float) and not isinstance(value, bool)
        case "boolean":
            return isinstance(value, bool)
        case "array":
            return isinstance(value, list)
    return isinstance(value, Mapping)


def _rules(
    rules: Mapping[str, Any], kind: str | None, place: tuple[str | int, ...], notes: Notes
) -> dict[str, Any]:
    made: dict[str, Any] = {}
    low, high = _BOUNDS.get(kind or "", ("", ""))
    for name, value in rules.items():
        match name, value:
            case _, None:
                continue
            case "format", str() if kind == "string" and value in FORMATS:
                made["format"] = FORMATS[value]
            case "pattern", str() if kind == "string":
                made["pattern"] = value
            case "min" | "max", int() | float() if _is_bound(value, kind):
                made[low if name == "min" else high] = value
            case _:
                notes.add(
                    "agipo.input_invalid", f"{name} {value!r} was left out", *place, str(name)
                )
    return made


def _is_bound(value: float, kind: str | None) -> bool:
    if isinstance(value, bool) or kind not in _BOUNDS:
        return False
    return kind == "number" or (isinstance(value, int) and value >= 0)
