"""What the run around a nested execution is told when that one moves on."""

from __future__ import annotations

from typing import Any

from executions_app.engine.events import (
    Event,
    ExecutionCancelled,
    ExecutionCompleted,
    ExecutionFailed,
    ExecutionResumed,
    ExecutionSuspended,
    ExecutionWaiting,
    StepCancelled,
    StepResumed,
    StepSuspended,
    StepWaiting,
)
from executions_app.engine.failures import Failure
from executions_app.engine.outcomes import Broke, Succeeded
from executions_app.engine.statuses import FINAL, NodeStatus
from executions_app.models import StepRun
from executions_app.models.stored_value import ValueLost
from executions_app.models.value_field import resolved
from executions_app.recording.frame import Frame
from executions_app.recording.nesting import handed_down
from executions_app.recording.outcome_facts import add_outcome
from workflows_app.language.plan import node_of


def tell_parent(frame: Frame, fact: Event) -> None:
    """Let the run around a nested execution follow what happened inside."""
    parent_id = frame.execution.parent_id
    # Without a key the run around it is done again, with another execution inside.
    if parent_id is None or not frame.execution.parent_key or not isinstance(fact, _TOLD):
        return
    outer = frame.recording.frame(parent_id)
    if outer.state.status in FINAL:
        return
    key = frame.execution.parent_key
    outer.load(key)
    it, node = outer.state.node(key), outer.plan.by_id[node_of(key)]
    if it.status not in (NodeStatus.RUNNING, NodeStatus.RETRYING, *_HELD):
        return
    _hand_back(frame, outer)
    match fact:
        case ExecutionCompleted(output=output):
            done = Succeeded(output=output)
            add_outcome(outer, node, key, done, attempt=it.attempt)
        case ExecutionFailed(failure=failure):
            broke = Broke(failure=failure)
            add_outcome(outer, node, key, broke, attempt=it.attempt)
        case ExecutionCancelled() if outer.state.stopping is not None:
            outer.add(StepCancelled(node_id=key, attempt=it.attempt))
        case ExecutionCancelled():
            failure = Failure(
                name="NestedCancelled",
                message=f"the execution inside {node.title!r} was cancelled",
                code="nested.cancelled",
            )
            broke = Broke(failure=failure, retryable=False)
            add_outcome(outer, node, key, broke, attempt=it.attempt)
        case ExecutionSuspended():
            payload = suspended_payload(frame)
            outer.add(
                StepSuspended(node_id=key, attempt=it.attempt, payload=payload),
                suspend_payload=payload,
                suspended_at=frame.now,
            )
        case ExecutionWaiting():
            outer.add(StepWaiting(node_id=key, attempt=it.attempt))
        case ExecutionResumed() if it.status in _HELD:
            outer.add(StepResumed(node_id=key, attempt=it.attempt), resumed_at=frame.now)


_TOLD = (
    ExecutionCompleted,
    ExecutionFailed,
    ExecutionCancelled,
    ExecutionSuspended,
    ExecutionWaiting,
    ExecutionResumed,
)
_HELD = (NodeStatus.WAITING, NodeStatus.SUSPENDED)


def suspended_payload(frame: Frame) -> Any:
    """Return what the first suspended run of a nested execution asks."""
    frame.write_rows()
    found = StepRun.objects.filter(execution_id=frame.id, status=NodeStatus.SUSPENDED)
    asked = found.order_by("position", "id").values_list("suspend_payload", flat=True).first()
    try:
        return resolved(asked)
    except ValueLost as error:  # what is inside can still be answered
        return error.note.preview()


def _hand_back(frame: Frame, outer: Frame) -> None:
    """Let what a nested execution left in the shared state and context be seen outside."""
    frame.write_rows()
    inner = handed_down(frame)
    around = handed_down(outer)
    for name, merge in (("state", outer.merge_state), ("runtime_context", outer.merge_context)):
        changed = {
            key: value for key, value in inner[name].items() if around[name].get(key, ...) != value
        }
        if changed:
            merge(changed)
