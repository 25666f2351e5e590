"""Trying again what failed: only what failed runs again, wherever it stands."""

from __future__ import annotations

from typing import Any

import pytest

from executions_app.errors import NotApplicable, UnknownStep
from executions_app.models import Event, Execution
from executions_app.operations.retry import retry_execution
from executions_app.testing import in_memory
from tests.operations.calls import Calls, check_laws
from workflows_app.authoring import create_step, create_workflow

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def calls() -> Calls:
    return Calls()


def test_only_the_step_that_failed_runs_again(calls: Calls) -> None:
    workflow = (
        create_workflow(id="retry-row")
        .then(calls.step("a"))
        .then(calls.step("b", failing=1))
        .then(calls.step("c"))
        .commit()
    )
    with in_memory():
        run = workflow.create_run()
        failed = run.start(input_data=1)

        result = run.retry(by="ada", reason="it was the network")

    assert (failed.status, result.status, result.result) == ("failed", "completed", 4)
    assert calls.counts == {"a": 1, "b": 2, "c": 1}
    assert result.steps["b"].attempts == 1
    said = Event.objects.get(execution_id=run.id, type="execution_reopened").data
    assert (said["cause"], said["by"], said["reason"]) == ("retry", "ada", "it was the network")
    check_laws(run.id)


def test_every_arm_that_failed_runs_again_and_no_other(calls: Calls) -> None:
    workflow = (
        create_workflow(id="retry-arms")
        .parallel([calls.step("a", failing=1), calls.step("b"), calls.step("c", failing=1)])
        .then(calls.step("d", execute=lambda value: value))
        .commit()
    )
    with in_memory():
        run = workflow.create_run()
        run.start(input_data=1)

        result = run.retry()

    assert result.result == {"a": 2, "b": 2, "c": 2}
    assert calls.counts == {"a": 2, "b": 1, "c": 2, "d": 1}
    check_laws(run.id)


def test_one_arm_that_is_named_runs_again_while_the_other_stays_failed(calls: Calls) -> None:
    workflow = (
        create_workflow(id="retry-one-arm")
        .parallel([calls.step("a", failing=1), calls.step("b", failing=1)])
        .commit()
    )
    with in_memory():
        run = workflow.create_run()
        run.start(input_data=1)

        first = run.retry("b")
        check_laws(run.id)
        second = run.retry("a")

    assert (first.status, first.steps["b"].output) == ("failed", 2)
    assert second.result == {"a": 2, "b": 2}
    assert calls.counts == {"a": 2, "b": 2}
    check_laws(run.id)


def test_only_the_items_of_a_foreach_that_failed_run_again(calls: Calls) -> None:
    item = calls.step("item", failing_on={3: 1, 5: 1})
    workflow = create_workflow(id="retry-each").foreach(item, concurrency=2).commit()
    with in_memory():
        run = workflow.create_run()
        run.start(input_data=[1, 2, 3, 4, 5, 6])

        again = run.retry()
        check_laws(run.id)
        result = run.retry()

    assert (again.status, result.status) == ("failed", "completed")
    assert result.result == [2, 3, 4, 5, 6, 7]
    assert sorted(calls.seen["item"]) == [1, 2, 3, 3, 4, 5, 5, 6]
    check_laws(run.id)


def test_a_loop_goes_on_with_the_round_that_failed(calls: Calls) -> None:
    inc = calls.step("inc", failing_on={2: 1})
    workflow = create_workflow(id="retry-loop").dowhile(inc, "input < 4").commit()
    with in_memory():
        run = workflow.create_run()
        run.start(input_data=0)

        result = run.retry()

    assert result.result == 4
    assert calls.seen["inc"] == [0, 1, 2, 2, 3]
    check_laws(run.id)


def test_a_condition_that_failed_is_decided_again_without_another_round(calls: Calls) -> None:
    broken = [True]

    def condition(ctx: Any) -> bool:
        if broken.pop() if broken else False:
            raise ValueError("not yet")
        return ctx.input_data < 2

    workflow = create_workflow(id="retry-condition").dowhile(calls.step("inc"), condition).commit()
    with in_memory():
        run = workflow.create_run()
        failed = run.start(input_data=0)

        result = run.retry()

    assert (failed.status, result.result) == ("failed", 2)
    assert calls.seen["inc"] == [0, 1]
    check_laws(run.id)


def test_inside_a_branch_what_had_run_stays(calls: Calls) -> None:
    workflow = (
        create_workflow(id="retry-branch")
        .branch([("true", calls.step("a")), ("true", calls.step("b", failing=1))])
        .then(calls.step("c", execute=lambda value: value))
        .commit()
    )
    with in_memory():
        run = workflow.create_run()
        run.start(input_data=1)

        result = run.retry()

    assert result.result == {"a": 2, "b": 2}
    assert calls.counts == {"a": 1, "b": 2, "c": 1}
    check_laws(run.id)


@pytest.mark.parametrize("name", [None, "w", "w.i2", ["w", "i2"]])
def test_a_nested_workflow_goes_on_inside(calls: Calls, name: Any) -> None:
    inner = (
        create_workflow(id="w").then(calls.step("i1")).then(calls.step("i2", failing=1)).commit()
    )
    workflow = (
        create_workflow(id="retry-outer")
        .then(calls.step("a"))
        .then(inner)
        .then(calls.step("z"))
        .commit()
    )
    with in_memory():
        run = workflow.create_run()
        run.start(input_data=1)

        result = run.retry(name)

    assert (result.status, result.result) == ("completed", 5)
    assert calls.counts == {"a": 1, "i1": 1, "i2": 2, "z": 1}
    assert Execution.objects.filter(parent_id=run.id).count() == 1
    check_laws(run.id)


def test_a_nested_execution_is_retried_by_its_own_id(calls: Calls) -> None:
    inner = create_workflow(id="own-w").then(calls.step("i1", failing=1)).commit()
    workflow = create_workflow(id="retry-own").then(inner).then(calls.step("z")).commit()
    with in_memory() as engine:
        run = workflow.create_run()
        run.start(input_data=1)
        nested = Execution.objects.get(parent_id=run.id)

        retry_execution(nested.pk)
        engine.run_until_idle()
        result = run.get_result()

    assert result.result == 3
    check_laws(run.id)


def test_a_nested_workflow_in_a_foreach_goes_on_where_it_failed(calls: Calls) -> None:
    inner = (
        create_workflow(id="each-w")
        .then(calls.step("i1"))
        .then(calls.step("i2", failing_on={3: 1}))
        .commit()
    )
    workflow = create_workflow(id="retry-each-w").foreach(inner, concurrency=3).commit()
    with in_memory():
        run = workflow.create_run()
        run.start(input_data=[1, 2, 3])

        result = run.retry()

    assert result.result == [3, 4, 5]
    assert sorted(calls.seen["i1"]) == [1, 2, 3]
    assert sorted(calls.seen["i2"]) == [2, 3, 3, 4]
    check_laws(run.id)


def test_a_timeout_of_the_whole_begins_anew(calls: Calls) -> None:
    workflow = (
        create_workflow(id="retry-timeout", timeout=60)
        .then(calls.step("a", failing=1))
        .sleep(50)
        .commit()
    )
    with in_memory() as engine:
        run = workflow.create_run()
        run.start(input_data=1)
        engine.advance(3600)

        result = run.retry()

    assert result.status == "completed"
    check_laws(run.id)


def test_attempts_are_counted_anew(calls: Calls) -> None:
    step = calls.step("a", failing=3, retries=1)
    workflow = create_workflow(id="retry-attempts").then(step).commit()
    with in_memory():
        run = workflow.create_run()
        run.start(input_data=1)

        result = run.retry()

    assert (result.status, result.steps["a"].attempts) == ("completed", 2)
    assert calls.counts == {"a": 4}
    check_laws(run.id)


def test_a_suspended_arm_still_waits_after_a_retry(calls: Calls) -> None:
    asks = create_step(
        id="asks", execute=lambda value, ctx: ctx.resume_data or ctx.suspend({"why": value})
    )
    workflow = (
        create_workflow(id="retry-suspended").parallel([calls.step("a", failing=1), asks]).commit()
    )
    with in_memory():
        run = workflow.create_run()
        run.start(input_data=1)

        result = run.retry()
        check_laws(run.id)
        answered = run.resume("asks", resume_data="yes")

    assert (result.status, result.suspended) == ("suspended", [["asks"]])
    assert answered.result == {"a": 2, "asks": "yes"}
    assert calls.counts == {"a": 2}
    check_laws(run.id)


def test_a_bail_beside_the_failure_still_ends_the_workflow(calls: Calls) -> None:
    bails = create_step(id="bails", execute=lambda value, ctx: ctx.bail("early"))
    workflow = (
        create_workflow(id="retry-bail")
        .parallel([calls.step("a", failing=1), bails])
        .then(calls.step("after"))
        .commit()
    )
    with in_memory():
        run = workflow.create_run()
        run.start(input_data=1)

        result = run.retry()

    assert (result.status, result.result) == ("completed", "early")
    assert calls.counts == {"a": 2}
    check_laws(run.id)


def test_what_has_not_failed_is_not_retried(calls: Calls) -> None:
    workflow = create_workflow(id="retry-refused").then(calls.step("a")).commit()
    with in_memory():
        run = workflow.create_run()
        run.start(input_data=1)

        with pytest.raises(NotApplicable, match=r"completed cannot be retried; rerun"):
            run.retry()


def test_what_ran_out_of_time_is_not_retried(calls: Calls) -> None:
    workflow = create_workflow(id="retry-late", timeout=5).sleep(60).commit()
    with in_memory():
        run = workflow.create_run()
        run.start(input_data=1)

        with pytest.raises(NotApplicable, match="time_travel"):
            run.retry()


def test_a_step_that_did_not_fail_is_named_with_those_that_did(calls: Calls) -> None:
    workflow = (
        create_workflow(id="retry-unknown").then(calls.step("a")).then(calls.step("b", failing=1))
    ).commit()
    with in_memory():
        run = workflow.create_run()
        run.start(input_data=1)
        before = Event.objects.filter(execution_id=run.id).count()

        with pytest.raises(UnknownStep, match=r"'a'.*b"):
            run.retry("a")

    assert Event.objects.filter(execution_id=run.id).count() == before
    check_laws(run.id)
