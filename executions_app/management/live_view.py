"""Showing an execution while it runs: a table that stays in place on a terminal, one line for each
event elsewhere, one JSON object for each event to programs."""

from __future__ import annotations

import time
from collections.abc import Iterable, Mapping
from datetime import UTC, datetime

from rich.console import Group
from rich.live import Live
from rich.table import Table
from rich.text import Text

from executions_app.engine.statuses import ExecutionStatus
from executions_app.following.follow import Look
from executions_app.management.event_lines import STATUS_STYLES, event_line
from executions_app.management.live_steps import LiveSteps
from workflows_app.language.plan import Plan
from workflows_app.management.terminal import Output, shortened

ICONS = {
    "pending": "·",
    "scheduled": "○",
    "running": "▶",
    "retrying": "↻",
    "waiting": "◷",
    "suspended": "?",
    "paused": "‖",
    "completed": "✓",
    "failed": "✗",
    "skipped": "↷",
    "cancelled": "■",
}
#: Lines of the terminal that the table leaves free.
SPARE_LINES = 5
NAME_CHARACTERS, DETAIL_CHARACTERS = 40, 100
COLUMNS = 6
#: After so long without a worker people want to know why nothing happens.
PATIENCE_SECONDS = 5.0
NO_WORKER = (
    "No worker has taken this up yet. Is one running? Start it with 'manage.py up', or "
    "'celery -A config worker'."
)
_OPEN = ("running", "retrying", "waiting", "suspended", "failed", "scheduled")


def show(looks: Iterable[Look], output: Output, *, plan: Plan, source: str = "") -> str:
    """Show everything that happens, and return the status at the last look.

    ``source`` is the execution's id if it is nested in another.
    """
    steps = LiveSteps(plan, source=source)
    if output.is_live:
        return _show_live(looks, output, steps)
    return _show_lines(looks, output, steps, source=source)


def _show_lines(looks: Iterable[Look], output: Output, steps: LiveSteps, *, source: str) -> str:
    patience, status = _Patience(), "pending"
    for look in looks:
        steps.take(look)
        for event in look.events:
            if output.is_json:
                output.json(event, indent=None)
            elif not event.get("internal"):
                output.line(event_line(event, source=source))
        if patience.ends_now(steps, look):
            output.line(NO_WORKER)
        status = look.status
    return status


def _show_live(looks: Iterable[Look], output: Output, steps: LiveSteps) -> str:
    patience, status, is_waiting = _Patience(), "pending", False
    with Live(console=output.console, auto_refresh=False) as live:
        for look in looks:
            steps.take(look)
            rows = max(3, output.console.height - SPARE_LINES)
            shown = steps_table(steps, look, now=datetime.now(UTC), rows=rows)
            is_waiting = patience.ends_now(steps, look) or (is_waiting and not steps.has_begun)
            hint = [Text(NO_WORKER, style="yellow")] if is_waiting and not look.is_final else []
            live.update(Group(shown, *hint), refresh=True)
            status = look.status
    return status


def steps_table(steps: LiveSteps, look: Look, *, now: datetime, rows: int) -> Group:
    """Return the steps as a table of at most ``rows`` lines, and what does not fit as a count."""
    status_of = {step_id: steps.status_of(step_id) for step_id in steps.lines}
    chosen = _fitting(status_of, rows)
    table = Table.grid(padding=(0, 2, 0, 0))
    for _ in range(COLUMNS):
        table.add_column(no_wrap=True, overflow="ellipsis")
    for step_id in (step_id for step_id in status_of if step_id in chosen):
        line, status = steps.lines[step_id], status_of[step_id]
        style = STATUS_STYLES[status]
        seconds = line.seconds(now)
        table.add_row(
            Text(ICONS[status], style=style),
            Text(shortened(line.name, NAME_CHARACTERS)),
            Text(status, style=style),
            Text(f"attempt {line.attempt}" if line.attempt > 1 else "", style="dim"),
            Text("" if seconds is None else f"{seconds:.1f} s", style="dim"),
            Text(shortened(line.detail, DETAIL_CHARACTERS), style="dim"),
        )
    hidden = [status_of[step_id] for step_id in status_of if step_id not in chosen]
    return Group(table, *_foot(hidden, look, waits=steps.waits))


def _foot(hidden: list[str], look: Look, *, waits: str) -> list[Text]:
    lines = []
    if waits and look.status == ExecutionStatus.PENDING:
        lines.append(Text(waits, style="cyan"))
    if hidden:
        counts = {status: hidden.count(status) for status in ICONS if status in hidden}
        said = ", ".join(f"{count} {status}" for status, count in counts.items())
        lines.append(Text(f"and {len(hidden)} more: {said}", style="dim"))
    if look.is_stopping and not look.is_final:
        lines.append(Text("stopping: what runs may finish, nothing new starts", style="yellow"))
    return lines


def _fitting(status_of: Mapping[str, str], rows: int) -> set[str]:
    """Return the steps that are shown: all, or the open ones and then the first."""
    by_interest = sorted(status_of, key=lambda step_id: status_of[step_id] not in _OPEN)
    return set(by_interest[:rows])


class _Patience:
    """Says once that no worker shows up."""

    def __init__(self) -> None:
        self._until = time.monotonic() + PATIENCE_SECONDS
        self._is_over = False

    def ends_now(self, steps: LiveSteps, look: Look) -> bool:
        """Tell whether to say it now: enough time is gone, and no step was begun."""
        if look.status == ExecutionStatus.PENDING:  # its turn has not come, so nothing is due
            self._until = time.monotonic() + PATIENCE_SECONDS
            return False
        if self._is_over or steps.has_begun or look.is_final or not steps.lines:
            return False
        self._is_over = time.monotonic() >= self._until
        return self._is_over
