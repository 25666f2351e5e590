"""Section V: workflows that steps find by their name."""

from __future__ import annotations

import pytest

from tests.semantics.scenario import scenario
from tests.semantics.stage import Stage
from tests.semantics.workflows import v_registry as workflows

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.timeout(40)]


@scenario(385, "a step starts another workflow by its name; an unknown name is told clearly")
def test_a_step_starts_another_workflow(stage: Stage) -> None:
    result = stage.run(workflows.starts, {"workflow": "v-started", "input": 21})

    assert result.status == "completed"
    assert result.result["run_id"] != result.execution_id
    assert (result.result["status"], result.result["result"]) == ("completed", 42)
    other = workflows.started.create_run(result.result["run_id"]).get_result()
    assert stage.counts(other) == {"twice": 1}


@scenario(385, "a step starts another workflow by its name; an unknown name is told clearly")
def test_an_unknown_workflow_is_named(stage: Stage) -> None:
    result = stage.run(workflows.starts, {"workflow": "v-nowhere", "input": 21})

    assert result.status == "failed"
    assert result.error is not None
    assert result.error["code"] == "workflow.not_found"
    assert "'v-nowhere'" in result.error["message"]


@scenario(384, "a tool has its schemas, sees context and state, and may suspend and be resumed")
def test_a_tool_suspends_and_is_resumed(stage: Stage) -> None:
    run = workflows.asks.create_run()
    asked = run.start(
        input_data={"text": "yes or"},
        initial_state={"who": "ada"},
        runtime_context={"tenant": "T1"},
    )

    assert asked.suspended == [["ask"]]
    assert asked.suspend_payload == {"ask": {"state": "ada", "tenant": "T1"}}

    result = run.resume(resume_data="no")

    assert result.result == {"text": "yes or no", "cancelled": False}


@scenario(384, "a tool has its schemas, sees context and state, and may suspend and be resumed")
def test_a_tool_is_not_called_with_what_does_not_fit(stage: Stage) -> None:
    result = stage.run(workflows.asks, {"text": 7})

    assert result.status == "failed"
    assert result.error is not None
    assert result.error["code"] == "step.input_invalid"
