"""Executions stay with the plan they began with, whatever is deployed while they rest."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from django.db.models import ProtectedError
from pydantic import BaseModel

from executions_app.models import Execution, StepRun
from executions_app.operations.start_execution import start_execution
from executions_app.run import Run
from executions_app.testing import Engine
from tests.deploys.releases import deploy, keeps_the_laws, plan_hash_of
from workflows_app import interface
from workflows_app.authoring import StepContext, create_step, create_workflow
from workflows_app.authoring.errors import WorkflowNotInstalled
from workflows_app.models import Workflow as StoredWorkflow
from workflows_app.models import WorkflowVersion

pytestmark = pytest.mark.django_db


def adds(id: str, what: str) -> Any:
    return create_step(id=id, execute=lambda value: f"{value}{what}")


def asks() -> Any:
    def ask(value: Any, ctx: StepContext) -> Any:
        return f"{value}{ctx.resume_data}" if ctx.resume_data else ctx.suspend({"q": 1})

    return create_step(id="ask", execute=ask)


def released(*middle: Any, flow: Callable[[Any], Any] = lambda it: it) -> Callable[[], Any]:
    """Return a release of the workflow ``pinned``, with other steps between its first and last."""

    def define() -> Any:
        built = flow(create_workflow(id="pinned").then(adds("a", "a")))
        for step in middle:
            built = built.then(step)
        return built.then(adds("z", "z")).commit()

    return define


#: How it rests, what lets it go on, and what it comes to.
RESTS: dict[str, tuple[Callable[[Any], Any], Callable[[Run, Engine], Any], Any]] = {
    "suspended": (
        lambda flow: flow.then(asks()),
        lambda run, engine: run.resume(resume_data="!"),
        "1a!xz",
    ),
    "sleeping": (lambda flow: flow.sleep(60), lambda run, engine: engine.advance(61), "1axz"),
    "waiting for an event": (
        lambda flow: flow.wait_for_event("go"),
        lambda run, engine: run.send_event("go", "sent"),
        "sentxz",
    ),
    "paused": (
        lambda flow: flow.sleep(60),
        lambda run, engine: (run.pause(), engine.advance(90), run.unpause()),
        "1axz",
    ),
}


@pytest.mark.parametrize("rest", RESTS)
def test_what_rests_goes_on_by_the_plan_it_began_with(engine: Engine, rest: str) -> None:
    flow, go_on, expected = RESTS[rest]
    (old,) = deploy(released(adds("x", "x"), flow=flow))
    run = old.create_run()  # type: ignore[attr-defined]
    run.start_async(input_data=1)
    engine.run_until_idle()
    before = plan_hash_of(run.id)

    deploy(released(adds("y", "y"), adds("x", "x"), flow=flow))
    go_on(run, engine)
    engine.run_until_idle()

    result = run.get_result()
    assert (result.status, result.result) == ("completed", expected)
    assert plan_hash_of(run.id) == before
    assert keeps_the_laws(run.id)


def test_a_new_execution_runs_by_the_new_plan(engine: Engine) -> None:
    deploy(released(adds("x", "x")))
    (new,) = deploy(released(adds("y", "y")))

    assert new.create_run().start(input_data=1).result == "1ayz"  # type: ignore[attr-defined]


def test_a_loop_goes_round_by_the_plan_it_began_with(engine: Engine) -> None:
    def looping(limit: int) -> Callable[[], Any]:
        def define() -> Any:
            more = create_step(id="more", execute=lambda value: value + 1)
            flow = create_workflow(id="pinned-loop").sleep(10)
            return flow.dountil(more, f"input >= {limit}", max_iterations=50).commit()

        return define

    (old,) = deploy(looping(5))
    run = old.create_run()  # type: ignore[attr-defined]
    run.start_async(input_data=0)
    engine.advance(10)
    deploy(looping(3))
    while engine.work_now():
        pass

    assert run.get_result().result == 5
    assert keeps_the_laws(run.id)


def test_a_body_is_that_of_the_code_installed_when_it_runs(engine: Engine) -> None:
    (old,) = deploy(released(adds("x", "x"), flow=lambda it: it.sleep(60)))
    run = old.create_run()  # type: ignore[attr-defined]
    run.start_async(input_data=1)
    engine.run_until_idle()

    deploy(released(adds("x", "X"), flow=lambda it: it.sleep(60)))
    engine.advance(61)

    assert run.get_result().result == "1aXz"


def test_a_step_with_another_schema_refuses_by_name_what_the_old_plan_hands_it(
    engine: Engine,
) -> None:
    class Order(BaseModel):
        number: int

    def define(schema: Any) -> Callable[[], Any]:
        last = create_step(id="last", execute=lambda value: "ok", input_schema=schema)
        first = create_step(id="first", execute=lambda value: {"text": "x"})
        return lambda: create_workflow(id="pinned-schema").then(first).sleep(9).then(last).commit()

    (old,) = deploy(define(None))
    run = old.create_run()  # type: ignore[attr-defined]
    run.start_async(input_data=1)
    engine.run_until_idle()
    deploy(define(Order))
    engine.advance(10)

    result = run.get_result()
    assert result.status == "failed"
    assert result.error is not None
    assert result.error["code"] == "step.input_invalid"
    assert keeps_the_laws(run.id)


def test_a_version_that_executions_use_cannot_be_deleted(engine: Engine) -> None:
    (old,) = deploy(released())
    run = old.create_run()  # type: ignore[attr-defined]
    run.start(input_data=1)
    version = WorkflowVersion.objects.get(pk=Execution.objects.get(pk=run.id).version_id)
    deploy(released(adds("y", "y")))

    with pytest.raises(ProtectedError):
        version.delete()


def test_going_back_to_the_earlier_release_runs_its_version_again(engine: Engine) -> None:
    (old,) = deploy(released(adds("x", "x")))
    first = old.create_run()  # type: ignore[attr-defined]
    first.start(input_data=1)
    deploy(released(adds("y", "y")))
    (back,) = deploy(released(adds("x", "x")))
    again = back.create_run()  # type: ignore[attr-defined]
    again.start(input_data=1)

    assert plan_hash_of(again.id) == plan_hash_of(first.id)
    assert WorkflowVersion.objects.filter(workflow_id="pinned").count() == 2


def test_the_plans_a_process_keeps_are_told_apart_by_version(engine: Engine) -> None:
    (old,) = deploy(released(adds("x", "x")))
    first = old.create_run()  # type: ignore[attr-defined]
    first.start(input_data=1)
    (new,) = deploy(released(adds("y", "y")))
    second = new.create_run()  # type: ignore[attr-defined]
    second.start(input_data=1)

    versions = [Execution.objects.get(pk=run.id).version_id for run in (first, second)]
    plans = [interface.get_plan(version) for version in versions]
    assert ["x" in plan.by_id for plan in plans] == [True, False]


def test_a_workflow_that_left_the_code_finishes_as_far_as_its_steps_are_there(
    engine: Engine,
) -> None:
    (old,) = deploy(released(adds("x", "x"), flow=lambda it: it.sleep(60)))
    run = old.create_run()  # type: ignore[attr-defined]
    run.start_async(input_data=1)
    engine.run_until_idle()

    deploy(lambda: create_workflow(id="other").then(adds("x", "x")).then(adds("z", "z")).commit())
    engine.advance(200)

    assert StepRun.objects.get(execution_id=run.id, node_id="x").status == "completed"
    assert run.get_result().result == "1axz"
    assert keeps_the_laws(run.id)


def test_a_workflow_that_left_the_code_is_not_started_any_more(engine: Engine) -> None:
    deploy(released())
    workflow = StoredWorkflow.objects.get(pk="pinned")

    deploy()

    with pytest.raises(WorkflowNotInstalled, match="'pinned' is no longer in the code"):
        start_execution(workflow, input_data=1)
    deploy(released())
    assert start_execution(workflow, input_data=1).status == "running"
    engine.run_until_idle()


def test_what_ran_of_it_may_run_again_as_it_was(engine: Engine) -> None:
    (old,) = deploy(released())
    run = old.create_run()  # type: ignore[attr-defined]
    run.start(input_data=1)

    deploy(lambda: create_workflow(id="other").then(adds("a", "a")).then(adds("z", "z")).commit())
    again = run.rerun()
    engine.run_until_idle()

    assert again.get_result().result == "1az"
