"""Streams from Python: where they begin and end, who else reads, what can be asked of them."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Coroutine, Iterator
from contextlib import aclosing
from typing import Any, TypeVar

import pytest
from asgiref.sync import async_to_sync, sync_to_async
from django.db import connections, transaction

from executions_app.operations.audit import differences, orphans
from executions_app.run import Run
from executions_app.testing import Engine, in_memory
from tests.streaming.told_workflows import asks, in_a_row, one_more, step
from workflows_app.authoring import WorkflowError

pytestmark = pytest.mark.django_db(transaction=True)
T = TypeVar("T")


@pytest.fixture(autouse=True)
def engine() -> Iterator[Engine]:
    with in_memory() as engine:
        yield engine


def same(value: Any) -> Any:
    return value


def a_run() -> Run:
    return in_a_row(step("A"), step("B")).create_run()


def asking() -> Run:
    return in_a_row(step("first", same), step("A", asks), step("B", same)).create_run()


def types(events: Any) -> list[str]:
    return [event["type"] for event in events]


def run_async(reading: Coroutine[Any, Any, T]) -> T:
    """Return what ``reading`` returns, in a loop of its own that leaves no connection behind."""

    async def alone() -> T:
        try:
            return await asyncio.wait_for(reading, 30)
        finally:
            await sync_to_async(connections.close_all)()

    return asyncio.run(alone())


def check(run: Run) -> None:
    assert differences(run.id) == []
    assert not list(orphans())


def test_a_stream_tells_everything_in_order() -> None:
    run = a_run()

    events = list(run.stream(input_data={"n": 0}))

    assert [event["seq"] for event in events] == list(range(1, len(events) + 1))
    assert types(events)[0] == "execution_started"
    assert types(events)[-1] == "execution_completed"
    check(run)


def test_the_result_is_there_without_reading() -> None:
    stream = a_run().stream(input_data={"n": 0})

    assert stream.status == "running"
    assert stream.result.result == {"n": 2}
    assert stream.status == "completed"
    assert set(stream.usage.values()) == {0}


def test_who_comes_late_is_told_everything() -> None:
    run = a_run()
    first = list(run.stream(input_data={"n": 0}))

    assert list(run.stream()) == first


def test_a_reader_that_leaves_early_changes_nothing_for_others() -> None:
    run = a_run()
    stream = run.stream(input_data={"n": 0})
    other = stream.full_stream

    with stream:
        assert next(stream)["type"] == "execution_started"

    assert list(stream) == []
    assert types(other)[-1] == "execution_completed"
    assert list(stream.full_stream) == list(run.stream())


def test_readers_in_step_are_told_the_same() -> None:
    stream = a_run().stream(input_data={"n": 0})

    pairs = list(zip(stream.full_stream, stream.full_stream, strict=True))

    assert len(pairs) > 4
    assert all(one == other for one, other in pairs)


def test_a_stream_ends_where_somebody_has_to_answer() -> None:
    run = asking()
    stream = run.stream(input_data=1)

    assert types(stream)[-2:] == ["step_suspended", "execution_suspended"]
    assert stream.status == stream.result.status == "suspended"

    after = run.resume_stream("A", resume_data=2)

    events = list(after)
    assert types(events)[:2] == ["step_resumed", "execution_resumed"]
    assert types(events)[-1] == "execution_completed"
    assert "first" not in [event.get("step_id") for event in events]
    assert after.result.result == 2
    check(run)


def test_a_stream_that_stays_open_goes_on_after_the_answer() -> None:
    run, told = asking(), []

    for event in run.stream(input_data=1, close_on_suspend=False):
        told.append(event["type"])
        if event["type"] == "execution_suspended":
            run.resume_async(resume_data=2)

    assert told[-1] == "execution_completed"
    assert told.count("execution_suspended") == 1


def test_an_answer_while_reading_keeps_the_stream_going() -> None:
    run, told = asking(), []

    for event in run.stream(input_data=1):
        told.append(event["type"])
        if event["type"] == "step_suspended":
            run.resume(resume_data=2)

    assert told[-1] == "execution_completed"


def test_a_stream_ends_where_it_is_paused() -> None:
    run = a_run()

    events = list(run.stream(input_data={"n": 0}, per_step=True))

    assert types(events)[-1] == "execution_paused"


def test_a_travel_in_time_is_streamed_from_where_it_begins() -> None:
    run = a_run()
    run.start(input_data={"n": 0})

    stream = run.time_travel_stream("B", input_data={"n": 10})

    events = list(stream)
    assert types(events)[0] == "execution_reopened"
    assert types(events)[-1] == "execution_completed"
    assert stream.result.result == {"n": 11}
    assert len(events) < len(list(run.stream()))


def test_an_answer_that_is_refused_raises_and_the_next_is_taken() -> None:
    run = asking()
    run.start(input_data=1)

    with pytest.raises(WorkflowError, match="elsewhere"):
        run.resume_stream("elsewhere", resume_data=2)

    assert types(run.resume_stream(resume_data=3))[-1] == "execution_completed"


def test_bad_input_raises() -> None:
    run = in_a_row(step("A"), input_schema={"type": "object", "required": ["n"]}).create_run()

    with pytest.raises(WorkflowError, match="Invalid input data"):
        run.stream(input_data={})

    assert run.status == "pending"


def test_a_second_start_is_refused_in_any_words() -> None:
    run = a_run()
    run.start(input_data={"n": 0})

    for format in ("events", "mastra"):
        with pytest.raises(WorkflowError) as error:
            run.stream(input_data={"n": 0}, format=format)
        assert error.value.code == "start.claimed"


def test_a_format_that_is_none_is_refused_before_the_start() -> None:
    run = a_run()

    with pytest.raises(ValueError, match="'xml' is no format; use one of events, mastra, legacy"):
        run.stream(input_data={"n": 0}, format="xml")

    assert run.status == "pending"


def test_a_nested_executions_own_stream_is_its_part_of_the_log() -> None:
    inner = in_a_row(step("i", one_more), step("j", one_more), id="stream-inner")
    outer = in_a_row(step("A"), inner, step("B")).create_run()
    result = outer.start(input_data={"n": 0})
    nested = inner.create_run(result.steps["stream-inner"].execution_id)

    events = list(nested.stream())

    assert {event["source"] for event in events} == {nested.id}
    assert types(events)[0] == "execution_started"
    assert types(events)[-1] == "execution_completed"
    assert {event["step_id"] for event in events if "step_id" in event} == {"i", "j"}
    assert events == [event for event in outer.stream() if event.get("source") == nested.id]


def test_an_asynchronous_stream_tells_the_same() -> None:
    run = a_run()

    @async_to_sync
    async def read() -> tuple[list[Any], Any, Any]:
        stream = run.astream(input_data={"n": 0})
        events = [event async for event in stream]
        return events, await stream.result, await stream.status

    events, result, status = read()

    assert events == list(run.stream())
    assert (result.result, status) == ({"n": 2}, "completed")


def test_an_asynchronous_stream_resumes() -> None:
    run = asking()

    @async_to_sync
    async def read() -> list[str]:
        before = [event["type"] async for event in run.astream(input_data=1)]
        after = [event["type"] async for event in run.aresume_stream(resume_data=2)]
        return [before[-1], after[0], after[-1]]

    assert read() == ["execution_suspended", "step_resumed", "execution_completed"]


def test_an_asynchronous_stream_raises_what_is_wrong() -> None:
    run = in_a_row(step("A"), input_schema={"type": "object", "required": ["n"]}).create_run()

    @async_to_sync
    async def read() -> None:
        async for _ in run.astream(input_data={}):
            raise AssertionError("nothing is told")

    with pytest.raises(WorkflowError, match="Invalid input data"):
        read()


class TestWithoutTheEngine:
    """Readers of executions that others move on: here, another thread, by commands."""

    @pytest.fixture(autouse=True)
    def engine(self) -> None:
        """Leave memory: nothing runs by itself."""

    @pytest.fixture
    def suspended(self) -> Run:
        run = asking()
        with in_memory():
            run.start(input_data=1)
        return run

    def test_an_asynchronous_reader_holds_no_thread_and_is_told_live(
        self, suspended: Run, redis_url: str
    ) -> None:
        async def read() -> list[str]:
            told = []
            async with aclosing(suspended.astream(close_on_suspend=False)) as stream:
                async for event in stream:
                    told.append(event["type"])
                    if event["type"] == "execution_suspended":
                        busy = {thread.name for thread in threading.enumerate()}
                        assert not any(name.startswith("watch-") for name in busy)
                        await sync_to_async(suspended.cancel)()
            return told

        told = run_async(read())

        assert told[-1] == "execution_cancelled"

    def test_several_asynchronous_readers_and_one_that_leaves(
        self, suspended: Run, redis_url: str
    ) -> None:
        async def first_only() -> str:
            async with suspended.astream(close_on_suspend=False) as stream:
                return (await anext(stream))["type"]

        async def to_the_end() -> list[str]:
            stream = suspended.astream(close_on_suspend=False)
            return [event["type"] async for event in stream]

        async def all_of_them() -> tuple[str, list[str], list[str]]:
            readers = [asyncio.create_task(to_the_end()) for _ in range(2)]
            first = await first_only()
            await sync_to_async(suspended.cancel)()
            return first, *await asyncio.wait_for(asyncio.gather(*readers), 30)

        first, one, other = run_async(all_of_them())

        assert first == "execution_started"
        assert one == other
        assert one[-1] == "execution_cancelled"

    def test_a_reader_of_the_past_ends_at_rest(self, suspended: Run, redis_url: str) -> None:
        async def read() -> list[str]:
            return [chunk["type"] async for chunk in suspended.astream(format="mastra")]

        told = run_async(read())

        assert told[-2:] == ["workflow-step-suspended", "workflow-finish"]

    def test_starting_a_stream_in_a_transaction_would_wait_for_ever(self) -> None:
        run = a_run()

        with transaction.atomic(), pytest.raises(WorkflowError) as error:
            run.stream(input_data={"n": 0})

        assert error.value.code == "start.in_transaction"
        assert run.status == "pending"
