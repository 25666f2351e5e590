"""Repairs of a definition that a machine can make: patches after which a problem is gone.

Offers only what follows from the document itself, and leaves the choice to people.  Pure.
"""

from __future__ import annotations

import difflib
import re
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from types import MappingProxyType
from typing import Any

from workflows_app.language.assignability import assignable, schema_at
from workflows_app.language.data_types import DataTypes, Schema
from workflows_app.language.diagnostics import Diagnostic, Operation, Repair, pointer
from workflows_app.language.draft import Draft, NodeDraft, Place
from workflows_app.language.paths import PathError, format_path, parse_path
from workflows_app.language.scopes import Hidden, Reader, Scopes, free_name

#: Of more problems only the first are looked at; of those where names are compared, fewer.
_MOST_REPAIRED = 100
_MOST_RESPELT = 20
_MOST_COMPARED = 1_000
#: Nothing less alike is taken for a slip of the keyboard.
_ALIKE = 0.75
#: Where sources of a container stand that look at it when its body has ended.
_AT_THE_END = (("while",), ("until",))
_UNKNOWN_FIELD = "extra inputs are not permitted"


@dataclass(frozen=True, slots=True, kw_only=True)
class Surroundings:
    """What a repair looks at."""

    document: Mapping[str, Any]
    draft: Draft
    scopes: Scopes
    types: DataTypes

    def at(self, place: Iterable[str | int]) -> Any:
        """Return what stands at ``place``, or ``None``."""
        part: Any = self.document
        for name in place:
            if isinstance(part, Mapping):
                part = part.get(str(name))
            elif isinstance(part, list) and isinstance(name, int) and name < len(part):
                part = part[name]
            else:
                return None
        return part


def with_repairs(
    problems: tuple[Diagnostic, ...], surroundings: Surroundings
) -> tuple[Diagnostic, ...]:
    """Return ``problems`` with what can be done about each."""
    compared = [at for at, one in enumerate(problems) if one.code in _COMPARING][:_MOST_RESPELT]
    others = [at for at, one in enumerate(problems) if one.code not in _COMPARING][:_MOST_REPAIRED]
    looked_at = {*compared, *others}
    return tuple(
        replace(one, repairs=tuple(_repairs(one, surroundings))) if at in looked_at else one
        for at, one in enumerate(problems)
    )


def _repairs(problem: Diagnostic, around: Surroundings) -> Iterator[Repair]:
    repair = _BY_CODE.get(problem.code)
    if repair is not None:
        yield from repair(problem, _place(problem.path, around.document), around)


def _place(path: str, document: Any) -> Place:
    """Return the parts of a JSON Pointer, numbers where it leads into a list."""
    place: list[str | int] = []
    part = document
    for name in path.split("/")[1:]:
        text = name.replace("~1", "/").replace("~0", "~")
        if isinstance(part, list) and text.isdigit():
            index = int(text)
            place.append(index)
            part = part[index] if index < len(part) else None
        else:
            place.append(text)
            part = part.get(text) if isinstance(part, Mapping) else None
    return tuple(place)


def _without(problem: Diagnostic, place: Place, around: Surroundings) -> Iterator[Repair]:
    if place:
        yield Repair(label=f"Remove {place[-1]!r}", patch=(_removed(place),))


def _without_unknown(problem: Diagnostic, place: Place, around: Surroundings) -> Iterator[Repair]:
    if problem.message.startswith(_UNKNOWN_FIELD):
        yield from _without(problem, place, around)


def _without_edge(problem: Diagnostic, place: Place, around: Surroundings) -> Iterator[Repair]:
    """Remove the edge at the place, or around it; not one that is written twice, which would
    still be there."""
    while place and place[-2:-1] != ("edges",):
        place = place[:-1]
    edge = around.at(place)
    is_single = isinstance(edge, list) and around.at(place[:-1]).count(edge) == 1
    if place and (is_single or problem.code == "edge.duplicate"):
        label = f"Remove the edge {edge[0]} → {edge[1]}"
        yield Repair(label=label, patch=(_removed(place),))


def _renamed_node(problem: Diagnostic, place: Place, around: Surroundings) -> Iterator[Repair]:
    written = around.at(place)
    if isinstance(written, str):
        name = free_name(written, around.draft.declared)
        yield Repair(label=f"Rename it to {name!r}", patch=(_replaced(place, name),))


def _renamed_case(problem: Diagnostic, place: Place, around: Surroundings) -> Iterator[Repair]:
    cases = around.at(place[:-2])
    written = around.at(place)
    if isinstance(cases, list) and isinstance(written, str):
        name = free_name(written, {one.get("id") for one in cases if isinstance(one, Mapping)})
        yield Repair(label=f"Rename it to {name!r}", patch=(_replaced(place, name),))


def _other_step(problem: Diagnostic, place: Place, around: Surroundings) -> Iterator[Repair]:
    if len(around.scopes.homes) > _MOST_COMPARED:
        return
    reader = _reader(problem, place, around)
    visible = [it for it in around.scopes.homes if not around.scopes.hides(it, reader=reader)]
    yield from _other_name("steps", visible, problem, place, around)


def _other_config(problem: Diagnostic, place: Place, around: Surroundings) -> Iterator[Repair]:
    yield from _other_name("configs", around.draft.header.configs, problem, place, around)


def _other_input(problem: Diagnostic, place: Place, around: Surroundings) -> Iterator[Repair]:
    declared = around.draft.header.inputs.get("properties")
    if not isinstance(declared, Mapping) or problem.subject is None:
        return
    yield from _other_name("inputs", declared, problem, place, around)
    at = ("inputs", "properties", problem.subject)
    if isinstance(around.at(at[:-1]), Mapping):
        label = f"Declare the input {problem.subject!r}"
        yield Repair(label=label, patch=(Operation(op="add", path=pointer(*at), value={}),))


def _other_name(
    root: str,
    names: Collection[str],
    problem: Diagnostic,
    place: Place,
    around: Surroundings,
) -> Iterator[Repair]:
    """Write the one of ``names`` that is like the subject in its place."""
    written, text = problem.subject or "", around.at(place)
    close = difflib.get_close_matches(written, [*names], n=2, cutoff=_ALIKE)
    if len(close) != 1 or not isinstance(text, str):
        return
    spelt = _respelt_path if place[-1] == "from" else _respelt_text
    changed = spelt(text, root, written, close[0])
    if changed != text:
        label = f"Write {close[0]!r} instead of {written!r}"
        yield Repair(label=label, patch=(_replaced(place, changed),))


def _respelt_path(text: str, root: str, written: str, meant: str) -> str:
    try:
        path = parse_path(text)
    except PathError:
        return text
    return format_path((root, meant, *path[2:])) if path[:2] == (root, written) else text


def _respelt_text(text: str, root: str, written: str, meant: str) -> str:
    dotted = rf"\.{re.escape(written)}(?![\w-])" if written.isidentifier() else r"(?!)"
    quoted = rf"\[\s*(?:\"{re.escape(written)}\"|'{re.escape(written)}')\s*\]"
    found = re.compile(rf"(?<![\w.]){root}(?:{dotted}|{quoted})")
    return found.sub(lambda _: format_path((root, meant)), text)


def _bound(problem: Diagnostic, place: Place, around: Surroundings) -> Iterator[Repair]:
    """Bind a required input to the one value that fits: by its name, else by its type."""
    draft = _node(problem, around)
    if draft is None or problem.subject is None or draft.node.input is None:
        return  # an input of its own would replace what is handed over by name
    wanted = schema_at(around.types.takes(draft.node) or {}, (problem.subject,))
    if not isinstance(wanted, Mapping) or not wanted:
        return
    fitting = [path for path, schema in _offers(draft, around) if not assignable(schema, wanted)]
    named = [path for path in fitting if path[-1] == problem.subject]
    found = named if named else fitting
    if len(found) == 1:
        source = format_path(found[0])
        value = {"from": source}
        path = pointer(*place, problem.subject)
        label = f"Take {problem.subject!r} from {source}"
        yield Repair(label=label, patch=(Operation(op="add", path=path, value=value),))


def _offers(draft: NodeDraft, around: Surroundings) -> Iterator[tuple[tuple[str, ...], Schema]]:
    """Yield what the workflow's input and the nodes right before offer, part by part."""
    producers: list[tuple[tuple[str, ...], Schema | None]] = [
        (("inputs",), around.draft.header.inputs)
    ]
    needs = around.scopes.needs(draft.node.id)
    producers += [(("steps", need), around.types.put_out_by(need)) for need in needs]
    for path, schema in producers:
        parts = (schema or {}).get("properties")
        for name in parts if isinstance(parts, Mapping) else ():
            found = schema_at(schema or {}, (name,))
            if isinstance(found, Mapping) and found:
                yield (*path, str(name)), found


def _connected(problem: Diagnostic, place: Place, around: Surroundings) -> Iterator[Repair]:
    """Let a step run before the one that reads it, where both stand in the same graph."""
    draft, step = _node(problem, around), problem.subject
    # An edge changes what is handed over, so only where nobody takes it.
    if draft is None or step is None or draft.node.input is None:
        return
    node_id, homes = draft.node.id, around.scopes.homes
    graph = around.scopes.graphs[homes[node_id]]
    reader = Reader(scope=homes[node_id], node=node_id)
    if homes.get(step) != homes[node_id] or graph.is_upstream(node_id, of=step):
        return
    if any(graph.needs[one] and not graph.ancestors[one] for one in (step, node_id)):
        return  # behind a circle nothing comes before anything
    if around.scopes.hides(step, reader=reader) is Hidden.NOT_UPSTREAM:
        at = (*graph.scope.place, "edges")
        is_there = isinstance(around.at(at), list)
        edge = [step, node_id]
        operation = (
            Operation(op="add", path=pointer(*at, "-"), value=edge)
            if is_there
            else Operation(op="add", path=pointer(*at), value=[edge])
        )
        yield Repair(label=f"Draw an edge {step} → {node_id}", patch=(operation,))


def _joined_by_all(_: Diagnostic, place: Place, __: Surroundings) -> Iterator[Repair]:
    yield Repair(label="Wait for all predecessors", patch=(_replaced(place, "all"),))


def _node(problem: Diagnostic, around: Surroundings) -> NodeDraft | None:
    if problem.node_id is None or problem.node_id not in around.scopes.homes:
        return None
    return around.scopes.draft(problem.node_id)


def _reader(problem: Diagnostic, place: Place, around: Surroundings) -> Reader:
    draft = _node(problem, around)
    if draft is None:
        return Reader(scope="")
    inside = (it for it in draft.bodies if place[: len(it.place)] == it.place)
    ended = draft.bodies[:1] if place[len(draft.place) :][:1] in _AT_THE_END else ()
    for body in (*inside, *ended):
        if body.id in around.scopes.graphs:
            return Reader(scope=body.id)
    return Reader(scope=around.scopes.homes[draft.node.id], node=draft.node.id)


def _removed(place: Place) -> Operation:
    return Operation(op="remove", path=pointer(*place))


def _replaced(place: Place, value: Any) -> Operation:
    return Operation(op="replace", path=pointer(*place), value=value)


_COMPARING = {"reference.unknown_step", "reference.unknown_input", "reference.unknown_config"}
_BY_CODE: Mapping[str, Callable[[Diagnostic, Place, Surroundings], Iterator[Repair]]] = (
    MappingProxyType(
        {
            "definition.field_invalid": _without_unknown,
            "node.duplicate_id": _renamed_node,
            "case.duplicate_id": _renamed_case,
            "edge.dangling": _without_edge,
            "edge.crosses_scope": _without_edge,
            "edge.duplicate": _without_edge,
            "graph.cycle": _without_edge,
            "reference.unknown_step": _other_step,
            "reference.unknown_input": _other_input,
            "reference.unknown_config": _other_config,
            "reference.not_upstream": _connected,
            "tool.input_missing": _bound,
            "tool.input_unknown": _without,
            "node.retry_unsupported": _without,
            "node.timeout_unsupported": _without,
            "workflow.version_unknown": _without,
            "queue.unknown": _without,
            "join.impossible": _joined_by_all,
        }
    )
)
