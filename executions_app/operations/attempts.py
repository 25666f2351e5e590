"""What became of each attempt of one run, out of the log; and its node as it was executed.  Reads
only.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from django.db.models import Q

from executions_app.engine.event_json import parse_event
from executions_app.engine.events import (
    ExecutionReopened,
    StepCancelled,
    StepCompleted,
    StepFailed,
    StepResumed,
    StepRetrying,
    StepScheduled,
    StepSkipped,
    StepStarted,
    StepSuspended,
    StepWaiting,
)
from executions_app.engine.failures import Failure
from executions_app.engine.redact import redact
from executions_app.engine.statuses import UNSETTLED, NodeStatus
from executions_app.models import Event, Execution, StepRun
from executions_app.queries import shown_status
from executions_app.streaming.log import log_of
from workflows_app.language.plan import node_of
from workflows_app.models import WorkflowVersion

#: Attempts that are told: the newest.
MAX_ATTEMPTS: Final = 200
_ENDS: Final = {
    StepRetrying.type: NodeStatus.FAILED,
    StepCompleted.type: NodeStatus.COMPLETED,
    StepFailed.type: NodeStatus.FAILED,
    StepSkipped.type: NodeStatus.SKIPPED,
    StepCancelled.type: NodeStatus.CANCELLED,
}
_TOLD: Final = (
    *_ENDS,
    *(kind.type for kind in (StepScheduled, StepStarted, StepWaiting, StepSuspended, StepResumed)),
)


@dataclass(slots=True, kw_only=True)
class Attempt:
    """One try of a run."""

    number: int
    """From 1; from 1 again where a command had the step done again."""
    cause: str | None = None
    """The command that had it done again, if that is why it was tried."""
    due_at: datetime | None = None
    """When it might begin."""
    started_at: datetime | None = None
    """As far as it was recorded: of the first attempt, and of one that is at work."""
    ended_at: datetime | None = None
    status: str = str(NodeStatus.SCHEDULED)
    error: Mapping[str, Any] | None = None
    retry_at: datetime | None = None
    """When the next one was due."""
    worker: str | None = None
    """Of one that is at work."""


def attempts_of(execution: Execution, run: StepRun) -> list[Attempt]:
    """Return what became of each attempt of ``run``, the first one first, also of those that a
    command had done again since; of very many the newest."""
    found: list[Attempt] = []
    cause: str | None = None
    for event in _told(execution, run.node_id):
        if event.type == ExecutionReopened.type:
            cause = str(event.data.get("cause", "")) or None
            if found and found[-1].ended_at is None:
                found[-1].ended_at, found[-1].status = event.at, str(NodeStatus.CANCELLED)
            continue
        number = int(event.data.get("attempt", 1))
        if not found or cause is not None or found[-1].number != number:
            before = found[-1] if found and cause is None else None
            due_at = before.retry_at if before is not None else event.at
            found.append(Attempt(number=number, cause=cause, due_at=due_at))
            cause = None
        _tell(found[-1], event)
        if event.type == StepRetrying.type:
            retry_at = found[-1].retry_at
            found.append(Attempt(number=number + 1, due_at=retry_at, status="retrying"))
    if found and run.status in UNSETTLED and found[-1].ended_at is None:
        found[-1].status = shown_status(run)
        if run.claimed_at is not None:
            found[-1].started_at = found[-1].started_at or run.claimed_at
            found[-1].worker = run.claimed_by or None
    return found[-MAX_ATTEMPTS:]


def config_of(execution: Execution, run: StepRun) -> Any:
    """Return the node of ``run`` as it stood in the definition that was executed, without the
    bodies in it and with secrets masked; ``None`` if the definition has it under another name."""
    stored = WorkflowVersion.objects.filter(pk=execution.version_id)
    definition = stored.values_list("definition", flat=True).first()
    node = next(_nodes_called(node_of(run.node_id), definition), None)
    return None if node is None else redact(_without_bodies(node))


def _told(execution: Execution, key: str) -> list[Event]:
    log = log_of(execution.pk)
    own = Event.objects.filter(execution_id=log.root_id, source=log.source)
    again = Q(type=ExecutionReopened.type)
    rows = own.filter(Q(type__in=_TOLD, data__node_id=key) | again).order_by("seq")
    return [
        event
        for event in rows
        if event.type != ExecutionReopened.type
        or key in (*event.data.get("resets", ()), *event.data.get("reopens", ()))
    ]


def _tell(attempt: Attempt, event: Event) -> None:
    fact = parse_event(event.type, event.data)
    match fact:
        case StepStarted():
            attempt.started_at, attempt.status = fact.started_at, str(NodeStatus.RUNNING)
        case StepWaiting():
            attempt.status = str(NodeStatus.WAITING)
        case StepSuspended():
            attempt.status = str(NodeStatus.SUSPENDED)
        case StepResumed():
            attempt.status = str(NodeStatus.RUNNING)
    if event.type in _ENDS:
        attempt.ended_at, attempt.status = event.at, str(_ENDS[event.type])
    failure = getattr(fact, "failure", None)
    if isinstance(failure, Failure):
        attempt.error = failure.to_json()
    if isinstance(fact, StepRetrying):
        attempt.retry_at = fact.retry_at


def _nodes_called(node_id: str, part: Any) -> Iterator[Mapping[str, Any]]:
    """Yield the nodes of this id in a definition; ``nodes`` stand in it, in bodies and in cases."""
    if not isinstance(part, Mapping):
        return
    for node in part.get("nodes") or ():
        if not isinstance(node, Mapping):
            continue
        if node.get("id") == node_id:
            yield node
        yield from _nodes_called(node_id, node.get("body"))
        for case in node.get("cases") or ():
            yield from _nodes_called(node_id, case.get("body"))


def _without_bodies(node: Mapping[str, Any]) -> dict[str, Any]:
    shown = {key: value for key, value in node.items() if key != "body"}
    if isinstance(shown.get("cases"), list):
        shown["cases"] = [
            {key: value for key, value in case.items() if key != "body"} for case in shown["cases"]
        ]
    return shown
