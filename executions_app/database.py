"""What differs between databases, and the one clock that decides."""

from __future__ import annotations

import threading
import time
from datetime import UTC, datetime, timedelta
from typing import Any, TypeVar

from django.db import close_old_connections, connection, models

from executions_app import inline

#: The database's clock is read again after this long; between readings the monotonic clock
#: carries it on, so a jump of this machine's wall clock changes nothing.
_READ_AGAIN_SECONDS = 60.0

RowT = TypeVar("RowT", bound=models.Model)


class _DatabaseClock:
    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._read_at = float("-inf")
        self._value = datetime.min.replace(tzinfo=UTC)

    def now(self) -> datetime:
        elapsed = time.monotonic() - self._read_at
        if elapsed > _READ_AGAIN_SECONDS:
            with connection.cursor() as cursor:
                cursor.execute("SELECT clock_timestamp()")
                value = cursor.fetchone()[0]
            with self._lock:
                self._value, self._read_at = value.astimezone(UTC), time.monotonic()
            return self._value
        with self._lock:
            return self._value + timedelta(seconds=time.monotonic() - self._read_at)


_clock = _DatabaseClock()


#: A connection that was used this recently, without an error, is not asked whether it still works.
_FRESH_SECONDS = 1.0
_used = threading.local()


def refresh_connection() -> None:
    """Give up this thread's connection if the database may have dropped it.

    Called before a thread begins something new.  Asking costs a round trip, so it is asked only
    after an error or a pause.
    """
    idle = time.monotonic() - getattr(_used, "at", float("-inf"))
    if connection.errors_occurred or idle > _FRESH_SECONDS:
        close_old_connections()
    _used.at = time.monotonic()


def now() -> datetime:
    """Return the database's time (aware, UTC): the only one that leases and timers go by.

    Behind it by as long as the last reading took, and so different in each process: for what
    another process compares with its own reading, ask for :func:`exact_now` or :func:`clock`.
    """
    if inline.active is not None:
        return inline.active.now()
    if connection.vendor == "postgresql":
        return _clock.now()
    return datetime.now(UTC)  # an SQLite file's clock is this machine's


def exact_now() -> datetime:
    """Return the database's time as it says it now."""
    if inline.active is not None:
        return inline.active.now()
    expression, params = clock()
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT {expression}", _adapted(params))
        return as_time(cursor.fetchone()[0])


def clock(*, plus: timedelta = timedelta()) -> tuple[str, list[Any]]:
    """Return SQL, and its parameters, for the time at which it runs, ``plus`` a span."""
    if inline.active is not None:
        return "%s", [inline.active.now() + plus]
    if connection.vendor == "postgresql":
        return ("clock_timestamp() + %s", [plus]) if plus else ("clock_timestamp()", [])
    return "%s", [datetime.now(UTC) + plus]


def locked(rows: models.QuerySet[RowT], *, skip: bool = False) -> models.QuerySet[RowT]:
    """Return ``rows`` to be read under a lock until the transaction ends.

    ``skip`` leaves out rows that somebody else holds.  On SQLite a write transaction is alone
    anyway (``transaction_mode = IMMEDIATE``), so there Django locks nothing.
    """
    return rows.select_for_update(skip_locked=skip, of=("self",))


def returning(sql: str, params: list[Any]) -> tuple[Any, ...] | None:
    """Run a statement that ends in ``RETURNING`` and give its first row, if there is one."""
    with connection.cursor() as cursor:
        cursor.execute(sql, _adapted(params))
        return cursor.fetchone()


def _adapted(params: list[Any]) -> list[Any]:
    adapt = connection.ops.adapt_datetimefield_value
    return [adapt(value) if isinstance(value, datetime) else value for value in params]


def as_time(value: Any) -> datetime:
    """Return a time that :func:`returning` gave, whose type depends on the database."""
    if isinstance(value, str):
        value = datetime.fromisoformat(value)
    return value if value.tzinfo else value.replace(tzinfo=UTC)
