"""Folding a move to another version of the workflow.  Needs the whole state, and another plan that
has every node of which something is kept.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from rpds import HashTrieMap

from executions_app.engine.reopened import blamed, has_fed
from executions_app.engine.state import UNTOUCHED, ExecutionState, NodeState
from executions_app.engine.statuses import NodeStatus
from workflows_app.language.plan import REPEATED, Plan, indexes_of, key_of, node_of


def replanned(plan: Plan, state: ExecutionState) -> ExecutionState:
    """Say anew what is next, by ``plan``; what has begun stays as it is."""
    begun = HashTrieMap.convert(
        {key: it for key, it in state.nodes.items() if it.status is not NodeStatus.PENDING}
    )
    nodes = begun
    for key in {*map(key_of, plan.entries()), *_owed(plan, begun)}:
        node, indexes = plan.by_id[node_of(key)], indexes_of(key)
        met = sum(
            has_fed(plan, begun.get(key_of(need, indexes), UNTOUCHED), need) for need in node.needs
        )
        nodes = nodes.insert(key, replace(nodes.get(key, UNTOUCHED), met=met))
    first = blamed(plan, nodes, "")
    return replace(
        state,
        nodes=nodes,
        failed_position=plan.position[node_of(first)] if first else None,
        bailed_position=None,
    )


def _owed(plan: Plan, nodes: HashTrieMap[str, NodeState]) -> Iterator[str]:
    """Yield what comes after the runs that have settled, and the beginnings of open bodies."""
    for key, it in nodes.items():
        node, indexes = plan.by_id[node_of(key)], indexes_of(key)
        if has_fed(plan, it, node.id):
            yield from (key_of(successor, indexes) for successor in plan.successors[node.id])
        if it.status is not NodeStatus.RUNNING or it.progress is None:
            continue
        for label in it.progress.open:
            if node.kind in REPEATED:
                rounds, body = (*indexes, int(label)), node.bodies[0].id
            else:
                rounds, body = indexes, label
            yield from (key_of(entry, rounds) for entry in plan.entries(body))
