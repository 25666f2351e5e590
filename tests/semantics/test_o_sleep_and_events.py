"""Section O: sleeping, and waiting for events."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from tests.semantics.scenario import scenario
from tests.semantics.stage import Stage
from tests.semantics.workflows import o_sleep_and_events as workflows
from workflows_app.authoring import create_workflow, use_step

pytestmark = pytest.mark.django_db(transaction=True)


#: What a sleep of a tenth of a second takes at least, as floating point numbers tell it.
SHORTEST = 0.0999


def waited(stage: Stage, run: Any) -> float:
    """Return how many seconds lay between the end of A and the beginning of B."""
    (first,), (second,) = stage.calls(run, "A"), stage.calls(run, "B")
    assert first.ended_at is not None
    return second.began_at - first.ended_at


@scenario(253, "A > sleep > B: at least that long, and B receives what A put out")
def test_a_sleep_hands_on_what_it_received(stage: Stage) -> None:
    result = stage.run(workflows.short_sleep, {"n": 0})

    sleep = result.steps["sleep_1"]
    assert (sleep.status, sleep.payload, sleep.output) == ("completed", {"n": 1}, {"n": 1})
    assert result.steps["B"].payload == {"n": 1}
    assert sleep.ended_at - sleep.started_at >= timedelta(seconds=0.1)
    assert waited(stage, result) >= SHORTEST


@scenario(254, "a computed sleep is asked for once, knows earlier steps, and is kept to")
def test_a_computed_sleep(stage: Stage) -> None:
    result = stage.run(workflows.computed_sleep, {"n": 0})

    assert result.status == "completed"
    assert waited(stage, result) >= SHORTEST
    assert [entry.saw["input"] for entry in stage.asked(result, "span")] == [{"n": 1}]


@scenario(255, "sleeping until a date, written or computed; the past and no time at all")
def test_a_date_may_be_computed(stage: Stage) -> None:
    until = stage.now() + timedelta(seconds=0.5)

    result = stage.run(workflows.computed_moment, {"until": until.isoformat()})

    assert result.status == "completed"
    assert stage.calls(result, "B")[0].began_at >= until.timestamp()
    assert len(stage.asked(result, "moment")) == 1


@scenario(255, "sleeping until a date, written or computed; the past and no time at all")
def test_a_date_may_be_written(stage: Stage) -> None:
    until = stage.now() + timedelta(seconds=0.5)
    # Its steps are registered, so a worker needs no code of this workflow's own.
    workflow = (
        create_workflow(id="o-written-date")
        .then(use_step("o-long/A", id="A"))
        .sleep_until(until)
        .then(use_step("o-long/B", id="B"))
        .commit()
    )

    result = stage.run(workflow, 1)

    assert (result.status, result.result) == ("completed", 1)
    assert stage.calls(result, "B")[0].began_at >= until.timestamp()


@pytest.mark.parametrize("kind", workflows.no_waits)
@scenario(255, "sleeping until a date, written or computed; the past and no time at all")
def test_what_is_over_is_not_waited_for(stage: Stage, kind: str) -> None:
    run = stage.begin(workflows.no_waits[kind], 1)

    result = stage.end_of(run)

    assert (result.status, result.result) == ("completed", 1)
    sleep = result.steps["sleep_1"]
    assert sleep.status == "completed"
    if stage.is_memory:
        assert sleep.ended_at == sleep.started_at
    assert not stage.events(run, "execution_waiting")


@scenario(256, "during the sleep the run is waiting, stored and shown, and the sleep is its step")
def test_a_run_that_sleeps_is_waiting(stage: Stage) -> None:
    run = stage.begin(workflows.observed_sleep, 1)

    stage.wait_for_status(run, "waiting")
    shown = run.get_result()
    result = stage.end_of(run)

    active = [name for name, step in shown.steps.items() if name != "input" and not step.ended_at]
    assert (shown.status, shown.steps["A"].status) == ("waiting", "completed")
    assert shown.steps["sleep_1"].status == "waiting"
    assert active == ["sleep_1"]
    assert result.status == "completed"


@scenario(258, "a run that is cancelled in its sleep is cancelled at once and stays so")
def test_a_sleep_is_cancelled_at_once(stage: Stage) -> None:
    run = stage.begin(workflows.long_sleep, 1)
    stage.wait_for_status(run, "waiting")

    stopped = run.cancel()
    if stage.engine is not None:
        stage.engine.advance(timedelta(minutes=2))
    result = stage.end_of(run)

    assert stopped.status == "cancelled"
    assert result == run.get_result() == stopped
    assert stage.counts(run) == {"A": 1}


@scenario(262, "A > event 'go' > Z: only that event lets the step run, with the event's data")
def test_an_event_lets_its_step_run(stage: Stage) -> None:
    run = stage.begin(workflows.event, {"n": 0})
    stage.wait_for_status(run, "waiting")
    waiting = run.get_result()

    run.send_event("other", {"val": 1})
    if stage.engine is not None:
        stage.engine.run_until_idle()
    ignored = run.get_result()
    run.send_event("go", {"val": 5})
    result = stage.end_of(run)

    assert waiting.steps["S"].status == ignored.steps["S"].status == "waiting"
    assert ignored.status == "waiting"
    assert result.status == "completed"
    step = result.steps["S"]
    assert (step.payload, step.resume_payload) == ({"n": 1}, {"val": 5})
    assert result.steps["Z"].payload == {"a": {"n": 1}, "event": {"val": 5}}
    (call,) = stage.calls(run, "S")
    assert (call.input, call.resume_data) == ({"n": 1}, {"val": 5})


@pytest.mark.parametrize("data", [None, 0, "x", [1], {}], ids=repr)
@scenario(263, "an event's data is any JSON: None, 0, 'x', [1], {}")
def test_an_event_carries_any_json(stage: Stage, data: Any) -> None:
    run = stage.begin(workflows.event, {"n": 0})
    stage.wait_for_status(run, "waiting")

    run.send_event("go", data)
    result = stage.end_of(run)

    assert result.status == "completed"
    assert result.result == {"a": {"n": 1}, "event": data}
    assert result.steps["S"].resume_payload == data
