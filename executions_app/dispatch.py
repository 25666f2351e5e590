"""Telling workers what is due.  The only file that talks to the broker, and in ids only.

A message is a hint: the step run's row is what counts, and a rescuer sends again what nobody
claimed.  So sending never raises, and gives up quickly while the broker is away.
"""

from __future__ import annotations

import heapq
import logging
import threading
import time
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from celery import current_app
from kombu.transport import virtual

from executions_app import inline
from executions_app.sync_points import Point, reach

logger = logging.getLogger("celeriac.dispatch")

EXECUTE_STEP = "executions.execute_step"
CALL_HOOKS = "executions.call_hooks"
WORK_BULK = "executions.work_bulk"
#: After the broker refused a message, nobody tries again for this long.
_PAUSE_SECONDS = 2.0
#: Labels are for people; a long name is cut.
_LABEL_CHARS = 120


@dataclass(frozen=True, slots=True, kw_only=True)
class Due:
    """One attempt that a worker may claim."""

    step_run_id: int
    attempt: int
    queue: str
    """Empty for the default queue."""
    label: str
    """The workflow's and the step's name, which Flower shows as the task's."""


class _Breaker:
    """Remembers that the broker is away, so that not every commit waits for its time-out."""

    def __init__(self) -> None:
        self._closed_again_at = 0.0

    @property
    def is_open(self) -> bool:
        return time.monotonic() < self._closed_again_at

    def trip(self) -> None:
        self._closed_again_at = time.monotonic() + _PAUSE_SECONDS


_breaker = _Breaker()


def send(due: Sequence[Due]) -> None:
    """Send one message for each of ``due``.  Never raises: what is not sent is found later."""
    if not due:
        return
    reach(Point.RECORDED)
    if _breaker.is_open or inline.active is not None:
        return
    try:
        with current_app.producer_or_acquire() as producer:
            for item in due:
                current_app.send_task(
                    EXECUTE_STEP,
                    args=(item.step_run_id, item.attempt),
                    queue=item.queue or None,
                    producer=producer,
                    shadow=item.label[:_LABEL_CHARS],
                    ignore_result=True,
                )
        reach(Point.TOLD)
    except Exception as error:  # also what no list of kombu's names: a full or read-only server
        _breaker.trip()
        logger.warning(
            "the broker took no message, a rescuer will send it again",
            extra={"action": "dispatch.refused", "count": len(due), "error": repr(error)},
        )


def is_empty(queue: str) -> bool:
    """Return whether the broker holds no message of ``queue``; ``""`` is the default one.

    Never raises: while the broker cannot say, no queue is empty.
    """
    if _breaker.is_open or inline.active is not None:
        return False
    name = queue or current_app.conf.task_default_queue
    try:
        with current_app.connection_for_write() as connection, connection.channel() as channel:
            # Redis keeps no queues apart from their messages, and kombu 5.7 looks for them under
            # the wrong name; a declaration there changes nothing.
            on_redis = isinstance(channel, virtual.Channel)
            try:
                return not channel.queue_declare(queue=name, passive=not on_redis).message_count
            except connection.channel_errors:
                return True  # there is no such queue yet
    except Exception:  # as in ``send``
        _breaker.trip()
        return False


def tell_hooks(execution_id: str) -> None:
    """Have a worker call the hooks of an execution that ended.  Never raises."""
    _tell(CALL_HOOKS, execution_id)


def tell_bulk(bulk_id: str) -> None:
    """Have a worker work off a piece of a command to many executions.  Never raises."""
    _tell(WORK_BULK, bulk_id)


def _tell(task: str, about: str) -> None:
    if _breaker.is_open or inline.active is not None:
        return
    try:
        current_app.send_task(task, args=(about,), ignore_result=True)
    except Exception as error:
        _breaker.trip()
        logger.warning(
            "the broker took no message, a rescuer will send it again",
            extra={"action": "dispatch.refused", "run_id": about, "error": repr(error)},
        )


class Alarm:
    """Wakes this process's rescuer when something comes due before its next round."""

    def __init__(self) -> None:
        self._condition = threading.Condition()
        self._times: list[datetime] = []

    def set(self, at: datetime) -> None:
        """Make sure that the rescuer looks at ``at``."""
        with self._condition:
            heapq.heappush(self._times, at)
            self._condition.notify_all()

    def wait(self, *, now: datetime, at_most_seconds: float) -> None:
        """Wait until the earliest time that was set, or ``at_most_seconds``."""
        begun = time.monotonic()
        with self._condition:
            while (passed := time.monotonic() - begun) < at_most_seconds:
                left = at_most_seconds - passed
                if self._times:
                    left = min(left, (self._times[0] - now).total_seconds() - passed)
                if left <= 0:
                    break
                self._condition.wait(left)
            reached = now + timedelta(seconds=time.monotonic() - begun)
            while self._times and self._times[0] <= reached:
                heapq.heappop(self._times)


alarm = Alarm()
