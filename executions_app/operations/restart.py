"""Taking up an execution that was left: what is due is sent again, what is done stays done."""

from __future__ import annotations

from datetime import timedelta
from functools import partial

from django.conf import settings
from django.db import transaction

from executions_app import dispatch
from executions_app.database_retry import retried
from executions_app.engine.events import LogWritten
from executions_app.engine.statuses import ExecutionStatus
from executions_app.errors import ExecutionNotActive, ExecutionNotFound
from executions_app.models import Execution, StepRun
from executions_app.operations.rescue import rescue
from executions_app.recording.journal import recording

_INSTEAD = {
    ExecutionStatus.PENDING: "it begins when its turn comes; or cancel() it",
    ExecutionStatus.SUSPENDED: "resume() it",
    ExecutionStatus.PAUSED: "unpause() it",
    ExecutionStatus.CANCELLED: "time_travel() to the step to go on from, or rerun() it",
}


@retried
def restart_execution(execution_id: str, *, by: str = "", reason: str = "") -> Execution:
    """Have workers take up what is due of an execution, and return it as it then stands.

    Nothing that has completed runs again, and what a live worker has in its hands stays there;
    what a lost one had is taken up.  One that has completed or failed is returned as it is.

    Raises:
        ExecutionNotActive: if it is suspended, paused or cancelled, or was never started.
    """
    try:
        with recording(execution_id) as log:
            status = log.recording.root.state.status
            if status in (ExecutionStatus.COMPLETED, ExecutionStatus.FAILED):
                return Execution.objects.get(pk=execution_id)
            if status in _INSTEAD:
                raise ExecutionNotActive(execution_id, status.value, instead=_INSTEAD[status])
            due = StepRun.objects.filter(
                root_id=log.recording.root.id,
                claimed_at=None,
                due_at__lte=log.now,
                wake_at__isnull=False,
            )
            messages = [
                dispatch.Due(step_run_id=pk, attempt=attempt, queue=queue, label=name)
                for pk, attempt, queue, name in due.values_list("pk", "attempt", "queue", "name")
            ]
            lost_after = timedelta(seconds=settings.RESCUE_SECONDS)
            due.update(wake_at=log.now + lost_after, sends=1)
            transaction.on_commit(partial(dispatch.send, messages))
            who, said = f" by {by}" if by else "", f": {reason}" if reason else ""
            count = len(messages)
            log.add(
                LogWritten(
                    message=f"restarted{who}{said}",
                    fields={"by": by, "reason": reason, "sent": count},
                )
            )
    except ExecutionNotFound:
        raise ExecutionNotActive(
            execution_id, "pending", instead="it was never started: start() it"
        ) from None
    rescue()  # what lost workers had in their hands
    return Execution.objects.get(pk=execution_id)
