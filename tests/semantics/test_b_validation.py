"""Section B: validation."""

from __future__ import annotations

import pytest

from tests.semantics.scenario import scenario
from tests.semantics.stage import Stage
from tests.semantics.workflows import b_validation as workflows
from workflows_app.authoring import WorkflowError

pytestmark = pytest.mark.django_db(transaction=True)


@scenario(23, "workflow input of a wrong type: start raises, nothing runs, the run can still start")
def test_wrong_input_starts_nothing(stage: Stage) -> None:
    run = workflows.typed.create_run()

    with pytest.raises(WorkflowError) as caught:
        run.start(input_data={"required": "test", "nested": {"value": "many"}})

    assert caught.value.code == "input.invalid"
    assert "Invalid input data" in str(caught.value)
    assert "nested.value" in str(caught.value)
    assert (run.status, stage.calls(run)) == ("pending", [])
    assert run.start(input_data={"required": "test"}).status == "completed"


@scenario(24, "defaults of the workflow's input are filled in before the first step")
def test_defaults_of_the_input_are_filled_in(stage: Stage) -> None:
    result = stage.run(workflows.typed, {"required": "test"})

    filled = {"required": "test", "nested": {"value": 1}}
    assert result.steps["A"].payload == result.steps["A"].output == filled


@scenario(25, "defaults of a step's input are filled in")
def test_defaults_of_a_step_are_filled_in(stage: Stage) -> None:
    result = stage.run(workflows.defaulted)

    assert result.steps["B"].output == {"value": "default-value-processed"}


@scenario(26, "a step's input may be a subset of the previous output; other keys are stripped")
def test_a_step_sees_only_what_it_asks_for(stage: Stage) -> None:
    result = stage.run(workflows.subset)

    assert result.status == "completed"
    assert result.steps["B"].output == {"value1": "1"}
    assert stage.calls(result, "B")[0].input == {"value1": "1"}


@scenario(27, "step input that does not fit fails the step and the run; the body is never called")
def test_step_input_that_does_not_fit_fails_the_step(stage: Stage) -> None:
    result = stage.run(workflows.mismatched)

    failed = result.steps["B"]
    assert (result.status, failed.status) == ("failed", "failed")
    assert "Step input validation failed" in failed.error["message"]
    assert "x" in failed.error["message"].split("Step input validation failed")[1]
    assert result.steps["A"].status == "completed"
    assert stage.counts(result) == {"A": 1}


@scenario(32, "initial state that does not fit: start raises, and nothing runs")
def test_wrong_initial_state_starts_nothing(stage: Stage) -> None:
    run = workflows.stateful.create_run()

    with pytest.raises(WorkflowError) as caught:
        run.start(input_data={}, initial_state={"count": "many"})

    assert caught.value.code == "state.invalid"
    assert "Invalid initial data" in str(caught.value)
    assert (run.status, stage.calls(run)) == ("pending", [])
