"""The database transaction around the body of an atomic step and the recording of its outcome.

Begun only when such a step is met.  Refuses to commit unless told to: whatever else ends the block
leaves nothing behind.
"""

from __future__ import annotations

from types import TracebackType
from typing import Any

from django.db import connection, transaction


class OneTransaction:
    """A transaction that may never begin.  Within a transaction of the caller's, a savepoint."""

    def __init__(self) -> None:
        self._atomic: Any = None

    @property
    def is_open(self) -> bool:
        """Whether it has begun and not ended."""
        return self._atomic is not None

    def begin(self) -> None:
        """Begin it.  Between two statements its body may think for as long as it likes."""
        atomic = transaction.atomic()
        atomic.__enter__()
        self._atomic = atomic
        if connection.vendor == "postgresql":
            with connection.cursor() as cursor:
                cursor.execute("SET LOCAL idle_in_transaction_session_timeout = 0")

    def commit(self) -> None:
        """Make everything since :meth:`begin` last.

        Raises:
            DatabaseError: if the database refuses, having taken everything back.
        """
        self._end()

    def roll_back(self) -> None:
        """Take everything since :meth:`begin` back."""
        transaction.set_rollback(True)
        self._end()

    def _end(self) -> None:
        atomic, self._atomic = self._atomic, None
        atomic.__exit__(None, None, None)

    def __enter__(self) -> OneTransaction:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        if self.is_open:
            self.roll_back()
