"""Stopping an execution: from the answer on, nothing new of it starts."""

from __future__ import annotations

from executions_app.database_retry import retried
from executions_app.engine.statuses import FINAL, ExecutionStatus
from executions_app.errors import NotApplicable
from executions_app.models import Execution
from executions_app.recording.journal import recording
from executions_app.recording.stopping import stop


def cancel_execution(execution_id: str, *, reason: str = "", by: str = "") -> Execution:
    """Cancel an execution and return it as it then stands.

    Attempts that nobody has begun are dropped; what runs may finish, keeps its result, and the
    execution is cancelled when it has.  Cancelling again changes nothing.

    Raises:
        ExecutionNotFound: if there is no such execution.
        NotApplicable: if it completed or failed before.
    """
    return _stop(execution_id, cause="cancel", reason=reason, by=by)


def time_out_execution(execution_id: str) -> Execution:
    """Stop an execution whose time is up; it fails when what still runs has finished."""
    return _stop(execution_id, cause="timeout", reason="its timeout has passed", by="")


@retried
def _stop(execution_id: str, *, cause: str, reason: str, by: str) -> Execution:
    with recording(execution_id) as log:
        status = log.state.status
        if status in FINAL and not (cause == "cancel" and status is ExecutionStatus.CANCELLED):
            raise NotApplicable("cancelled", status.value)
        stop(log, cause=cause, reason=reason, by=by)
    return Execution.objects.get(pk=execution_id)
