"""Following executions that real workers run: live, from several sides, asynchronously."""

from __future__ import annotations

import asyncio
from typing import Any

import pytest
from asgiref.sync import sync_to_async
from django.contrib.auth.models import Group
from django.db import connections

from executions_app.following.event_stream import AsyncEventStream, EventStream, Source
from executions_app.following.watching import watch
from executions_app.models import Event, Execution
from tests.live.running import Stage, node
from tests.live.workers import Crew, wait_until
from tests.published import chain, published
from workflows_app.authoring.registry import registry

pytestmark = [pytest.mark.live, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def held(stage: Stage) -> Execution:
    """An execution whose step has written, and works on until it may end."""
    execution = stage.start(published(*chain(node("a", "writes-then-waits"), node("b"))))
    stage.wait_for_start("a")
    return execution


def types(events: Any) -> list[str]:
    return [event["type"] for event in events]


def test_what_a_step_writes_is_seen_before_the_step_ends(stage: Stage, held: Execution) -> None:
    told: list[dict[str, Any]] = []
    outputs: list[Any] = []

    for event in EventStream(Source(execution_id=held.pk)):
        told.append(event)
        if event["type"] == "step_output":
            outputs.append(event["output"])
            if outputs == [{"n": 1}, 0.5]:
                ended = Event.objects.filter(execution=held, type="step_completed")
                assert not ended.exists()
                stage.go("a")

    of_a = [event["type"] for event in told if event.get("step_id") == "a"]
    assert of_a == [
        *("step_scheduled", "step_started", "log", "step_output", "step_output"),
        *("step_output", "step_completed"),
    ]
    assert outputs == [{"n": 1}, 0.5, {"n": 2}]
    assert stage.end_of(held).status == "completed"


def test_readers_of_every_kind_are_told_the_same(stage: Stage, held: Execution) -> None:
    seen: list[dict[str, Any]] = []
    stop = watch(held.pk, seen.append, format="events")
    early = EventStream(Source(execution_id=held.pk))
    assert next(early)["type"] == "execution_started"
    early.close()

    async def read() -> list[dict[str, Any]]:
        try:
            stream, found = AsyncEventStream(lambda: Source(execution_id=held.pk)), []
            async for event in stream:
                found.append(event)
                if event["type"] == "step_output" and event["output"] == 0.5:
                    await sync_to_async(stage.go)("a")
            return found
        finally:
            await sync_to_async(connections.close_all)()

    told = asyncio.run(asyncio.wait_for(read(), 40))

    assert types(told)[-1] == "execution_completed"
    assert list(EventStream(Source(execution_id=held.pk))) == told
    wait_until(lambda: seen == told, what="the watcher to be told the same")
    stop()


def test_a_stream_starts_and_follows_in_mastras_words(stage: Stage) -> None:
    stream = (
        registry.workflows["live-arithmetic"]
        .create_run()
        .stream(input_data={"n": 3}, format="mastra")
    )

    chunks = list(stream)

    kinds = [(chunk["type"], chunk["payload"].get("id")) for chunk in chunks]
    assert kinds[1:3] == [
        ("workflow-step-start", "live-double"),
        ("workflow-step-start", "live-square"),
    ]
    assert {kind for kind, _ in kinds[3:5]} == {"workflow-step-result"}
    assert kinds[-1] == ("workflow-finish", None)
    assert stream.result.result == {"n": 16, "from": 3}


def test_a_worker_that_is_killed_in_an_atomic_step_leaves_nothing(stage: Stage, crew: Crew) -> None:
    execution = stage.start(published([node("a", "books-and-dies")]))
    stage.wait_for_start("a")
    wait_until(lambda: not all(worker.is_alive for worker in crew.workers), what="its death")

    result = stage.end_of(execution)

    assert (result.status, result.result) == ("completed", 1)
    assert Group.objects.filter(name__startswith=execution.pk).count() == 1
    assert stage.counts() == {"a": 2}
