"""Every source that stands in a node, a body or a header, with its place in the document."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from workflows_app.language.definition import (
    ApprovalNode,
    BailNode,
    BranchNode,
    Condition,
    Fields,
    ForeachNode,
    LoopNode,
    MapNode,
    SleepNode,
    SleepUntilNode,
    Source,
)
from workflows_app.language.draft import NodeDraft, Place


@dataclass(frozen=True, slots=True, kw_only=True)
class Placed:
    """A source, and where it is written."""

    source: Source
    place: Place
    is_bare: bool = False
    """Whether the document spells it without an object around: a constant, or a condition."""

    @property
    def inside(self) -> Place:
        """The place of the text or value itself."""
        return self.place if self.is_bare else (*self.place, self.source.kind)


def placed(value: Any, place: Place) -> Placed:
    """Return ``value`` as a source: itself if it is one, else a constant."""
    if isinstance(value, Source):
        return Placed(source=value, place=place)
    return Placed(source=Source(value=value), place=place, is_bare=True)


def placed_condition(condition: Condition, place: Place) -> Placed:
    """Return a condition as a source; a text is an expression."""
    if isinstance(condition, Source):
        return Placed(source=condition, place=place)
    return Placed(source=Source(expression=condition), place=place, is_bare=True)


def own_input(draft: NodeDraft) -> list[Placed]:
    """Return the sources of the node's ``input``; in them ``input`` is what predecessors hand
    over."""
    return _each(draft.node.input, (*draft.place, "input"))


def parts_of(draft: NodeDraft) -> dict[str, Placed]:
    """Return the values of the node's own by the name they have in the plan, without a loop's
    condition, which is worked out at the end of its body."""
    node, place = draft.node, draft.place
    found: dict[str, tuple[Any, str]] = {}
    match node:
        case ForeachNode():
            found = {
                "items": (node.items, "items"),
                "concurrency": (node.concurrency, "concurrency"),
            }
        case SleepNode():
            found = {"seconds": (node.seconds, "seconds")}
        case SleepUntilNode():
            found = {"at": (node.at, "at")}
        case ApprovalNode():
            found = {"title": (node.title, "title"), "deadline": (node.deadline, "deadline")}
        case BailNode(result=Source() as result):
            found = {"result": (result, "result")}
    return {
        name: placed(value, (*place, key))
        for name, (value, key) in found.items()
        if value is not None
    }


def fields_of(draft: NodeDraft) -> list[Placed]:
    """Return what the node makes, shows or hands on, field by field."""
    match draft.node:
        case MapNode(fields=fields):
            return _each(fields, (*draft.place, "fields"))
        case ApprovalNode(context=fields):
            return _each(fields, (*draft.place, "context"))
        case BailNode(result=dict() as fields):
            return _each(fields, (*draft.place, "result"))
    return []


def case_conditions(draft: NodeDraft) -> list[Placed]:
    """Return the conditions of a branch, in the order of its cases."""
    if not isinstance(draft.node, BranchNode):
        return []
    return [
        placed_condition(case.when, (*draft.place, "cases", index, "when"))
        for index, case in enumerate(draft.node.cases)
    ]


def loop_condition(draft: NodeDraft) -> Placed | None:
    """Return the condition of a loop; ``None`` for every other node."""
    match draft.node:
        case LoopNode(while_=None, until=until) if until is not None:
            return placed_condition(until, (*draft.place, "until"))
        case LoopNode(while_=going_on) if going_on is not None:
            return placed_condition(going_on, (*draft.place, "while"))
    return None


def output_sources(output: Source | Fields | None, place: Place) -> list[Placed]:
    """Return the sources of a result that is written at ``place``."""
    if isinstance(output, Source):
        return [Placed(source=output, place=place)]
    return _each(output, place)


def _each(fields: Mapping[str, Source] | None, place: Place) -> list[Placed]:
    return [Placed(source=source, place=(*place, name)) for name, source in (fields or {}).items()]
