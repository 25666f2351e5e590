"""Being called back: everything from the first event on, until told to stop."""

from __future__ import annotations

import logging
import threading
from typing import Any

import pytest

from executions_app.run import Run
from executions_app.testing import in_memory
from tests.live.workers import wait_until
from tests.streaming.told_workflows import asks, in_a_row, step

pytestmark = pytest.mark.django_db(transaction=True)


def asking() -> Run:
    return in_a_row(step("A", asks), step("B", lambda value: value)).create_run()


def types(events: Any) -> list[str]:
    return [event["type"] for event in events]


def gone(run: Run) -> bool:
    return all(thread.name != f"watch-{run.id}" for thread in threading.enumerate())


@pytest.fixture
def suspended(redis_url: str) -> Run:
    """An execution that only commands move on."""
    run = asking()
    with in_memory():
        run.start(input_data=1)
    return run


def test_what_was_and_what_comes_is_told_on_a_thread_of_its_own(suspended: Run) -> None:
    seen: list[dict[str, Any]] = []
    threads = set()

    def take(event: dict[str, Any]) -> None:
        seen.append(event)
        threads.add(threading.current_thread().name)

    suspended.watch(take)
    wait_until(lambda: types(seen)[-1:] == ["execution_suspended"], what="what was")
    suspended.cancel()
    wait_until(lambda: types(seen)[-1:] == ["execution_cancelled"], what="what comes")

    assert seen == list(suspended.stream())
    assert threads == {f"watch-{suspended.id}"}
    wait_until(lambda: gone(suspended), what="the thread to end with the execution")


def test_it_stops_from_inside_and_leaves_no_thread(suspended: Run) -> None:
    seen: list[str] = []

    def take(event: dict[str, Any]) -> None:
        seen.append(event["type"])
        stop()

    ready = threading.Event()
    stop = suspended.watch(lambda event: ready.wait() and take(event))
    ready.set()

    wait_until(lambda: gone(suspended), what="the thread to end")
    assert seen == ["execution_started"]


def test_stopping_ends_the_thread_of_an_idle_execution(suspended: Run) -> None:
    stop = suspended.watch(lambda event: None)

    stop()

    wait_until(lambda: gone(suspended), what="the thread to end")


def test_a_callback_that_raises_is_logged_and_breaks_nothing(
    suspended: Run, caplog: pytest.LogCaptureFixture
) -> None:
    seen: list[str] = []

    def take(event: dict[str, Any]) -> None:
        raise ValueError("not today")

    with caplog.at_level(logging.ERROR, logger="celeriac.watch"):
        suspended.watch(take)
        suspended.watch(lambda event: seen.append(event["type"]))
        suspended.cancel()
        wait_until(lambda: gone(suspended), what="both to end")

    assert seen[-1] == "execution_cancelled"
    assert len([record for record in caplog.records if "callback" in record.message]) == len(seen)


def test_it_may_begin_before_the_start(redis_url: str) -> None:
    run = asking()
    seen: list[str] = []
    run.watch(lambda event: seen.append(event["type"]))

    run.start_async(input_data=1)

    wait_until(lambda: "step_scheduled" in seen, what="the start")
    run.cancel()
    wait_until(lambda: gone(run), what="the end")
    assert seen[-1] == "execution_cancelled"


def test_in_memory_whoever_moves_things_on_calls_back() -> None:
    seen: list[tuple[str, str]] = []

    with in_memory():
        run = asking()
        run.watch(lambda event: seen.append((event["type"], threading.current_thread().name)))
        run.start(input_data=1)
        assert seen[-1][0] == "execution_suspended"
        run.resume(resume_data=2)

    assert seen[-1][0] == "execution_completed"
    assert {name for _, name in seen} == {threading.current_thread().name}
    assert [kind for kind, _ in seen] == types(run.stream())


def test_in_memory_a_callback_may_move_things_on() -> None:
    seen: list[str] = []

    def take(event: dict[str, Any]) -> None:
        seen.append(event["type"])
        if event["type"] == "execution_suspended":
            run.resume(resume_data=2)

    with in_memory():
        run = asking()
        stop = run.watch(take)
        assert run.start(input_data=1).status == "completed"
        stop()
        stop()

    assert seen == types(run.stream())


def test_a_format_that_is_none_is_refused() -> None:
    with pytest.raises(ValueError, match="use one of events, mastra, watch"):
        asking().watch(print, format="legacy")
