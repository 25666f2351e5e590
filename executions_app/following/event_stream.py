"""The stream of one execution to ordinary code: iterate it, then ask it for the result.

Any number of readers may follow an execution, each from its own place: nothing is queued for
anybody, the table is read.  Refuses to keep a thread or a connection between two events of an
asynchronous reader.
"""

from __future__ import annotations

import asyncio
import time
from collections.abc import (
    AsyncGenerator,
    AsyncIterator,
    Callable,
    Coroutine,
    Generator,
    Iterator,
    Sequence,
)
from contextlib import aclosing, closing
from dataclasses import dataclass, field
from functools import partial
from types import TracebackType
from typing import Any, TypeVar

from asgiref.sync import sync_to_async

from executions_app import inline
from executions_app.database_retry import UNAVAILABLE
from executions_app.engine.statuses import FINAL
from executions_app.errors import ExecutionNotFound
from executions_app.following.follow import PATIENCE_SECONDS, Glance, glance_at, glances
from executions_app.following.formats import EVENTS, STREAMS, Teller, teller_of
from executions_app.mastra.chunks import usage_of
from executions_app.models import Event, Execution
from executions_app.result import ExecutionResult, result_of
from executions_app.streaming.hub import hub
from executions_app.streaming.log import log_of
from executions_app.streaming.stream_reads import in_database

#: An asynchronous reader looks again after this long, whatever it is told.
_LOOK_SECONDS = 15.0
#: While the database is away it is asked again this often.
_AGAIN_SECONDS = 0.5

Told = dict[str, Any]
T = TypeVar("T")


@dataclass(frozen=True, slots=True, kw_only=True)
class Source:
    """What a stream tells: one execution, from a place on, in some words."""

    execution_id: str
    after: int = 0
    """The event after which it begins."""
    format: str = EVENTS
    closes_at_rest: bool = True
    """Whether it ends when the execution is suspended or paused."""
    refusal: Exception | None = None
    """Why the execution could not start."""

    def teller(self) -> Teller:
        """Return what finds the words."""
        return teller_of(STREAMS, self.format)(self.execution_id)

    def told(self) -> Generator[Told, None, None]:
        """Yield everything that is told, and wait for it."""
        teller = self.teller()
        if self.refusal is not None:
            yield from teller.refused(self.refusal)
            return
        yield from self._first(teller)
        status = ""
        found = glances(self.execution_id, after=self.after, until_rest=self.closes_at_rest)
        with closing(found):
            for glance in found:
                status = glance.status
                for told in teller.tell(glance.events):
                    yield from told
        yield from self._last(teller, status)

    async def atold(self) -> AsyncGenerator[Told, None]:
        """Yield what :meth:`told` does; nothing waits in a thread."""
        if inline.active is not None or self.refusal is not None:
            # What runs in memory is moved on by whoever reads, on the caller's own thread.
            told = self.told()
            advance = sync_to_async(next)
            try:
                while (item := await advance(told, None)) is not None:
                    yield item
            finally:
                await sync_to_async(told.close)()
            return
        teller = await in_database(self.teller)
        for item in await in_database(self._first, teller):
            yield item
        async with aclosing(self._aglances(teller)) as found:
            async for glance, told in found:
                status = glance.status
                for item in told:
                    yield item
        for item in await in_database(self._last, teller, status):
            yield item

    async def _aglances(self, teller: Teller) -> AsyncGenerator[tuple[Glance, list[Told]], None]:
        log, after = await _patiently(partial(log_of, self.execution_id)), self.after

        def tell(events: Sequence[Event]) -> list[Told]:
            return [item for told in teller.tell(events) for item in told]

        head = await _patiently(lambda: log.last_seq)
        with hub().watch(log.root_id, head=head) as watch:
            while True:
                watch.news.clear()
                glance = await _patiently(
                    partial(glance_at, log, after=after, until_rest=self.closes_at_rest)
                )
                after = glance.last_seq
                yield glance, await in_database(tell, glance.events) if glance.events else []
                if glance.is_over:
                    if not await _patiently(partial(log.after, after, limit=1)):
                        return
                elif glance.is_read:
                    try:
                        async with asyncio.timeout(_LOOK_SECONDS):
                            await watch.news.wait()
                    except TimeoutError:
                        pass

    def _first(self, teller: Teller) -> list[Told]:
        return teller.opening() if self.after else []

    def _last(self, teller: Teller, status: str) -> list[Told]:
        return [] if status in FINAL else teller.closing(status)

    # -- beside the events ----------------------------------------------------------------------

    def result(self) -> ExecutionResult:
        """Wait until the stream would end, and return what the execution came to.

        Raises:
            Exception: what kept it from starting.
        """
        if self.refusal is not None:
            raise self.refusal
        for _ in glances(self.execution_id, after=self.after, until_rest=self.closes_at_rest):
            pass
        return result_of(self._execution())

    def status(self) -> str:
        """Return the status now."""
        return "failed" if self.refusal is not None else self._execution().status

    def usage(self) -> dict[str, int]:
        """Return the tokens that its steps have reported by now."""
        return usage_of(self.execution_id)

    def _execution(self) -> Execution:
        row = Execution.objects.filter(pk=self.execution_id).first()
        if row is None:
            raise ExecutionNotFound(self.execution_id)
        return row


async def _patiently(read: Callable[[], T]) -> T:
    """Return what ``read`` returns, in a thread; while the database is away nobody waits there."""
    until = time.monotonic() + PATIENCE_SECONDS
    while True:
        try:
            return await in_database(read)
        except UNAVAILABLE:
            if time.monotonic() >= until:
                raise
            await asyncio.sleep(_AGAIN_SECONDS)


class EventStream(Iterator[Told]):
    """A stream to iterate over.  Closing it leaves the execution, and other readers, alone."""

    def __init__(self, source: Source) -> None:
        self.source = source
        self._told = source.told()

    @property
    def execution_id(self) -> str:
        return self.source.execution_id

    @property
    def full_stream(self) -> EventStream:
        """Another reader of the same stream, from its beginning."""
        return EventStream(self.source)

    @property
    def result(self) -> ExecutionResult:
        """What the execution came to; waits until the stream would end."""
        return self.source.result()

    @property
    def status(self) -> str:
        """The execution's status now; ``failed`` if it could not start."""
        return self.source.status()

    @property
    def usage(self) -> dict[str, int]:
        """Tokens that steps have reported by now, in Mastra's kinds."""
        return self.source.usage()

    def get_workflow_state(self) -> ExecutionResult:
        """Return :attr:`result`, by its older name."""
        return self.result

    def close(self) -> None:
        """Stop reading."""
        self._told.close()

    def __next__(self) -> Told:
        return next(self._told)

    def __enter__(self) -> EventStream:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        self.close()


@dataclass(slots=True, eq=False)
class AsyncEventStream(AsyncIterator[Told]):
    """A stream for ``async for``.  What it follows is opened when somebody first asks for it."""

    _open: Callable[[], Source]
    _source: Source | None = None
    _told: AsyncGenerator[Told, None] | None = None
    _opening: asyncio.Lock = field(default_factory=asyncio.Lock)

    @property
    def result(self) -> Coroutine[Any, Any, ExecutionResult]:
        """To be awaited: what the execution came to, when the stream would end."""
        return self._result()

    @property
    def status(self) -> Coroutine[Any, Any, str]:
        """To be awaited: the execution's status now."""
        return self._ask(Source.status)

    @property
    def usage(self) -> Coroutine[Any, Any, dict[str, int]]:
        """To be awaited: tokens that steps have reported by now, in Mastra's kinds."""
        return self._ask(Source.usage)

    async def aclose(self) -> None:
        """Stop reading."""
        if self._told is not None:
            await self._told.aclose()

    async def __anext__(self) -> Told:
        if self._told is None:
            self._told = (await self._opened()).atold()
        return await anext(self._told)

    async def __aenter__(self) -> AsyncEventStream:
        return self

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        await self.aclose()

    async def _result(self) -> ExecutionResult:
        source = await self._opened()
        if source.refusal is not None:
            raise source.refusal
        async for _ in source.atold():
            pass
        return await self._ask(Source.result)

    async def _ask(self, question: Callable[[Source], T]) -> T:
        source = await self._opened()
        return await sync_to_async(question)(source)

    async def _opened(self) -> Source:
        async with self._opening:
            if self._source is None:
                self._source = await sync_to_async(self._open)()
        return self._source
