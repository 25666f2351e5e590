"""The account one signs in with after the first start.  Refuses to touch existing accounts."""

from __future__ import annotations

import secrets
from dataclasses import dataclass

from django.contrib.auth import get_user_model
from django.db import transaction

USERNAME = "admin"
PASSWORD_BYTES = 12


@dataclass(frozen=True, slots=True)
class FirstAdmin:
    """A new account; the password is nowhere else in clear."""

    username: str
    password: str


def create_first_admin() -> FirstAdmin | None:
    """Make a superuser with a random password and return it, or ``None`` if there is one already.

    The name is ``admin``, or where somebody has that, ``admin`` with a few random characters.
    """
    users = get_user_model()._default_manager
    with transaction.atomic():
        if users.filter(is_superuser=True).exists():
            return None
        taken = users.filter(username=USERNAME).exists()
        username = f"{USERNAME}-{secrets.token_hex(3)}" if taken else USERNAME
        password = secrets.token_urlsafe(PASSWORD_BYTES)
        users.create_superuser(username=username, password=password)  # type: ignore[attr-defined]
    return FirstAdmin(username, password)
