"""Steps whose code a worker does not have: another may, for a while; then they fail by name."""

from __future__ import annotations

from typing import Any

import pytest

from executions_app.models import Event, StepRun
from executions_app.operations.cancel import cancel_execution
from executions_app.testing import Engine
from tests.deploys.releases import GRACE_SECONDS, deploy, keeps_the_laws
from workflows_app.authoring import create_step, create_workflow

pytestmark = pytest.mark.django_db


def two_steps(*, id: str = "deployed", **options: Any) -> Any:
    flow = create_workflow(id=id).then(create_step(id="first", execute=lambda value: value))
    return flow.then(create_step(id="second", execute=lambda value: "new", **options)).commit()


def started_without_its_code(engine: Engine) -> str:
    """Start an execution, then take its code away: it has come as far as its first step."""
    (workflow,) = deploy(two_steps)
    run = workflow.create_run()  # type: ignore[attr-defined]
    run.start_async(input_data=1)
    deploy()
    engine.run_until_idle()
    return str(run.id)


def test_a_step_without_code_waits_and_costs_no_attempt(engine: Engine) -> None:
    execution_id = started_without_its_code(engine)

    row = StepRun.objects.get(execution_id=execution_id)
    assert (row.status, row.attempt, row.deaths) == ("scheduled", 1, 0)
    assert row.claimed_at is None
    assert row.due_at is not None
    assert row.due_at > engine.now
    assert keeps_the_laws(execution_id)


def test_a_worker_that_has_the_code_goes_on(engine: Engine) -> None:
    execution_id = started_without_its_code(engine)
    engine.advance(GRACE_SECONDS / 2)

    (workflow,) = deploy(two_steps)
    engine.advance(GRACE_SECONDS / 2)

    result = workflow.create_run(execution_id).get_result()  # type: ignore[attr-defined]
    assert (result.status, result.result) == ("completed", "new")
    assert result.steps["first"].attempts == 1
    assert keeps_the_laws(execution_id)


def test_the_log_says_once_what_is_missing(engine: Engine) -> None:
    execution_id = started_without_its_code(engine)

    engine.advance(GRACE_SECONDS - 1)

    lines = Event.objects.filter(execution_id=execution_id, type="log")
    assert lines.count() == 1
    assert "step 'first' is not installed" in lines.get().data["message"]


def test_it_is_looked_for_a_bounded_number_of_times(engine: Engine) -> None:
    execution_id = started_without_its_code(engine)

    engine.advance(GRACE_SECONDS + 1)

    assert 5 <= StepRun.objects.get(execution_id=execution_id).epoch <= 40


def test_a_step_that_stays_unknown_fails_by_name_and_fails_its_execution(engine: Engine) -> None:
    execution_id = started_without_its_code(engine)

    engine.advance(GRACE_SECONDS + 1)

    row = StepRun.objects.get(execution_id=execution_id)
    assert (row.status, row.error["code"]) == ("failed", "step.unknown")
    assert row.execution.status == "failed"
    assert row.execution.error["code"] == "step.unknown"
    assert keeps_the_laws(execution_id)


def test_retries_follow_each_after_a_grace_of_its_own(engine: Engine) -> None:
    (workflow,) = deploy(lambda: two_steps(retries=2))
    run = workflow.create_run()  # type: ignore[attr-defined]
    run.start_async(input_data=1)
    engine.work_now()
    deploy()

    engine.advance(3 * GRACE_SECONDS + 5)

    row = StepRun.objects.get(execution_id=run.id, node_id="second")
    assert (row.status, row.attempt, row.error["code"]) == ("failed", 3, "step.unknown")


def test_what_a_step_says_about_errors_holds_for_missing_code(engine: Engine) -> None:
    def forgiving() -> Any:
        gone = create_step(id="gone", execute=lambda value: value, on_error="skip")
        after = create_step(id="after", execute=lambda value: "after")
        return create_workflow(id="deployed").then(gone).then(after).commit()

    (workflow,) = deploy(forgiving)
    run = workflow.create_run()  # type: ignore[attr-defined]
    run.start_async(input_data=1)
    deploy()
    engine.advance(GRACE_SECONDS + 1)
    deploy(forgiving)
    engine.advance(GRACE_SECONDS)

    result = run.get_result()
    assert (result.status, result.result) == ("completed", "after")
    assert StepRun.objects.get(execution_id=run.id, node_id="gone").status == "skipped"
    assert keeps_the_laws(run.id)


def test_cancelling_does_not_wait_for_code(engine: Engine) -> None:
    execution_id = started_without_its_code(engine)

    cancelled = cancel_execution(execution_id)
    engine.run_until_idle()

    assert cancelled.status == "cancelled"
    assert keeps_the_laws(execution_id)


def test_while_it_is_paused_nobody_looks_for_code(engine: Engine) -> None:
    (workflow,) = deploy(two_steps)
    run = workflow.create_run()  # type: ignore[attr-defined]
    run.start_async(input_data=1)
    deploy()
    engine.run_until_idle()
    run.pause()

    engine.advance(5 * GRACE_SECONDS)

    row = StepRun.objects.get(execution_id=run.id)
    assert (row.status, row.wake_at) == ("scheduled", None)
    run.unpause()
    engine.run_until_idle()
    assert StepRun.objects.get(execution_id=run.id).status == "failed"


@pytest.mark.parametrize("place", ["mapping", "condition"])
def test_a_callable_that_is_gone_fails_by_name(engine: Engine, place: str) -> None:
    def with_a_callable() -> Any:
        flow = create_workflow(id="called").then(create_step(id="first", execute=lambda v: v))
        if place == "mapping":
            return flow.map(lambda ctx: 1).commit()
        yes = create_step(id="yes", execute=lambda v: "yes")
        return flow.branch([(lambda ctx: True, yes)]).commit()

    (workflow,) = deploy(with_a_callable)
    run = workflow.create_run()  # type: ignore[attr-defined]
    run.start_async(input_data=1)
    engine.work_now()
    deploy()
    engine.advance(GRACE_SECONDS + 1)

    result = run.get_result()
    assert result.status == "failed"
    assert result.error is not None
    assert result.error["code"] == "mapping.failed"
    assert "is not installed on this worker" in result.error["message"]
    assert keeps_the_laws(run.id)
