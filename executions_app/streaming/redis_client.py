"""The Redis connection of live events.  Short time-outs: hints may fail."""

from __future__ import annotations

from functools import cache

import redis
from django.conf import settings
from redis.backoff import NoBackoff
from redis.retry import Retry

#: The channel on which execution ids are named that have new events.  Prefixed, because pub/sub
#: knows no database numbers.
WAKE_CHANNEL = "celeriac:wake"


@cache
def redis_client() -> redis.Redis:
    """Return this process's client; a call takes a second at most and is never repeated."""
    return redis.Redis.from_url(
        settings.REDIS_URL,
        socket_timeout=1.0,
        socket_connect_timeout=1.0,
        retry=Retry(NoBackoff(), 0),
    )
