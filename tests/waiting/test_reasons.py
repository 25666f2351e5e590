"""For each reason why an execution waits: its code, what it says, and when it is over."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest
from django.conf import settings
from django.db import connection
from django.test.utils import CaptureQueriesContext

from executions_app.models import Execution, StepRun
from executions_app.operations.cancel import cancel_execution
from executions_app.runner.claim import claim_attempt
from executions_app.testing import Engine
from executions_app.waiting_reasons import MAX_REASONS, Code, Reason, waiting_reasons
from tests.api.asking import in_this_process
from workflows_app import interface
from workflows_app.authoring import (
    Concurrency,
    Rate,
    Retry,
    StepContext,
    Workflow,
    create_step,
    create_workflow,
    use_workflow,
)
from workflows_app.authoring.registry import registry
from workflows_app.models import WorkflowVersion

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def engine(db: None) -> Iterator[Engine]:
    with in_this_process() as engine:
        yield engine


def of(step: Any, id: str = "waits") -> Workflow:
    return create_workflow(id=id).then(step).commit()


def begun(engine: Engine, workflow: Workflow, given: Any = None) -> Execution:
    """Return an execution that has come as far as it comes at this moment."""
    run = workflow.create_run()
    run.start_async(input_data=given)
    engine.run_until_idle()
    return Execution.objects.get(pk=run.id)


def why(execution: Execution) -> list[Reason]:
    return waiting_reasons(Execution.objects.get(pk=execution.pk))


def the_reason(execution: Execution) -> Reason:
    (reason,) = why(execution)
    return reason


def echo(id: str = "echo") -> Any:
    return create_step(id=id, execute=lambda value: value)


def asks(id: str = "ask") -> Any:
    def ask(value: Any, ctx: StepContext) -> Any:
        return ctx.resume_data or ctx.suspend({"q": value}, label="boss")

    return create_step(id=id, execute=ask)


def test_what_has_ended_waits_for_nothing(engine: Engine) -> None:
    assert why(begun(engine, of(echo()))) == []


def test_a_sleep_says_until_when(engine: Engine) -> None:
    execution = begun(engine, create_workflow(id="sleeps").sleep(90, id="nap").commit())

    reason = the_reason(execution)

    assert (reason.code, reason.step_id, reason.path) == (Code.SLEEP, "nap", ("nap",))
    assert reason.until == engine.now + timedelta(seconds=90)
    assert reason.message == "it sleeps until 2030-01-01 00:01:30 UTC"


def test_a_retry_says_which_attempt_comes_when_and_why(engine: Engine) -> None:
    def fail(value: Any) -> Any:
        raise OSError("the bank is closed")

    flow = create_workflow(id="shaky", retry=Retry(attempts=3, delay=60))
    reason = the_reason(begun(engine, flow.then(create_step(id="it", execute=fail)).commit()))

    assert reason.code == Code.RETRY
    assert reason.until == engine.now + timedelta(seconds=60)
    assert reason.details == {
        "attempt": 2,
        "attempts": 4,
        "error": "step.failed: the bank is closed",
    }
    assert "attempt 2 of 4" in reason.message


def test_a_wait_names_its_event_and_its_end(engine: Engine) -> None:
    flow = create_workflow(id="listens").wait_for_event("paid", id="wait", timeout=300)
    reason = the_reason(begun(engine, flow.commit()))

    assert (reason.code, reason.details) == (Code.EVENT, {"event": "paid"})
    assert reason.until == engine.now + timedelta(seconds=300)
    assert "'paid'" in reason.message


def test_a_wait_without_end_has_none(engine: Engine) -> None:
    flow = create_workflow(id="listens").wait_for_event("paid")

    assert the_reason(begun(engine, flow.commit())).until is None


def test_a_suspended_step_says_how_it_is_answered(engine: Engine) -> None:
    reason = the_reason(begun(engine, of(asks()), 1))

    assert (reason.code, reason.details) == (Code.ANSWER, {"labels": ["boss"]})
    assert reason.since == engine.now


def test_an_approval_says_who_may_answer(engine: Engine) -> None:
    named = {"title": "Pay?", "assignees": ["ada", "group:finance"], "deadline": 600}
    flow = create_workflow(id="approves").approval("ok", **named)
    reason = the_reason(begun(engine, flow.commit()))

    assert reason.code == Code.APPROVAL
    assert reason.details["assignees"] == ["ada", "group:finance"]
    assert reason.details["task"] is not None
    assert reason.until == engine.now + timedelta(seconds=600)
    assert "ada, group:finance" in reason.message


def test_a_nested_execution_is_named_and_its_reasons_follow(engine: Engine) -> None:
    inner = create_workflow(id="w-inner").sleep(60, id="nap").commit()
    outer = create_workflow(id="w-outer").then(use_workflow(inner.id, id="in")).commit()
    execution = begun(engine, outer)

    nested, sleep = why(execution)

    child = Execution.objects.get(parent_id=execution.pk)
    assert (nested.code, nested.details["execution_id"]) == (Code.NESTED, child.pk)
    assert (sleep.code, sleep.execution_id, sleep.path) == (Code.SLEEP, child.pk, ("in", "nap"))
    assert [reason.path for reason in why(child)] == [("nap",)]


def test_a_paused_execution_says_who_held_it_and_what_it_waits_for(engine: Engine) -> None:
    run = create_workflow(id="sleeps").sleep(90, id="nap").commit().create_run()
    run.start_async()
    engine.run_until_idle()
    run.pause(by="ada", reason="lunch")

    paused, sleep = why(Execution.objects.get(pk=run.id))

    assert (paused.code, paused.details) == (Code.PAUSED, {"by": "ada", "reason": "lunch"})
    assert (paused.since, paused.key) == (engine.now, None)
    assert sleep.code == Code.SLEEP


def test_a_step_by_step_execution_says_that_its_step_is_over(engine: Engine) -> None:
    run = create_workflow(id="steps").then(echo("a")).then(echo("b")).commit().create_run()
    run.start(per_step=True)

    reason = the_reason(Execution.objects.get(pk=run.id))

    assert reason.code == Code.PAUSED
    assert "has made the single step" in reason.message


def test_a_due_step_says_how_long_and_in_which_queue(engine: Engine) -> None:
    run = of(echo()).create_run()
    run.start_async()
    engine.now += timedelta(seconds=30)

    reason = the_reason(Execution.objects.get(pk=run.id))

    assert reason.code == Code.DUE
    assert reason.since == engine.now - timedelta(seconds=30)
    assert reason.details["queue"] == settings.WORKFLOW_QUEUES[0]
    assert (reason.details["sends"], reason.details["busy"]) == (1, 0)
    assert "nobody is at work on that queue" in reason.message


def test_a_due_step_says_whether_its_queue_is_worked_on(engine: Engine) -> None:
    flow = of(echo())
    run, other = flow.create_run(), flow.create_run()
    run.start_async()
    other.start_async()
    row = StepRun.objects.get(execution_id=other.id)
    claim_attempt(row.pk, row.attempt)

    reason = the_reason(Execution.objects.get(pk=run.id))

    assert reason.details["busy"] == 1
    assert "1 others of that queue" in reason.message


def claimed(engine: Engine) -> tuple[Execution, StepRun]:
    run = of(echo()).create_run()
    run.start_async()
    row = StepRun.objects.get(execution_id=run.id)
    assert claim_attempt(row.pk, row.attempt)
    row.refresh_from_db()
    return row.execution, row


def test_a_step_in_a_workers_hands_names_it(engine: Engine) -> None:
    execution, row = claimed(engine)

    reason = the_reason(execution)

    assert (reason.code, reason.since) == (Code.RUNNING, engine.now)
    assert reason.details["worker"] == row.claimed_by
    assert reason.details["seen_at"] == engine.now.isoformat()


def test_a_lost_worker_is_named_with_the_moment_it_counts_as_lost(engine: Engine) -> None:
    execution, row = claimed(engine)
    engine.now += timedelta(seconds=settings.LEASE_SECONDS + 5)

    reason = the_reason(execution)

    assert (reason.code, reason.until) == (Code.WORKER_LOST, row.wake_at)
    assert row.claimed_by in reason.message


def test_a_step_whose_workers_were_lost_counts_them(engine: Engine) -> None:
    execution, row = claimed(engine)
    StepRun.objects.filter(pk=row.pk).update(claimed_at=None, deaths=2)

    reason = the_reason(execution)

    assert (reason.code, reason.details["deaths"]) == (Code.RECOVERING, 2)
    assert reason.message.startswith("2 worker(s) were lost over it")


def test_a_step_whose_code_is_missing_says_when_it_fails(engine: Engine) -> None:
    run = of(echo(), id="w-gone").create_run()
    run.start_async()
    registry.workflows.pop("w-gone")
    registry._steps.pop("echo")
    engine.run_until_idle()

    reason = the_reason(Execution.objects.get(pk=run.id))

    assert (reason.code, reason.since) == (Code.CODE_MISSING, engine.now)
    grace = timedelta(seconds=settings.UNKNOWN_STEP_GRACE_SECONDS)
    assert reason.until == engine.now + grace


def test_a_plan_of_another_release_is_named(engine: Engine) -> None:
    execution = begun(engine, create_workflow(id="w-later").sleep(60).commit())
    versions = WorkflowVersion.objects.filter(pk=execution.version_id)
    versions.update(plan=versions.get().plan | {"format": 2})
    interface._plans.clear()

    unreadable, sleep = why(execution)

    assert (unreadable.code, sleep.code) == (Code.PLAN_UNREADABLE, Code.SLEEP)
    assert "cannot be read by this release" in unreadable.message


def test_a_stopping_execution_waits_for_what_runs(engine: Engine) -> None:
    execution, row = claimed(engine)
    cancel_execution(execution.pk, by="ada", reason="twice")

    stopping, running = why(execution)

    assert (stopping.code, stopping.details) == (Code.STOPPING, {"by": "ada", "reason": "twice"})
    assert (running.code, running.key) == (Code.RUNNING, row.node_id)


def limited(concurrency: Any, engine: Engine) -> list[Reason]:
    flow = create_workflow(id="w-limited", concurrency=concurrency).sleep(60).commit()
    begun(engine, flow, {})
    begun(engine, flow, {})
    return why(begun(engine, flow, {}))


def test_one_that_waits_for_a_place_says_how_many_are_ahead(engine: Engine) -> None:
    (reason,) = limited(1, engine)

    assert (reason.code, reason.since) == (Code.LIMIT, engine.now)
    assert (reason.details["limit"], reason.details["running"]) == (1, 1)
    assert (reason.details["ahead"], reason.key) == (1, None)
    assert "1 are ahead of it" in reason.message


def test_one_that_waits_for_its_time_says_when_the_next_begins(engine: Engine) -> None:
    (reason,) = limited(Concurrency(rate=Rate(2, per=30)), engine)

    assert reason.code == Code.START_RATE
    assert reason.until == engine.now + timedelta(seconds=30)


def test_one_whose_turn_has_come_says_so(engine: Engine) -> None:
    flow = create_workflow(id="w-limited", concurrency=1).sleep(60).commit()
    first, second = begun(engine, flow, {}), begun(engine, flow, {})
    ended = {"status": "completed", "ended_at": engine.now}
    Execution.objects.filter(pk=first.pk).update(**ended)  # and whoever did that died

    assert the_reason(second).code == Code.TURN


def test_one_in_line_by_a_plan_of_another_release_is_named(engine: Engine) -> None:
    flow = create_workflow(id="w-limited", concurrency=1).sleep(60).commit()
    begun(engine, flow, {})
    second = begun(engine, flow, {})
    versions = WorkflowVersion.objects.filter(pk=second.version_id)
    versions.update(plan=versions.get().plan | {"format": 2})
    interface._plans.clear()

    assert the_reason(second).code == Code.PLAN_UNREADABLE


def test_rounds_are_in_the_way_to_the_step(engine: Engine) -> None:
    flow = create_workflow(id="w-each").foreach(asks("each"), concurrency=2).commit()

    reasons = why(begun(engine, flow, ["a", "b"]))

    assert [reason.path for reason in reasons] == [("each", 0), ("each", 1)]
    assert {reason.code for reason in reasons} == {Code.ANSWER}


def test_more_than_twenty_are_counted(engine: Engine) -> None:
    flow = create_workflow(id="w-each").foreach(asks("each"), concurrency=25).commit()

    reasons = why(begun(engine, flow, list(range(25))))

    assert len(reasons) == MAX_REASONS + 1
    assert (reasons[-1].code, reasons[-1].details) == (Code.MORE, {"count": 5})
    assert reasons[-1].message == "and 5 more"


def test_what_nothing_would_move_on_says_so(engine: Engine) -> None:
    execution = begun(engine, create_workflow(id="sleeps").sleep(90).commit())
    StepRun.objects.filter(execution=execution).delete()

    assert the_reason(execution).code == Code.NOTHING


def test_asking_takes_few_queries_however_much_waits(engine: Engine) -> None:
    flow = create_workflow(id="w-each").foreach(asks("each"), concurrency=25).commit()
    execution = begun(engine, flow, list(range(25)))

    with CaptureQueriesContext(connection) as asked:
        waiting_reasons(execution)

    runs = [query for query in asked if "step" in query["sql"]]
    assert (len(runs), len(asked)) == (1, 2)  # the plan, which a process reads once


def test_every_code_has_a_test_here() -> None:
    with open(__file__) as file:
        source = file.read()

    untested = [code for code in Code if f"Code.{code.name}" not in source]
    assert untested == []
