"""Stopping an execution: from the answer on, nothing new of it starts."""

from __future__ import annotations

from executions_app import rows
from executions_app.engine.events import ExecutionStopping, StepCancelled
from executions_app.engine.state import FINAL, ExecutionStatus
from executions_app.errors import NotApplicable
from executions_app.journal import recording
from executions_app.models import Execution


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


def _stop(execution_id: str, *, cause: str, reason: str, by: str) -> Execution:
    with recording(execution_id) as log:
        status = log.state.status
        if status in FINAL and not (cause == "cancel" and status is ExecutionStatus.CANCELLED):
            raise NotApplicable("cancelled", status.value)
        if status not in FINAL and log.state.stopping is None:
            log.add(ExecutionStopping(cause=cause, reason=reason, by=by))
            # A claim does not lock the execution, so it may come before or after this line; what
            # is still unclaimed here is locked by us and can no longer be claimed.
            waiting = rows.lock_unclaimed_steps(execution_id)
            log.take(waiting)
            for row in waiting:
                log.add(StepCancelled(node_id=row.node_id, attempt=row.attempt))
    return Execution.objects.get(pk=execution_id)
