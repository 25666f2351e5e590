"""How an execution ended, for people and as an exit status."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from rich.text import Text

from executions_app.management.event_lines import STATUS_STYLES
from executions_app.management.live_view import ICONS
from executions_app.models import Execution
from workflows_app.management.terminal import Output, pretty_json, printable

#: Longer values are cut unless all of them is asked for.
VALUE_CHARACTERS = 4_000
CANCELLED, TIMED_OUT = 3, 4

#: Status of an execution -> exit status.
EXIT_STATUS: Mapping[str, int] = {"completed": 0, "failed": 1, "cancelled": CANCELLED}


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
    if status == "cancelled" and (execution.stop_reason or execution.stopped_by):
        by = f" (by {execution.stopped_by})" if execution.stopped_by else ""
        output.line(f"{execution.stop_reason or 'no reason given'}{by}")


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
