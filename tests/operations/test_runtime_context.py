"""What a body sets in the runtime context is there for the steps that come."""

from __future__ import annotations

import pytest

from executions_app.models import Execution, StepRun
from executions_app.operations.execute_attempt import execute_attempt
from workflows_app.authoring import StepContext, create_step, create_workflow

pytestmark = pytest.mark.django_db


def set_keys(value: object, ctx: StepContext) -> None:
    ctx.runtime_context["added"] = 5
    ctx.runtime_context["nested"]["deep"] = True


def read_keys(value: object, ctx: StepContext) -> dict[str, object]:
    return dict(ctx.runtime_context)


def test_keys_set_by_a_step_are_merged_for_the_next_one() -> None:
    workflow = (
        create_workflow(id="context-keeper")
        .then(create_step(set_keys, id="set"))
        .then(create_step(read_keys, id="read"))
        .commit()
    )
    run = workflow.create_run()
    run.start_async(input_data={}, runtime_context={"tenant": "t1", "nested": {"deep": False}})

    for node_id in ("set", "read"):
        row = StepRun.objects.get(execution_id=run.id, node_id=node_id)
        execute_attempt(row.pk, row.attempt)

    expected = {"tenant": "t1", "nested": {"deep": True}, "added": 5}
    assert run.get_result().steps["read"].output == expected
    assert Execution.objects.get(pk=run.id).runtime_context == expected


def test_a_run_that_is_cancelled_before_its_start_runs_no_step() -> None:
    workflow = create_workflow(id="never-begun").then(create_step(read_keys, id="read")).commit()
    run = workflow.create_run()

    run.cancel(reason="changed my mind")
    run.start_async(input_data={})

    result = run.get_result()
    assert (result.status, result.steps) == ("cancelled", {"input": {}})
