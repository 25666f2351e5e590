"""Waiting for news of one execution from ordinary code; without Redis it only takes longer."""

from __future__ import annotations

import time
from typing import Any

import redis

from executions_app import inline
from executions_app.streaming.redis_client import WAKE_CHANNEL, redis_client

#: The table is to be read again after this long even when no hint came.
POLL_SECONDS = 0.25


class Hints:
    """Waits for a hint that an execution has news, or for a short time.  Works without Redis."""

    def __init__(self, execution_id: str) -> None:
        self._wanted = execution_id.encode()
        self._pubsub: Any = None
        if inline.active is not None:
            return
        try:
            pubsub = redis_client().pubsub(ignore_subscribe_messages=True)
            pubsub.subscribe(WAKE_CHANNEL)
            self._pubsub = pubsub
        except (redis.RedisError, OSError):
            pass

    def wait(self, at_most_seconds: float) -> bool:
        """Return when there may be news, or after ``at_most_seconds``; false if none can come."""
        if inline.active is not None:
            return inline.active.work()
        until = time.monotonic() + min(at_most_seconds, POLL_SECONDS)
        while (left := until - time.monotonic()) > 0:
            if self._pubsub is None:
                time.sleep(left)
                return True
            try:
                message = self._pubsub.get_message(timeout=left)
            except (redis.RedisError, OSError):
                self._pubsub = None
                continue
            if message and message["data"] == self._wanted:
                return True
        return True

    def close(self) -> None:
        """Give the subscription back."""
        if inline.active is not None:
            inline.active.tell_onlookers()
        if self._pubsub is not None:
            self._pubsub.close()
