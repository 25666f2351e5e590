"""How an execution ended, or what it needs to go on: for people and as an exit status."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from rich.text import Text

from executions_app.management.event_lines import STATUS_STYLES
from executions_app.management.live_view import ICONS
from executions_app.models import Execution
from executions_app.suspensions import suspensions_of
from workflows_app.management.terminal import Output, pretty_json, printable

#: Longer values are cut unless all of them is asked for.
VALUE_CHARACTERS = 4_000
SHOWN_QUESTIONS = 5
CANCELLED, TIMED_OUT, AT_REST = 3, 4, 5

#: Status of an execution -> exit status.
EXIT_STATUS: Mapping[str, int] = {
    "completed": 0,
    "failed": 1,
    "cancelled": CANCELLED,
    "suspended": AT_REST,
    "paused": AT_REST,
}


def write_outcome(execution: Execution, output: Output, *, full: bool = False) -> None:
    """Write how ``execution`` ended: its result, or what went wrong and why."""
    status = execution.status
    line = Text(f"{ICONS.get(status, ' ')} {status}", style=STATUS_STYLES.get(status, ""))
    if execution.started_at and execution.ended_at:
        seconds = (execution.ended_at - execution.started_at).total_seconds()
        line.append(f" in {seconds:.1f} s", style="dim")
    line.append(f"  {printable(execution.pk)}", style="dim")
    output.line(line)
    if status == "completed":
        write_value(execution.output, output, full=full)
    write_error(execution.error, output)
    if status in ("suspended", "paused"):
        write_rest(execution, output)
    if status == "cancelled" and (execution.stop_reason or execution.stopped_by):
        by = f" (by {execution.stopped_by})" if execution.stopped_by else ""
        output.line(f"{execution.stop_reason or 'no reason given'}{by}")


def write_rest(execution: Execution, output: Output) -> None:
    """Write what an execution that is suspended or paused needs to go on, and who can give it."""
    if execution.status == "paused":
        output.line(f"  manage.py executions unpause {execution.pk}")
        return
    waiting = suspensions_of(execution)
    for item in waiting[:SHOWN_QUESTIONS]:
        path = ".".join((*item.path[:-1], item.key))
        output.line(f"{path} asks:", style="bold")
        write_value(item.payload, output)
        output.line(f"  manage.py executions resume {execution.pk} --step {path} --data JSON")
    if len(waiting) > SHOWN_QUESTIONS:
        output.line(f"and {len(waiting) - SHOWN_QUESTIONS} more; 'executions show' lists them")


def write_error(error: Any, output: Output) -> None:
    """Write an error as history keeps it, with its causes."""
    depth = 0
    while isinstance(error, Mapping):
        lead = "caused by " if depth else ""
        said = f"{'  ' * depth}{lead}{error.get('code')}: {error.get('message')}"
        output.line(said, style="red")
        error, depth = error.get("cause"), depth + 1


def write_value(value: Any, output: Output, *, full: bool = False) -> None:
    """Write one JSON value for people, cut unless it is wanted in full."""
    text = pretty_json(value)
    if not full and len(text) > VALUE_CHARACTERS:
        text = f"{text[:VALUE_CHARACTERS]}…\n({len(text):,} characters; --full shows them all)"
    output.line(text)
