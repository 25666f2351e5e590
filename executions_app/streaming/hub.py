"""One reader per process for everybody who watches: it learns of new events, reads them once, and
wakes those who wait.  Refuses to queue anything for anybody; a watcher asks for what follows the
event it sent last.

The table is the truth.  Redis only shortens the wait for the next look at it.
"""

from __future__ import annotations

import asyncio
import logging
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field

from django.conf import settings

from executions_app.streaming.encode import Frame
from executions_app.streaming.hub_ring import Ring
from executions_app.streaming.hub_wakes import listen
from executions_app.streaming.stream_reads import (
    PAGE,
    in_database,
    read_frames,
    read_heads,
    read_news,
)

logger = logging.getLogger("celeriac.streaming")

#: How late an event is at most when Redis says nothing.
POLL_SECONDS = 2.0
#: How long to wait after the database refused a read.
PAUSE_SECONDS = 1.0


@dataclass(slots=True)
class Channel:
    """One watched execution."""

    execution_id: str
    ring: Ring
    watchers: set[asyncio.Event] = field(default_factory=set)


@dataclass(frozen=True, slots=True)
class Watch:
    """One watcher of a channel."""

    channel: Channel
    news: asyncio.Event
    """Set when there may be something new; clear it before asking."""

    async def after(self, seq: int) -> list[Frame]:
        """Return a page of the events that follow ``seq``; empty if there are none yet."""
        frames = self.channel.ring.after(seq, limit=PAGE)
        if frames is None:
            return await in_database(read_frames, self.channel.execution_id, after=seq)
        return frames

    def over(self, seq: int) -> bool:
        """Return whether nothing will ever follow ``seq``."""
        return self.channel.ring.final and seq >= self.channel.ring.head


class Hub:
    """Belongs to one event loop.  Its tasks run while somebody watches."""

    def __init__(self) -> None:
        self._channels: dict[str, Channel] = {}
        self._stale: set[str] = set()
        self._woken = asyncio.Event()
        self._tasks: list[asyncio.Task[None]] = []

    @contextmanager
    def watch(self, execution_id: str, *, head: int) -> Iterator[Watch]:
        """Yield a watch; ``head`` is a ``seq`` that the execution is known to have reached."""
        channel = self._channels.get(execution_id)
        if channel is None:
            channel = self._channels[execution_id] = Channel(execution_id, Ring(head))
        watch = Watch(channel, asyncio.Event())
        channel.watchers.add(watch.news)
        self._start()
        # Something may have happened since ``head`` was read.
        self._wake(execution_id)
        try:
            yield watch
        finally:
            channel.watchers.discard(watch.news)
            if not channel.watchers:
                del self._channels[execution_id]
            if not self._channels:
                self._stop()

    def _start(self) -> None:
        if all(task.done() for task in self._tasks):
            listening = listen(settings.REDIS_URL, on_wake=self._wake, on_gap=self._wake_all)
            self._tasks = [asyncio.create_task(self._read()), asyncio.create_task(listening)]

    def _stop(self) -> None:
        for task in self._tasks:
            task.cancel()
        self._tasks = []

    def _wake(self, execution_id: str) -> None:
        if execution_id in self._channels:
            self._stale.add(execution_id)
            self._woken.set()

    def _wake_all(self) -> None:
        self._stale.update(self._channels)
        self._woken.set()

    async def _read(self) -> None:
        next_poll = time.monotonic() + POLL_SECONDS
        while True:
            try:
                async with asyncio.timeout(max(0.0, next_poll - time.monotonic())):
                    await self._woken.wait()
            except TimeoutError:
                pass
            try:
                if time.monotonic() >= next_poll:
                    await self._poll()
                    next_poll = time.monotonic() + POLL_SECONDS
                await self._pass_on_news()
            except Exception:  # a database that is away comes back; streams must outlive that
                logger.exception(
                    "reading events for streams failed", extra={"action": "stream.read_failed"}
                )
                await asyncio.sleep(PAUSE_SECONDS)

    async def _poll(self) -> None:
        """Look, with one query, which of the watched executions have moved."""
        if self._channels:
            for key, last_seq in (await in_database(read_heads, list(self._channels))).items():
                channel = self._channels.get(key)
                if channel is not None and last_seq > channel.ring.head:
                    self._stale.add(key)

    async def _pass_on_news(self) -> None:
        self._woken.clear()
        stale, self._stale = self._stale, set()
        channels = {key: self._channels[key] for key in stale if key in self._channels}
        if not channels:
            return
        try:
            news = await in_database(
                read_news, {key: channel.ring.head for key, channel in channels.items()}
            )
        except BaseException:
            self._stale |= stale
            raise
        for key, frames in news.items():
            channels[key].ring.extend(frames)
            for watcher in channels[key].watchers:
                watcher.set()
            if len(frames) == PAGE:
                self._wake(key)


_hub: tuple[asyncio.AbstractEventLoop, Hub] | None = None


def hub() -> Hub:
    """Return the hub of the running event loop; a server process has one."""
    global _hub
    loop = asyncio.get_running_loop()
    if _hub is None or _hub[0] is not loop:
        _hub = (loop, Hub())
    return _hub[1]
