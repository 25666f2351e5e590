"""``manage.py load_samples``: workflows to look at and to try.  Undoes nobody's changes."""

from __future__ import annotations

from typing import Any

from django.core.management.base import CommandParser

from workflows_app.management.named_rows import user_named
from workflows_app.management.terminal_command import OK, TerminalCommand, add_json_option
from workflows_app.operations.load_samples import load_samples
from workflows_app.operations.sync_registry import sync_registry


class Command(TerminalCommand):
    """Load them, and say what became of each."""

    help = (
        "Load the sample workflows. Loading again changes nothing: a sample that was changed or "
        "deleted stays so, unless --reset restores it. New ones belong to the first superuser, "
        "or to nobody while there is none."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--owner", metavar="USER", help="whose new samples will be")
        parser.add_argument("--reset", action="store_true", help="restore all as they are shipped")
        add_json_option(parser)

    def perform(self, options: dict[str, Any]) -> int:
        owner = user_named(options["owner"]) if options["owner"] else None
        sync_registry()
        loaded = load_samples(owner=owner, reset=options["reset"])
        if self.output.is_json:
            self.output.json([{"id": item.workflow.pk, "outcome": item.outcome} for item in loaded])
        elif options["verbosity"] > 0:
            self.output.table(
                ("id", "name", ""),
                [(item.workflow.pk, item.workflow.name, item.outcome) for item in loaded],
            )
            self.output.line("Try one: manage.py run_workflow sample-order-summary --follow")
        return OK
