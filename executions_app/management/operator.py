"""Who commands at the terminal: whoever can run commands on this machine could do so anyway."""

from __future__ import annotations

from typing import Any

from django.contrib.auth import get_user_model

#: How the history calls them.
BY = "command line"


def operator() -> Any:
    """Return a user who sees everything and is in no table."""
    user = get_user_model()(is_superuser=True, is_active=True)
    setattr(user, user.USERNAME_FIELD, BY)
    return user
