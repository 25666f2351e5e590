"""Section R: what those who follow an execution are told, and in which order."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import pytest

from tests.live.workers import wait_until
from tests.semantics.scenario import scenario
from tests.semantics.stage import Stage
from tests.semantics.workflows import r_streaming as workflows
from workflows_app.authoring import WorkflowError

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.timeout(40)]

#: What the log tells besides, for those who look at it closely.
_BESIDES = frozenset({"step_scheduled", "log", "execution_waiting", "execution_resumed"})


def told(events: Iterable[dict[str, Any]]) -> list[str]:
    """Return each event of the run and its steps as its type and the step's path."""
    return [
        event["type"]
        if _is_of_a_run(event)
        else f"{event['type']} {'.'.join(map(str, event['path']))}"
        for event in events
        if event["type"] not in _BESIDES and not event.get("internal") and not _is_nested(event)
    ]


def of_step(events: Iterable[dict[str, Any]], step: str) -> list[str]:
    """Return the types of the events of one step."""
    return [event["type"] for event in events if _ids(event)[-1:] == [step]]


def _ids(event: dict[str, Any]) -> list[str]:
    return [part for part in event.get("path", []) if isinstance(part, str)]


def _is_of_a_run(event: dict[str, Any]) -> bool:
    return event["type"].startswith("execution_")


def _is_nested(event: dict[str, Any]) -> bool:
    """Whether an event is a nested execution's own; its step's says the same."""
    return _is_of_a_run(event) and "path" in event and "step_id" not in event


@scenario(297, "A > B: start, begin and result of each step, finish; each event says whose it is")
def test_two_steps_are_told_from_beginning_to_end(stage: Stage) -> None:
    run = workflows.two_steps.create_run()

    events = list(run.stream(input_data={"n": 0}))

    assert told(events) == [
        "execution_started",
        "step_started A",
        "step_completed A",
        "step_started B",
        "step_completed B",
        "execution_completed",
    ]
    assert {event["execution_id"] for event in events} == {run.id}
    assert [event["seq"] for event in events] == list(range(1, len(events) + 1))
    assert all(event["at"] for event in events)
    named = {(event["step_id"], event["step_name"]) for event in events if "step_id" in event}
    assert named == {("A", "A"), ("B", "B")}
    results = [event["output"] for event in events if event["type"] == "step_completed"]
    assert results == [{"n": 1}, {"n": 2}]


@scenario(298, "watch: begin and result of each step in order, from the first to the last")
def test_a_watcher_is_called_with_every_event(stage: Stage) -> None:
    run = stage.begin(workflows.two_steps, {"n": 0})
    stage.end_of(run)
    seen: list[dict[str, Any]] = []

    stop = run.watch(seen.append)

    # Its thread runs by real time under both drivers.
    wait_until(lambda: told(seen)[-1:] == ["execution_completed"], what="the last event")
    stop()
    assert [line for line in told(seen) if line.startswith("step_")] == [
        "step_started A",
        "step_completed A",
        "step_started B",
        "step_completed B",
    ]
    assert seen == list(run.stream())


@scenario(299, "what a step writes is told between its beginning and its result, as it was written")
def test_what_a_step_writes_is_told(stage: Stage) -> None:
    run = workflows.writer.create_run()

    events = list(run.stream(input_data=1))

    assert told(events) == [
        "execution_started",
        "step_started A",
        "step_output A",
        "step_output A",
        "step_completed A",
        "execution_completed",
    ]
    plain, custom = [event for event in events if event["type"] == "step_output"]
    assert (plain["output"], plain["step_name"]) == ({"hello": 1}, "A")
    assert (custom["output"], custom["kind"]) == ({"done": 0.5}, "data-progress")


@scenario(300, "after the stream the run has its full result, and status completed")
def test_the_result_is_there_when_the_stream_ends(stage: Stage) -> None:
    run = workflows.two_steps.create_run()

    list(run.stream(input_data={"n": 0}))
    result = run.get_result()

    assert (run.status, result.status, result.result) == ("completed", "completed", {"n": 2})
    assert list(result.steps) == ["input", "A", "B"]
    assert not any(result.usage.values())


@scenario(301, "the stream ends when the run suspends; the next tells only what comes after")
def test_a_stream_ends_when_the_run_suspends(stage: Stage) -> None:
    run = workflows.asks.create_run()

    before = list(run.stream(input_data=1))
    status = run.status
    after = list(run.resume_stream("A", resume_data=2))

    assert told(before)[-3:] == ["step_started A", "step_suspended A", "execution_suspended"]
    assert status == "suspended"
    assert not of_step(after, "first")
    assert told(after)[-3:] == ["step_started B", "step_completed B", "execution_completed"]
    assert of_step(after, "A")[-1] == "step_completed"
    assert run.get_result().result == 2


@scenario(303, "a failure is told as the step's, then as the run's, with the same error")
def test_a_failure_is_told(stage: Stage) -> None:
    run = workflows.fails.create_run()

    events = list(run.stream(input_data=1))

    assert told(events) == [
        "execution_started",
        "step_started A",
        "step_failed A",
        "execution_failed",
    ]
    assert [event["error"]["message"] for event in events if "error" in event] == [
        "broken on purpose",
        "broken on purpose",
    ]
    result = run.get_result()
    assert result.error == result.steps["A"].error == events[-1]["error"]


@scenario(304, "bad input: the stream raises what is wrong, and nothing has run")
def test_bad_input_is_refused_by_the_stream(stage: Stage) -> None:
    run = workflows.two_steps.create_run()

    with pytest.raises(WorkflowError, match="Invalid input data") as error:
        list(run.stream(input_data={"n": "zero"}))

    assert error.value.code == "input.invalid"
    assert run.status == "pending"
    assert told(run.stream(input_data={"n": 0}))[-1] == "execution_completed"


@scenario(305, "nested workflows: what happens inside is told inside, by its path, however deep")
def test_nested_steps_are_told_by_their_path(stage: Stage) -> None:
    run = workflows.nested.create_run()

    events = list(run.stream(input_data=1))

    assert told(events) == [
        "execution_started",
        "step_started r-a",
        "step_started r-a.r-b",
        "step_started r-a.r-b.s",
        "step_output r-a.r-b.s",
        "step_output r-a.r-b.s",
        "step_completed r-a.r-b.s",
        "step_completed r-a.r-b",
        "step_completed r-a",
        "step_started last",
        "step_completed last",
        "execution_completed",
    ]
    kinds = [event["kind"] for event in events if event["type"] == "step_output"]
    assert kinds[-1] == "data-progress"


@scenario(306, "side by side: both are begun before any result, and each step's events in order")
def test_arms_are_told_in_the_order_of_each(stage: Stage) -> None:
    run = workflows.side_by_side.create_run()

    events = list(run.stream(input_data=1))

    # A step is begun when a worker is called for it; which worker is first is nobody's promise.
    types = [(event["type"], event.get("step_id")) for event in events]
    assert types[1:3] == [("step_scheduled", "a"), ("step_scheduled", "b")]
    for step in "ab":
        assert of_step(events, step) == ["step_scheduled", "step_started", "step_completed"]


@scenario(307, "foreach: its beginning, then what each item wrote and the progress, its result")
def test_items_are_told_as_progress(stage: Stage) -> None:
    run = workflows.items.create_run()

    events = list(run.stream(input_data=[1, 2]))

    # What an item comes to is told too, under a path that ends in its index.
    lines = [line for line in told(events) if not line.startswith("execution_")]
    items = ("step_started each.", "step_completed each.")
    assert [line for line in lines if not line.startswith(items)] == [
        "step_started each",
        *("step_output each.0", "step_output each.0", "step_progress each"),
        *("step_output each.1", "step_output each.1", "step_progress each"),
        "step_completed each",
    ]
    counted = [event for event in events if event["type"] == "step_progress"]
    assert [
        (e["completed_count"], e["total_count"], e["current_index"], e["iteration_status"])
        for e in counted
    ] == [(1, 2, 0, "completed"), (2, 2, 1, "completed")]


@scenario(308, "a sleep waits and has a result, a map is like a step, only chosen arms are told")
def test_sleeps_maps_branches_and_loops(stage: Stage) -> None:
    run = workflows.mixture.create_run()

    events = list(run.stream(input_data={"n": 0}))

    assert of_step(events, "sleep_1") == ["step_scheduled", "step_waiting", "step_completed"]
    assert of_step(events, "m") == ["step_scheduled", "step_started", "step_completed"]
    assert of_step(events, "x") == ["step_scheduled", "step_started", "step_completed"]
    assert of_step(events, "y") == []
    rounds = [kind for kind in of_step(events, "inc") if kind != "step_scheduled"]
    assert rounds == ["step_started", "step_completed"] * 3


@scenario(309, "cancelled: the last thing told is that the run was cancelled")
def test_cancelling_is_told_last(stage: Stage) -> None:
    run = workflows.stops.create_run()

    events = list(run.stream(input_data=1))

    lines = told(events)
    assert lines[-1] == "execution_cancelled"
    assert "step_completed A" in lines
    assert not of_step(events, "B")
