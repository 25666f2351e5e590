"""``manage.py sweep_values``: remove the files of values that no execution names any more."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from django.core.management.base import CommandParser

from executions_app.operations.value_storage import sweep
from workflows_app.management.terminal_command import OK, TerminalCommand, add_json_option

DEFAULT_HOURS = 24.0


class Command(TerminalCommand):
    """Sweeps once; run it now and then, as often as disk space matters."""

    help = (
        "Remove the files that large values were kept in and that nothing names any more: values "
        "that were replaced, and transactions that were rolled back. Files of executions that "
        "exist are never touched."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument(
            "--older-than",
            type=float,
            default=DEFAULT_HOURS,
            metavar="HOURS",
            help="only files made longer ago; 24 if not given, 1 at least",
        )
        parser.add_argument("--dry-run", action="store_true", help="only say what would be removed")
        add_json_option(parser)

    def perform(self, options: dict[str, Any]) -> int:
        dry_run = options["dry_run"]
        found = sweep(older_than=timedelta(hours=options["older_than"]), dry_run=dry_run)
        if self.output.is_json:
            counts = {"removed": found.removed, "bytes": found.removed_bytes, "kept": found.kept}
            self.output.json(counts | {"dry_run": dry_run})
            return OK
        said = "would be removed" if dry_run else "removed"
        files = f"{found.removed:,} files with {found.removed_bytes:,} bytes"
        self.output.line(f"{files} {said}, {found.kept:,} kept")
        return OK
