"""``manage.py executions``: look at what ran and runs, command it, run it again."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Any

from django.core.management.base import CommandParser
from rich.text import Text

from executions_app.api.reason_shape import ReasonShape
from executions_app.api.record_shape import record_of
from executions_app.api.shapes import ExecutionSummary, Started
from executions_app.engine.statuses import FINAL, ExecutionStatus, NodeStatus
from executions_app.following.follow import AT_REST
from executions_app.management.event_lines import STATUS_STYLES, event_line
from executions_app.management.execution_words import STEP_HELP, WORDS
from executions_app.management.operator import operator
from executions_app.management.outcome import write_error, write_outcome, write_rest, write_value
from executions_app.management.watch import watch
from executions_app.management.why import write_reasons
from executions_app.models import Execution, StepRun
from executions_app.operations.rerun import UNCHANGED, rerun_execution
from executions_app.queries import (
    events_after,
    executions_for,
    get_execution,
    listed,
    shown_status,
    snapshot,
    started_by_somebody,
)
from executions_app.streaming.wire import to_wire
from executions_app.waiting_reasons import waiting_reasons
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
        "List, show, follow and command executions, whoever they belong to. Exit status: 0 if all "
        "is well, 1 if something was refused; with --follow as run_workflow has it. Each word has "
        "a --help of its own."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        words = parser.add_subparsers(dest="word", required=True, metavar="WORD")
        rows = words.add_parser("list", help="show executions, newest first")
        rows.add_argument("--status", choices=[item.value for item in ExecutionStatus])
        rows.add_argument("--workflow", metavar="ID", help="of this workflow, by id or name")
        rows.add_argument("--owner", metavar="USER", help="only those of this user")
        rows.add_argument("--inside", metavar="ID", help="those nested directly in this one")
        rows.add_argument("--limit", type=int, default=DEFAULT_LIMIT, help="rows to show at most")

        one = CommandParser(add_help=False)
        one.add_argument("execution", metavar="ID", help="the execution's id")
        show = words.add_parser(
            "show", parents=[one], help="show one with its steps, input, result and error"
        )
        show.add_argument("--full", action="store_true", help="all values, uncut")

        why = words.add_parser(
            "why", parents=[one], help="say what one waits for, and what would move it on"
        )

        events = words.add_parser(
            "events", parents=[one], help="show the log of one, an event a line"
        )
        events.add_argument("--after", type=int, default=0, metavar="N", help="begin after event N")

        commands = [words.add_parser(name, parents=[one], help=WORDS[name].help) for name in WORDS]
        for parser_of_word, word in zip(commands, WORDS.values(), strict=True):
            word.arguments(parser_of_word)

        rerun = words.add_parser(
            "rerun", parents=[one], help="start a new one with the input of an earlier one"
        )
        other = rerun.add_mutually_exclusive_group()
        other.add_argument("--input", metavar="JSON", help="another input")
        other.add_argument("--input-file", metavar="FILE", help="another input, from a file")
        rerun.add_argument(
            "--latest", action="store_true", help="run the published version, not the one that ran"
        )
        rerun.add_argument("--from-step", metavar="STEP", help=f"begin at a step: {STEP_HELP}")

        for followed in (events, *commands, rerun):
            followed.add_argument(
                "--follow", action="store_true", help="show its steps until it ends or asks"
            )
        for each in (rows, show, why, events, *commands, rerun):
            add_json_option(each)

    def perform(self, options: dict[str, Any]) -> int:
        match options["word"]:
            case "list":
                return self._list(options)
            case "show":
                return self._show(options["execution"], full=options["full"])
            case "why":
                return self._why(options["execution"])
            case "events":
                return self._events(options)
            case "rerun":
                return self._rerun(options)
        return self._command(options)

    def _list(self, options: dict[str, Any]) -> int:
        rows = listed(executions_for(operator())).order_by("-created_at", "-id")
        if options["inside"]:
            rows = rows.filter(parent_id=options["inside"])
        else:
            rows = started_by_somebody(rows)
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
        found = snapshot(operator(), execution_id, full=True, runs="all" if full else "")
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
        if row.parent_id:
            self.output.line(f"inside {row.parent_id}, for its step {row.parent_key}")
        self._write_steps([step for step in steps if full or not step.internal])
        if found.more_steps:
            self.output.line(f"only the first {len(steps):,} runs of steps are shown", style="dim")
        self._write_children(found.children)
        self.output.line("input:", style="bold")
        write_value(row.input, self.output, full=full)
        if full:
            for step in steps:
                self._write_values(step)
        if row.status in FINAL or row.status in AT_REST:
            write_outcome(row, self.output, full=full)
        else:
            self.output.line(_status(row))
            write_rest(row, self.output)
        write_reasons(found.waiting_for, self.output)
        return OK

    def _why(self, execution_id: str) -> int:
        row = get_execution(operator(), execution_id)
        reasons = waiting_reasons(row)
        if self.output.is_json:
            self.output.json({"waiting_for": ReasonShape(reasons, many=True).data})
            return OK
        self.output.line(_status(row))
        write_reasons(reasons, self.output)
        return OK

    def _write_steps(self, steps: list[StepRun]) -> None:
        now = datetime.now(UTC)
        rows = []
        for step in steps:
            status = shown_status(step)
            error = step.error or {}
            said = f"{error.get('code')}: {error.get('message')}" if error else _waits_for(step)
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
            self.output.table(("status", "step", "id", "attempt", "took", "what"), rows)

    def _write_children(self, children: Sequence[Execution]) -> None:
        if children:
            rows = [(child.parent_key, _status(child), child.pk) for child in children]
            self.output.table(("nested in", "status", "execution"), rows)

    def _write_values(self, step: StepRun) -> None:
        for name in ("input", "output"):
            self.output.line(f"{step.node_id} {name}:", style="bold")
            write_value(getattr(step, name), self.output, full=True)
        write_error(step.error, self.output)

    def _events(self, options: dict[str, Any]) -> int:
        execution_id, after = options["execution"], max(options["after"], 0)
        if options["follow"]:
            return watch(execution_id, self.output, after=after)
        root = get_execution(operator(), execution_id).root_id
        source = execution_id if root else ""
        limit = EVENTS_AT_A_TIME
        while events := events_after(execution_id, after=after, limit=limit, root_id=root):
            for event in events:
                wire = to_wire(event)
                if self.output.is_json:
                    self.output.json(wire, indent=None)
                elif not wire.get("internal"):
                    self.output.line(event_line(wire, source=source))
            after = events[-1].seq
        return OK

    def _command(self, options: dict[str, Any]) -> int:
        before = get_execution(operator(), options["execution"])
        WORDS[options["word"]].act(before.pk, options)
        if options["follow"]:
            return watch(before.pk, self.output, after=before.log_seq)  # type: ignore[attr-defined]
        row = get_execution(operator(), before.pk)
        if self.output.is_json:
            self.output.json(ExecutionSummary(row).data)
        elif row.stopping and row.status not in FINAL:
            self.output.line("Stopping: what runs may finish, nothing new starts.")
        else:
            self.output.line(_status(row))
        return OK

    def _rerun(self, options: dict[str, Any]) -> int:
        input_data: Any = UNCHANGED
        if options["input"] is not None:
            input_data = json_text(options["input"], option="--input")
        elif options["input_file"] is not None:
            input_data = json_file(options["input_file"])
        earlier = get_execution(operator(), options["execution"])
        row = rerun_execution(
            earlier,
            input_data=input_data,
            from_step=options["from_step"],
            version="latest" if options["latest"] else "pinned",
            owner=earlier.owner,
        )
        if options["follow"]:
            return watch(row.pk, self.output)
        if self.output.is_json:
            self.output.json(Started(row).data)
        self.output.line(row.pk)
        return OK


def _waits_for(step: StepRun) -> str:
    if step.status not in (NodeStatus.WAITING, NodeStatus.SUSPENDED):
        return ""
    said = f"for event {step.event!r}" if step.event else ""
    return f"{said} until {step.due_at:%Y-%m-%d %H:%M:%S} UTC".strip() if step.due_at else said


def _status(row: Execution) -> Text:
    stopping = " (stopping)" if row.stopping and row.status not in FINAL else ""
    return Text(f"{row.status}{stopping}", style=STATUS_STYLES[row.status])


def _took(begun: datetime | None, ended: datetime | None, now: datetime) -> str:
    if begun is None:
        return "-"
    return f"{max(0.0, ((ended or now) - begun).total_seconds()):.1f} s"
