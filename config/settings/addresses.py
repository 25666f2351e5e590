"""Where the database, Redis and the broker are.  Pure: computes addresses, connects to nothing."""

from __future__ import annotations

import hashlib
import os
import tempfile
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, quote, urlsplit

import environ
from django.core.exceptions import ImproperlyConfigured

#: ``sockaddr_un`` holds 108 bytes on Linux and 104 on macOS, the closing zero included.
SOCKET_PATH_BYTES = 100

SQLITE_OPTIONS: dict[str, Any] = {
    "timeout": 20,
    # A DEFERRED transaction that read and then writes fails at once when another one wrote in
    # between, whatever the timeout; IMMEDIATE waits its turn instead.
    "transaction_mode": "IMMEDIATE",
    "init_command": "PRAGMA journal_mode=WAL;PRAGMA synchronous=NORMAL;PRAGMA busy_timeout=20000;",
}

#: A forgotten lock or a runaway query ends as an error, not as a silent worker.  The locks of a
#: client that stands still, or whose machine is gone, are let go of after half a minute; not when
#: it wakes up, or after TCP's two hours.
POSTGRES_SESSION = (
    "-c lock_timeout=10s -c statement_timeout=60s -c idle_in_transaction_session_timeout=30s"
    " -c tcp_keepalives_idle=15 -c tcp_keepalives_interval=5 -c tcp_keepalives_count=3"
)
#: The same from our side: a server that is gone without a word is an error after about fifteen
#: seconds, where TCP itself would have a worker wait for a quarter of an hour.  libpq ignores all
#: but the first on a socket.
POSTGRES_PATIENCE: dict[str, int] = {
    "connect_timeout": 5,
    "keepalives_idle": 5,
    "keepalives_interval": 5,
    "keepalives_count": 2,
    "tcp_user_timeout": 15_000,
}


def socket_path(state_dir: Path) -> Path:
    """Return where the embedded server of ``state_dir`` listens: always the same, short path.

    Usually inside ``state_dir``; where that is too long for a socket, in a directory of the
    temporary one that is named after the user and ``state_dir``.
    """
    wanted = state_dir / "redis.sock"
    if len(os.fsencode(wanted)) <= SOCKET_PATH_BYTES:
        return wanted
    digest = hashlib.sha256(os.fsencode(state_dir)).hexdigest()[:12]
    user = os.getuid() if hasattr(os, "getuid") else 0
    return Path(tempfile.gettempdir()) / f"celeriac-{user}-{digest}" / "redis.sock"


def embedded_redis_url(state_dir: Path) -> str:
    """Return redis-py's address of the embedded server: ``unix:///path?db=0``."""
    return f"unix://{quote(str(socket_path(state_dir)))}?db=0"


def broker_url(redis_url: str) -> str:
    """Return the address under which Celery reaches the Redis server that is at ``redis_url``.

    Only sockets are spelt differently: ``unix:///path?db=1`` is ``redis+socket:///path?virtual_host=1``.
    """
    parts = urlsplit(redis_url)
    if parts.scheme != "unix":
        return redis_url
    query = parse_qs(parts.query)
    database = query.get("db", ["0"])[0]
    password = parts.password or query.get("password", [""])[0]
    account = f"{parts.username or ''}:{quote(password, safe='')}@" if password else ""
    return f"redis+socket://{account}{parts.path}?virtual_host={database}"


def database(url: str) -> dict[str, Any]:
    """Return Django's settings of the database at ``url`` (SQLite or PostgreSQL).

    Raises:
        ValueError: if it is neither.
    """
    parsed: dict[str, Any] = environ.Env.db_url_config(url)
    options = parsed.setdefault("OPTIONS", {})
    match parsed["ENGINE"]:
        case "django.db.backends.sqlite3":
            parsed["OPTIONS"] = {**SQLITE_OPTIONS, **options}
        case "django.db.backends.postgresql":
            options.setdefault("options", POSTGRES_SESSION)
            for name, value in POSTGRES_PATIENCE.items():
                options.setdefault(name, value)
            # A request's thread ends with it, so it keeps no connection (CONN_MAX_AGE stays 0);
            # workers keep theirs, see config/celery.py.  Both check one before using it again.
            parsed["CONN_HEALTH_CHECKS"] = True
        case engine:
            raise ValueError(f"DATABASE_URL must name sqlite or postgres, not {engine!r}")
    return parsed


def email(url: str) -> dict[str, Any]:
    """Return Django's mail settings for ``url``, as ``smtp+tls://user:password@host:587``.

    Raises:
        ImproperlyConfigured: if it is no address of a mail server.
    """
    try:
        found = environ.Env.email_url_config(url)
    except (KeyError, ValueError) as error:
        raise ImproperlyConfigured(
            "EMAIL_URL must look like smtp+tls://user:password@host:587"
        ) from error
    return {name: value for name, value in found.items() if value is not None}
