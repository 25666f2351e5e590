"""``manage.py executions``: look at what ran and runs, cancel it, run it again."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

from django.contrib.auth import get_user_model
from django.core.management.base import CommandParser
from rich.text import Text

from executions_app.api.record_shape import record_of
from executions_app.api.shapes import ExecutionSummary, Started
from executions_app.engine.statuses import FINAL, ExecutionStatus
from executions_app.management.event_lines import STATUS_STYLES, event_line
from executions_app.management.outcome import write_error, write_outcome, write_value
from executions_app.management.watch import watch
from executions_app.models import Execution, StepRun
from executions_app.operations.cancel import cancel_execution
from executions_app.operations.rerun import UNCHANGED, rerun_execution
from executions_app.queries import (
    events_after,
    executions_for,
    get_execution,
    listed,
    shown_status,
    snapshot,
)
from executions_app.streaming.wire import to_wire
from workflows_app.management.json_argument import json_file, json_text
from workflows_app.management.named_rows import user_named, workflow_named
from workflows_app.management.terminal import shortened
from workflows_app.management.terminal_command import OK, TerminalCommand, add_json_option

DEFAULT_LIMIT = 20
EVENTS_AT_A_TIME = 500
NAME_CHARACTERS, ERROR_CHARACTERS = 40, 80


class Command(TerminalCommand):
    """One method for each word after ``executions``."""

    help = (
        "List, show, follow, cancel and rerun executions, whoever they belong to. Exit status: 0 "
        "if all is well, 1 if something was refused; with --follow as run_workflow has it. Each "
        "word has a --help of its own."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        words = parser.add_subparsers(dest="word", required=True, metavar="WORD")
        rows = words.add_parser("list", help="show executions, newest first")
        rows.add_argument("--status", choices=[item.value for item in ExecutionStatus])
        rows.add_argument("--workflow", metavar="ID", help="of this workflow, by id or name")
        rows.add_argument("--owner", metavar="USER", help="only those of this user")
        rows.add_argument("--limit", type=int, default=DEFAULT_LIMIT, help="rows to show at most")

        show = words.add_parser("show", help="show one with its steps, input, result and error")
        show.add_argument("--full", action="store_true", help="all values, uncut")

        events = words.add_parser("events", help="show the log of one, an event a line")
        events.add_argument("--after", type=int, default=0, metavar="N", help="begin after event N")
        events.add_argument("--follow", action="store_true", help="go on until it ends")

        cancel = words.add_parser(
            "cancel", help="stop one: nothing new starts, what runs may finish"
        )
        cancel.add_argument("--reason", default="", help="kept in its history")

        rerun = words.add_parser("rerun", help="start a new one with the input of an earlier one")
        other = rerun.add_mutually_exclusive_group()
        other.add_argument("--input", metavar="JSON", help="another input")
        other.add_argument("--input-file", metavar="FILE", help="another input, from a file")
        rerun.add_argument(
            "--latest", action="store_true", help="run the published version, not the one that ran"
        )
        rerun.add_argument("--follow", action="store_true", help="show its steps until it ends")

        for word in (show, events, cancel, rerun):
            word.add_argument("execution", metavar="ID", help="the execution's id")
        for word in (rows, show, events, cancel, rerun):
            add_json_option(word)

    def perform(self, options: dict[str, Any]) -> int:
        match options["word"]:
            case "list":
                return self._list(options)
            case "show":
                return self._show(options["execution"], full=options["full"])
            case "events":
                return self._events(options)
            case "cancel":
                return self._cancel(options["execution"], reason=options["reason"])
        return self._rerun(options)

    def _list(self, options: dict[str, Any]) -> int:
        rows = listed(executions_for(_operator())).order_by("-created_at", "-id")
        if options["status"]:
            rows = rows.filter(status=options["status"])
        if options["workflow"]:
            rows = rows.filter(workflow=workflow_named(options["workflow"]))
        if options["owner"]:
            rows = rows.filter(owner=user_named(options["owner"]))
        found = list(rows[: max(options["limit"], 0)])
        if self.output.is_json:
            self.output.json({"results": ExecutionSummary(found, many=True).data})
            return OK
        if not found:
            self.output.line("No executions; start one with 'manage.py run_workflow ID'.")
            return OK
        now = datetime.now(UTC)
        self.output.table(
            ("id", "workflow", "status", "started", "took", "trigger", "owner"),
            [
                (
                    row.pk,
                    shortened(row.workflow.name, NAME_CHARACTERS),
                    _status(row),
                    f"{row.created_at:%Y-%m-%d %H:%M:%S}",
                    _took(row.started_at, row.ended_at, now),
                    row.trigger,
                    row.owner.get_username() if row.owner else "-",
                )
                for row in found
            ],
        )
        return OK

    def _show(self, execution_id: str, *, full: bool) -> int:
        # Values are read whole: there is no request to keep small, and cutting is for the eye.
        found = snapshot(_operator(), execution_id, full=True)
        row, steps = found.execution, found.steps
        if self.output.is_json:
            self.output.json(record_of(found))
            return OK
        self.output.line(f"{row.workflow.name}  v{row.version.number}", style="bold")
        owner = row.owner.get_username() if row.owner else "nobody"
        again = f", again after {row.rerun_of_id}" if row.rerun_of_id else ""
        self.output.line(
            f"started {row.created_at:%Y-%m-%d %H:%M:%S} by {row.trigger} for {owner}{again}"
        )
        self._write_steps([step for step in steps if full or not step.internal])
        self.output.line("input:", style="bold")
        write_value(row.input, self.output, full=full)
        if full:
            for step in steps:
                self._write_values(step)
        if row.status in FINAL:
            write_outcome(row, self.output, full=full)
        else:
            self.output.line(_status(row))
        return OK

    def _write_steps(self, steps: list[StepRun]) -> None:
        now = datetime.now(UTC)
        rows = []
        for step in steps:
            status = shown_status(step)
            error = step.error or {}
            said = f"{error.get('code')}: {error.get('message')}" if error else ""
            rows.append(
                (
                    Text(status, style=STATUS_STYLES[status]),
                    shortened(step.name, NAME_CHARACTERS),
                    step.node_id,
                    str(step.attempt),
                    _took(step.started_at, step.ended_at, now),
                    shortened(said, ERROR_CHARACTERS),
                )
            )
        if rows:
            self.output.table(("status", "step", "id", "attempt", "took", "error"), rows)

    def _write_values(self, step: StepRun) -> None:
        for name in ("input", "output"):
            self.output.line(f"{step.node_id} {name}:", style="bold")
            write_value(getattr(step, name), self.output, full=True)
        write_error(step.error, self.output)

    def _events(self, options: dict[str, Any]) -> int:
        execution_id, after = options["execution"], max(options["after"], 0)
        if options["follow"]:
            return watch(execution_id, self.output, after=after)
        get_execution(_operator(), execution_id)
        while events := events_after(execution_id, after=after, limit=EVENTS_AT_A_TIME):
            for event in events:
                wire = to_wire(event)
                if self.output.is_json:
                    self.output.json(wire, indent=None)
                elif not wire.get("internal"):
                    self.output.line(event_line(wire))
            after = events[-1].seq
        return OK

    def _cancel(self, execution_id: str, *, reason: str) -> int:
        cancel_execution(execution_id, reason=reason, by="command line")
        row = get_execution(_operator(), execution_id)
        if self.output.is_json:
            self.output.json(ExecutionSummary(row).data)
        elif row.status in FINAL:
            self.output.line(_status(row))
        else:
            self.output.line("Stopping: what runs may finish, nothing new starts.")
        return OK

    def _rerun(self, options: dict[str, Any]) -> int:
        input_data: Any = UNCHANGED
        if options["input"] is not None:
            input_data = json_text(options["input"], option="--input")
        elif options["input_file"] is not None:
            input_data = json_file(options["input_file"])
        earlier = snapshot(_operator(), options["execution"], full=True).execution
        row = rerun_execution(
            earlier,
            input_data=input_data,
            version="latest" if options["latest"] else "pinned",
            owner=earlier.owner,
        )
        if options["follow"]:
            return watch(row.pk, self.output)
        if self.output.is_json:
            self.output.json(Started(row).data)
        self.output.line(row.pk)
        return OK


def _operator() -> Any:
    """Return who sees everything: whoever can run commands on this machine could do so anyway."""
    return get_user_model()(is_superuser=True, is_active=True)


def _status(row: Execution) -> Text:
    stopping = " (stopping)" if row.stopping and row.status not in FINAL else ""
    return Text(f"{row.status}{stopping}", style=STATUS_STYLES[row.status])


def _took(begun: datetime | None, ended: datetime | None, now: datetime) -> str:
    if begun is None:
        return "-"
    return f"{max(0.0, ((ended or now) - begun).total_seconds()):.1f} s"
