"""Writing a new execution although a database may go away meanwhile: once, or not at all."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

from django.db import connection

from executions_app.database_retry import UNAVAILABLE, NothingWritten, insisting, retried
from executions_app.models import Execution

#: Whether the commit came through is asked for this long before the caller hears of the trouble.
_PATIENCE_SECONDS = 2.0
_FIELDS = Execution._meta.concrete_fields


def write_once(execution: Execution, write: Callable[[], None]) -> None:
    """Have ``write`` write ``execution`` in a transaction of its own.

    When the answer to the commit is lost, the table says whether it was written: its id is its own.

    Raises:
        OperationalError, InterfaceError: if the database stays away; nothing was written, as far
            as can be known.
    """
    unwritten = {field.attname: getattr(execution, field.attname) for field in _FIELDS}

    @retried
    def in_one_go() -> None:
        # An earlier try has left on the object what the database has taken back.
        for name, value in unwritten.items():
            setattr(execution, name, value)
        write()

    try:
        in_one_go()
    except NothingWritten:
        raise
    except UNAVAILABLE:
        if connection.in_atomic_block:
            raise
        if not insisting(partial(_is_written, execution), seconds=_PATIENCE_SECONDS):
            in_one_go()


def _is_written(execution: Execution) -> bool:
    """Whether the row is there, and this very one: somebody else may have used the id."""
    same = Execution.objects.filter(
        pk=execution.pk, created_at=execution.created_at, request_hash=execution.request_hash
    )
    return same.exists()
