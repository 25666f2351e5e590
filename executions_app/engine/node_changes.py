"""How one node changes, and everything that counts it: successors, containers, the execution.

Looks at the node, its successors and the containers around it only, however many others there are.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace

from rpds import HashTrieMap

from executions_app.engine import progress as inside
from executions_app.engine.errors import IllegalTransition
from executions_app.engine.progress import Progress, holders
from executions_app.engine.state import UNTOUCHED, ExecutionState, NodeState
from executions_app.engine.statuses import NODE_MOVES, UNSETTLED, NodeStatus
from workflows_app.language.plan import CONTAINERS, Plan, PlanNode, indexes_of, key_of, node_of

S = NodeStatus


def move(
    plan: Plan,
    state: ExecutionState,
    key: str,
    status: NodeStatus,
    *,
    attempt: int | None = None,
    is_timed: bool = False,
    progress: Progress | None = None,
) -> ExecutionState:
    """Return ``state`` with the run ``key`` in ``status``.

    Raises:
        IllegalTransition: if it cannot come to that.
    """
    before = state.node(key)
    if status not in NODE_MOVES[before.status]:
        raise IllegalTransition(f"node {key!r}", before.status, status)
    after = replace(
        before,
        status=status,
        attempt=attempt or before.attempt,
        is_timed=is_timed,
        progress=progress or before.progress,
    )
    return changed(plan, state, key, before, after)


def changed(
    plan: Plan, state: ExecutionState, key: str, before: NodeState, after: NodeState
) -> ExecutionState:
    """Put ``after`` in the place of ``before``, and bring everything that counts it in line."""
    node = plan.by_id[node_of(key)]
    nodes = state.nodes.insert(key, after)
    if node.body:
        nodes = _told(plan, nodes, key, before, after)
    return _counted(replace(state, nodes=nodes), _counts(node, before), _counts(node, after))


def _counted(state: ExecutionState, was: _Counts, now: _Counts) -> ExecutionState:
    if was == now:
        return state
    return replace(
        state,
        live=state.live + now.live - was.live,
        timers=state.timers + now.timers - was.timers,
        listeners=state.listeners + now.listeners - was.listeners,
        suspended=state.suspended + now.suspended - was.suspended,
        containers=state.containers + now.containers - was.containers,
        doomed=state.doomed + now.doomed - was.doomed,
    )


@dataclass(frozen=True, slots=True)
class _Counts:
    """What one node adds to the execution's counters of these names."""

    live: int = 0
    timers: int = 0
    listeners: int = 0
    suspended: int = 0
    containers: int = 0
    doomed: int = 0


def _counts(node: PlanNode, it: NodeState) -> _Counts:
    """Return what a node in this state adds to the execution's counters."""
    match it.status:
        case S.RUNNING if node.kind in CONTAINERS and it.progress is not None:
            return _Counts(containers=1, doomed=int(it.progress.is_doomed))
        case S.SCHEDULED | S.RUNNING | S.RETRYING:
            return _Counts(live=1)
        case S.WAITING if it.is_timed:
            return _Counts(timers=1)
        case S.WAITING:
            return _Counts(listeners=1)
        case S.SUSPENDED:
            return _Counts(suspended=1)
    return _Counts()


def _told(
    plan: Plan,
    nodes: HashTrieMap[str, NodeState],
    key: str,
    before: NodeState,
    after: NodeState,
) -> HashTrieMap[str, NodeState]:
    """Tell the containers around ``key`` how many of their nodes are at work, or held."""
    change = (after.status in UNSETTLED) - (before.status in UNSETTLED)
    held = _is_held(after) - _is_held(before)
    if not change and not held:
        return nodes
    for holder in holders(plan, key):
        state = nodes[holder.key]
        progress = state.progress or Progress()
        if change:
            progress, change = inside.counted(progress, holder.label, change), 0
        if held:
            progress = progress.holding(held)
        nodes = nodes.insert(holder.key, replace(state, progress=progress))
        if not held:
            break
    return nodes


def _is_held(it: NodeState) -> bool:
    return it.status is S.SUSPENDED or (it.status is S.WAITING and not it.is_timed)


def settle(plan: Plan, state: ExecutionState, key: str, status: NodeStatus) -> ExecutionState:
    """Return ``state`` with the run ``key`` at its end; one step of stepping is then done."""
    settled = move(plan, state, key, status)
    return replace(settled, stepping=2) if state.stepping == 1 else settled


def supply(plan: Plan, state: ExecutionState, key: str) -> ExecutionState:
    """Complete a run that did not come to its output itself, and may not even have begun."""
    before = state.node(key)
    if before.status is not S.PENDING:
        return move(plan, state, key, S.COMPLETED)
    return changed(plan, state, key, before, replace(before, status=S.COMPLETED))


def feed(plan: Plan, state: ExecutionState, key: str) -> ExecutionState:
    """Tell the successors of ``key`` that one of their needs is met."""
    nodes, indexes = state.nodes, indexes_of(key)
    for successor in plan.successors[node_of(key)]:
        after = key_of(successor, indexes)
        before = nodes.get(after, UNTOUCHED)
        nodes = nodes.insert(after, replace(before, met=before.met + 1))
    return replace(state, nodes=nodes)


def blame(plan: Plan, state: ExecutionState, key: str, *, failed: bool) -> ExecutionState:
    """Remember the first run that failed, or bailed, where it will be asked for."""
    holder = inside.holder_of(plan, key)
    if holder is None:
        return _blamed_at_the_top(plan, state, key, failed=failed)
    before = state.node(holder.key)
    progress = before.progress or Progress()
    if failed:
        progress = replace(progress, failed=inside.earlier(plan, progress.failed, key))
    else:
        progress = replace(progress, bailed=inside.earlier(plan, progress.bailed, key))
    return changed(plan, state, holder.key, before, replace(before, progress=progress))


def _blamed_at_the_top(
    plan: Plan, state: ExecutionState, key: str, *, failed: bool
) -> ExecutionState:
    position = plan.position[node_of(key)]
    known = state.failed_position if failed else state.bailed_position
    first = position if known is None else min(position, known)
    if failed:
        return replace(state, failed_position=first)
    return replace(state, bailed_position=first)


def with_progress(
    state: ExecutionState, key: str, change: Callable[[Progress], Progress]
) -> ExecutionState:
    """Return ``state`` with the progress of the container run ``key`` changed."""
    before = state.node(key)
    after = replace(before, progress=change(before.progress or Progress()))
    return replace(state, nodes=state.nodes.insert(key, after))
