"""One node of a definition as a workflow of its own, with what it looks at handed to it.  Pure.

What comes to the node, and the outputs of the steps that it or its body reads, are those of
stand-ins: nodes that make nothing, and are given an output before anything runs.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from copy import deepcopy
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any, Final

from workflows_app.language.diagnostics import Diagnostic, pointer
from workflows_app.language.draft import NodeDraft, Place
from workflows_app.language.expression_bounds import ExpressionError
from workflows_app.language.expressions import check as check_expression
from workflows_app.language.node_sources import (
    Placed,
    case_conditions,
    fields_of,
    loop_condition,
    output_sources,
    own_input,
    parts_of,
)
from workflows_app.language.paths import PathError, parse_path
from workflows_app.language.sources import Source
from workflows_app.language.templates import check_template
from workflows_app.language.viewpoint import Viewpoint, title_of, type_of

#: What of a definition says how a node works, and not what happens around it.
_KEPT: Final = (
    *("schema_version", "name", "inputs", "state", "context", "configs", "retry", "timeout"),
)
#: What of a node says when it runs and what it receives.
_REPLACED: Final = frozenset({"input", "collect", "join", "on_error", "retry"})
_RETRIED: Final = frozenset({"tool", "step", "map", "workflow"})
_AROUND: Final = frozenset({"item", "index", "iteration"})
_INPUT: Final = "test_input"
NO_VALUES: Final[Mapping[Place, Any]] = MappingProxyType({})


@dataclass(frozen=True, slots=True, kw_only=True)
class LoneNode:
    """A definition of one node and its stand-ins."""

    document: Mapping[str, Any]
    node_id: str
    giver: str
    """The stand-in whose output the node receives."""
    read: tuple[str, ...]
    """The steps for which there are stand-ins, as the node or its body reads them."""
    place: Place
    """Where the node stands in the document that it is taken from."""

    def in_place(self, problem: Diagnostic) -> dict[str, Any]:
        """Return ``problem`` as JSON, its path leading into the document that the node is from."""
        here = pointer("nodes", len(self.read) + 1)
        is_own = problem.path == here or problem.path.startswith(f"{here}/")
        path = pointer(*self.place) + problem.path.removeprefix(here) if is_own else ""
        return {**problem.to_json(), "path": path, "repairs": []}


def looks_around(view: Viewpoint) -> list[Placed]:
    """Return those of the node's own sources, its input aside, that look at the item, the index
    or the round which it has only inside the containers around it."""
    draft = view.node
    own = [] if draft is None else [*fields_of(draft), *parts_of(draft).values()]
    own += [] if draft is None else case_conditions(draft)
    return [it for it in own if view.check(it.source).reads.roots & _AROUND]


def lone_node(
    document: Mapping[str, Any], *, view: Viewpoint, values: Mapping[Place, Any] = NO_VALUES
) -> LoneNode:
    """Return the node at ``view``, a place in ``document``, as a workflow of its own.

    ``values`` stand in the place of sources that could not be worked out there.  It is tried once,
    whatever its ``retry`` says, and its failure is that of the workflow.
    """
    draft = view.node
    if draft is None:
        raise ValueError("the place is that of no node")
    inside = {it.node.id for it in _with_bodies(draft)}
    names = {name for it in _sources(draft, is_outermost=True) for name in _steps_in(it)}
    read = [one for one in view.scopes.position if one in names - inside]
    giver = _free({*view.declared, *read})
    raw = deepcopy(_at(document, draft.place))
    for place, value in values.items():
        *way, last = place[len(draft.place) :]
        _at(raw, tuple(way))[last] = {"value": value}
    node = {key: value for key, value in raw.items() if key not in _REPLACED}
    if type_of(draft) in _RETRIED:
        node["retry"] = {"attempts": 0}
    stand_ins = [_stand_in(one, title_of(view.scopes.draft(one))) for one in read]
    return LoneNode(
        document={
            **{key: document[key] for key in _KEPT if key in document},
            "nodes": [*stand_ins, _stand_in(giver, "What comes in"), node],
            "edges": [*([one, giver] for one in read), [giver, draft.node.id]],
        },
        node_id=draft.node.id,
        giver=giver,
        read=tuple(read),
        place=draft.place,
    )


def _stand_in(node_id: str, name: str) -> dict[str, Any]:
    return {"id": node_id, "type": "map", "name": name[:200], "fields": {}}


def _with_bodies(draft: NodeDraft) -> Iterator[NodeDraft]:
    yield draft
    for body in draft.bodies:
        for inner in body.nodes:
            yield from _with_bodies(inner)


def _sources(draft: NodeDraft, *, is_outermost: bool = False) -> Iterator[Source]:
    """Yield what is worked out for a node and inside it; the outermost one's input is given."""
    placed = [*fields_of(draft), *parts_of(draft).values(), *case_conditions(draft)]
    condition = loop_condition(draft)
    placed += [condition] if condition is not None else []
    placed += [] if is_outermost else own_input(draft)
    for body in draft.bodies:
        placed += output_sources(body.output, body.place)
    yield from (found.source for found in placed)
    for body in draft.bodies:
        for inner in body.nodes:
            yield from _sources(inner)


def _steps_in(source: Source) -> Collection[str]:
    try:
        match source.kind:
            case "from":
                path = parse_path(source.from_ or "")
                return [str(path[1])] if path[:1] == ("steps",) and len(path) > 1 else ()
            case "expression":
                return check_expression(source.expression or "").step_ids
            case "template":
                return check_template(source.template or "").step_ids
    except (PathError, ExpressionError):
        return ()  # compiling says so
    return ()


def _free(taken: Collection[str]) -> str:
    name, number = _INPUT, 2
    while name in taken:
        name, number = f"{_INPUT}_{number}", number + 1
    return name


def _at(document: Any, place: Place) -> Any:
    for part in place:
        document = document[part]
    return document
