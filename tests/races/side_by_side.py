"""Doing things at once on connections of their own, in an order that the database's locks decide.

Nobody waits for time to pass: on PostgreSQL one waits until the other visibly waits for a lock, on
SQLite until it is about to ask for the only one there is.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from queue import SimpleQueue
from typing import Any

from django.db import connection, connections, transaction

PATIENCE_SECONDS = 60.0
Work = Callable[[], Any]


class Other:
    """Work on a connection of its own, in a thread; what it raises is its result."""

    def __init__(self, work: Work) -> None:
        self.result: Any = None
        self._work = work
        self._has_begun, self._is_done = threading.Event(), threading.Event()
        self._pid = 0
        _idle_thread().jobs.put(self)
        assert self._has_begun.wait(PATIENCE_SECONDS)

    def run(self) -> None:
        """Do the work: for the thread that took it."""
        try:
            if connection.vendor == "postgresql":
                with connection.cursor() as cursor:
                    cursor.execute("SELECT pg_backend_pid()")
                    self._pid = cursor.fetchone()[0]
            self._has_begun.set()
            self.result = self._work()
        except Exception as error:
            self.result = error
        finally:
            self._is_done.set()

    def waits_for_a_lock(self) -> bool:
        """Return whether its statement waits for somebody else's lock now."""
        if connection.vendor != "postgresql":
            return not self._is_done.is_set()
        with connection.cursor() as cursor:
            cursor.execute(
                "SELECT wait_event_type = 'Lock' FROM pg_stat_activity WHERE pid = %s", [self._pid]
            )
            found = cursor.fetchone()
        return bool(found and found[0])

    def wait_for_lock(self) -> None:
        """Return once it waits for a lock."""
        until = time.monotonic() + PATIENCE_SECONDS
        while not self.waits_for_a_lock():
            assert time.monotonic() < until, "nobody waited for a lock"
            time.sleep(0.001)

    def wait_for_lock_or_end(self) -> None:
        """Return once it waits for a lock, or has nothing to wait for."""
        while not self._is_done.is_set() and not self.waits_for_a_lock():
            time.sleep(0.001)

    def end(self) -> Any:
        """Return what the work came to."""
        assert self._is_done.wait(PATIENCE_SECONDS), "it does not end"
        return self.result


@dataclass(slots=True)
class _Thread:
    """A thread that keeps its connection from one work to the next."""

    jobs: SimpleQueue[Other | None] = field(default_factory=SimpleQueue)
    thread: threading.Thread = field(init=False)

    def __post_init__(self) -> None:
        self.thread = threading.Thread(target=self._run, daemon=True)
        self.thread.start()

    def _run(self) -> None:
        while (job := self.jobs.get()) is not None:
            job.run()
            _idle.put(self)
        connections.close_all()


_idle: SimpleQueue[_Thread] = SimpleQueue()


def _idle_thread() -> _Thread:
    return _Thread() if _idle.empty() else _idle.get()


def dismiss() -> None:
    """End the threads that have nothing to do, with their connections."""
    while not _idle.empty():
        idle = _idle.get()
        idle.jobs.put(None)
        idle.thread.join(PATIENCE_SECONDS)


@contextmanager
def held_open(work: Work) -> Iterator[Any]:
    """Do ``work`` and commit it only when the block ends."""
    with transaction.atomic():
        yield work()


def collide(first: Work, second: Work) -> tuple[Any, Any]:
    """Let ``second`` meet ``first`` when all is written and nothing committed; return what both
    came to, or raised."""
    with held_open(lambda: caught(first)) as came:
        other = Other(second)
        other.wait_for_lock_or_end()
    return came, other.end()


def crowd(works: Sequence[Work]) -> list[Any]:
    """Do all of ``works`` at the same moment; return what each came to, or raised."""
    line = threading.Barrier(len(works))

    def at_once(work: Work) -> Any:
        line.wait(PATIENCE_SECONDS)
        return work()

    others = [Other(lambda work=work: at_once(work)) for work in works]
    return [other.end() for other in others]


def caught(work: Work) -> Any:
    """Return what ``work`` returns, or the error that it raises."""
    try:
        with transaction.atomic():
            return work()
    except Exception as error:
        return error
