"""``manage.py create_token USER``: an API token, printed once.  Refuses to show one again."""

from __future__ import annotations

from argparse import ArgumentParser
from datetime import timedelta
from typing import Any

from django.contrib.auth import get_user_model
from django.core.management.base import BaseCommand, CommandError
from knox.models import AuthToken

MAX_DAYS = 3_650


class Command(BaseCommand):
    help = (
        "Make an API token for a user and print it, this once: only its hash is kept. "
        "Send it as 'Authorization: Token ...'."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("user", help="the user's name")
        parser.add_argument(
            "--days", type=int, help="how long it is valid; TOKEN_DAYS unless given"
        )

    def handle(self, *, user: str, days: int | None = None, **options: Any) -> None:
        """Print the token alone on standard output, so that a script can take it."""
        model = get_user_model()
        account = model._default_manager.filter(**{model.USERNAME_FIELD: user}).first()
        if account is None:
            raise CommandError(f"there is no user {user!r}; manage.py createsuperuser makes one")
        if not account.is_active:
            raise CommandError(f"user {user!r} is not active, so a token would not be accepted")
        if days is not None and not 0 < days <= MAX_DAYS:
            raise CommandError(f"--days must be from 1 to {MAX_DAYS}, not {days}")
        chosen = {} if days is None else {"expiry": timedelta(days=days)}
        stored, token = AuthToken.objects.create(user=account, **chosen)
        self.stdout.write(token)
        until = f"valid until {stored.expiry:%Y-%m-%d %H:%M} UTC" if stored.expiry else "valid"
        self.stderr.write(f"keep it, it is not shown again; {until}")
