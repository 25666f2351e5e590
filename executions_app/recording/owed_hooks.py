"""The hooks of an execution at rest: owed from its last fact on, called by a worker."""

from __future__ import annotations

from functools import partial

from django.db import transaction

from executions_app import dispatch, rows
from executions_app.engine.statuses import ExecutionStatus
from executions_app.recording.frame import Frame


def on_rest(frame: Frame) -> None:
    """Have the hooks of an execution that ended or is suspended called, after commit, in a
    worker."""
    hooks = frame.plan.hooks
    failed = frame.state.status is ExecutionStatus.FAILED
    if "on_finish" in hooks or (failed and (frame.plan.on_failure or "on_error" in hooks)):
        rows.update_execution(frame.id, {"hooks_at": frame.now})
        transaction.on_commit(partial(dispatch.tell_hooks, frame.id))
