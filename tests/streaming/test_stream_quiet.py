"""A stream on which nothing happens: comments, rights that end, a database that goes away."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable

import pytest
from django.db import OperationalError

from executions_app.models import Execution
from executions_app.streaming import hub as hub_module
from executions_app.streaming import stream as stream_module
from executions_app.streaming.encode import KEEP_ALIVE
from executions_app.streaming.hub import hub
from executions_app.streaming.log import Log
from executions_app.streaming.stream import Position, Subject, stream
from executions_app.streaming.stream_reads import Reading
from tests.streaming.log_rows import a_user, an_execution

pytestmark = pytest.mark.django_db(transaction=True)


def opened(
    execution: Execution, *, may_look: Callable[[], bool] = lambda: True
) -> AsyncIterator[bytes]:
    log = Log(execution_id=execution.pk, root_id=execution.pk)
    subject = Subject(reading=Reading(log=log), last_seq=1, finished=False)
    return stream(subject, Position(after=0), user_id=1, may_look=may_look)


def test_comments_keep_an_idle_stream_open(monkeypatch: pytest.MonkeyPatch, redis_url: str) -> None:
    monkeypatch.setattr(stream_module, "KEEP_ALIVE_SECONDS", 0.01)
    execution = an_execution(a_user(), events=1)

    async def scenario() -> list[bytes]:
        pieces = opened(execution)
        return [await anext(pieces) for _ in range(4)]

    opening, event, *comments = asyncio.run(scenario())

    assert opening.startswith(b":")
    assert event.startswith(b"event: execution_started\nid: 1\n")
    assert comments == [KEEP_ALIVE, KEEP_ALIVE]


def test_a_stream_breaks_off_when_its_reader_loses_the_right(
    monkeypatch: pytest.MonkeyPatch, redis_url: str
) -> None:
    monkeypatch.setattr(stream_module, "KEEP_ALIVE_SECONDS", 0.01)
    monkeypatch.setattr(stream_module, "RECHECK_SECONDS", 0.0)
    execution = an_execution(a_user(), events=1)
    answers = iter([True, True, False])

    async def scenario() -> bytes:
        return b"".join(
            [piece async for piece in opened(execution, may_look=lambda: next(answers))]
        )

    said = asyncio.run(scenario())

    assert b"id: 1\n" in said
    assert b"event: end" not in said
    assert next(answers, None) is None


def test_a_stream_breaks_off_without_an_end_when_the_database_is_away(
    redis_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    execution = an_execution(a_user(), events=1)

    def away(*args: object, **kwargs: object) -> None:
        raise OperationalError("away")

    monkeypatch.setattr(hub_module, "read_frames", away)

    async def scenario() -> bytes:
        return b"".join([piece async for piece in opened(execution)])

    assert b"event: end" not in asyncio.run(scenario())


def test_the_hub_rests_when_nobody_watches(redis_url: str) -> None:
    execution = an_execution(a_user(), events=1)

    async def scenario() -> tuple[int, int]:
        pieces = opened(execution)
        await anext(pieces)
        await anext(pieces)
        watched = len(asyncio.all_tasks())
        await pieces.aclose()
        while len(asyncio.all_tasks()) > 1:
            await asyncio.sleep(0)
        return watched, len(hub()._channels)

    watched, channels = asyncio.run(scenario())

    assert watched > 1
    assert channels == 0
