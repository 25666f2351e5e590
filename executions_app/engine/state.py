"""What an execution is, as a value, and how facts change it.  The only code that does.

A state may be partial: the journal loads the nodes around what changed and nothing else, so
``evolve`` looks at one node, its successors and the containers around it only.  A node that is
absent is pending and has met none of its needs.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field, replace
from functools import reduce
from typing import assert_never

from rpds import HashTrieMap

from executions_app.engine import progress as inside
from executions_app.engine.errors import IllegalTransition
from executions_app.engine.events import (
    Event,
    ExecutionCancelled,
    ExecutionCompleted,
    ExecutionFailed,
    ExecutionPaused,
    ExecutionReopened,
    ExecutionResumed,
    ExecutionStarted,
    ExecutionStopping,
    ExecutionSuspended,
    ExecutionWaiting,
    LogWritten,
    StepCancelled,
    StepCompleted,
    StepContinued,
    StepFailed,
    StepOutput,
    StepProgress,
    StepResumed,
    StepRetrying,
    StepScheduled,
    StepSkipped,
    StepStarted,
    StepSuspended,
    StepWaiting,
)
from executions_app.engine.progress import Progress, holders
from executions_app.engine.statuses import (
    EXECUTION_MOVES,
    FINAL,
    LIVE,
    NODE_MOVES,
    UNSETTLED,
    ExecutionStatus,
    NodeStatus,
)
from workflows_app.language.plan import (
    CONTAINERS,
    NodeKind,
    Plan,
    PlanNode,
    indexes_of,
    key_of,
    node_of,
)

S, E = NodeStatus, ExecutionStatus


@dataclass(frozen=True, slots=True)
class NodeState:
    status: NodeStatus = NodeStatus.PENDING
    met: int = 0
    """How many of its needs have settled well."""
    attempt: int = 1
    """The current try, or the last one."""
    is_timed: bool = False
    """Whether what it waits for ends at some moment, come what may."""
    progress: Progress | None = None
    """Of a container that has begun."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ExecutionState:
    status: ExecutionStatus = ExecutionStatus.PENDING
    live: int = 0
    """How many nodes are scheduled, running or waiting for a retry; open containers aside."""
    timers: int = 0
    """How many wait for something that ends by itself."""
    listeners: int = 0
    """How many wait for an event without end."""
    suspended: int = 0
    """How many wait for an answer."""
    containers: int = 0
    """How many containers are open."""
    doomed: int = 0
    """How many of these hold a failure, or a bail, that is not theirs yet."""
    failed_position: int | None = None
    """The place in the document of the first node, by that order, that failed for good."""
    bailed_position: int | None = None
    """The place of the first node that ended the workflow early."""
    stopping: str | None = None
    """Why nothing new starts: ``cancel``, ``timeout``, or ``None``."""
    begun: int = 0
    """How many runs were scheduled since it was started or opened again."""
    stepping: int = 0
    """1 when it is to pause after one step, 2 once that step has settled."""
    nodes: HashTrieMap[str, NodeState] = field(default_factory=HashTrieMap)
    """By key.  A persistent map, so that a fact costs the same however many nodes there are."""

    def node(self, key: str) -> NodeState:
        """Return the node's state; an absent node is pending and has met no need."""
        return self.nodes.get(key, _UNTOUCHED)

    @property
    def is_doomed(self) -> bool:
        """Whether it will fail, or end early, once everything beside that has settled."""
        return self.failed_position is not None or self.bailed_position is not None


_UNTOUCHED = NodeState()


def evolve(plan: Plan, state: ExecutionState, event: Event) -> ExecutionState:
    """Return ``state`` with one more fact folded in.

    Raises:
        IllegalTransition: if the fact cannot follow from ``state``.
    """
    match event:
        case ExecutionStarted(per_step=per_step):
            begun = _move_execution(state, E.RUNNING)
            entries = HashTrieMap.convert(dict.fromkeys(plan.entries(), _UNTOUCHED))
            return replace(begun, nodes=entries, stepping=int(per_step))
        case StepScheduled(node_id=key):
            counted = replace(state, begun=state.begun + 1)
            return _begin(plan, _move(plan, counted, key, S.SCHEDULED), key)
        case StepStarted(node_id=key):
            return _move(plan, state, key, S.RUNNING, progress=_opened(plan, event))
        case StepWaiting(node_id=key, until=until, event=name):
            # What waits for a nested execution goes by that one's own timers.
            timed = until is not None or not name
            return _move(plan, state, key, S.WAITING, is_timed=timed)
        case StepSuspended(node_id=key):
            return _move(plan, state, key, S.SUSPENDED)
        case StepResumed(node_id=key):
            return _move(plan, state, key, S.RUNNING, progress=_opened_by_event(plan, key))
        case StepProgress(node_id=key, current_index=index):
            return _round_settled(plan, state, key, index)
        case StepContinued(node_id=key, iteration=iteration):
            going = _move(plan, state, key, S.RUNNING)
            return _with_progress(going, key, lambda it: replace(it, total=iteration))
        case StepRetrying(node_id=key, attempt=attempt):
            return _move(plan, state, key, S.RETRYING, attempt=attempt + 1)
        case StepCompleted(node_id=key, bailed=True):
            return _blame(plan, _settle(plan, state, key, S.COMPLETED), key, "bailed")
        case StepCompleted(node_id=key, supplied=who) if who:
            return _feed(plan, _supply(plan, state, key), key)
        case StepCompleted(node_id=key):
            return _feed(plan, _settle(plan, state, key, S.COMPLETED), key)
        case StepSkipped(node_id=key) if state.node(key).status is S.PENDING:
            # Its branch was to open this body only, and did not: nothing follows it.
            before = state.node(key)
            return _changed(plan, state, key, before, replace(before, status=S.SKIPPED))
        case StepSkipped(node_id=key):
            return _feed(plan, _settle(plan, state, key, S.SKIPPED), key)
        case StepFailed(node_id=key, handled=True):
            return _feed(plan, _settle(plan, state, key, S.FAILED), key)
        case StepFailed(node_id=key):
            return _blame(plan, _settle(plan, state, key, S.FAILED), key, "failed")
        case StepCancelled(node_id=key):
            before = state.node(key)
            # An attempt that was due after a failed one will not run, so it does not count.
            made = before.attempt - 1 if before.status is S.RETRYING else before.attempt
            return _move(plan, state, key, S.CANCELLED, attempt=made)
        case ExecutionStopping(cause=cause):
            if state.status in FINAL or state.status is E.PENDING:
                raise IllegalTransition("execution", state.status, "stopping")
            # What is stopped is paused no longer.
            status = E.RUNNING if state.status is E.PAUSED else state.status
            return replace(state, stopping=cause, status=status)
        case ExecutionReopened():
            return _reopened(plan, state, event)
        case ExecutionWaiting():
            return _move_execution(state, E.WAITING)
        case ExecutionSuspended():
            return _move_execution(state, E.SUSPENDED)
        case ExecutionPaused():
            return replace(_move_execution(state, E.PAUSED), stepping=0)
        case ExecutionResumed():
            return _move_execution(state, E.RUNNING)
        case ExecutionCompleted():
            return _move_execution(state, E.COMPLETED)
        case ExecutionFailed():
            return _move_execution(state, E.FAILED)
        case ExecutionCancelled():
            return _move_execution(state, E.CANCELLED)
        case LogWritten() | StepOutput():
            return state
        case _:
            assert_never(event)


def replay(plan: Plan, events: Iterable[Event]) -> ExecutionState:
    """Return the state that ``events``, an execution's whole log, add up to."""
    return reduce(lambda state, event: evolve(plan, state, event), events, ExecutionState())


# -- one node ---------------------------------------------------------------------------------


def _move(
    plan: Plan,
    state: ExecutionState,
    key: str,
    status: NodeStatus,
    *,
    attempt: int | None = None,
    is_timed: bool = False,
    progress: Progress | None = None,
) -> ExecutionState:
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
    return _changed(plan, state, key, before, after)


def _changed(
    plan: Plan, state: ExecutionState, key: str, before: NodeState, after: NodeState
) -> ExecutionState:
    """Put ``after`` in the place of ``before``, and bring everything that counts it in line."""
    node = plan.by_id[node_of(key)]
    nodes = state.nodes.insert(key, after)
    if node.body:
        nodes = _told(plan, nodes, key, before, after)
    was, now = _counts(node, before), _counts(node, after)
    if was == now:
        return replace(state, nodes=nodes)
    return replace(
        state,
        nodes=nodes,
        **{name: getattr(state, name) + now.get(name, 0) - was.get(name, 0) for name in was | now},
    )


def _counts(node: PlanNode, it: NodeState) -> dict[str, int]:
    """Return what a node in this state adds to the execution's counters."""
    match it.status:
        case S.RUNNING if node.kind in CONTAINERS and it.progress is not None:
            doomed = it.progress.is_doomed
            return {"containers": 1, "doomed": 1} if doomed else {"containers": 1}
        case S.SCHEDULED | S.RUNNING | S.RETRYING:
            return {"live": 1}
        case S.WAITING:
            return {"timers": 1} if it.is_timed else {"listeners": 1}
        case S.SUSPENDED:
            return {"suspended": 1}
    return {}


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
        nodes = nodes.insert(
            holder.key, replace(state, progress=replace(progress, held=progress.held + held))
        )
        if not held:
            break
    return nodes


def _is_held(it: NodeState) -> bool:
    return it.status is S.SUSPENDED or (it.status is S.WAITING and not it.is_timed)


def _settle(plan: Plan, state: ExecutionState, key: str, status: NodeStatus) -> ExecutionState:
    settled = _move(plan, state, key, status)
    return replace(settled, stepping=2) if state.stepping == 1 else settled


def _supply(plan: Plan, state: ExecutionState, key: str) -> ExecutionState:
    """Complete a run that did not come to its output itself, and may not even have begun."""
    before = state.node(key)
    if before.status is not S.PENDING:
        return _move(plan, state, key, S.COMPLETED)
    return _changed(plan, state, key, before, replace(before, status=S.COMPLETED))


def _feed(plan: Plan, state: ExecutionState, key: str) -> ExecutionState:
    """Tell the successors of ``key`` that one of their needs is met."""
    nodes, indexes = state.nodes, indexes_of(key)
    for successor in plan.successors[node_of(key)]:
        after = key_of(successor, indexes)
        before = nodes.get(after, _UNTOUCHED)
        nodes = nodes.insert(after, replace(before, met=before.met + 1))
    return replace(state, nodes=nodes)


def _blame(plan: Plan, state: ExecutionState, key: str, what: str) -> ExecutionState:
    """Remember the first run that failed, or bailed, where it will be asked for."""
    holder = inside.holder_of(plan, key)
    if holder is not None:
        state_of = state.node(holder.key)
        progress = state_of.progress or Progress()
        first = inside.earlier(plan, getattr(progress, what), key)
        after = replace(state_of, progress=replace(progress, **{what: first}))
        return _changed(plan, state, holder.key, state_of, after)
    name = f"{what}_position"
    position, known = plan.position[node_of(key)], getattr(state, name)
    return replace(state, **{name: position if known is None else min(position, known)})


# -- containers -------------------------------------------------------------------------------


def _begin(plan: Plan, state: ExecutionState, key: str) -> ExecutionState:
    holder = inside.holder_of(plan, key)
    if holder is None or plan.by_id[node_of(key)].needs:
        return state
    return _with_progress(state, holder.key, lambda it: inside.begun(it, holder.label, holder.node))


def _opened(plan: Plan, event: StepStarted) -> Progress | None:
    node = plan.by_id[node_of(event.node_id)]
    match node.kind:
        case NodeKind.BRANCH:
            return Progress(
                open=HashTrieMap.convert(dict.fromkeys(event.bodies, 0)),
                todo=tuple(body for body in event.bodies if plan.entries(body)),
            )
        case NodeKind.LOOP:
            return Progress(total=1)
        case NodeKind.FOREACH:
            return Progress(total=event.total or 0, concurrency=event.concurrency)
    return None


def _opened_by_event(plan: Plan, key: str) -> Progress | None:
    node = plan.by_id[node_of(key)]
    if node.kind is not NodeKind.WAIT or not node.bodies:
        return None
    body = node.bodies[0].id
    return Progress(open=HashTrieMap({body: 0}), todo=(body,))


def _round_settled(plan: Plan, state: ExecutionState, key: str, index: int) -> ExecutionState:
    after = _with_progress(state, key, lambda it: inside.closed(it, index))
    if plan.by_id[node_of(key)].kind is NodeKind.LOOP:
        # Whether there is another round has to be decided.
        return _move(plan, after, key, S.SCHEDULED)
    return after


def _with_progress(
    state: ExecutionState, key: str, change: Callable[[Progress], Progress]
) -> ExecutionState:
    before = state.node(key)
    after = replace(before, progress=change(before.progress or Progress()))
    return replace(state, nodes=state.nodes.insert(key, after))


# -- the execution ----------------------------------------------------------------------------


def _reopened(plan: Plan, state: ExecutionState, event: ExecutionReopened) -> ExecutionState:
    """Forget runs as if they had never been; needs the whole state."""
    forgotten = frozenset(event.resets)
    for key in event.resets:
        before = state.node(key)
        if before.status is not S.PENDING:
            state = _changed(plan, state, key, before, _UNTOUCHED)
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
    blamed = _blamed(plan, state.nodes, "")
    bailed = None if state.bailed_position is None else plan.nodes[state.bailed_position].id
    still_bails = bailed is not None and not _is_overtaken(
        plan, bailed, forgotten.union(event.reopens)
    )
    return replace(
        state,
        status=E.RUNNING,
        stopping=None,
        failed_position=plan.position[node_of(blamed)] if blamed else None,
        bailed_position=state.bailed_position if still_bails else None,
        begun=0,
        stepping=int(event.per_step),
    )


def _running_again(plan: Plan, state: ExecutionState, key: str) -> ExecutionState:
    before, indexes = state.node(key), indexes_of(key)
    holder = inside.holder_of(plan, key)
    if holder is not None:
        state = _with_progress(state, holder.key, lambda it: inside.unclosed(it, holder.label))
    if _has_fed(plan, before, node_of(key)) and not _ends_it(plan, state, key):
        nodes = state.nodes
        for successor in plan.successors[node_of(key)]:
            after = key_of(successor, indexes)
            if after in nodes:
                nodes = nodes.insert(after, replace(nodes[after], met=nodes[after].met - 1))
        state = replace(state, nodes=nodes)
    return _changed(
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
        state = _with_progress(state, holder.key, lambda it: inside.unclosed(it, holder.label))
    node, indexes = plan.by_id[node_of(key)], indexes_of(key)
    met = sum(_has_fed(plan, state.node(key_of(need, indexes)), need) for need in node.needs)
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
    progress = replace(before.progress, failed=_blamed(plan, state.nodes, key), bailed=bailed)
    return _changed(plan, state, key, before, replace(before, progress=progress))


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


def _blamed(plan: Plan, nodes: HashTrieMap[str, NodeState], within: str) -> str:
    """Return the first run directly inside ``within`` that failed for good, or nothing."""
    first = ""
    for key, it in nodes.items():
        if it.status is S.FAILED and plan.by_id[node_of(key)].on_error == "fail":
            holder = inside.holder_of(plan, key)
            if (holder.key if holder else "") == within:
                first = inside.earlier(plan, first, key)
    return first


def _move_execution(state: ExecutionState, status: ExecutionStatus) -> ExecutionState:
    if status not in EXECUTION_MOVES[state.status]:
        raise IllegalTransition("execution", state.status, status)
    return replace(state, status=status)


def _has_fed(plan: Plan, it: NodeState, need: str) -> bool:
    """Whether a node in this state has told its successors that a need of theirs is met."""
    handled = plan.by_id[need].on_error != "fail"
    return it.status in (S.COMPLETED, S.SKIPPED) or (it.status is S.FAILED and handled)


__all__ = [
    "FINAL",
    "LIVE",
    "ExecutionState",
    "ExecutionStatus",
    "NodeState",
    "NodeStatus",
    "evolve",
    "replay",
]
