"""Sending an event to an execution: the first wait for it goes on; one that comes early is kept."""

from __future__ import annotations

from typing import Any

from executions_app.database_retry import retried
from executions_app.engine.events import LogWritten
from executions_app.engine.statuses import FINAL, NodeStatus
from executions_app.errors import NotApplicable
from executions_app.models import Execution, StepRun
from executions_app.operations.given_values import given_json
from executions_app.recording import signals
from executions_app.recording.journal import recording
from executions_app.recording.outcome_facts import receive_event
from workflows_app.language.plan import node_of

#: Events that one execution keeps for waits it has not reached.
MAX_KEPT = 1_000


@retried
def send_event(execution_id: str, *, event: str, data: Any = None, by: str = "") -> Execution:
    """Send ``event`` with ``data`` and return the execution as it then stands.

    One event moves one wait: the one that was reached first, in the execution or in those nested
    in it.  Where none waits it is kept until one does.  Takes part in the caller's transaction.

    Raises:
        ExecutionNotFound: if there is no such execution.
        NotApplicable: if it has ended, or keeps too many events already.
        InputInvalid: if ``data`` cannot be stored (``event.invalid_data``).
        ValueTooLarge: if it is larger than is kept.
    """
    value = given_json(data, what="event", code="event.invalid_data")
    with recording(execution_id) as log:
        if log.state.status in FINAL or log.state.stopping is not None:
            raise NotApplicable("sent an event", log.state.status.value)
        waiting = _first_wait(log.recording.root.id, execution_id, event)
        if waiting is None:
            if signals.count(log) >= MAX_KEPT:
                many = f"sent more than {MAX_KEPT:,} events that nothing waits for"
                raise NotApplicable(many, log.state.status.value)
            signals.keep(log, event, value, by)
            log.add(LogWritten(message=f"event {event!r} is kept until something waits for it"))
        else:
            frame = log.recording.frame(waiting.execution_id)
            frame.load(waiting.node_id)
            node = frame.plan.by_id[node_of(waiting.node_id)]
            receive_event(frame, node, waiting.node_id, data=value, by=by)
    return Execution.objects.get(pk=execution_id)


def _first_wait(root_id: str, execution_id: str, event: str) -> StepRun | None:
    """Return the run that has waited for ``event`` the longest, in this execution or inside it."""
    rows = StepRun.objects.filter(root_id=root_id, event=event, status=NodeStatus.WAITING)
    rows = rows.defer("input", "output", "error").order_by("pk")
    if execution_id == root_id:
        return rows.first()
    return next((row for row in rows if _is_inside(row.execution_id, execution_id)), None)


def _is_inside(inner: str | None, outer: str) -> bool:
    while inner is not None:
        if inner == outer:
            return True
        inner = Execution.objects.values_list("parent_id", flat=True).get(pk=inner)
    return False
