"""The shape of one scope: who needs whom, who comes before whom, and what is wrong with that."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass

from workflows_app.language.definition import BailNode
from workflows_app.language.diagnostics import Diagnostics
from workflows_app.language.draft import NodeDraft, Place, ScopeDraft

#: A cycle's message names this many nodes at most.
_CYCLE_NAMES = 8


@dataclass(frozen=True, slots=True, kw_only=True)
class Graph:
    """The readable part of a scope."""

    scope: ScopeDraft
    nodes: Mapping[str, NodeDraft]
    """Node id -> the node, in the order of the document; of a repeated id the first."""
    position: Mapping[str, int]
    """Node id -> its place in that order."""
    needs: Mapping[str, tuple[str, ...]]
    """Predecessors of each node, in the order of the document."""
    ancestors: Mapping[str, int]
    """For each node a bit set, by position, of all that must come before it."""

    def is_upstream(self, earlier: str, *, of: str) -> bool:
        """Return whether ``earlier`` comes before ``of`` on some path."""
        return bool(self.ancestors[of] >> self.position[earlier] & 1)

    @property
    def terminals(self) -> tuple[str, ...]:
        """The nodes that nothing needs; what they put out is the scope's output."""
        needed = {need for needs in self.needs.values() for need in needs}
        return tuple(node_id for node_id in self.nodes if node_id not in needed)


def build_graph(
    scope: ScopeDraft,
    *,
    nodes: Mapping[str, NodeDraft],
    declared: Mapping[str, Collection[Place]],
    problems: Diagnostics,
) -> Graph:
    """Return the graph of ``scope``, adding dangling edges, cycles and what can never start to
    ``problems``.

    ``nodes`` are those of the scope whose ids are their own; ``declared`` says in which scopes
    (by place) each id of the document is written down.
    """
    position = {node_id: index for index, node_id in enumerate(nodes)}
    _check_edges(scope, declared, problems)
    needs = _needs(scope, position)
    order, stuck = _sort(needs)
    in_order = sorted(stuck, key=position.__getitem__)
    cyclic = _report_cycles(scope, in_order, needs, problems)
    _report_unreachable(
        scope, nodes, needs, [one for one in in_order if one not in cyclic], problems
    )
    ancestors = dict.fromkeys(nodes, 0)
    for node_id in order:
        for need in needs[node_id]:
            ancestors[node_id] |= ancestors[need] | 1 << position[need]
    return Graph(scope=scope, nodes=nodes, position=position, needs=needs, ancestors=ancestors)


def _check_edges(
    scope: ScopeDraft, declared: Mapping[str, Collection[Place]], problems: Diagnostics
) -> None:
    seen: set[tuple[str, str]] = set()
    for edge in scope.edges:
        place = (*scope.place, "edges", edge.index)
        arrow = f"the edge {edge.source!r} -> {edge.target!r}"
        for end, node_id in enumerate((edge.source, edge.target)):
            if node_id not in declared:
                problems.add(
                    "edge.dangling",
                    f"{arrow} names {node_id!r}, which is no node",
                    *place,
                    end,
                    fix="remove the edge, or add the node",
                )
            elif scope.place not in declared[node_id]:
                problems.add(
                    "edge.crosses_scope",
                    f"{arrow} names {node_id!r}, which stands in another body; "
                    "an edge joins two nodes of the same body",
                    *place,
                    end,
                    fix="draw the edge to or from the container, and read the node's output "
                    f"as steps.{node_id} where that is possible",
                )
        if (edge.source, edge.target) in seen:
            problems.warn("edge.duplicate", f"{arrow} is written twice", *place, fix="remove one")
        seen.add((edge.source, edge.target))


def _needs(scope: ScopeDraft, position: Mapping[str, int]) -> dict[str, tuple[str, ...]]:
    found: dict[str, set[str]] = {node_id: set() for node_id in position}
    for edge in scope.edges:
        if edge.source in found and edge.target in found:
            found[edge.target].add(edge.source)
    return {
        node_id: tuple(sorted(needed, key=position.__getitem__))
        for node_id, needed in found.items()
    }


def _sort(needs: Mapping[str, tuple[str, ...]]) -> tuple[list[str], set[str]]:
    """Return a topological order, and the nodes left over because a cycle is before them.

    Source: Kahn, Topological sorting of large networks (1962).
    """
    waiting = {node_id: len(needed) for node_id, needed in needs.items()}
    after: dict[str, list[str]] = {node_id: [] for node_id in needs}
    for node_id, needed in needs.items():
        for need in needed:
            after[need].append(node_id)
    order = [node_id for node_id, count in waiting.items() if count == 0]
    for node_id in order:  # grows while we walk it
        for successor in after[node_id]:
            waiting[successor] -= 1
            if waiting[successor] == 0:
                order.append(successor)
    return order, set(needs) - set(order)


def _report_cycles(
    scope: ScopeDraft,
    stuck: Sequence[str],
    needs: Mapping[str, tuple[str, ...]],
    problems: Diagnostics,
) -> set[str]:
    """Report each circle once, at the edge that closes it; return the nodes that are in one."""
    in_cycles: set[str] = set()
    within = set(stuck)
    for start in stuck:
        if start in in_cycles:
            continue
        circle = _circle_through(start, needs, within)
        if not circle or in_cycles.intersection(circle):
            continue
        in_cycles.update(circle)
        shown = " -> ".join([*circle[:_CYCLE_NAMES], *(["..."] * (len(circle) > _CYCLE_NAMES))])
        closing = (circle[-1], circle[0])
        place = next(
            (edge.index for edge in scope.edges if (edge.source, edge.target) == closing), None
        )
        problems.add(
            "graph.cycle",
            f"these nodes wait for each other: {shown} -> {circle[0]}",
            *scope.place,
            "edges",
            *(() if place is None else (place,)),
            node_id=circle[0],
            fix=f"remove the edge {closing[0]!r} -> {closing[1]!r}, or use a loop node",
        )
    return in_cycles


def _circle_through(
    start: str, needs: Mapping[str, tuple[str, ...]], within: set[str]
) -> Sequence[str]:
    """Return one circle through ``start`` in the direction of the edges, or nothing."""
    came_from: dict[str, str] = {}
    frontier = [start]
    for node_id in frontier:
        for need in needs[node_id]:
            if need == start:
                # ``came_from`` leads from each node to the one that needs it, so walking it from
                # here to ``start`` follows the edges.
                circle = [start]
                while node_id != start:
                    circle.append(node_id)
                    node_id = came_from[node_id]
                return circle
            if need in within and need not in came_from:
                came_from[need] = node_id
                frontier.append(need)
    return []


def _report_unreachable(
    scope: ScopeDraft,
    nodes: Mapping[str, NodeDraft],
    needs: Mapping[str, tuple[str, ...]],
    behind_cycles: Sequence[str],
    problems: Diagnostics,
) -> None:
    for node_id in behind_cycles:
        problems.add(
            "node.unreachable",
            f"node {node_id!r} can never start, because it comes after a circle",
            *nodes[node_id].place,
            node_id=node_id,
        )
    touched = {end for edge in scope.edges for end in (edge.source, edge.target)}
    for node_id, draft in nodes.items():
        bail = next((one for one in needs[node_id] if isinstance(nodes[one].node, BailNode)), None)
        if bail is not None and draft.node.join == "all":
            problems.warn(
                "node.unreachable",
                f"node {node_id!r} never starts, because {bail!r} before it ends the workflow",
                *draft.place,
                node_id=node_id,
                fix="remove the edge, or the node",
            )
        if touched and node_id not in touched:
            problems.warn(
                "node.unreachable",
                f"nothing leads to node {node_id!r} and it leads nowhere; "
                "it would start at once, beside everything else",
                *draft.place,
                node_id=node_id,
                fix="connect it with an edge, or remove it",
            )
