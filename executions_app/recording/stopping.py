"""Stopping an execution and everything inside it, as part of a recording."""

from __future__ import annotations

from executions_app import rows
from executions_app.engine.events import ExecutionStopping, StepCancelled
from executions_app.engine.reopening import in_order
from executions_app.engine.statuses import FINAL, UNSETTLED, NodeStatus
from executions_app.models import Approval, Execution
from executions_app.recording import approvals
from executions_app.recording.frame import Frame
from workflows_app.language.plan import NodeKind, node_of


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
    nodes = log.state.nodes
    for key in in_order(log.plan, nodes):
        it = nodes[key]
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


def stop_what_is_left_inside(log: Frame) -> bool:
    """Cancel the nested executions that still wait inside one that ends; tell if there are any."""
    if not (log.state.suspended or log.state.listeners or log.state.timers):
        return False
    left = Execution.objects.filter(parent_id=log.id, ended_at=None).order_by("created_at", "pk")
    for nested in left.values_list("pk", flat=True):
        stop(log.recording.frame(nested), cause="cancel", reason="what it is part of ended", by="")
    return bool(left)
