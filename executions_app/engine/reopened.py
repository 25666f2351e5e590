"""Folding a command that has part of an execution done again.  Needs the whole state."""

from __future__ import annotations

from dataclasses import replace

from rpds import HashTrieMap

from executions_app.engine import progress as inside
from executions_app.engine.events import ExecutionReopened
from executions_app.engine.node_changes import changed, with_progress
from executions_app.engine.progress import Progress
from executions_app.engine.state import UNTOUCHED, ExecutionState, NodeState
from executions_app.engine.statuses import ExecutionStatus, NodeStatus
from workflows_app.language.plan import Plan, indexes_of, key_of, node_of

S, E = NodeStatus, ExecutionStatus


def reopened(plan: Plan, state: ExecutionState, event: ExecutionReopened) -> ExecutionState:
    """Forget runs as if they had never been; needs the whole state."""
    forgotten = frozenset(event.resets)
    for key in event.resets:
        before = state.node(key)
        if before.status is not S.PENDING:
            state = changed(plan, state, key, before, UNTOUCHED)
    nodes = state.nodes
    for key in forgotten.intersection(nodes):
        nodes = nodes.remove(key)
    state = replace(state, nodes=nodes)
    for key in event.reopens:
        state = _running_again(plan, state, key)
    for key in event.resets:
        state = _owed_again(plan, state, key, forgotten)
    for body in event.only:
        state = _restricted(plan, state, body)
    for key in event.reopens:
        state = _blamed_anew(plan, state, key, forgotten)
    first = blamed(plan, state.nodes, "")
    bailed = None if state.bailed_position is None else plan.nodes[state.bailed_position].id
    still_bails = bailed is not None and not _is_overtaken(
        plan, bailed, forgotten.union(event.reopens)
    )
    return replace(
        state,
        status=E.RUNNING,
        stopping=None,
        failed_position=plan.position[node_of(first)] if first else None,
        bailed_position=state.bailed_position if still_bails else None,
        begun=0,
        stepping=int(event.per_step),
    )


def _running_again(plan: Plan, state: ExecutionState, key: str) -> ExecutionState:
    before, indexes = state.node(key), indexes_of(key)
    holder = inside.holder_of(plan, key)
    if holder is not None:
        state = with_progress(state, holder.key, lambda it: inside.unclosed(it, holder.label))
    if has_fed(plan, before, node_of(key)) and not _ends_it(plan, state, key):
        nodes = state.nodes
        for successor in plan.successors[node_of(key)]:
            after = key_of(successor, indexes)
            if after in nodes:
                nodes = nodes.insert(after, replace(nodes[after], met=nodes[after].met - 1))
        state = replace(state, nodes=nodes)
    return changed(
        plan, state, key, before, replace(before, status=S.RUNNING, attempt=1, is_timed=False)
    )


def _owed_again(
    plan: Plan, state: ExecutionState, key: str, forgotten: frozenset[str]
) -> ExecutionState:
    """Put a forgotten run back to where it was before it began, if it will be reached."""
    holder = inside.holder_of(plan, key)
    if holder is not None and holder.key in forgotten:
        return state
    if holder is not None:
        state = with_progress(state, holder.key, lambda it: inside.unclosed(it, holder.label))
    node, indexes = plan.by_id[node_of(key)], indexes_of(key)
    met = sum(has_fed(plan, state.node(key_of(need, indexes)), need) for need in node.needs)
    if not met and node.needs:
        return state
    return replace(state, nodes=state.nodes.insert(key, NodeState(met=met)))


def _restricted(plan: Plan, state: ExecutionState, body: str) -> ExecutionState:
    """Let a branch that will decide again open ``body`` only."""
    name = node_of(body)
    key = key_of(plan.container[name].id, indexes_of(body))
    before = state.node(key)
    after = replace(before, progress=Progress(todo=(name,)))
    return replace(state, nodes=state.nodes.insert(key, after))


def _blamed_anew(
    plan: Plan, state: ExecutionState, key: str, forgotten: frozenset[str]
) -> ExecutionState:
    """Say once more what inside a container at work failed, or ends the workflow."""
    before = state.node(key)
    if before.progress is None:
        return state
    bailed = before.progress.bailed
    if bailed and _is_overtaken(plan, bailed, forgotten):
        bailed = ""
    progress = replace(before.progress, failed=blamed(plan, state.nodes, key), bailed=bailed)
    return changed(plan, state, key, before, replace(before, progress=progress))


def _ends_it(plan: Plan, state: ExecutionState, key: str) -> bool:
    """Whether the run is the one that ends its container, or the workflow, early."""
    holder = inside.holder_of(plan, key)
    if holder is None:
        return state.bailed_position == plan.position[node_of(key)]
    progress = state.node(holder.key).progress
    return progress is not None and progress.bailed == key


def _is_overtaken(plan: Plan, key: str, again: frozenset[str]) -> bool:
    """Whether the run that ended the workflow early, or what comes after it, is done again."""
    after = [key_of(successor, indexes_of(key)) for successor in plan.successors[node_of(key)]]
    return not again.isdisjoint([key, *after])


def blamed(plan: Plan, nodes: HashTrieMap[str, NodeState], within: str) -> str:
    """Return the first run directly inside ``within`` that failed for good, or nothing."""
    first = ""
    for key, it in nodes.items():
        if it.status is S.FAILED and plan.by_id[node_of(key)].on_error == "fail":
            holder = inside.holder_of(plan, key)
            if (holder.key if holder else "") == within:
                first = inside.earlier(plan, first, key)
    return first


def has_fed(plan: Plan, it: NodeState, need: str) -> bool:
    """Whether a node in this state has told its successors that a need of theirs is met."""
    handled = plan.by_id[need].on_error != "fail"
    return it.status in (S.COMPLETED, S.SKIPPED) or (it.status is S.FAILED and handled)
