"""How facts change an execution.  The only code that does.

``evolve`` looks at one node, its successors and the containers around it, so a partial state that
holds these is enough; only :class:`~.events.ExecutionReopened` needs the whole.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
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
    ExecutionQueued,
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
from executions_app.engine.node_changes import (
    blame,
    changed,
    feed,
    move,
    settle,
    supply,
    with_progress,
)
from executions_app.engine.progress import Progress
from executions_app.engine.reopened import reopened
from executions_app.engine.replanned import replanned
from executions_app.engine.state import UNTOUCHED, ExecutionState
from executions_app.engine.statuses import EXECUTION_MOVES, FINAL, ExecutionStatus, NodeStatus
from workflows_app.language.plan import NodeKind, Plan, node_of

S, E = NodeStatus, ExecutionStatus


def evolve(plan: Plan, state: ExecutionState, event: Event) -> ExecutionState:
    """Return ``state`` with one more fact folded in.

    Raises:
        IllegalTransition: if the fact cannot follow from ``state``.
    """
    match event:
        case ExecutionQueued(per_step=per_step):
            if state.status is not E.PENDING:
                raise IllegalTransition("execution", state.status, "queued")
            return replace(state, stepping=int(per_step))
        case ExecutionStarted(per_step=per_step):
            begun = _move_execution(state, E.RUNNING)
            entries = HashTrieMap.convert(dict.fromkeys(plan.entries(), UNTOUCHED))
            return replace(begun, nodes=entries, stepping=int(per_step))
        case StepScheduled(node_id=key):
            counted = replace(state, begun=state.begun + 1)
            return _begin(plan, move(plan, counted, key, S.SCHEDULED), key)
        case StepStarted(node_id=key):
            return move(plan, state, key, S.RUNNING, progress=_opened(plan, event))
        case StepWaiting(node_id=key, until=until, event=name):
            # What waits for a nested execution goes by that one's own timers.
            timed = until is not None or not name
            return move(plan, state, key, S.WAITING, is_timed=timed)
        case StepSuspended(node_id=key):
            return move(plan, state, key, S.SUSPENDED)
        case StepResumed(node_id=key):
            return move(plan, state, key, S.RUNNING, progress=_opened_by_event(plan, key))
        case StepProgress(node_id=key, current_index=index):
            return _round_settled(plan, state, key, index)
        case StepContinued(node_id=key, iteration=iteration):
            going = move(plan, state, key, S.RUNNING)
            return with_progress(going, key, lambda it: replace(it, total=iteration))
        case StepRetrying(node_id=key, attempt=attempt):
            return move(plan, state, key, S.RETRYING, attempt=attempt + 1)
        case StepCompleted(node_id=key, bailed=True):
            return blame(plan, settle(plan, state, key, S.COMPLETED), key, failed=False)
        case StepCompleted(node_id=key, supplied=who) if who:
            return feed(plan, supply(plan, state, key), key)
        case StepCompleted(node_id=key):
            return feed(plan, settle(plan, state, key, S.COMPLETED), key)
        case StepSkipped(node_id=key) if state.node(key).status is S.PENDING:
            # Its branch was to open this body only, and did not: nothing follows it.
            before = state.node(key)
            return changed(plan, state, key, before, replace(before, status=S.SKIPPED))
        case StepSkipped(node_id=key):
            return feed(plan, settle(plan, state, key, S.SKIPPED), key)
        case StepFailed(node_id=key, handled=True):
            return feed(plan, settle(plan, state, key, S.FAILED), key)
        case StepFailed(node_id=key):
            return blame(plan, settle(plan, state, key, S.FAILED), key, failed=True)
        case StepCancelled(node_id=key):
            before = state.node(key)
            # An attempt that was due after a failed one will not run, so it does not count.
            made = before.attempt - 1 if before.status is S.RETRYING else before.attempt
            return move(plan, state, key, S.CANCELLED, attempt=made)
        case ExecutionStopping(cause=cause):
            if state.status in FINAL:
                raise IllegalTransition("execution", state.status, "stopping")
            # What is stopped is paused no longer.
            status = E.RUNNING if state.status is E.PAUSED else state.status
            return replace(state, stopping=cause, status=status)
        case ExecutionReopened(version=int()):
            return replanned(plan, state)
        case ExecutionReopened():
            return reopened(plan, state, event)
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


def _move_execution(state: ExecutionState, status: ExecutionStatus) -> ExecutionState:
    if status not in EXECUTION_MOVES[state.status]:
        raise IllegalTransition("execution", state.status, status)
    return replace(state, status=status)


# -- containers -------------------------------------------------------------------------------


def _begin(plan: Plan, state: ExecutionState, key: str) -> ExecutionState:
    holder = inside.holder_of(plan, key)
    if holder is None or plan.by_id[node_of(key)].needs:
        return state
    return with_progress(state, holder.key, lambda it: inside.begun(it, holder.label, holder.node))


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
    after = with_progress(state, key, lambda it: inside.closed(it, index))
    if plan.by_id[node_of(key)].kind is NodeKind.LOOP:
        # Whether there is another round has to be decided.
        return move(plan, after, key, S.SCHEDULED)
    return after
