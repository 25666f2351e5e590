"""Bindings of an Agipo step as the sources of a node's input.  Names and paths are data here and
never code: what cannot be read becomes a source that does not compile, so that nothing runs with a
field missing."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from workflows_app.language.agipo_notes import Notes
from workflows_app.language.paths import Path, PathError, format_path, parse_path

#: Stands for a binding that cannot be read; a path nobody can write by accident.
UNREADABLE: Mapping[str, Any] = {"from": "?"}

_PART = re.compile(r"(?P<key>[^\[\]]*)(?P<places>(?:\[\d{1,9}\])*)")
_NUMBER = re.compile(r"0|[1-9]\d{0,8}")


def input_sources(
    raw: Any, *, ids: Mapping[str, str], place: tuple[str | int, ...], notes: Notes
) -> dict[str, Any] | None:
    """Return a node's ``input`` for ``raw`` (one entry of ``bindings``), or ``None`` without any.

    ``ids`` maps the ids of Agipo's steps to those of nodes.  A step without bindings receives
    what the previous one put out, as it is; a step with some receives the bound fields only.
    """
    fields = raw.get("inputBindings") if isinstance(raw, Mapping) else None
    if not isinstance(fields, Mapping):
        if raw is not None:
            notes.add("agipo.binding_invalid", "the bindings are no object", *place)
        return None
    if not fields:
        return None
    return {
        str(name): _source(binding, ids, (*place, "inputBindings", str(name)), notes)
        for name, binding in fields.items()
    }


def _source(
    binding: Any, ids: Mapping[str, str], place: tuple[str | int, ...], notes: Notes
) -> dict[str, Any]:
    match binding:
        case {"sourceType": "literal", "literalValue": value}:
            return {"value": value}
        case {"sourceType": "workflow-input", "workflowInputName": str(name)}:
            path: Path | None = ("inputs", name)
        case {"sourceType": "step-output", "sourceStepId": str(step)}:
            inner = _output_path(binding.get("sourcePath"))
            path = None if inner is None else ("steps", ids.get(step, step), *inner)
        case _:
            path = None
    text = _written(path)
    if text is None:
        notes.add("agipo.binding_invalid", "the binding cannot be read; choose its source", *place)
        return dict(UNREADABLE)
    return {"from": text}


def _output_path(text: Any) -> Path | None:
    """Return ``text`` below a step's output, or ``None`` if it is none.

    A leading ``data`` goes: it is the envelope of the hub, and steps put out what is inside it.
    """
    if text is None or text in ("", "data"):
        return ()
    if not isinstance(text, str):
        return None
    segments: list[str | int] = []
    for part in text.removeprefix("data.").split("."):
        match = _PART.fullmatch(part)
        if match is None or not (match["key"] or (match["places"] and not segments)):
            return None
        if match["key"]:
            key = match["key"]
            segments.append(int(key) if _NUMBER.fullmatch(key) else key)
        segments.extend(int(number) for number in re.findall(r"\d+", match["places"]))
    return tuple(segments)


def _written(path: Path | None) -> str | None:
    """Return ``path`` as text, or ``None`` if it could not be read again."""
    if path is None:
        return None
    text = format_path(path)
    try:
        parse_path(text)
    except PathError:
        return None
    return text
