"""Agipo's ``workflow.json`` as our definition.  Reads data and runs nothing; what does not come
over is named in notes, and what could not run does not compile.

The array of steps is the order the user saw, so it is the order here: Agipo ran steps by their
``listIndex``, which its editor forgot to renew.  A step without bindings receives the previous
step's output as it is; one with bindings the bound fields only.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from workflows_app.language.agipo_inputs import config_values, inputs_schema
from workflows_app.language.agipo_notes import Note, Notes
from workflows_app.language.agipo_steps import (
    MAX_DESCRIPTION,
    MAX_NAME,
    StepReader,
    has_content,
)
from workflows_app.language.agipo_tree import StepTree
from workflows_app.language.definition import MAX_NODE_ID_LENGTH, SCHEMA_VERSION

_ID = re.compile(r"[A-Za-z0-9_][A-Za-z0-9_.\-]*")
_METADATA = ("createdAt", "lastModified", "createdBy", "published")
_KNOWN = frozenset(
    {
        *("id", "name", "description", "inputSchema", "outputSchema", "steps", "mappings"),
        *("controlFlow", "connections", "tableRequirements", "tables", "runtimeInputs"),
        *("configs", "bindings", *_METADATA),
    }
)
_LOGO_FIELDS = ("toolkitLogo", "toolkitName", "collapsed")


@dataclass(frozen=True, slots=True, kw_only=True)
class Converted:
    """What became of a document."""

    definition: dict[str, Any]
    notes: tuple[Note, ...]
    """Everything that did not come over as it was, in the order of the document's parts."""


def is_agipo(document: Any) -> bool:
    """Tell whether ``document`` looks like one of Agipo's, which has steps and no nodes."""
    return (
        isinstance(document, Mapping)
        and isinstance(document.get("steps"), list)
        and "nodes" not in document
        and bool({"runtimeInputs", "controlFlow", "bindings", "mappings"} & set(document))
    )


def convert(document: Mapping[str, Any]) -> Converted:
    """Return our definition of ``document``, with notes.  Never raises: see :func:`is_agipo`."""
    notes = Notes()
    raw_steps = document.get("steps")
    steps = raw_steps if isinstance(raw_steps, list) else []
    tree = StepTree(steps, notes=notes)
    reader = StepReader(tree, bindings=document.get("bindings"), notes=notes)
    laid = reader.read()
    optional = {
        "description": _text(document, "description", MAX_DESCRIPTION, notes),
        "inputs": inputs_schema(document.get("runtimeInputs"), notes=notes),
        "configs": config_values(document.get("configs"), notes=notes),
    }
    ui = {
        "positions": _positions(steps, tree.node_ids, notes),
        "agipo_code": reader.code,
    }
    _note_losses(document, steps, notes)
    definition: dict[str, Any] = {
        "schema_version": SCHEMA_VERSION,
        **_own_id(document, notes),
        "name": _text(document, "name", MAX_NAME, notes) or "Untitled",
        **{key: value for key, value in optional.items() if value},
        **laid.to_json(),
    }
    shown = {key: value for key, value in ui.items() if value}
    if shown:
        definition["ui"] = shown
    return Converted(definition=definition, notes=notes.all())


def _own_id(document: Mapping[str, Any], notes: Notes) -> dict[str, str]:
    wanted = document.get("id")
    if isinstance(wanted, str) and len(wanted) <= MAX_NODE_ID_LENGTH and _ID.fullmatch(wanted):
        return {"id": wanted}
    if wanted is not None:
        notes.add("agipo.id", "the workflow gets a new id", "id")
    return {}


def _text(document: Mapping[str, Any], key: str, limit: int, notes: Notes) -> str:
    text = document.get(key, "")
    if not isinstance(text, str):
        notes.add("agipo.field_invalid", f"{key} must be a text", key)
        return ""
    if len(text) > limit:
        notes.add("agipo.text_cut", f"cut at {limit:,} characters", key)
    return text[:limit]


def _positions(
    steps: list[Any], node_ids: Mapping[int, str], notes: Notes
) -> dict[str, dict[str, float]]:
    places: dict[str, tuple[float, float]] = {}
    for index, node_id in node_ids.items():
        match steps[index].get("position"):
            case {"x": int() | float() as x, "y": int() | float() as y}:
                places[node_id] = (x, y)
    # Only the list of steps was ever shown, so nobody has moved what lies upon each other.
    if places and max(Counter(places.values()).values()) > 1:
        notes.add("agipo.positions", "some steps have the same position", "steps")
        return {}
    return {node_id: {"x": x, "y": y} for node_id, (x, y) in places.items()}


def _note_losses(document: Mapping[str, Any], steps: list[Any], notes: Notes) -> None:
    _note_order(document, steps, notes)
    for key, code, message in (
        ("inputSchema", "agipo.schema", "inputs are read from runtimeInputs"),
        ("outputSchema", "agipo.schema", "the result is what the last step puts out"),
    ):
        if has_content(document.get(key)):
            notes.add(code, message, key)
    for key, code, message in (
        ("mappings", "agipo.mappings", "bindings say what flows where"),
        ("connections", "agipo.connections", "connect your accounts under Connections"),
        ("tableRequirements", "agipo.tables", "table requirements were left out"),
        ("tables", "agipo.tables", "table bindings were left out"),
    ):
        if document.get(key):
            notes.add(code, message, key)
    decorated = sum(
        1
        for step in steps
        if isinstance(step, Mapping) and any(step.get(name) for name in _LOGO_FIELDS)
    )
    if decorated:
        notes.add("agipo.presentation", f"logos and titles of {decorated} toolkits", "steps")
    if any(key in document for key in _METADATA):
        notes.add("agipo.metadata", "dates, author and publication start anew")
    for key in sorted(map(str, set(document) - _KNOWN)):
        notes.add("agipo.field_unknown", f"{key!r} was left out", key)


def _note_order(document: Mapping[str, Any], steps: list[Any], notes: Notes) -> None:
    readable = [step for step in steps if isinstance(step, Mapping)]
    places = [step.get("listIndex") for step in readable]
    numbers = [place for place in places if isinstance(place, int | float)]
    if numbers != sorted(numbers):
        notes.add(
            "agipo.order", f"Agipo would have run the steps by listIndex {numbers!r}", "steps"
        )
    flow = document.get("controlFlow")
    if not isinstance(flow, Mapping):
        return
    shown = [step.get("id") for step in readable]
    if flow.get("type", "sequential") != "sequential":
        notes.add("agipo.control_flow", f"{flow.get('type')!r} is not carried over", "controlFlow")
    elif isinstance(flow.get("order"), list) and flow["order"] not in ([], shown):
        notes.add("agipo.order", "controlFlow lists the steps in another order", "controlFlow")
