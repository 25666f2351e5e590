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
from executions_app.streaming.hub import hub
from executions_app.streaming.stream_reads import in_database, let_go_of_request, read_frames
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

    execution_id: str
    last_seq: int
    finished: bool


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
            source = _history if subject.finished else _live
            async with aclosing(source(subject, last, may_look)) as pages:
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


async def _history(
    subject: Subject, last: int, may_look: Callable[[], bool]
) -> AsyncGenerator[list[Frame], None]:
    """Yield everything after ``last`` of a finished execution."""
    while frames := await in_database(read_frames, subject.execution_id, after=last):
        last = frames[-1].seq
        yield frames


async def _live(
    subject: Subject, last: int, may_look: Callable[[], bool]
) -> AsyncGenerator[list[Frame], None]:
    """Yield what follows ``last`` until the execution is over; nothing means nothing happened.

    Raises:
        _Revoked: once ``may_look`` says no.
    """
    recheck_at = time.monotonic() + RECHECK_SECONDS
    with hub().watch(subject.execution_id, head=subject.last_seq) as watch:
        while True:
            watch.news.clear()
            if frames := await watch.after(last):
                last = frames[-1].seq
                yield frames
                if frames[-1].final:
                    return
            elif watch.over(last):
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
