"""Section A: basic execution and results."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.contrib.auth.models import User
from rest_framework.test import APIClient

from executions_app.models import Execution
from tests.semantics.bodies import recorded
from tests.semantics.scenario import scenario
from tests.semantics.stage import Stage
from tests.semantics.workflows import a_basic as workflows
from workflows_app.authoring import (
    Workflow,
    WorkflowEmpty,
    WorkflowUncommitted,
    create_workflow,
)

pytestmark = pytest.mark.django_db(transaction=True)


@scenario(1, "a single step: its output is the result, it is called once, and the input is shown")
def test_a_single_step(stage: Stage) -> None:
    result = stage.run(workflows.single, {})

    step = result.steps["A"]
    assert result.status == "completed"
    assert (step.status, step.payload) == ("completed", {})
    assert result.result == step.output == {"result": "success"}
    assert result.steps["input"] == {}
    assert stage.counts(result) == {"A": 1}


@scenario(2, "two steps: the second receives the first's output and begins after it ended")
def test_two_steps(stage: Stage) -> None:
    result = stage.run(workflows.two)

    a, b = result.steps["A"], result.steps["B"]
    assert (a.status, b.status) == ("completed", "completed")
    assert result.result == {"value": "s2"}
    assert b.payload == {"value": "s1"}
    assert a.ended_at <= b.started_at


@scenario(3, "input passes unchanged: the body sees exactly what was given")
def test_input_passes_unchanged(stage: Stage) -> None:
    result = stage.run(workflows.schema, {"foo": "hello", "bar": 42})

    (call,) = stage.calls(result, "A")
    assert call.input == {"foo": "hello", "bar": 42}


@scenario(4, "the same workflow run 3 times: three ids, a call each, and no leakage between runs")
def test_three_runs_share_nothing(stage: Stage) -> None:
    results = [stage.run(workflows.echo, {"number": number}) for number in range(3)]

    assert [result.status for result in results] == ["completed"] * 3
    assert len({result.execution_id for result in results}) == 3
    for number, result in enumerate(results):
        (call,) = stage.calls(result)
        assert call.input == result.result == {"number": number}


@scenario(5, "a given run id is used everywhere; without one a unique string is made")
def test_a_given_run_id_is_used(stage: Stage) -> None:
    run = workflows.echo.create_run("my-run")
    run.start_async(input_data=1)
    result = stage.end_of(run)

    (call,) = stage.calls(run)
    made = [workflows.echo.create_run().id for _ in range(2)]
    assert run.id == result.execution_id == call.run == "my-run"
    assert Execution.objects.get().pk == "my-run"
    assert len({*made, "my-run"}) == 3
    assert all(made)


@scenario(6, "started_at and ended_at are there and in order, on success and on failure")
@pytest.mark.parametrize("workflow", [workflows.single, workflows.failing], ids=lambda it: it.id)
def test_times_are_there(stage: Stage, workflow: Workflow) -> None:
    result = stage.run(workflow)

    step = result.steps["A"]
    assert step.started_at.utcoffset() == step.ended_at.utcoffset() == timedelta(0)
    assert step.started_at <= step.ended_at


@scenario(7, "start_async returns the id while the step still runs; polling later gives the output")
def test_start_async_returns_at_once(stage: Stage) -> None:
    run = workflows.slow.create_run()

    run_id = run.start_async(input_data={})

    meanwhile = run.get_result()
    assert run_id == run.id
    assert meanwhile.status in ("pending", "running")
    assert meanwhile.result is None
    stage.go(run)
    stage.wait_until(lambda: run.status == "completed", what="the end")
    assert run.get_result().result == {"result": "late"}


@scenario(8, "create_run on a workflow with no entries is an error that says so")
def test_a_workflow_without_steps_cannot_run(stage: Stage) -> None:
    empty = create_workflow(id="s8-empty")

    with pytest.raises(WorkflowEmpty, match="Execution flow of workflow is not defined"):
        empty.create_run()


@scenario(9, "create_run on a workflow that was not committed is an error that says so")
def test_an_uncommitted_workflow_cannot_run(stage: Stage) -> None:
    open_still = create_workflow(id="s9-open").then(recorded("A"))

    with pytest.raises(WorkflowUncommitted, match="Uncommitted step flow changes detected"):
        open_still.create_run()


@scenario(14, "A > clone_step(A, A2): both are in steps, each called once")
def test_a_cloned_step_is_a_step_of_its_own(stage: Stage) -> None:
    result = stage.run(workflows.cloned_step)

    assert list(result.steps) == ["input", "A", "A2"]
    assert stage.counts(result) == {"A": 1, "A2": 1}


@scenario(15, "a workflow and its clone, nested one after the other, succeed independently")
def test_a_cloned_workflow_is_a_workflow_of_its_own(stage: Stage) -> None:
    result = stage.run(workflows.cloned_workflow, 1)

    assert {name: result.steps[name].output for name in ("s15-base", "s15-c")} == {
        "s15-base": 2,
        "s15-c": 3,
    }
    first, second = stage.calls(result, "A")
    assert first.run != second.run
    assert (first.input, second.input) == (1, 2)


@scenario(17, "A > B > C run in this order")
def test_entries_run_in_order(stage: Stage) -> None:
    result = stage.run(workflows.three)

    assert [call.step for call in stage.calls(result)] == ["A", "B", "C"]
    assert list(result.steps) == ["input", "A", "B", "C"]


@scenario(18, "a resource id is stored, returned by listing and by id, and visible to steps")
def test_a_resource_id_is_kept(stage: Stage) -> None:
    client = APIClient()
    client.force_login(User.objects.create_superuser("root"))

    result = stage.run(workflows.echo, resource_id="user-1")

    listed = client.get("/api/executions/").json()["results"]
    shown = client.get(f"/api/executions/{result.execution_id}/").json()
    (call,) = stage.calls(result)
    assert call.resource_id == "user-1"
    assert [item["resource_id"] for item in (*listed, shown)] == ["user-1", "user-1"]
