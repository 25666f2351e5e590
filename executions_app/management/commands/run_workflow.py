"""``manage.py run_workflow``: start one execution, and watch it if that is wanted."""

from __future__ import annotations

from typing import Any

from django.core.management.base import CommandParser

from executions_app.api.shapes import Started
from executions_app.management.watch import watch
from executions_app.models import Execution
from executions_app.operations.start_execution import start_execution
from workflows_app.management.json_argument import json_file, json_text
from workflows_app.management.named_rows import user_named, workflow_named
from workflows_app.management.terminal_command import (
    BAD_USAGE,
    OK,
    Refused,
    TerminalCommand,
    add_json_option,
)
from workflows_app.models import Workflow
from workflows_app.queries import workflows_for


class Command(TerminalCommand):
    """Start, say the id, follow."""

    help = (
        "Run a workflow. Without --follow it prints the execution's id and returns at once; with "
        "it, it shows every step until the end, or until somebody has to answer. Exit status: 0 "
        "completed (or started), 1 failed, 2 bad usage or input (nothing was started), 3 "
        "cancelled, 4 the timeout passed, 5 suspended or paused (it says how to go on), 130 "
        "detached by Ctrl-C; after 4 and 130 the execution goes on."
    )
    refusal_status = BAD_USAGE

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("workflow", metavar="ID", help="its id, or its name if only one has it")
        given = parser.add_mutually_exclusive_group()
        given.add_argument(
            "--input",
            metavar="JSON",
            help="""for example '{"name": "Ada"}'; defaults fill the rest""",
        )
        given.add_argument(
            "--input-file", metavar="FILE", help="a JSON file with the input; - is standard input"
        )
        parser.add_argument("--context", metavar="JSON", help="an object, the runtime context")
        parser.add_argument(
            "--user",
            metavar="USER",
            help="for whom it runs, whose connections it uses; else the workflow's owner",
        )
        parser.add_argument(
            "--priority",
            type=int,
            metavar="N",
            help="from -100 to 100, if it has to wait for its turn: the highest begins first",
        )
        parser.add_argument("--follow", action="store_true", help="show its steps until it ends")
        parser.add_argument(
            "--timeout",
            type=float,
            metavar="SECONDS",
            help="stop following after this long; the execution goes on",
        )
        parser.add_argument("--full", action="store_true", help="show the result uncut")
        add_json_option(parser)

    def perform(self, options: dict[str, Any]) -> int:
        if options["timeout"] is not None and not (options["follow"] and options["timeout"] > 0):
            raise Refused("--timeout is a number above 0 and needs --follow", code="usage.invalid")
        input_data, context = _input(options), _context(options)
        workflow = workflow_named(options["workflow"])
        owner = _owner(workflow, options["user"])
        execution = start_execution(
            workflow,
            input_data=input_data,
            owner=owner,
            runtime_context=context,
            priority=options["priority"],
            trigger=Execution.Trigger.CLI,
        )
        if options["follow"]:
            if not self.output.is_json:
                self.output.line(f"{workflow.name}  {execution.pk}", style="bold")
            return watch(
                execution.pk,
                self.output,
                timeout_seconds=options["timeout"],
                full=options["full"],
            )
        if self.output.is_json:
            self.output.json(Started(execution).data)
        self.output.line(execution.pk)
        return OK


def _input(options: dict[str, Any]) -> Any:
    if options["input_file"] is not None:
        return json_file(options["input_file"])
    return json_text(options["input"], option="--input") if options["input"] is not None else {}


def _context(options: dict[str, Any]) -> dict[str, Any]:
    if options["context"] is None:
        return {}
    context = json_text(options["context"], option="--context")
    if not isinstance(context, dict):
        raise Refused("--context must be a JSON object", code="context.invalid")
    return context


def _owner(workflow: Workflow, name: str | None) -> Any:
    if name is None:
        return workflow.owner
    user = user_named(name)
    if not workflows_for(user).filter(pk=workflow.pk).exists():
        raise Refused(
            f"{name!r} may not run {workflow.pk!r}, which belongs to somebody else; leave --user "
            "out to run it for its owner",
            code="workflow.not_found",
        )
    return user
