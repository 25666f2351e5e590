"""The shape of a scope: who needs whom, who comes before whom, and what is wrong with that."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from workflows_app.language.definition import BaseNode
from workflows_app.language.diagnostics import Diagnostics
from workflows_app.language.parse import Draft

#: A cycle's message names this many nodes at most.
_CYCLE_NAMES = 8


@dataclass(frozen=True, slots=True, kw_only=True)
class Graph:
    """The readable part of a scope."""

    nodes: Mapping[str, tuple[int, BaseNode]]
    """Node id -> its index in the document and the node; of a repeated id the first."""
    needs: Mapping[str, tuple[str, ...]]
    """Predecessors of each node, in the order of the document."""
    ancestors: Mapping[str, int]
    """For each node a bit set, by index in the document, of all that must come before it."""

    def is_upstream(self, earlier: str, *, of: str) -> bool:
        """Return whether ``earlier`` comes before ``of`` on some path."""
        return bool(self.ancestors[of] >> self.nodes[earlier][0] & 1)


def build_graph(draft: Draft, *, problems: Diagnostics) -> Graph:
    """Return the graph of ``draft``, adding duplicates, dangling edges, cycles and what can
    never start to ``problems``."""
    nodes = _unique(draft, problems)
    needs = _needs(draft, nodes, problems)
    order, stuck = _sort(nodes, needs)
    cyclic = _report_cycles(draft, nodes, needs, stuck, problems)
    _report_unreachable(draft, nodes, needs, stuck - cyclic, problems)
    ancestors = dict.fromkeys(nodes, 0)
    for node_id in order:
        for need in needs[node_id]:
            ancestors[node_id] |= ancestors[need] | 1 << nodes[need][0]
    return Graph(nodes=nodes, needs=needs, ancestors=ancestors)


def _unique(draft: Draft, problems: Diagnostics) -> dict[str, tuple[int, BaseNode]]:
    nodes: dict[str, tuple[int, BaseNode]] = {}
    for index, node in draft.nodes:
        if node.id in nodes:
            problems.add(
                "node.duplicate_id",
                f"node {node.id!r} stands in the document twice",
                "nodes",
                index,
                "id",
                node_id=node.id,
                fix=f"rename one of them, say to {_free_id(node.id, draft.declared_ids)!r}",
            )
            continue
        nodes[node.id] = (index, node)
    return nodes


def _free_id(node_id: str, taken: frozenset[str]) -> str:
    number = 2
    while f"{node_id}_{number}" in taken:
        number += 1
    return f"{node_id}_{number}"


def _needs(
    draft: Draft, nodes: Mapping[str, tuple[int, BaseNode]], problems: Diagnostics
) -> dict[str, tuple[str, ...]]:
    found: dict[str, set[str]] = {node_id: set() for node_id in nodes}
    seen: set[tuple[str, str]] = set()
    for edge in draft.edges:
        for end, node_id in enumerate((edge.source, edge.target)):
            if node_id not in draft.declared_ids:
                problems.add(
                    "edge.dangling",
                    f"the edge {edge.source!r} -> {edge.target!r} names {node_id!r}, "
                    "which is no node",
                    "edges",
                    edge.index,
                    end,
                    fix="remove the edge, or add the node",
                )
        if (edge.source, edge.target) in seen:
            problems.warn(
                "edge.duplicate",
                f"the edge {edge.source!r} -> {edge.target!r} is written twice",
                "edges",
                edge.index,
                fix="remove one",
            )
        seen.add((edge.source, edge.target))
        if edge.source in nodes and edge.target in nodes:
            found[edge.target].add(edge.source)
    return {
        node_id: tuple(sorted(needed, key=lambda need: nodes[need][0]))
        for node_id, needed in found.items()
    }


def _sort(
    nodes: Mapping[str, tuple[int, BaseNode]], needs: Mapping[str, tuple[str, ...]]
) -> tuple[list[str], set[str]]:
    """Return a topological order, and the nodes left over because a cycle is before them.

    Source: Kahn, Topological sorting of large networks (1962).
    """
    waiting = {node_id: len(needed) for node_id, needed in needs.items()}
    after: dict[str, list[str]] = {node_id: [] for node_id in nodes}
    for node_id, needed in needs.items():
        for need in needed:
            after[need].append(node_id)
    order = [node_id for node_id, count in waiting.items() if count == 0]
    for node_id in order:  # grows while we walk it
        for successor in after[node_id]:
            waiting[successor] -= 1
            if waiting[successor] == 0:
                order.append(successor)
    return order, set(nodes) - set(order)


def _report_cycles(
    draft: Draft,
    nodes: Mapping[str, tuple[int, BaseNode]],
    needs: Mapping[str, tuple[str, ...]],
    stuck: set[str],
    problems: Diagnostics,
) -> set[str]:
    """Report each circle once, at the edge that closes it; return the nodes that are in one."""
    in_cycles: set[str] = set()
    for start in sorted(stuck, key=lambda node_id: nodes[node_id][0]):
        if start in in_cycles:
            continue
        circle = _circle_through(start, needs, stuck)
        if not circle or in_cycles.intersection(circle):
            continue
        in_cycles.update(circle)
        shown = " -> ".join([*circle[:_CYCLE_NAMES], *(["..."] * (len(circle) > _CYCLE_NAMES))])
        closing = (circle[-1], circle[0])
        place = next(
            (edge.index for edge in draft.edges if (edge.source, edge.target) == closing), None
        )
        problems.add(
            "graph.cycle",
            f"these nodes wait for each other: {shown} -> {circle[0]}",
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
    draft: Draft,
    nodes: Mapping[str, tuple[int, BaseNode]],
    needs: Mapping[str, tuple[str, ...]],
    behind_cycles: set[str],
    problems: Diagnostics,
) -> None:
    for node_id in sorted(behind_cycles, key=lambda node_id: nodes[node_id][0]):
        problems.add(
            "node.unreachable",
            f"node {node_id!r} can never start, because it comes after a circle",
            "nodes",
            nodes[node_id][0],
            node_id=node_id,
        )
    touched = {end for edge in draft.edges for end in (edge.source, edge.target)}
    if not touched:
        return
    for node_id, (index, _) in nodes.items():
        if node_id not in touched:
            problems.warn(
                "node.unreachable",
                f"nothing leads to node {node_id!r} and it leads nowhere; "
                "it would start at once, beside everything else",
                "nodes",
                index,
                node_id=node_id,
                fix="connect it with an edge, or remove it",
            )
