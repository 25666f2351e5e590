"""``manage.py tasks``: what people are asked, and their answers."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.core.exceptions import PermissionDenied
from django.core.management.base import CommandParser

from executions_app.api.task_shapes import TaskRecord, TaskShape
from executions_app.management.operator import operator
from executions_app.management.outcome import write_value
from executions_app.management.watch import watch
from executions_app.models import Approval
from executions_app.operations.answer_task import answer_task
from executions_app.operations.find_tasks import get_task, mine, tasks_for
from executions_app.queries import get_execution
from workflows_app.management.json_argument import json_file, json_text
from workflows_app.management.named_rows import user_named
from workflows_app.management.terminal import shortened
from workflows_app.management.terminal_command import (
    OK,
    Refused,
    TerminalCommand,
    add_json_option,
)

DEFAULT_LIMIT = 20
TITLE_CHARACTERS = 60
_ALL = "all"


class Command(TerminalCommand):
    """One method for each word after ``tasks``."""

    help = (
        "List, show and answer what executions ask people. Exit status: 0 if all is well, 1 if "
        "something was refused; with --follow as run_workflow has it. Each word has a --help of "
        "its own."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        words = parser.add_subparsers(dest="word", required=True, metavar="WORD")
        rows = words.add_parser("list", help="show what is asked, the newest first")
        rows.add_argument(
            "--status",
            choices=[*Approval.Status.values, _ALL],
            default=Approval.Status.OPEN.value,
            help="open, if not given",
        )
        rows.add_argument("--user", metavar="USER", help="only what this user is asked")
        rows.add_argument("--limit", type=int, default=DEFAULT_LIMIT, help="rows to show at most")

        show = words.add_parser("show", help="show one with what it takes, and its answer")

        answer = words.add_parser("answer", help="answer one; its execution goes on")
        given = answer.add_mutually_exclusive_group(required=True)
        given.add_argument(
            "--data", metavar="JSON", help="""the answer, as '{"approved": true}'; fits the form"""
        )
        given.add_argument("--data-file", metavar="FILE", help="the answer, from a file")
        answer.add_argument("--comment", default="", help="kept with the answer, for people")
        answer.add_argument(
            "--user", metavar="USER", help="answer as this user, who must be one of those asked"
        )
        answer.add_argument(
            "--follow", action="store_true", help="show the execution until it ends or asks again"
        )
        for word in (show, answer):
            word.add_argument("task", metavar="ID", type=int, help="the task's number")
        for word in (rows, show, answer):
            add_json_option(word)

    def perform(self, options: dict[str, Any]) -> int:
        match options["word"]:
            case "list":
                return self._list(options)
            case "show":
                return self._show(options["task"])
        return self._answer(options)

    def _list(self, options: dict[str, Any]) -> int:
        rows = tasks_for(operator()).defer("form", "context", "answer")
        if options["status"] != _ALL:
            rows = rows.filter(status=options["status"])
        if options["user"]:
            rows = mine(rows, user_named(options["user"]))
        found = list(rows.order_by("-created_at", "-id")[: max(options["limit"], 0)])
        if self.output.is_json:
            self.output.json({"results": TaskShape(found, many=True).data})
        elif not found:
            self.output.line("Nobody is asked anything.")
        else:
            self.output.table(
                ("id", "title", "status", "asked", "until", "for", "workflow"),
                [
                    (
                        str(task.pk),
                        shortened(task.title, TITLE_CHARACTERS),
                        task.status,
                        _time(task.created_at),
                        _time(task.deadline_at),
                        _for_whom(task),
                        shortened(task.execution.workflow.name, TITLE_CHARACTERS),
                    )
                    for task in found
                ],
            )
        return OK

    def _show(self, task_id: int) -> int:
        self._write(get_task(operator(), task_id))
        return OK

    def _answer(self, options: dict[str, Any]) -> int:
        user = user_named(options["user"]) if options["user"] else operator()
        if options["data_file"] is not None:
            data = json_file(options["data_file"])
        else:
            data = json_text(options["data"], option="--data")
        before = get_task(user, options["task"])
        execution = get_execution(operator(), before.execution_id)
        try:
            task = answer_task(before.pk, user=user, data=data, comment=options["comment"])
        except PermissionDenied:
            raise Refused(
                f"{options['user']!r} may not answer this; it is for {_for_whom(before)}",
                code="auth.forbidden",
            ) from None
        if options["follow"]:
            seen: int = execution.log_seq  # type: ignore[attr-defined]
            return watch(execution.root_id or execution.pk, self.output, after=seen)
        self._write(task)
        return OK

    def _write(self, task: Approval) -> None:
        if self.output.is_json:
            self.output.json(TaskRecord(task).data)
            return
        self.output.line(task.title, style="bold")
        self.output.line(
            f"{task.status}; asked {_time(task.created_at)} UTC of {_for_whom(task)} by execution "
            f"{task.execution_id}, step {task.node_id}"
        )
        if task.deadline_at is not None:
            self.output.line(f"until {_time(task.deadline_at)} UTC")
        for name, value in (("shown", task.context), ("form", task.form)):
            self.output.line(f"{name}:", style="bold")
            write_value(value, self.output)
        if task.status == Approval.Status.ANSWERED:
            self.output.line(f"answered by {task.answered_by or 'somebody'}:", style="bold")
            write_value(task.answer, self.output)
            if task.comment:
                self.output.line(task.comment)
        elif task.status == Approval.Status.OPEN:
            self.output.line(f"  manage.py tasks answer {task.pk} --data JSON")


def _for_whom(task: Approval) -> str:
    owner = task.owner.get_username() if task.owner else "staff"
    return ", ".join(task.assignees) or owner


def _time(at: datetime | None) -> str:
    return f"{at:%Y-%m-%d %H:%M}" if at else "-"
