"""``manage.py up``: the whole installation in one terminal.  Refuses to be a production setup."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser

from config.embedded.broker import BrokerError
from config.embedded.installation import AlreadyRunning, Installation
from config.embedded.ports import PortTaken


class Command(BaseCommand):
    """Everything on this machine, until Ctrl-C."""

    help = (
        "Run everything on this machine, in the foreground: a Redis-compatible server (unless "
        "REDIS_URL names one), the web server, a worker, beat and Flower. Prepares the database "
        "and, at the first start, makes an administrator whose password it shows once. What dies "
        "is started again; Ctrl-C stops all. Data, logs and generated passwords are in STATE_DIR "
        "(var/). docs/configuration.md lists the variables."
    )
    requires_migrations_checks = False

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument(
            "--no-samples", action="store_true", help="do not load the sample workflows"
        )

    def handle(self, *args: Any, no_samples: bool, **options: Any) -> None:
        try:
            Installation(settings, samples=not no_samples).run()
        except (AlreadyRunning, BrokerError, PortTaken) as error:
            raise CommandError(str(error)) from error
