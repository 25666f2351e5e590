"""What an outcome writes: its fact, its columns, and what it brings about beside.

The same for an attempt of a worker's and for what is decided while recording.
"""

from __future__ import annotations

import random
from dataclasses import replace
from typing import Any

from django.conf import settings

from executions_app import rows
from executions_app.engine.events import (
    LogWritten,
    StepCompleted,
    StepResumed,
    StepRetrying,
    StepSkipped,
    StepStarted,
)
from executions_app.engine.failures import Failure
from executions_app.engine.outcomes import (
    Bailed,
    Broke,
    Continues,
    Dropped,
    Nests,
    Opens,
    Outcome,
    Succeeded,
    Suspended,
    Waits,
    fact_of,
)
from executions_app.engine.redact import redact
from executions_app.engine.statuses import NodeStatus
from executions_app.engine.storable import storable_bytes
from executions_app.models import Approval
from executions_app.recording import approvals, nesting, signals, travel_answers
from executions_app.recording.frame import Frame
from workflows_app.language.plan import NodeKind, PlanNode, indexes_of, key_of

_UNSET: Any = object()


def add_outcome(
    frame: Frame,
    node: PlanNode,
    key: str,
    outcome: Outcome,
    *,
    attempt: int,
    value: Any = _UNSET,
    is_last: bool = False,
) -> None:
    """Add what ``outcome`` of the run ``key`` means for history.

    ``value`` is what the node received; ``is_last`` says that a container's bodies are done, so
    that it is not tried again.
    """
    if isinstance(outcome, Opens):
        outcome = _as_allowed(frame, node, key, outcome)
    kept = _counted(frame, outcome, None if value is _UNSET else value)
    if kept is not outcome:
        outcome, value = kept, _UNSET
    fact = fact_of(
        outcome,
        node,
        key=key,
        attempt=attempt,
        now=frame.now,
        chance=random.random(),
        may_retry=frame.state.stopping is None and not is_last,
    )
    values: dict[str, Any] = {}
    if value is not _UNSET:
        # What a container hands on, or a wait, it needs whole; a step's is for people to read.
        values["input"] = redact(value) if node.kind in _SHOWN else value
    before = frame.state.node(key)
    # A loop has progress from its first round on, a branch that may not open all from the start.
    is_new = before.status is NodeStatus.SCHEDULED and (
        before.progress is None or node.kind is NodeKind.BRANCH
    )
    if is_new and node.kind not in _SHOWN and not isinstance(outcome, Dropped):
        # A worker's step began when it was claimed, everything else when it was decided upon.
        values["started_at"] = frame.now
    match outcome:
        case Broke(failure=failure):
            values["error"] = failure.to_json()
        case Opens(warnings=warnings):
            values |= _NOBODYS
            _warn(frame, key, attempt, warnings)
        case Suspended(payload=payload, labels=labels, until=until):
            values |= {"suspend_payload": payload, "labels": list(labels), "due_at": until}
            values |= {"suspended_at": frame.now}
        case Waits(until=until, event=event):
            values |= {"due_at": until, "event": event}
        case Nests() | Continues():
            values |= _NOBODYS
    match fact:
        case StepCompleted(output=output):
            values["output"] = output
            _begin_plumbing(frame, node, key)
        case StepRetrying(retry_at=retry_at):
            values["due_at"] = retry_at
    if node.kind is NodeKind.APPROVAL and not isinstance(outcome, Suspended):
        approvals.close(frame, key, Approval.Status.EXPIRED)  # answers go another way
    if isinstance(outcome, Nests) and frame.state.node(key).status is NodeStatus.RETRYING:
        frame.values.setdefault(key, {}).update(values)
    else:
        frame.add(fact, **values)
    _bring_about(frame, node, key, outcome)


def _as_allowed(frame: Frame, node: PlanNode, key: str, outcome: Opens) -> Opens:
    """Return what a branch opens that may open some bodies only, after a time travel into one."""
    progress = frame.state.node(key).progress
    if node.kind is not NodeKind.BRANCH or progress is None:
        return outcome
    for body in set(progress.todo).difference(outcome.bodies):
        for entry in frame.plan.entries(body):
            frame.add(StepSkipped(node_id=key_of(entry, indexes_of(key))))
    return replace(outcome, bodies=tuple(body for body in outcome.bodies if body in progress.todo))


def _counted(frame: Frame, outcome: Outcome, value: Any) -> Outcome:
    """Return ``outcome``, or the failure that it would be too much for the execution to keep."""
    values: list[Any] = [value]
    match outcome:
        case Succeeded(output=made) | Bailed(output=made) | Suspended(payload=made):
            values.append(made)
        case Opens(items=made) if made is not None:
            values.append(made)
    root, limit_bytes = frame.recording.root, settings.LIMITS.execution_bytes
    total_bytes = root.recorded_bytes + sum(map(storable_bytes, values))
    if total_bytes <= limit_bytes or isinstance(outcome, Broke | Dropped):
        root.recorded_bytes = total_bytes
        return outcome
    failure = Failure(
        name="ExecutionTooLarge",
        message=f"with what this step received and put out, {total_bytes:,} bytes would be "
        f"recorded of the execution, the limit is {limit_bytes:,}; keep large values elsewhere "
        "and hand on references",
        code="execution.too_large",
        details={"size_bytes": total_bytes, "limit_bytes": limit_bytes},
    )
    return Broke(failure=failure, retryable=False)


#: No worker has anything to do with the run until something inside it settles.
_NOBODYS = {"due_at": None, "wake_at": None, "claimed_at": None}
_SHOWN = frozenset({NodeKind.STEP, NodeKind.TOOL})


def _begin_plumbing(frame: Frame, node: PlanNode, key: str) -> None:
    """A mapping starts and completes at once; people are told both."""
    if node.kind in (NodeKind.MAP, NodeKind.BAIL) and (
        frame.state.node(key).status is NodeStatus.SCHEDULED
    ):
        frame.add(StepStarted(node_id=key, started_at=frame.now))


def _bring_about(frame: Frame, node: PlanNode, key: str, outcome: Outcome) -> None:
    match outcome:
        case Opens(items=items) if items is not None:
            rows.insert_items(frame.id, key, items)
        case Nests(input=value):
            failure = nesting.open_nested(frame, node, key, value)
            if failure is not None:
                broke = Broke(failure=failure, retryable=False)
                add_outcome(frame, node, key, broke, attempt=frame.state.node(key).attempt)
        case Suspended():
            if node.kind is NodeKind.APPROVAL:
                approvals.ask(frame, node, key, outcome)
            travel_answers.give(frame, node, key)
        case Waits(event=event) if event:
            early = signals.take(frame, event)
            if early is not None:
                receive_event(frame, node, key, data=early.data, by=early.by)


def receive_event(frame: Frame, node: PlanNode, key: str, *, data: Any, by: str) -> None:
    """Let the run ``key`` go on that waits for an event: with its body, or with the data."""
    frame.add(
        StepResumed(node_id=key, attempt=frame.state.node(key).attempt, data=data, by=by),
        resume_data=data,
        resumed_at=frame.now,
        due_at=None,
        wake_at=None,
    )
    if not node.bodies:
        frame.add(
            StepCompleted(node_id=key, attempt=frame.state.node(key).attempt, output=data),
            output=data,
        )


def _warn(frame: Frame, key: str, attempt: int, warnings: tuple[str, ...]) -> None:
    for message in warnings:
        frame.add(LogWritten(node_id=key, attempt=attempt, level="warning", message=message))
