"""A management command that speaks to people and, with ``--json``, to programs.

Refuses to show a traceback for what a caller did: every refusal is one sentence that says what to
do, or with ``--json`` the object the HTTP API would answer.
"""

from __future__ import annotations

import os
import sys
from typing import Any, NoReturn

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import OperationalError, ProgrammingError

from workflows_app.authoring.errors import WorkflowError
from workflows_app.management.terminal import Output, printable

OK, FAILED, BAD_USAGE = 0, 1, 2
INTERRUPTED = 130  # as a shell says of a program that Ctrl-C ended


class Refused(WorkflowError):
    """The command line asks for something that is not there or does not fit."""

    code = "command.refused"


class TerminalCommand(BaseCommand):
    """Subclasses write :meth:`perform`, which returns the exit status."""

    #: The exit status of a refusal.
    refusal_status = FAILED
    output: Output

    def perform(self, options: dict[str, Any]) -> int:
        """Do the work and return the exit status."""
        raise NotImplementedError

    def handle(self, *args: Any, **options: Any) -> None:
        self.output = Output(
            self.stdout,  # type: ignore[arg-type]
            is_json=options.get("json", False),
            no_color=options.get("no_color", False),
            color=options.get("force_color", False),
        )
        try:
            status = self.perform(options)
        except WorkflowError as error:
            self._refuse(error)
        except (OperationalError, ProgrammingError) as error:
            self._refuse(
                Refused(
                    f"the database refused: {error}; is it there, and has 'manage.py migrate' run?",
                    code="database.unusable",
                )
            )
        except KeyboardInterrupt:
            status = INTERRUPTED
        except BrokenPipeError:
            # Whoever read us (head, a pager) has enough; the interpreter would complain on exit.
            os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
            status = OK
        if status != OK:
            raise SystemExit(status)

    def _refuse(self, error: WorkflowError) -> NoReturn:
        if self.output.is_json:
            self.output.json({"code": error.code, "message": str(error), "details": error.details})
            raise SystemExit(self.refusal_status)
        raise CommandError(printable(error, lines=True), returncode=self.refusal_status) from error


def add_json_option(parser: CommandParser) -> None:
    """Let the command take ``--json``."""
    parser.add_argument("--json", action="store_true", help="write JSON, for programs")
