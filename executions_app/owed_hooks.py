"""How an execution stands beside its facts: stuck for good, or at rest and to be told about."""

from __future__ import annotations

from functools import partial

from django.db import transaction

from executions_app import dispatch, rows
from executions_app.engine.state import ExecutionState
from executions_app.engine.statuses import FINAL, ExecutionStatus
from executions_app.frame import Frame


def is_stuck_in_doom(state: ExecutionState) -> bool:
    """Whether all that is left are answers and events that a failed container still waits for."""
    if state.status in FINAL or not state.doomed or state.live or state.timers:
        return False
    return bool(state.suspended or state.listeners)


def on_rest(frame: Frame) -> None:
    """Have the hooks of an execution that ended or is suspended called, after commit, in a
    worker."""
    hooks = frame.plan.hooks
    failed = frame.state.status is ExecutionStatus.FAILED
    if "on_finish" in hooks or (failed and (frame.plan.on_failure or "on_error" in hooks)):
        rows.update_execution(frame.id, {"hooks_at": frame.now})
        transaction.on_commit(partial(dispatch.tell_hooks, frame.id))
