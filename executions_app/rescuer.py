"""The rescuer's thread: one in each worker process, woken by the clock and by the alarm."""

from __future__ import annotations

import logging
import threading
import time
from typing import Any

from celery.worker import state
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


class Idleness:
    """Whether this worker waits for messages: then those it would get do not exist.

    A worker with room takes whatever its queues hold at once, so one that has had room for a while
    knows them to be empty.
    """

    def __init__(self, consumer: Any, seconds: float) -> None:
        self._consumer = consumer
        self._seconds = seconds
        self._since: float | None = None

    def queues(self, now: float) -> frozenset[str]:
        """Return the queues known to be empty at ``now`` (monotonic, seconds), then not again for
        a while; ``""`` is the default one."""
        if self._consumer is None or not self._has_room():
            self._since = None
            return frozenset()
        if self._since is None:
            self._since = now
        if now - self._since < self._seconds:
            return frozenset()
        self._since = now
        names = frozenset(self._consumer.app.amqp.queues.consume_from)
        return names | {""} if self._consumer.app.conf.task_default_queue in names else names

    def _has_room(self) -> bool:
        # With one message for each hand (``worker_prefetch_multiplier``) nothing else is held.
        return len(state.reserved_requests) < self._consumer.pool.limit


def _run(consumer: Any = None) -> None:
    tick = min(MAX_TICK_SECONDS, settings.RESCUE_SECONDS / 2)
    blindness = Blindness(settings.LEASE_SECONDS)
    idleness = Idleness(consumer, settings.RESCUE_SECONDS)
    while not _stop.is_set():
        try:
            close_old_connections()
            now = time.monotonic()
            found = rescue(may_judge=blindness.may_judge(now), idle_queues=idleness.queues(now))
            blindness.seen(time.monotonic())
            if found >= BATCH:
                continue
            dispatch.alarm.wait(now=database.now(), at_most_seconds=tick)
        except Exception:  # it must outlive a database that is away
            logger.exception("a rescue round failed", extra={"action": "rescue.failed"})
            close_old_connections()
            _stop.wait(tick)
