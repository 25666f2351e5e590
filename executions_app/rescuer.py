"""The rescuer's thread: one in each worker process, woken by the clock and by the alarm."""

from __future__ import annotations

import logging
import threading
import time
from typing import Any

from django.conf import settings
from django.db import close_old_connections

from executions_app import database, dispatch
from executions_app.operations.rescue import BATCH, rescue

logger = logging.getLogger("celeriac.rescue")

#: Timers and retries are late by this much at most.
MAX_TICK_SECONDS = 1.0

_stop = threading.Event()
_thread: threading.Thread | None = None


def start(sender: Any = None, **_: Any) -> None:
    """Start this process's rescuer, once; ``sender`` is the worker's consumer."""
    global _thread
    if _thread is None or not _thread.is_alive():
        _stop.clear()
        _thread = threading.Thread(target=_run, args=(sender,), name="rescuer", daemon=True)
        _thread.start()


def stop(**_: Any) -> None:
    """Stop it after its current round."""
    _stop.set()


class Blindness:
    """Whether this process has lately seen that others could renew their leases.

    Behind a database that was away, or a machine that slept, every lease has run out, and every
    worker lives.  So whoever comes back lets the others renew before it judges.
    """

    def __init__(self, lease_seconds: float) -> None:
        self._lease = lease_seconds
        self._seen_at = float("-inf")
        self._judges_from = float("-inf")

    def may_judge(self, now: float) -> bool:
        """Return whether a lease that has run out at ``now`` (monotonic, seconds) means a death."""
        if now - self._seen_at > self._lease / 3:
            self._judges_from = now + self._lease / 2
        return now >= self._judges_from

    def seen(self, now: float) -> None:
        """Say that the database answered at ``now``."""
        self._seen_at = now


class Rounds:
    """Lets something be done every so many seconds, at the first chance after them."""

    def __init__(self, seconds: float) -> None:
        self._seconds = seconds
        self._next = float("-inf")

    def is_due(self, now: float) -> bool:
        """Return whether it is to be done at ``now`` (monotonic, seconds); then not for a while."""
        if now < self._next:
            return False
        self._next = now + self._seconds
        return True


def _queues_of(consumer: Any) -> frozenset[str]:
    """Return the queues a worker takes messages from; ``""`` is the default one."""
    if consumer is None:
        return frozenset()
    names = frozenset(consumer.app.amqp.queues.consume_from)
    return names | {""} if consumer.app.conf.task_default_queue in names else names


def _run(consumer: Any = None) -> None:
    tick = min(MAX_TICK_SECONDS, settings.RESCUE_SECONDS / 2)
    blindness = Blindness(settings.LEASE_SECONDS)
    looks, queues = Rounds(settings.RESCUE_SECONDS), _queues_of(consumer)
    while not _stop.is_set():
        try:
            close_old_connections()
            now = time.monotonic()
            found = rescue(
                may_judge=blindness.may_judge(now), queues=queues if looks.is_due(now) else ()
            )
            blindness.seen(time.monotonic())
            if found >= BATCH:
                continue
            dispatch.alarm.wait(now=database.now(), at_most_seconds=tick)
        except Exception:  # it must outlive a database that is away
            logger.exception("a rescue round failed", extra={"action": "rescue.failed"})
            close_old_connections()
            _stop.wait(tick)
