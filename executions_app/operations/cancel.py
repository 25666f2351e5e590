"""Stopping an execution: from the answer on, nothing new of it starts."""

from __future__ import annotations

from executions_app import rows
from executions_app.engine.events import ExecutionStopping, StepCancelled
from executions_app.engine.statuses import FINAL, UNSETTLED, ExecutionStatus, NodeStatus
from executions_app.errors import NotApplicable
from executions_app.models import Approval, Execution
from executions_app.recording import approvals
from executions_app.recording.frame import Frame
from executions_app.recording.journal import recording
from workflows_app.language.plan import NodeKind, node_of


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
        stop(log, cause=cause, reason=reason, by=by)
    return Execution.objects.get(pk=execution_id)


def stop(log: Frame, *, cause: str, reason: str, by: str) -> None:
    """Stop an execution and everything inside it; what has ended, or is stopping, stays so."""
    if log.state.status in FINAL or log.state.stopping is not None:
        return
    log.add(ExecutionStopping(cause=cause, reason=reason, by=by))
    # A claim does not lock the execution, so it may come before or after this line; what is still
    # unclaimed here is locked by us and can no longer be claimed.
    log.write_rows()
    waiting = rows.lock_unclaimed_steps(log.id)
    log.take([row for row in waiting if row.node_id not in log.projection.rows])
    log.load_all(NodeStatus.RUNNING, NodeStatus.WAITING, NodeStatus.SUSPENDED, NodeStatus.RETRYING)
    for key, it in list(log.state.nodes.items()):
        node = log.plan.by_id[node_of(key)]
        if node.kind is NodeKind.WORKFLOW and it.status in UNSETTLED:
            _stop_inside(log, key, cause=cause, reason=reason, by=by)
        elif it.status in UNSETTLED and _is_idle(log, key):
            log.add(StepCancelled(node_id=key, attempt=it.attempt))
            if node.kind is NodeKind.APPROVAL:
                approvals.close(log, key, Approval.Status.WITHDRAWN)


def _is_idle(log: Frame, key: str) -> bool:
    """Whether no worker has the run in its hands, and it holds nothing open."""
    it, row = log.state.node(key), log.projection.rows.get(key)
    is_open = it.status is NodeStatus.RUNNING and it.progress is not None
    return not is_open and (row is None or not row.is_claimed)


def _stop_inside(log: Frame, key: str, *, cause: str, reason: str, by: str) -> None:
    inside = Execution.objects.filter(parent_id=log.id, parent_key=key, ended_at=None)
    nested = inside.values_list("pk", flat=True).first()
    if nested is not None:
        stop(log.recording.frame(nested), cause="cancel", reason=reason, by=by)
    else:
        log.add(StepCancelled(node_id=key, attempt=log.state.node(key).attempt))
