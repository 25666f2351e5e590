"""The stream of one execution to one reader: what it missed, then what happens, then the end.

Refuses to hold a thread, a connection or a queue for a reader who waits or is slow: between two
messages it is a sequence number and a timer.
"""

from __future__ import annotations

import asyncio
import logging
import time
from collections.abc import AsyncGenerator, Callable, Iterator, Sequence
from contextlib import aclosing
from dataclasses import dataclass

from django.db import Error as DatabaseFailure

from executions_app.streaming.encode import (
    KEEP_ALIVE,
    Frame,
    encode_end,
    encode_reset,
    opening,
)
from executions_app.streaming.hub import Watch, hub
from executions_app.streaming.stream_reads import Reading, in_database, let_go_of_request
from executions_app.streaming.stream_slots import TooManyStreams, hold

logger = logging.getLogger("celeriac.streaming")

KEEP_ALIVE_SECONDS = 15.0
#: How long a reader who lost the right to look may go on looking.
RECHECK_SECONDS = 60.0
#: More digits than any ``seq`` has.
_MAX_DIGITS = 10
_PIECE_BYTES = 64 * 1024


@dataclass(frozen=True, slots=True, kw_only=True)
class Position:
    """Where a reader goes on."""

    after: int
    """The last ``seq`` it has; 0 for none."""
    reset: bool = False
    """Whether it asked for a place that this execution does not have."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Subject:
    """The execution as it was when the stream was asked for."""

    reading: Reading
    last_seq: int
    """Of the log, which for a nested execution is its root's."""
    finished: bool

    @property
    def execution_id(self) -> str:
        return self.reading.log.execution_id


class _Revoked(Exception):
    """The reader may not look any more."""


def parse_position(last_event_id: str, *, last_seq: int) -> Position:
    """Return where to go on after ``last_event_id``, as the reader sent it; empty for none."""
    text = last_event_id.strip()
    if not text:
        return Position(after=0)
    numeric = text.isascii() and text.isdigit() and len(text) <= _MAX_DIGITS
    if not numeric or int(text) > last_seq:
        return Position(after=0, reset=True)
    return Position(after=int(text))


async def stream(
    subject: Subject, position: Position, *, user_id: int, may_look: Callable[[], bool]
) -> AsyncGenerator[bytes, None]:
    """Yield the stream in pieces of whole messages.

    ``may_look`` is asked in a thread, every ``RECHECK_SECONDS``.  A stream that ends without
    ``event: end`` was broken off; the reader comes back and is told why, or goes on.
    """
    await let_go_of_request()
    try:
        with hold(user_id):
            yield opening()
            if position.reset:
                yield encode_reset(subject.execution_id, last_seq=subject.last_seq)
            last = position.after
            async with aclosing(_pages(subject, last, may_look)) as pages:
                async for frames in pages:
                    if not frames:
                        yield KEEP_ALIVE
                    for piece in _pieces(frames):
                        yield piece
                    last = frames[-1].seq if frames else last
            yield encode_end(subject.execution_id, last_seq=last)
    except (TooManyStreams, _Revoked):
        return
    except DatabaseFailure as error:
        logger.warning(
            "a stream was broken off, its reader will come back",
            extra={
                "action": "stream.broken",
                "run_id": subject.execution_id,
                "error": repr(error),
            },
        )


def _pieces(frames: Sequence[Frame]) -> Iterator[bytes]:
    """Yield the messages of ``frames`` joined into pieces of about ``_PIECE_BYTES``.

    Fewer pieces are quicker to send; small ones leave a slow reader little to hold.
    """
    piece: list[bytes] = []
    size_bytes = 0
    for frame in frames:
        piece.append(frame.body)
        size_bytes += len(frame.body)
        if size_bytes >= _PIECE_BYTES:
            yield b"".join(piece)
            piece, size_bytes = [], 0
    if piece:
        yield b"".join(piece)


async def _pages(
    subject: Subject, last: int, may_look: Callable[[], bool]
) -> AsyncGenerator[list[Frame], None]:
    """Yield everything after ``last``, until nothing follows; nothing means nothing happened.

    Raises:
        _Revoked: once ``may_look`` says no.
    """
    if subject.finished:
        is_over = True
        while frames := await in_database(subject.reading.after, last):
            last, is_over = frames[-1].seq, subject.reading.is_end(frames[-1])
            yield frames
        if is_over:
            return
        # Somebody has opened it again meanwhile.
    async with aclosing(_live(subject, last, may_look)) as pages:
        async for frames in pages:
            yield frames


async def _live(
    subject: Subject, last: int, may_look: Callable[[], bool]
) -> AsyncGenerator[list[Frame], None]:
    reading = subject.reading
    recheck_at = time.monotonic() + RECHECK_SECONDS
    is_over = False
    with hub().watch(reading.log.root_id, head=max(subject.last_seq, last)) as watch:
        while True:
            watch.news.clear()
            if frames := await _news(watch, reading, last):
                last, is_over = frames[-1].seq, reading.is_end(frames[-1])
                yield frames
            # Whoever reads the past passes endings after which the execution was opened again.
            elif watch.over(last) or (is_over and reading.log.is_part):
                return
            else:
                try:
                    # Not ``wait_for``: on Python 3.11 it can swallow the cancellation that says
                    # the reader has gone, and the stream would live for ever.
                    async with asyncio.timeout(KEEP_ALIVE_SECONDS):
                        await watch.news.wait()
                except TimeoutError:
                    yield []
            if time.monotonic() >= recheck_at:
                if not await in_database(may_look):
                    raise _Revoked
                recheck_at = time.monotonic() + RECHECK_SECONDS


async def _news(watch: Watch, reading: Reading, last: int) -> list[Frame]:
    if reading.is_everybodys:
        return await watch.after(last)
    return await in_database(reading.after, last)
