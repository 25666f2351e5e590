"""Section Q: cancelling."""

from __future__ import annotations

import pytest

from tests.semantics.scenario import scenario
from tests.semantics.stage import Stage
from tests.semantics.workflows import q_cancel as workflows
from workflows_app.authoring import WorkflowError

pytestmark = pytest.mark.django_db(transaction=True)


@scenario(280, "cancelled before it is started: it is cancelled, and nothing runs")
def test_a_run_is_cancelled_before_its_start(stage: Stage) -> None:
    run = workflows.never_run.create_run()

    run.cancel()
    result = run.start(input_data=1)

    assert result.status == "cancelled"
    assert result.steps == {"input": 1}
    assert stage.counts(run) == {}


@scenario(281, "a step that ignores the signal is waited for; its result is kept, nothing follows")
def test_a_running_step_may_finish(stage: Stage) -> None:
    run = stage.begin(workflows.ignores, 1)

    result = stage.end_of(run)

    assert result.status == "cancelled"
    assert (result.steps["A"].status, result.steps["A"].output) == (
        "completed",
        "finished all the same",
    )
    assert stage.counts(run) == {"A": 1}
    told = [event["type"] for event in stage.events(run)]
    assert told[-2:] == ["step_completed", "execution_cancelled"]


@scenario(282, "a step that raises when told to stop has failed; the run is cancelled, not failed")
def test_a_step_that_stops_when_told(stage: Stage) -> None:
    result = stage.run(workflows.listens, 1)

    assert (result.status, result.error) == ("cancelled", None)
    assert result.steps["A"].status == "failed"
    assert result.steps["A"].error["message"] == "stopped when told to"
    assert stage.counts(result) == {"A": 1}


@scenario(283, "every step can ask whether it is to stop; normally it is not")
def test_nobody_is_told_to_stop(stage: Stage) -> None:
    result = stage.run(workflows.undisturbed, 1)

    assert result.status == "completed"
    told = {call.step: call.cancelled for call in stage.calls(result)}
    assert told == dict.fromkeys("ABCD", False)


@scenario(284, "abort() in step 2 of 3: the run is cancelled, step 3 never runs")
def test_a_step_aborts_its_run(stage: Stage) -> None:
    result = stage.run(workflows.aborts, 1)

    assert result.status == "cancelled"
    assert stage.counts(result) == {"A": 1, "B": 1}
    assert "C" not in result.steps


@scenario(285, "a suspended run is cancelled at once, and cannot be resumed any more")
def test_a_suspended_run_is_cancelled_at_once(stage: Stage) -> None:
    run = stage.begin(workflows.asks, 1)
    stage.end_of(run)

    run.cancel()
    status = run.status
    with pytest.raises(WorkflowError) as error:
        run.resume(resume_data=1)

    assert status == run.status == "cancelled"
    assert error.value.code == "resume.not_suspended"
    assert stage.counts(run) == {"A": 1}


@scenario(286, "cancelling reaches a nested running step, which stops; the parent is cancelled")
def test_a_nested_step_is_told_to_stop(stage: Stage) -> None:
    run = workflows.outer.create_run()

    result = run.start(input_data=1, runtime_context={"outer": run.id})

    assert result.status == "cancelled"
    (nested,) = [step for name, step in result.steps.items() if name == "q-inner"]
    assert (nested.status, nested.steps["long"].output) == ("cancelled", "told")
    assert stage.counts(run) == {"long": 1}
