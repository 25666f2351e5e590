"""Waiting for the end of executions as cheaply as it can be known.  Reads, changes nothing.

Every recorded outcome is followed by one hint.  While fewer came than there are steps nothing can
have ended, so the tables are left alone; a silence makes it look all the same.
"""

from __future__ import annotations

import time
from collections.abc import Sequence
from typing import Any

from django.conf import settings
from redis import Redis

from executions_app.engine.statuses import FINAL
from executions_app.models import Execution
from executions_app.streaming.redis_client import WAKE_CHANNEL

_SILENCE_SECONDS = 0.02


class Endings:
    """A subscription to the hints of all executions."""

    def __init__(self) -> None:
        self._client = Redis.from_url(settings.REDIS_URL)
        self._hints: Any = self._client.pubsub(ignore_subscribe_messages=True)
        self._hints.subscribe(WAKE_CHANNEL)

    def wait(self, ids: Sequence[str], *, hints: int, until: float) -> None:
        """Return once all of ``ids`` have ended, which takes at least ``hints`` outcomes.

        Raises:
            TimeoutError: if that is not so at ``until`` (monotonic clock).
        """
        wanted = {execution_id.encode() for execution_id in ids}
        heard = 0
        while True:
            message = self._hints.get_message(timeout=_SILENCE_SECONDS)
            if message is not None and message["data"] in wanted:
                heard += 1
            if (message is None or heard >= hints) and self._all_ended(ids):
                return
            if time.monotonic() > until:
                raise TimeoutError(f"{self._missing(ids)} of {len(ids)} executions have not ended")

    def outputs(self, ids: Sequence[str]) -> set[Any]:
        """Return the different outputs of executions that have completed."""
        return set(Execution.objects.filter(pk__in=ids).values_list("output", flat=True))

    def close(self) -> None:
        """End the subscription."""
        self._hints.close()
        self._client.close()

    def _all_ended(self, ids: Sequence[str]) -> bool:
        return not self._missing(ids)

    @staticmethod
    def _missing(ids: Sequence[str]) -> int:
        return Execution.objects.filter(pk__in=ids).exclude(status__in=FINAL).count()
