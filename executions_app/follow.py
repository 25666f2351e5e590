"""Following an execution's log from Python: events in order, each once, until it ends."""

from __future__ import annotations

import time
from collections.abc import Iterator
from typing import Any

import redis

from executions_app.engine.events import FINAL_TYPES
from executions_app.models import Event
from executions_app.streaming.redis_client import WAKE_CHANNEL, redis_client
from executions_app.streaming.wire import to_wire

#: The table is read again after this long even when no hint came.
_POLL_SECONDS = 0.25
_PAGE = 500


class Hints:
    """Waits for a hint that an execution has news, or for a short time.  Works without Redis."""

    def __init__(self, execution_id: str) -> None:
        self._wanted = execution_id.encode()
        self._pubsub: Any = None
        try:
            pubsub = redis_client().pubsub(ignore_subscribe_messages=True)
            pubsub.subscribe(WAKE_CHANNEL)
            self._pubsub = pubsub
        except (redis.RedisError, OSError):
            pass

    def wait(self, at_most_seconds: float) -> None:
        """Return when there may be news, or after ``at_most_seconds``."""
        until = time.monotonic() + min(at_most_seconds, _POLL_SECONDS)
        while (left := until - time.monotonic()) > 0:
            if self._pubsub is None:
                time.sleep(left)
                return
            try:
                message = self._pubsub.get_message(timeout=left)
            except (redis.RedisError, OSError):
                self._pubsub = None
                continue
            if message and message["data"] == self._wanted:
                return

    def close(self) -> None:
        """Give the subscription back."""
        if self._pubsub is not None:
            self._pubsub.close()


def follow(
    execution_id: str, *, after: int = 0, timeout_seconds: float | None = None
) -> Iterator[dict[str, Any]]:
    """Yield the events after number ``after`` as they are sent to browsers, until the last.

    Raises:
        TimeoutError: if the execution has not ended after ``timeout_seconds``; it goes on.
    """
    deadline = None if timeout_seconds is None else time.monotonic() + timeout_seconds
    hints = Hints(execution_id)
    try:
        while True:
            rows = Event.objects.filter(execution_id=execution_id, seq__gt=after)
            page = list(rows.order_by("seq")[:_PAGE])
            for row in page:
                after = row.seq
                yield to_wire(row)
                if row.type in FINAL_TYPES:
                    return
            if page:
                continue
            left = float("inf") if deadline is None else deadline - time.monotonic()
            if left <= 0:
                raise TimeoutError(
                    f"execution {execution_id!r} has not ended after {timeout_seconds} seconds; "
                    "it goes on"
                )
            hints.wait(left)
    finally:
        hints.close()
