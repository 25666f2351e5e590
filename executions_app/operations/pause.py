"""Holding an execution, and letting it go on: meanwhile nothing new of it starts."""

from __future__ import annotations

from functools import partial

from django.db import transaction
from django.db.models import F, QuerySet

from executions_app import dispatch
from executions_app.database_retry import retried
from executions_app.dispatch import Due
from executions_app.engine.events import ExecutionPaused, ExecutionResumed
from executions_app.engine.statuses import FINAL, ExecutionStatus, NodeStatus
from executions_app.errors import NotApplicable
from executions_app.models import Execution, StepRun
from executions_app.recording.frame import Frame
from executions_app.recording.journal import recording


@retried
def pause_execution(execution_id: str, *, by: str = "", reason: str = "") -> Execution:
    """Pause an execution with everything nested in it, and return it as it then stands.

    What a worker has in its hands may finish and is recorded; nothing else begins, timers
    included.  Pausing again changes nothing.

    Raises:
        ExecutionNotFound: if there is no such execution.
        NotApplicable: if it has ended, or is being stopped.
    """
    with recording(execution_id) as log:
        root = log.recording.root
        if root.state.status in FINAL or root.state.stopping is not None:
            raise NotApplicable("paused", root.state.status.value)
        if root.state.status is ExecutionStatus.PENDING:
            instead = "nothing of it runs yet: cancel() it, or wait for its turn"
            raise NotApplicable("paused", root.state.status.value, instead=instead)
        if root.state.status is not ExecutionStatus.PAUSED:
            for frame in _family(root):
                if frame.state.status is not ExecutionStatus.PAUSED:
                    frame.add(ExecutionPaused(by=by, reason=reason))
            _unclaimed(root.id).update(wake_at=None)
    return Execution.objects.get(pk=execution_id)


@retried
def unpause_execution(execution_id: str, *, by: str = "", reason: str = "") -> Execution:
    """Let a paused execution go on where it stood, and return it as it then stands.

    What came due meanwhile is due at once.

    Raises:
        ExecutionNotFound: if there is no such execution.
        NotApplicable: if it is not paused.
    """
    with recording(execution_id) as log:
        root = log.recording.root
        if root.state.status is not ExecutionStatus.PAUSED:
            raise NotApplicable("unpaused", root.state.status.value)
        for frame in _family(root):
            if frame.state.status is ExecutionStatus.PAUSED:
                frame.add(ExecutionResumed(by=by, reason=reason))
                # What was held back while it was paused follows now.
                frame.load_all(NodeStatus.PENDING, NodeStatus.RUNNING)
        parked = _unclaimed(root.id).filter(due_at__isnull=False, wake_at=None)
        due = [_due(row) for row in parked.filter(due_at__lte=log.now).defer("input", "output")]
        parked.update(wake_at=F("due_at"))
        transaction.on_commit(partial(dispatch.send, due))
    return Execution.objects.get(pk=execution_id)


def _family(root: Frame) -> list[Frame]:
    """Return the frames of an execution and of those nested in it that have not ended."""
    nested = Execution.objects.filter(root_id=root.id, ended_at=None).order_by("created_at", "pk")
    inner = [root.recording.frame(pk) for pk in nested.values_list("pk", flat=True)]
    return [root, *inner]


def _unclaimed(root_id: str) -> QuerySet[StepRun]:
    return StepRun.objects.filter(root_id=root_id, claimed_at=None, due_at__isnull=False)


def _due(row: StepRun) -> Due:
    return Due(step_run_id=row.pk, attempt=row.attempt, queue=row.queue, label=row.name)
