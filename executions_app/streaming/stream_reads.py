"""Reading the log for streams, off the event loop.  Refuses to keep a connection between two reads.

A stream lives for hours and reads for milliseconds, so a few threads read for all of them.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import Any, ParamSpec, TypeVar

from asgiref.sync import SyncToAsync, sync_to_async
from django.db import connections

from executions_app.models import Event, Execution
from executions_app.streaming.encode import Frame, encode_as, encode_event
from executions_app.streaming.log import Log

#: Events read at a time; an event holds 1 MB at most.
PAGE = 100
#: Executions asked about in one query; SQLite takes 32,766 parameters.
_BATCH = 500
_threads = ThreadPoolExecutor(4, thread_name_prefix="stream-reads")

P = ParamSpec("P")
T = TypeVar("T")
#: Tells events in the words of some format: for each event the messages that it becomes.
Tell = Callable[[Sequence[Event]], Sequence[Sequence[Mapping[str, Any]]]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Reading:
    """What a stream reads: an execution's events, in the words of a format."""

    log: Log
    tell: Tell | None = None
    """``None`` for our own words, in which everybody's events are encoded once."""

    @property
    def is_everybodys(self) -> bool:
        """Whether others who watch the same log are told the same."""
        return self.tell is None and not self.log.is_part

    def after(self, seq: int) -> list[Frame]:
        """Return a page of what follows ``seq``, in order."""
        rows = self.log.after(seq, limit=PAGE)
        if self.tell is None:
            return [encode_event(row) for row in rows]
        return [encode_as(row, told) for row, told in zip(rows, self.tell(rows), strict=True)]

    def is_end(self, frame: Frame) -> bool:
        """Return whether the execution ends with ``frame``."""
        return frame.ends and frame.source == self.log.source


async def in_database(read: Callable[P, T], *args: P.args, **kwargs: P.kwargs) -> T:
    """Return what ``read`` returns; it runs in a thread whose connection is closed afterwards."""

    def run() -> T:
        try:
            return read(*args, **kwargs)
        finally:
            _close_connections()

    return await asyncio.get_running_loop().run_in_executor(_threads, run)


def read_frames(execution_id: str, *, after: int, limit: int = PAGE) -> list[Frame]:
    """Return the events that follow ``after``, at most ``limit``, in order."""
    rows = Event.objects.filter(execution_id=execution_id, seq__gt=after).order_by("seq")[:limit]
    return [encode_event(row) for row in rows]


def read_news(heads: Mapping[str, int]) -> dict[str, list[Frame]]:
    """Return a page of what follows each execution's head; executions without news are absent."""
    found = {key: read_frames(key, after=head) for key, head in heads.items()}
    return {key: frames for key, frames in found.items() if frames}


def read_heads(execution_ids: Iterable[str]) -> dict[str, int]:
    """Return the last ``seq`` of each execution; one that is gone is absent."""
    wanted = list(execution_ids)
    heads: dict[str, int] = {}
    for start in range(0, len(wanted), _BATCH):
        rows = Execution.objects.filter(pk__in=wanted[start : start + _BATCH]).order_by()
        heads |= dict(rows.values_list("pk", "last_seq"))
    return heads


async def let_go_of_request() -> None:
    """Give back the connection and the thread that this request's middleware and view used.

    Django keeps both until the response ends (one thread for each request's synchronous code),
    which for a stream is when the browser leaves.  Should synchronous code of this request run
    again, it gets a new thread.
    """
    await sync_to_async(_close_connections)()
    context = SyncToAsync.thread_sensitive_context.get(None)
    if context is not None:
        executor = SyncToAsync.context_to_thread_executor.pop(context, None)
        if executor is not None:
            executor.shutdown(wait=False)


def _close_connections() -> None:
    for connection in connections.all(initialized_only=True):
        if not connection.in_atomic_block:
            connection.close()
