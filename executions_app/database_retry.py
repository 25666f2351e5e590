"""Doing database work again that failed through no fault of its own, where that is safe.

A transaction that the database gave up (a deadlock, a conflict, a busy SQLite file) left nothing
behind, and neither did one whose connection went before it was to be committed: both may be tried
again.  When the connection goes *during* a commit, nobody knows; only work that finds out for
itself whether it was done before, as a fenced write does, is tried again then.

Refuses to try anything again inside a transaction of the caller's, whose own writes are gone too.
"""

from __future__ import annotations

import functools
import logging
import random
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import ParamSpec, TypeVar

from django.db import InterfaceError, OperationalError, connection, transaction

logger = logging.getLogger("celeriac.database")

P = ParamSpec("P")
T = TypeVar("T")

#: What says that the database, and not what was asked of it, is at fault.
UNAVAILABLE = (OperationalError, InterfaceError)
#: Conflicts are lost this often at most before the caller hears of it.
TRIES = 6
_FIRST_PAUSE_SECONDS = 0.02
_LONGEST_PAUSE_SECONDS = 1.0
#: What a connection that cannot be had again may keep somebody waiting who looks on.
_PATIENCE_SECONDS = 1.0

# https://www.postgresql.org/docs/current/errcodes-appendix.html: class 40 (rolled back), 55P03
# (lock_timeout)
_GIVEN_UP = frozenset({"40001", "40P01", "55P03"})


class NothingWritten(OperationalError):
    """The database went away before anything was to be committed."""


@contextmanager
def known_to_fail() -> Iterator[None]:
    """Open a transaction that says so when it failed for want of a database and left nothing.

    Raises:
        NothingWritten: instead of what the database raised, if that came before the commit.
    """
    is_outermost = not connection.in_atomic_block
    is_committing = False
    try:
        with transaction.atomic():
            yield
            is_committing = True
    except UNAVAILABLE as error:
        if is_outermost and not is_committing and not was_given_up(error):
            raise NothingWritten(*error.args) from error
        raise


def was_given_up(error: BaseException) -> bool:
    """Whether the database itself rolled the transaction back for the sake of another one."""
    if isinstance(error, OperationalError) and "database is locked" in str(error):
        return True  # SQLite: another process has been writing for too long
    return getattr(error.__cause__, "sqlstate", None) in _GIVEN_UP


def retried(work: Callable[P, T]) -> Callable[P, T]:
    """Have ``work`` done again when it failed in a way that is known to have left nothing.

    ``work`` must do everything it does inside one transaction.  Takes at most a second or so.
    """

    @functools.wraps(work)
    def again(*args: P.args, **kwargs: P.kwargs) -> T:
        begun = time.monotonic()
        for number in range(1, TRIES):
            try:
                return work(*args, **kwargs)
            except UNAVAILABLE as error:
                is_lost = isinstance(error, NothingWritten)
                if connection.in_atomic_block or not (is_lost or was_given_up(error)):
                    raise
                if is_lost and time.monotonic() - begun > _PATIENCE_SECONDS:
                    raise
                _pause(number, error)
        return work(*args, **kwargs)

    return again


def insisting(
    work: Callable[[], T],
    *,
    seconds: float,
    on_doubt: Callable[[], T] | None = None,
) -> T:
    """Return what ``work`` does, tried until the database lets it, for ``seconds`` at most.

    For work that may be done twice, because it finds out whether it was done before.  ``on_doubt``
    is done instead from the first failure on, if that takes another way to find out.
    """
    until = time.monotonic() + seconds
    number = 0
    while True:
        try:
            return work()
        except UNAVAILABLE as error:
            if connection.in_atomic_block or time.monotonic() >= until:
                raise
            number += 1
            work = on_doubt or work
            _pause(number, error)


def _pause(number: int, error: Exception) -> None:
    """Wait a while that no two losers of the same conflict share, with a fresh connection after."""
    pause = min(_FIRST_PAUSE_SECONDS * 2**number, _LONGEST_PAUSE_SECONDS) * random.uniform(0.5, 1.0)
    logger.warning(
        "the database could not do it, trying again",
        extra={"action": "database.again", "number": number, "error": repr(error)},
    )
    if not was_given_up(error):
        connection.close()
    time.sleep(pause)
