"""Telling browsers that an execution has new events.  The events themselves stay in the table."""

from __future__ import annotations

import logging
import time

import redis

from executions_app import inline
from executions_app.streaming.redis_client import WAKE_CHANNEL, redis_client

logger = logging.getLogger("celeriac.streaming")

#: After Redis refused a hint, nobody tries again for this long; listeners poll meanwhile.
_PAUSE_SECONDS = 2.0
_quiet_until = 0.0


def publish(execution_id: str) -> None:
    """Say that ``execution_id`` has new events.  Never raises: listeners also poll."""
    global _quiet_until
    if time.monotonic() < _quiet_until or inline.active is not None:
        return
    try:
        redis_client().publish(WAKE_CHANNEL, execution_id)
    except (redis.RedisError, OSError) as error:
        _quiet_until = time.monotonic() + _PAUSE_SECONDS
        logger.warning(
            "Redis took no hint, live listeners poll meanwhile",
            extra={"action": "publish.refused", "run_id": execution_id, "error": repr(error)},
        )
