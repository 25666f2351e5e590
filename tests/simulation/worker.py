"""A virtual worker: the engine's own code on a thread that runs only while it is told to.

It stops at each sync point outside a transaction and goes on when the world says so, or dies there.
Only one thread runs at any moment, so a seed decides everything.
"""

from __future__ import annotations

import threading
from collections.abc import Callable
from typing import Any

from django.db import connections

from executions_app.dispatch import Due
from executions_app.operations.execute_attempt import execute_attempt
from executions_app.runner.claim import Claim
from executions_app.sync_points import Point

PATIENCE_SECONDS = 60.0


class Died(BaseException):
    """This worker is gone; nothing of ours catches it."""


class VirtualWorker:
    """One process with one thread of work."""

    def __init__(self, name: str, connection: Any) -> None:
        self.name = name
        self.at: str = ""
        """The point it has come to; empty while it is idle."""
        self.claim: Claim | None = None
        self.is_paused = False
        self.is_in_time = True
        """Whether it has kept its lease all the while."""
        self.error: BaseException | None = None
        self._connection = connection
        self._message: Due | None = None
        self._is_dying = self._is_leaving = False
        self._mine, self._theirs = threading.Semaphore(0), threading.Semaphore(0)
        self._thread = threading.Thread(target=self._live, name=name, daemon=True)
        self._thread.start()

    # -- called by the world --------------------------------------------------------------------

    def deliver(self, message: Due) -> None:
        """Let it work on ``message`` up to the first point."""
        self._message = message
        self._run()

    def go_on(self) -> None:
        """Let it work up to the next point."""
        self._run()

    def die(self) -> None:
        """Let it end where it is; a new process takes its place."""
        self._is_dying = True
        self._run()

    def leave(self) -> None:
        """End its thread."""
        if self.at:
            self.die()
        self._is_leaving = True
        self._mine.release()
        self._thread.join(PATIENCE_SECONDS)

    def _run(self) -> None:
        self._mine.release()
        assert self._theirs.acquire(timeout=PATIENCE_SECONDS), f"{self.name} hangs at {self.at!r}"
        if self.error is not None:
            raise self.error

    # -- on its own thread ----------------------------------------------------------------------

    @property
    def is_here(self) -> bool:
        """Whether the calling thread is this worker."""
        return threading.current_thread() is self._thread

    def reach(self, point: Point | str, *, is_dying: Callable[[], bool]) -> None:
        """Hand over at ``point``; inside a transaction go on, or die.

        Raises:
            Died: if this is where it ends.
        """
        if self._connection.in_atomic_block:
            if is_dying():
                raise Died
            return
        self.at = str(point)
        self._theirs.release()
        self._mine.acquire()
        if self._is_dying:
            raise Died

    def _live(self) -> None:
        connections["default"] = self._connection
        while True:
            self._mine.acquire()
            if self._is_leaving:
                return
            try:
                assert self._message is not None
                execute_attempt(self._message.step_run_id, self._message.attempt)
            except Died:
                pass
            except BaseException as error:
                self.error = error
            self.at, self.claim, self.is_paused = "", None, False
            self.is_in_time = True
            self._message, self._is_dying = None, False
            self._theirs.release()
