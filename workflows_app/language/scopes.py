"""The scopes of a document as a whole: where each node stands, and whose output it can look at."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum

from workflows_app.language.definition import ForeachNode, LoopNode
from workflows_app.language.diagnostics import Diagnostics
from workflows_app.language.draft import Draft, NodeDraft, ScopeDraft, walk
from workflows_app.language.graph import Graph, build_graph

#: Names that have a value only inside a container.
_FOREACH_ROOTS = frozenset({"item", "index"})
_LOOP_ROOTS = frozenset({"iteration"})


class Hidden(StrEnum):
    """Why a node's output cannot be looked at from somewhere."""

    NOT_UPSTREAM = "not_upstream"  # it need not have run before
    OTHER_CASE = "other_case"  # it stands in another case of the same branch
    AROUND = "around"  # it is the reader itself, or holds it, so it ends later
    INSIDE = "inside"  # the reader holds it, and looks before its body begins
    IN_FOREACH = "in_foreach"  # it runs once for each item of a list


@dataclass(frozen=True, slots=True, kw_only=True)
class Reader:
    """Who looks: a node, or what is worked out when everything in a scope has settled."""

    scope: str
    node: str | None = None
    """``None`` for the end of the scope: a body's output, a loop's condition, the result."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Scopes:
    """All graphs of a document."""

    root: ScopeDraft
    graphs: Mapping[str, Graph]
    """Scope id -> its graph."""
    homes: Mapping[str, str]
    """Node id -> the scope it stands in."""
    holders: Mapping[str, NodeDraft]
    """Scope id -> the container it belongs to; the workflow's own has none."""
    position: Mapping[str, int]
    """Node id -> its place in the document, a container before what it holds."""

    def draft(self, node_id: str) -> NodeDraft:
        """Return the node called ``node_id``.

        Raises:
            KeyError: if no readable node has the id.
        """
        return self.graphs[self.homes[node_id]].nodes[node_id]

    def needs(self, node_id: str) -> tuple[str, ...]:
        """Return the predecessors of ``node_id``, in the order of the document."""
        return self.graphs[self.homes[node_id]].needs[node_id]

    def around(self, scope: str) -> Iterator[NodeDraft]:
        """Yield the containers around ``scope``, from the nearest to the outermost."""
        while scope:
            holder = self.holders[scope]
            yield holder
            scope = self.homes[holder.node.id]

    def roots_in(self, scope: str) -> frozenset[str]:
        """Return the names that have a value in ``scope`` because of the containers around it."""
        found: frozenset[str] = frozenset()
        for holder in self.around(scope):
            if isinstance(holder.node, ForeachNode):
                found |= _FOREACH_ROOTS
            elif isinstance(holder.node, LoopNode):
                found |= _LOOP_ROOTS
        return found

    def hides(self, target: str, *, reader: Reader) -> Hidden | None:
        """Return why ``reader`` cannot look at what ``target`` puts out; ``None`` if it can."""
        there = self._chain(self.homes[target], target)
        here = self._chain(reader.scope, reader.node)
        shared = max(
            index
            for index, ((one, _), (other, _)) in enumerate(zip(there, here, strict=False))
            if one == other
        )
        scope, holder = there[shared]
        _, own = here[shared]
        if own == holder and holder is not None:
            if shared == len(there) - 1:
                return Hidden.AROUND
            return Hidden.INSIDE if shared == len(here) - 1 else Hidden.OTHER_CASE
        between = (node for _, node in there[shared:-1])
        if any(isinstance(self.draft(str(node)).node, ForeachNode) for node in between):
            return Hidden.IN_FOREACH
        if own is not None and not self.graphs[scope].is_upstream(str(holder), of=own):
            return Hidden.NOT_UPSTREAM
        return None

    def _chain(self, scope: str, node: str | None) -> list[tuple[str, str | None]]:
        """Return each scope from the outermost to ``scope``, with the node of it that leads to
        ``node``."""
        holders = [holder.node.id for holder in self.around(scope)]
        return [*((self.homes[holder], holder) for holder in reversed(holders)), (scope, node)]


def build_scopes(draft: Draft, *, problems: Diagnostics) -> Scopes:
    """Return the graphs of ``draft``, adding ids that repeat and what is wrong with each graph to
    ``problems``."""
    first: dict[str, NodeDraft] = {}
    for found in walk(draft.root):
        if found.node.id in first:
            _report_duplicate(found, draft, problems)
        else:
            first[found.node.id] = found
    graphs: dict[str, Graph] = {}
    homes: dict[str, str] = {}
    holders: dict[str, NodeDraft] = {}
    position: dict[str, int] = {}

    def enter(scope: ScopeDraft) -> None:
        own = {one.node.id: one for one in scope.nodes if first[one.node.id] is one}
        graphs[scope.id] = build_graph(scope, nodes=own, declared=draft.declared, problems=problems)
        for node_id, found in own.items():
            homes[node_id] = scope.id
            position[node_id] = len(position)
            for body in _own_bodies(found, problems):
                holders[body.id] = found
                enter(body)

    enter(draft.root)
    return Scopes(root=draft.root, graphs=graphs, homes=homes, holders=holders, position=position)


def _own_bodies(found: NodeDraft, problems: Diagnostics) -> Iterator[ScopeDraft]:
    """Yield the bodies of a container whose ids are their own; report the others."""
    seen: set[str] = set()
    taken = {body.label for body in found.bodies}
    for index, body in enumerate(found.bodies):
        if body.id in seen:
            problems.add(
                "case.duplicate_id",
                f"the branch {found.node.id!r} has two cases with the id {body.label!r}",
                *found.place,
                "cases",
                index,
                "id",
                node_id=found.node.id,
                fix=f"rename one of them, say to {free_name(body.label, taken)!r}",
            )
            continue
        seen.add(body.id)
        yield body


def _report_duplicate(found: NodeDraft, draft: Draft, problems: Diagnostics) -> None:
    node_id = found.node.id
    problems.add(
        "node.duplicate_id",
        f"node {node_id!r} stands in the document twice",
        *found.place,
        "id",
        node_id=node_id,
        fix=f"rename one of them, say to {free_name(node_id, draft.declared)!r}",
    )


def free_name(name: str, taken: Collection[object]) -> str:
    """Return ``name`` with the lowest number behind it that makes a name not in ``taken``."""
    number = 2
    while f"{name}_{number}" in taken:
        number += 1
    return f"{name}_{number}"
