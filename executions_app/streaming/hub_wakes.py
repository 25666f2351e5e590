"""Listening for hints that an execution has new events.  Refuses to die when Redis does.

Hints may be lost, doubled and late: whoever listens also polls.
"""

from __future__ import annotations

import asyncio
import logging
import random
from collections.abc import Callable

from redis.asyncio import Redis
from redis.asyncio.retry import Retry
from redis.backoff import NoBackoff

from executions_app.streaming.redis_client import WAKE_CHANNEL

logger = logging.getLogger("celeriac.streaming")

_FIRST_DELAY_SECONDS = 0.1
_LONGEST_DELAY_SECONDS = 5.0
#: How long one wait for a message lasts; between two of them the connection's health is checked.
_LISTEN_SECONDS = 5.0
_HEALTH_SECONDS = 10


async def listen(url: str, *, on_wake: Callable[[str], None], on_gap: Callable[[], None]) -> None:
    """Call ``on_wake`` with each execution id that is named, for ever.

    ``on_gap`` is called whenever listening begins, for what was said while nobody listened.
    """
    delay = _FIRST_DELAY_SECONDS
    while True:
        client = Redis.from_url(
            url,
            # A lost connection has to end here, where ``on_gap`` follows it.
            retry=Retry(NoBackoff(), 0),
            socket_connect_timeout=3,
            health_check_interval=_HEALTH_SECONDS,
        )
        try:
            async with client, client.pubsub() as pubsub:
                await pubsub.subscribe(WAKE_CHANNEL)
                while True:
                    message = await pubsub.get_message(timeout=_LISTEN_SECONDS)
                    _obey_cancellation()
                    if message is None:
                        continue
                    if message["type"] == "subscribe":
                        delay = _FIRST_DELAY_SECONDS
                        on_gap()
                    elif message["type"] == "message":
                        on_wake(message["data"].decode(errors="replace"))
        except Exception as error:  # whatever a driver raises, the answer is to connect again
            _obey_cancellation()
            logger.warning(
                "live events come from polling until Redis is back",
                extra={"action": "stream.redis_lost", "error": repr(error)},
            )
        await asyncio.sleep(delay * random.uniform(1, 2))
        delay = min(delay * 2, _LONGEST_DELAY_SECONDS)


def _obey_cancellation() -> None:
    """Raise a cancellation that was asked for and swallowed on its way, as drivers do at times."""
    task = asyncio.current_task()
    if task is not None and task.cancelling():
        raise asyncio.CancelledError
