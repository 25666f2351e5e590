"""One thread a process that keeps the leases of running attempts, and watches their time.

It renews leases, announces attempts that last, declares those that take too long, tells bodies
that their execution is being cancelled, and has what a worker that stops still runs given back.
It writes no history itself: what to do comes in.
"""

from __future__ import annotations

import logging
import os
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field

from django.db import close_old_connections

from executions_app import inline
from executions_app.models import Execution
from executions_app.runner import leaving
from executions_app.runner.claim import Claim, lease, renew

logger = logging.getLogger("celeriac.heartbeat")

#: A step that runs longer than this is announced in the log before it ends; a shorter one costs
#: no transaction of its own.
ANNOUNCE_AFTER_SECONDS = 0.3
#: How often running bodies learn that their execution is being cancelled.
_CANCEL_LOOK_SECONDS = 1.0


@dataclass(slots=True, kw_only=True)
class Watched:
    """One running attempt."""

    claim: Claim
    timeout_seconds: float | None
    on_lasting: Callable[[Claim], None] | None
    on_timeout: Callable[[Claim], None]
    on_leaving: Callable[[Claim], object] = lambda _: None
    """Gives the attempt back, because the worker stops and it has not ended in time."""
    on_look: Callable[[], None] = lambda: None
    started: float = field(default_factory=time.monotonic)
    announced: bool = False
    timed_out: bool = False
    was_left: bool = False
    cancelled: threading.Event = field(default_factory=threading.Event)

    def end(self) -> None:
        """Say that the body has ended: from now on only the lease is kept, until that is recorded,
        which may take as long as the database is away."""
        self.timeout_seconds, self.announced = None, True

    def next_look(self) -> float:
        """Return when, on the monotonic clock, something of its own is to be done."""
        moments = [float("inf")]
        if not self.announced:
            moments.append(self.started + ANNOUNCE_AFTER_SECONDS)
        if self.timeout_seconds is not None and not self.timed_out:
            moments.append(self.started + self.timeout_seconds)
        return min(moments)


class Heartbeat:
    """The attempts running in this process."""

    def __init__(self) -> None:
        self._condition = threading.Condition()
        self._watched: dict[int, Watched] = {}
        self._thread: threading.Thread | None = None
        self._pid = os.getpid()
        self._renewed_at = time.monotonic()
        self._looked_at = time.monotonic()

    @contextmanager
    def watching(self, watched: Watched) -> Iterator[Watched]:
        """Keep the lease of ``watched`` while the block runs."""
        if inline.active is not None:
            yield watched
            return
        with self._condition:
            self._ensure_thread()
            self._watched[watched.claim.step_run_id] = watched
            if len(self._watched) == 1:
                self._renewed_at = self._looked_at = time.monotonic()
            self._condition.notify()
        try:
            yield watched
        finally:
            with self._condition:
                if self._watched.get(watched.claim.step_run_id) is watched:
                    del self._watched[watched.claim.step_run_id]

    def _ensure_thread(self) -> None:
        forked = self._pid != os.getpid()
        if forked:
            self._watched, self._pid = {}, os.getpid()
        if forked or self._thread is None or not self._thread.is_alive():
            self._thread = threading.Thread(target=self._run, name="heartbeat", daemon=True)
            self._thread.start()

    def _run(self) -> None:
        while True:
            with self._condition:
                self._condition.wait(self._wait_seconds())
                attempts = list(self._watched.values())
            try:
                self._round(attempts)
            except Exception:  # the thread must outlive a database that is away
                logger.exception("a heartbeat failed", extra={"action": "heartbeat.failed"})
                close_old_connections()
                time.sleep(0.5)

    def _wait_seconds(self) -> float | None:
        if not self._watched:
            return None
        now = time.monotonic()
        own = min(watched.next_look() for watched in self._watched.values())
        left = leaving.seconds_left()
        if left is not None:
            own = min(own, now + left)
        shared = min(
            self._renewed_at + lease().total_seconds() / 3, self._looked_at + _CANCEL_LOOK_SECONDS
        )
        return max(0.0, min(own, shared) - now)

    def _round(self, attempts: list[Watched]) -> None:
        now = time.monotonic()
        if attempts and now >= self._renewed_at + lease().total_seconds() / 3:
            renew([watched.claim for watched in attempts])
            self._renewed_at = now
        if attempts and now >= self._looked_at + _CANCEL_LOOK_SECONDS:
            self._tell_cancelled(attempts)
            for watched in attempts:
                watched.on_look()
            self._looked_at = now
        failed: Exception | None = None
        for watched in attempts:
            try:
                self._look_at(watched, now)
            except Exception as error:  # each attempt has times of its own
                failed = error
        if failed is not None:
            raise failed
        left = leaving.seconds_left()
        if attempts and left is not None and left <= 0:
            self._leave()

    def _leave(self) -> None:
        """Give back what has not ended, and end the process: no body can be interrupted."""
        for watched in list(self._watched.values()):
            if not watched.was_left:
                watched.on_leaving(watched.claim)
                watched.was_left = True
        leaving.end_process()

    def _look_at(self, watched: Watched, now: float) -> None:
        limit = watched.timeout_seconds
        if limit is not None and not watched.timed_out and now >= watched.started + limit:
            watched.cancelled.set()
            watched.on_timeout(watched.claim)
            # Only now: with the database away at that moment it is tried again.
            watched.timed_out = watched.announced = True
        elif not watched.announced and now >= watched.started + ANNOUNCE_AFTER_SECONDS:
            watched.announced = True
            if watched.on_lasting is not None and not watched.claim.was_announced:
                watched.on_lasting(watched.claim)

    def _tell_cancelled(self, attempts: list[Watched]) -> None:
        waiting = {w.claim.execution_id for w in attempts if not w.cancelled.is_set()}
        if not waiting:
            return
        stopping = set(
            Execution.objects.filter(pk__in=waiting)
            .exclude(stopping="")
            .values_list("pk", flat=True)
        )
        for watched in attempts:
            if watched.claim.execution_id in stopping:
                watched.cancelled.set()


heartbeat = Heartbeat()
