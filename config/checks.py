"""Settings that must not serve strangers.  Refuses to start rather than to run unsafely.

Every process of the production profile checks them, because ``CompositionRoot`` does; Django's own
``check --deploy`` is a command that somebody has to remember.
"""

from __future__ import annotations

import ipaddress
import logging
from collections.abc import Callable, Iterator
from typing import Any
from urllib.parse import urlsplit

from django.conf import settings
from django.core.checks import CheckMessage, Error, Warning
from django.core.exceptions import ImproperlyConfigured

logger = logging.getLogger(__name__)

SECRET_KEY_CHARACTERS = 50
SECRET_KEY_DISTINCT = 10
PASSWORD_CHARACTERS = 12


def refuse_unsafe_settings() -> None:
    """Log what is doubtful.

    Raises:
        ImproperlyConfigured: naming everything that is unsafe.
    """
    messages = unsafe_settings(settings)
    for message in messages:
        if isinstance(message, Warning):
            logger.warning("%s: %s (%s)", message.id, message.msg, message.hint)
    errors = [message for message in messages if isinstance(message, Error)]
    if errors:
        listed = "\n".join(f"  {error.id}: {error.msg}; {error.hint}" for error in errors)
        raise ImproperlyConfigured(f"refusing to start with unsafe settings:\n{listed}")


def unsafe_settings(settings: Any) -> list[CheckMessage]:
    """Return everything doubtful about ``settings``, errors and warnings, in a fixed order."""
    return [message for check in CHECKS for message in check(settings)]


def _secret_key(settings: Any) -> Iterator[CheckMessage]:
    try:
        current = settings.SECRET_KEY
    except ImproperlyConfigured:  # Django's way to say that it is empty
        current = ""
    for key in (current, *settings.SECRET_KEY_FALLBACKS):
        weak = len(key) < SECRET_KEY_CHARACTERS or len(set(key)) < SECRET_KEY_DISTINCT
        if weak or key.startswith("django-insecure"):
            yield Error(
                "SECRET_KEY is missing, short or guessable",
                hint=f"set it to {SECRET_KEY_CHARACTERS} or more random characters, for example "
                'python -c "import secrets; print(secrets.token_urlsafe(50))"',
                id="celeriac.E001",
            )


def _debug(settings: Any) -> Iterator[CheckMessage]:
    if settings.DEBUG:
        yield Error(
            "DEBUG shows settings and source to visitors", hint="unset it", id="celeriac.E002"
        )


def _hosts(settings: Any) -> Iterator[CheckMessage]:
    if not settings.ALLOWED_HOSTS or "*" in settings.ALLOWED_HOSTS:
        yield Error(
            f"ALLOWED_HOSTS is {settings.ALLOWED_HOSTS!r}",
            hint="name the hosts this site is reached under",
            id="celeriac.E003",
        )


def _flower(settings: Any) -> Iterator[CheckMessage]:
    if settings.FLOWER_PORT and len(settings.FLOWER_PASSWORD) < PASSWORD_CHARACTERS:
        yield Error(
            "Flower can stop workers and has no good password",
            hint=f"set FLOWER_PASSWORD ({PASSWORD_CHARACTERS} characters or more) or FLOWER_PORT=0",
            id="celeriac.E004",
        )


def _https(settings: Any) -> Iterator[CheckMessage]:
    if not settings.HTTPS_ONLY:
        yield Warning(
            "cookies and tokens travel unencrypted",
            hint="unset HTTPS_ONLY unless this is a trial on one machine",
            id="celeriac.W001",
        )


def _sqlite(settings: Any) -> Iterator[CheckMessage]:
    if settings.DATABASES["default"]["ENGINE"] == "django.db.backends.sqlite3":
        yield Warning(
            "SQLite serves one machine only and workers wait for one another",
            hint="set DATABASE_URL to a PostgreSQL server",
            id="celeriac.W002",
        )


def _redis(settings: Any) -> Iterator[CheckMessage]:
    for name in ("REDIS_URL", "BROKER_URL"):
        parts = urlsplit(getattr(settings, name))
        if parts.hostname and parts.password is None and not _is_inside(parts.hostname):
            yield Warning(
                f"{name} has no password and leads to {parts.hostname!r}",
                hint="whoever reaches that server can send work; set a password",
                id="celeriac.W003",
            )


def _embedded_redis(settings: Any) -> Iterator[CheckMessage]:
    if not settings.REDIS_URL_GIVEN:
        yield Warning(
            "REDIS_URL is not set, and only `manage.py up` brings a server",
            hint="set it to the address of a Redis-compatible server",
            id="celeriac.W004",
        )


def _is_inside(host: str) -> bool:
    """Return whether ``host`` cannot be reached from outside, as far as its name tells."""
    try:
        return ipaddress.ip_address(host).is_private
    except ValueError:
        return "." not in host  # localhost, or a container's service name


CHECKS: tuple[Callable[[Any], Iterator[CheckMessage]], ...] = (
    _secret_key,
    _debug,
    _hosts,
    _flower,
    _https,
    _sqlite,
    _redis,
    _embedded_redis,
)
