"""Where a timed step writes when its first line was reached.  Shared by both contestants."""

from __future__ import annotations

import os
import time
from functools import lru_cache

import redis

_LIST = "benchmark:first-lines"


@lru_cache(maxsize=2)
def _client(_pid: int) -> redis.Redis:
    return redis.Redis.from_url(os.environ["BENCH_FIRST_LINES_URL"])


def write() -> None:
    """Say that this line was reached, now (seconds since 1970)."""
    now = time.time()
    _client(os.getpid()).lpush(_LIST, now)


def read(*, timeout_seconds: float) -> float:
    """Wait for the next line, and return when it was reached.

    Raises:
        TimeoutError: if none is within ``timeout_seconds``.
    """
    found = _client(os.getpid()).brpop([_LIST], timeout=timeout_seconds)
    if found is None:
        raise TimeoutError(f"no step began within {timeout_seconds:g} seconds")
    return float(found[1])
