"""How often somebody may try to log in.  Refuses everybody while tries cannot be counted.

Tries are counted in Django's cache: for an address with a name, which stops guessing one
password, and for an address alone, which stops trying one password on many names.
"""

from __future__ import annotations

import hashlib
import logging
import unicodedata

from django.core.cache import cache
from rest_framework.exceptions import Throttled

from workflows_app.authoring.errors import WorkflowError

logger = logging.getLogger(__name__)

WINDOW_SECONDS = 300
TRIES_PER_NAME = 10
TRIES_PER_ADDRESS = 100


class LoginUnavailable(WorkflowError):
    """Nobody can log in at the moment."""

    code = "auth.unavailable"

    def __init__(self) -> None:
        super().__init__("logging in is not possible at the moment; try again in a minute")


def count_try(*, address: str, username: str) -> None:
    """Count one try, before the password is looked at.

    Raises:
        LoginUnavailable: if it cannot be counted.
        Throttled: if there have been too many within the last minutes.
    """
    limits = {
        _name_key(address, username): TRIES_PER_NAME,
        _key("address", address): TRIES_PER_ADDRESS,
    }
    for key, limit in limits.items():
        try:
            tries = _increment(key)
        except Exception as error:  # whatever the cache in use raises when it is gone
            logger.exception("Tries to log in cannot be counted", extra={"action": "auth.login"})
            raise LoginUnavailable from error
        if tries > limit:
            raise Throttled(wait=WINDOW_SECONDS)


def forget_tries(*, address: str, username: str) -> None:
    """Forget the tries of one name, after the right password.  Those of the address stay."""
    try:
        cache.delete(_name_key(address, username))
    except Exception:  # the window ends by itself
        logger.warning("Tries to log in could not be forgotten", extra={"action": "auth.login"})


def _increment(key: str) -> int:
    # Between the two calls the window may end; then a new one begins.
    for _ in range(3):
        if cache.add(key, 1, timeout=WINDOW_SECONDS):
            return 1
        try:
            return int(cache.incr(key))
        except ValueError:
            continue
    raise RuntimeError("the cache keeps nothing")


def _name_key(address: str, username: str) -> str:
    # As accounts are compared: spellings that log in as the same name count as the same.
    return _key("name", address, unicodedata.normalize("NFKC", username).casefold())


def _key(*parts: str) -> str:
    # Hashed, because a cache takes neither long keys nor every character.
    digest = hashlib.sha256("\0".join(parts).encode("utf-8", "replace")).hexdigest()
    return f"celeriac:login:{digest}"
