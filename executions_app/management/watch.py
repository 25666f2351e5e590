"""Watching an execution until it ends, and what the caller's exit status says of it.

Refuses to take the execution along when the watcher leaves: Ctrl-C and a timeout only detach.
"""

from __future__ import annotations

from executions_app.errors import ExecutionNotFound
from executions_app.follow import TimeIsUp, looks
from executions_app.management.live_view import show
from executions_app.management.outcome import (
    EXIT_STATUS,
    TIMED_OUT,
    write_outcome,
)
from executions_app.models import Execution
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
    """Show ``execution_id`` until it ends, then its outcome, and return the exit status.

    Programs get one object for each event and a last one with the outcome.

    Raises:
        ExecutionNotFound: if there is no such execution.
    """
    version = Execution.objects.filter(pk=execution_id).values_list("version_id", flat=True).first()
    if version is None:
        raise ExecutionNotFound(execution_id)
    seen = looks(execution_id, after=after, timeout_seconds=timeout_seconds)
    try:
        show(seen, output, plan=get_plan(version))
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
            },
            indent=None,
        )
    write_outcome(execution, output, full=full)
    return EXIT_STATUS[execution.status]


def _say_how_to_go_on(execution_id: str, output: Output, why: str) -> None:
    if output.is_json:
        output.json({"execution_id": execution_id, "status": "running"}, indent=None)
    output.line(f"{why}; the execution goes on.", style="yellow")
    output.line(f"  watch it:  manage.py executions events {execution_id} --follow")
    output.line(f"  cancel it: manage.py executions cancel {execution_id}")
