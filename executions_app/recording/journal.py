"""The only writer of history: facts and the rows people query, in one transaction, then told.

    with recording(execution_id) as log:        # locks the execution, loads nothing else
        log.load("charge")                      # the rows around what is about to change
        log.add(StepCompleted(...), output=...)
                                                # leaving: what follows is decided, all is
                                                # written, and after commit workers and
                                                # browsers are told

A nested workflow is a frame of its own in the recording of its root, whose row is the only one
that is locked and whose log holds the facts of them all.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from executions_app import database, rows
from executions_app.database_retry import known_to_fail
from executions_app.errors import ExecutionNotFound
from executions_app.models import Execution
from executions_app.recording import admission, nesting
from executions_app.recording.frame import Frame
from executions_app.recording.working_set import Recording


@contextmanager
def recording(execution_id: str, *, root_id: str | None = None) -> Iterator[Frame]:
    """Open a transaction that adds to the log of ``execution_id``, or of the root around it.

    ``root_id`` saves looking it up.

    Raises:
        ExecutionNotFound: if there is no such execution.
    """
    with known_to_fail():
        root = root_id or nesting.root_of(execution_id)
        locked = rows.lock_execution(root)
        if locked is None:
            raise ExecutionNotFound(execution_id)
        execution, now = locked
        record = Recording(now)
        record.open_root(execution)
        yield record.frame(execution_id)
        record.finish()
        admission.after_commit_of(record)
    record.let_go()


@contextmanager
def recording_new(execution: Execution) -> Iterator[Frame]:
    """Open a transaction that writes ``execution`` and begins its log."""
    with known_to_fail():
        now = database.now()
        record = Recording(now)
        yield record.open_root(nesting.prepared(execution, now), execution)
        record.finish()
        admission.after_commit_of(record)
    record.let_go()
