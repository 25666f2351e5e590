"""Reading the log for streams, off the event loop.  Refuses to keep a connection between two reads.

A stream lives for hours and reads for milliseconds, so a few threads read for all of them.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterable, Mapping
from concurrent.futures import ThreadPoolExecutor
from typing import ParamSpec, TypeVar

from asgiref.sync import SyncToAsync, sync_to_async
from django.db import connections

from executions_app.models import Event, Execution
from executions_app.streaming.encode import Frame, encode_event

#: Events read at a time; an event holds 1 MB at most.
PAGE = 100
#: Executions asked about in one query; SQLite takes 32,766 parameters.
_BATCH = 500
_threads = ThreadPoolExecutor(4, thread_name_prefix="stream-reads")

P = ParamSpec("P")
T = TypeVar("T")


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
