"""Watching an execution until it ends or needs somebody, and what the exit status says of it.

Refuses to take the execution along when the watcher leaves: Ctrl-C and a timeout only detach.
"""

from __future__ import annotations

from typing import Any

from executions_app.errors import ExecutionNotFound
from executions_app.following.follow import TimeIsUp, looks
from executions_app.management.live_view import show
from executions_app.management.outcome import (
    EXIT_STATUS,
    TIMED_OUT,
    write_outcome,
)
from executions_app.models import Execution
from executions_app.suspensions import suspensions_of
from workflows_app.interface import get_plan
from workflows_app.management.terminal import Output
from workflows_app.management.terminal_command import INTERRUPTED


def watch(
    execution_id: str,
    output: Output,
    *,
    after: int = 0,
    timeout_seconds: float | None = None,
    full: bool = False,
) -> int:
    """Show ``execution_id`` until it ends, is suspended or paused, then its outcome or what it
    needs, and return the exit status.

    Programs get one object for each event and a last one with the outcome.

    Raises:
        ExecutionNotFound: if there is no such execution.
    """
    found = Execution.objects.filter(pk=execution_id).only("version_id", "root_id").first()
    if found is None:
        raise ExecutionNotFound(execution_id)
    seen = looks(execution_id, after=after, timeout_seconds=timeout_seconds, until_rest=True)
    try:
        source = execution_id if found.root_id else ""
        status = show(seen, output, plan=get_plan(found.version_id), source=source)
    except TimeIsUp:
        _say_how_to_go_on(execution_id, output, f"No end after {timeout_seconds:g} s")
        return TIMED_OUT
    except KeyboardInterrupt:
        _say_how_to_go_on(execution_id, output, "Detached")
        return INTERRUPTED
    execution = Execution.objects.get(pk=execution_id)
    if output.is_json:
        output.json(
            {
                "execution_id": execution.pk,
                "status": execution.status,
                "output": execution.output,
                "error": execution.error,
                **_suspended(execution),
            },
            indent=None,
        )
    write_outcome(execution, output, full=full)
    return EXIT_STATUS[status]


def _suspended(execution: Execution) -> dict[str, Any]:
    if execution.status != "suspended":
        return {}
    waiting = suspensions_of(execution)
    return {
        "suspended": [
            {"path": list(item.path), "key": item.key, "payload": item.payload} for item in waiting
        ]
    }


def _say_how_to_go_on(execution_id: str, output: Output, why: str) -> None:
    if output.is_json:
        output.json({"execution_id": execution_id, "status": "running"}, indent=None)
    output.line(f"{why}; the execution goes on.", style="yellow")
    output.line(f"  watch it:  manage.py executions events {execution_id} --follow")
    output.line(f"  cancel it: manage.py executions cancel {execution_id}")
