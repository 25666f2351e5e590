"""Taking up an execution that was left: nothing that completed runs again."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.conf import settings

from executions_app.errors import ExecutionNotActive
from executions_app.models import Event, StepRun
from executions_app.operations.restart import restart_execution
from executions_app.testing import in_memory
from tests.operations.calls import Calls, check_laws
from workflows_app.authoring import create_step, create_workflow

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def calls() -> Calls:
    return Calls()


def test_what_a_lost_worker_had_is_taken_up_and_what_completed_stays(calls: Calls) -> None:
    workflow = (
        create_workflow(id="restart-row").then(calls.step("a")).then(calls.step("b")).commit()
    )
    with in_memory() as engine:
        engine.crash_before("b")
        run = workflow.create_run()
        run.start_async(input_data=1)
        engine.run_until_idle()
        engine.now += timedelta(seconds=settings.LEASE_SECONDS + 1)

        result = run.restart(by="ada", reason="after the flood")

    assert (result.status, result.result) == ("completed", 3)
    assert calls.counts == {"a": 1, "b": 1}
    lines = Event.objects.filter(execution_id=run.id, type="log")
    assert "restarted by ada: after the flood" in [line.data["message"] for line in lines]
    check_laws(run.id)


def test_what_a_live_worker_has_stays_in_its_hands(calls: Calls) -> None:
    workflow = create_workflow(id="restart-live").then(calls.step("a")).commit()
    with in_memory() as engine:
        engine.crash_before("a")
        run = workflow.create_run()
        run.start_async(input_data=1)
        engine.run_until_idle()
        before = StepRun.objects.get(execution_id=run.id)

        restart_execution(run.id)

    after = StepRun.objects.get(execution_id=run.id)
    assert (after.epoch, after.claimed_at) == (before.epoch, before.claimed_at)
    check_laws(run.id)


def test_a_sleep_goes_on_to_its_own_end(calls: Calls) -> None:
    workflow = (
        create_workflow(id="restart-sleep")
        .then(calls.step("a"))
        .sleep(3600)
        .then(calls.step("b"))
        .commit()
    )
    with in_memory() as engine:
        run = workflow.create_run()
        run.start_async(input_data=1)
        engine.advance(1800)
        began = engine.now

        result = run.restart()

    assert (result.result, engine.now - began) == (3, timedelta(seconds=1800))
    assert calls.counts == {"a": 1, "b": 1}
    check_laws(run.id)


def test_what_has_ended_is_returned_and_runs_nothing(calls: Calls) -> None:
    completed = create_workflow(id="restart-done").then(calls.step("a")).commit()
    failed = create_workflow(id="restart-failed").then(calls.step("b", failing=1)).commit()
    with in_memory():
        for workflow in (completed, failed):
            run = workflow.create_run()
            before = run.start(input_data=1)
            assert run.restart() == before
            check_laws(run.id)

    assert calls.counts == {"a": 1, "b": 1}


def test_what_is_not_at_work_is_not_restarted(calls: Calls) -> None:
    asks = create_step(id="asks", execute=lambda value, ctx: ctx.suspend())
    workflow = create_workflow(id="restart-refused").then(asks).commit()
    with in_memory():
        run = workflow.create_run()
        with pytest.raises(ExecutionNotActive, match="never started"):
            run.restart()
        run.start(input_data=1)
        with pytest.raises(ExecutionNotActive, match=r"suspended; resume\(\) it"):
            run.restart()
        run.pause()
        with pytest.raises(ExecutionNotActive, match=r"paused; unpause\(\) it"):
            run.restart()
        run.cancel()
        with pytest.raises(ExecutionNotActive, match="cancelled"):
            run.restart()
