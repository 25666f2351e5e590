"""Every environment variable the project reads, with its type and default.  Refuses a second list.

``docs/configuration.md`` explains each; a test keeps the two equal.  Any variable can also be
given as a file, as container secrets are: ``SECRET_KEY_FILE=/run/secrets/key``.
"""

from __future__ import annotations

from typing import Any, Final

import environ
from django.core.exceptions import ImproperlyConfigured

#: Name -> (type, default).  ``None`` means the profile or the code beside it decides.
VARIABLES: Final[dict[str, tuple[Any, Any]]] = {
    # stores
    "DATABASE_URL": (str, ""),
    "REDIS_URL": (str, ""),
    "BROKER_URL": (str, ""),
    "STATE_DIR": (str, ""),
    # web
    "SECRET_KEY": (str, ""),
    "SECRET_KEY_FALLBACKS": (list, []),
    "DEBUG": (bool, False),
    "ALLOWED_HOSTS": (list, None),
    "CSRF_TRUSTED_ORIGINS": (list, []),
    "HTTPS_ONLY": (bool, None),
    "BEHIND_PROXY": (bool, False),
    "HOST": (str, "127.0.0.1"),
    "PORT": (int, 8000),
    "MAX_BODY_BYTES": (int, 2_621_440),
    "TOKEN_DAYS": (int, 365),
    # executions
    "LEASE_SECONDS": (int, None),
    "RESCUE_SECONDS": (int, None),
    "UNKNOWN_STEP_GRACE_SECONDS": (int, 60),
    # limits
    "MAX_VALUE_BYTES": (int, 1_000_000),
    "LARGE_VALUE_BYTES": (int, 512_000),
    "VALUE_STORAGE_ABOVE_BYTES": (int, 0),
    "VALUE_STORAGE_BACKEND": (str, "executions_app.models.value_files.ValueFiles"),
    "VALUE_STORAGE_OPTIONS": (str, ""),
    "MAX_EXECUTION_BYTES": (int, 32_000_000),
    "MAX_EXECUTION_STEPS": (int, 25_000),
    "MAX_ITEMS": (int, 10_000),
    "MAX_OPEN_ITEMS": (int, 50),
    "MAX_DEPTH": (int, 10),
    "MAX_NESTED_EXECUTIONS": (int, 1_000),
    "MAX_DEFINITION_BYTES": (int, 1_000_000),
    "MAX_DEFINITION_NODES": (int, 10_000),
    "MAX_JSON_DEPTH": (int, 64),
    "MAX_JSON_KEYS": (int, 100_000),
    "MAX_JSON_DIGITS": (int, 400),
    # workers
    "WORKFLOW_QUEUES": (list, ["celeriac"]),
    "WORKER_POOL": (str, "threads"),
    "WORKER_CONCURRENCY": (int, 16),
    "WORKER_STOP_SECONDS": (int, 10),
    # connectors
    "COMPOSIO_API_KEY": (str, ""),
    "COMPOSIO_BASE_URL": (str, ""),
    "COMPOSIO_API": (str, "v2"),
    "HTTP_TOOL_ALLOW": (list, []),
    "HTTP_TOOL_SECONDS": (int, 30),
    "HTTP_TOOL_MAX_BYTES": (int, 1_048_576),
    "HTTP_TOOL_MAX_REDIRECTS": (int, 3),
    # mail
    "EMAIL_URL": (str, ""),
    "DEFAULT_FROM_EMAIL": (str, "celeriac@localhost"),
    # operation
    "LOG_LEVEL": (str, "INFO"),
    "FLOWER_PORT": (int, 5555),
    "FLOWER_USER": (str, "admin"),
    "FLOWER_PASSWORD": (str, ""),
}

env: Final = environ.FileAwareEnv(**VARIABLES)


def given(name: str, default: Any) -> Any:
    """Return the variable ``name``, or ``default`` where it is unset or empty."""
    value = env(name)
    return default if value in (None, "", []) else value


def one_of(name: str, choices: tuple[str, ...]) -> str:
    """Return the variable ``name``.

    Raises:
        ImproperlyConfigured: if it is none of ``choices``.
    """
    value: str = env(name)
    if value not in choices:
        raise ImproperlyConfigured(f"{name} must be one of {', '.join(choices)}, not {value!r}")
    return value


def between(name: str, least: int, most: int, *, or_zero: bool = False) -> int:
    """Return the whole number ``name``.

    Raises:
        ImproperlyConfigured: if it is none from ``least`` to ``most``, nor zero where that is one.
    """
    try:
        value = int(env(name))
    except (TypeError, ValueError):
        value = -1
    if not least <= value <= most and not (or_zero and value == 0):
        choice = " or 0" if or_zero else ""
        raise ImproperlyConfigured(f"{name} must be a whole number from {least} to {most}{choice}")
    return value


def positive(name: str, default: int | None = None) -> int:
    """Return the whole number ``name``, or ``default`` where it is unset.

    Raises:
        ImproperlyConfigured: if it is not a whole number above zero.
    """
    try:
        value = int(given(name, default))
    except ValueError:
        value = 0
    if value <= 0:
        raise ImproperlyConfigured(f"{name} must be a whole number above zero")
    return value
