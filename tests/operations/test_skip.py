"""Going on without a step: its output is given, and what follows runs."""

from __future__ import annotations

from typing import Any

import pytest

from executions_app.errors import InputInvalid, NotApplicable, StepNotApplicable, UnknownStep
from executions_app.models import Approval, Event, Execution, StepRun
from executions_app.operations.skip import skip_step
from executions_app.testing import in_memory
from tests.operations.calls import Calls, check_laws
from workflows_app.authoring import Retry, create_step, create_workflow

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def calls() -> Calls:
    return Calls()


def _asks(name: str = "asks") -> Any:
    return create_step(
        id=name, execute=lambda value, ctx: ctx.resume_data or ctx.suspend({"why": value})
    )


def test_what_follows_a_failed_step_runs_with_the_output_given(calls: Calls) -> None:
    workflow = (
        create_workflow(id="skip-row")
        .then(calls.step("a"))
        .then(calls.step("b", failing=9))
        .then(calls.step("c"))
        .commit()
    )
    with in_memory():
        run = workflow.create_run()
        run.start(input_data=1)

        result = run.skip("b", output=10, by="ada", reason="known")

    assert (result.status, result.result) == ("completed", 11)
    assert (result.steps["b"].status, result.steps["b"].output) == ("completed", 10)
    assert calls.counts == {"a": 1, "b": 1, "c": 1}
    facts = Event.objects.filter(execution_id=run.id)
    assert facts.get(type="execution_reopened").data["reason"] == "known"
    assert [fact.data["supplied"] for fact in facts.filter(type="step_completed")] == [
        "",
        "ada",
        "",
    ]
    check_laws(run.id)


def test_a_failed_container_is_skipped_as_a_whole(calls: Calls) -> None:
    workflow = (
        create_workflow(id="skip-each")
        .foreach(calls.step("item", failing_on={2: 9}), id="each")
        .then(calls.step("after", execute=lambda value: value))
        .commit()
    )
    with in_memory():
        run = workflow.create_run()
        run.start(input_data=[1, 2, 3])

        result = run.skip("each", output=["x"])

    assert result.result == ["x"]
    check_laws(run.id)


def test_one_item_of_a_foreach_is_skipped(calls: Calls) -> None:
    workflow = (
        create_workflow(id="skip-item")
        .foreach(calls.step("item", failing_on={2: 9}), id="each")
        .commit()
    )
    with in_memory():
        run = workflow.create_run()
        run.start(input_data=[1, 2, 3])

        result = run.skip("each[1]", output="x")

    assert result.result == [2, "x", 4]
    assert calls.seen["item"] == [1, 2, 3]
    check_laws(run.id)


def test_a_step_of_a_nested_workflow_is_skipped_inside(calls: Calls) -> None:
    inner = (
        create_workflow(id="skip-w")
        .then(calls.step("i1", failing=9))
        .then(calls.step("i2"))
        .commit()
    )
    workflow = create_workflow(id="skip-outer").then(inner).then(calls.step("z")).commit()
    with in_memory():
        run = workflow.create_run()
        run.start(input_data=1)

        result = run.skip("skip-w.i1", output=5)

    assert result.result == 7
    assert calls.counts == {"i1": 1, "i2": 1, "z": 1}
    check_laws(run.id)


def test_a_nested_workflow_is_skipped_as_a_whole(calls: Calls) -> None:
    inner = create_workflow(id="skip-whole-w").then(calls.step("i1", failing=9)).commit()
    workflow = create_workflow(id="skip-whole").then(inner).then(calls.step("z")).commit()
    with in_memory():
        run = workflow.create_run()
        run.start(input_data=1)

        result = run.skip("skip-whole-w", output=5)

    assert result.result == 6
    check_laws(run.id)


def test_a_suspended_step_is_skipped_while_the_execution_lives(calls: Calls) -> None:
    workflow = create_workflow(id="skip-asks").then(_asks()).then(calls.step("z")).commit()
    with in_memory():
        run = workflow.create_run()
        run.start(input_data=1)

        result = run.skip("asks", output=1, by="ada", reason="no answer")

    assert result.result == 2
    said = Event.objects.get(execution_id=run.id, type="log").data["message"]
    assert said == "ada skips this step: no answer"
    check_laws(run.id)


def test_a_suspended_nested_workflow_is_cancelled_and_skipped(calls: Calls) -> None:
    inner = create_workflow(id="skip-asks-w").then(_asks()).commit()
    workflow = create_workflow(id="skip-asks-outer").then(inner).then(calls.step("z")).commit()
    with in_memory():
        run = workflow.create_run()
        run.start(input_data=1)
        nested = Execution.objects.get(parent_id=run.id)

        result = run.skip("skip-asks-w", output=1)

    assert result.result == 2
    nested.refresh_from_db()
    assert nested.status == "cancelled"
    check_laws(run.id)


def test_a_sleep_a_wait_and_an_approval_are_skipped(calls: Calls) -> None:
    workflow = (
        create_workflow(id="skip-waits")
        .sleep(3600, id="nap")
        .wait_for_event("news", calls.step("hears"))
        .approval("sign", title="Sign?")
        .commit()
    )
    with in_memory() as engine:
        run = workflow.create_run()
        run.start_async(input_data=1)
        engine.run_until_idle()

        _skip(run, "nap", 1)
        engine.run_until_idle()
        check_laws(run.id)
        _skip(run, "hears", 2)
        engine.run_until_idle()
        check_laws(run.id)
        result = run.skip("sign", output={"approved": True}, by="ada")

    assert result.result == {"approved": True}
    assert calls.counts == {}
    approval = Approval.objects.get()
    assert (approval.status, approval.answered_by) == ("withdrawn", "ada")
    check_laws(run.id)


def _skip(run: Any, step: str, output: Any) -> None:
    skip_step(run.id, step=step, output=output)


def test_a_step_that_waits_for_its_next_attempt_is_skipped(calls: Calls) -> None:
    workflow = (
        create_workflow(id="skip-retrying", retry=Retry(attempts=3, delay=600))
        .then(calls.step("a", failing=9))
        .then(calls.step("b"))
        .commit()
    )
    with in_memory() as engine:
        run = workflow.create_run()
        run.start_async(input_data=1)
        engine.run_until_idle()

        result = run.skip("a", output=4)

    assert result.result == 5
    assert calls.counts == {"a": 1, "b": 1}
    check_laws(run.id)


def test_a_step_at_work_is_not_skipped(calls: Calls) -> None:
    workflow = create_workflow(id="skip-running").then(calls.step("a")).commit()
    with in_memory() as engine:
        engine.crash_before("a")
        run = workflow.create_run()
        run.start_async(input_data=1)
        engine.work_now()

        with pytest.raises(StepNotApplicable, match="'a' is at work"):
            _skip(run, "a", 1)

    assert StepRun.objects.get(execution_id=run.id).claimed_at is not None


def test_several_runs_of_one_name_are_told_apart_by_their_rounds(calls: Calls) -> None:
    workflow = create_workflow(id="skip-many").foreach(_asks("item"), concurrency=2).commit()
    with in_memory():
        run = workflow.create_run()
        run.start(input_data=[1, 2])

        with pytest.raises(StepNotApplicable, match="inside it"):
            run.skip("item", output=1)
        run.skip("item[0]", output="a")
        check_laws(run.id)
        result = run.skip(["item", 1], output="b")

    assert result.result == ["a", "b"]
    check_laws(run.id)


def test_what_cannot_be_skipped_changes_nothing(calls: Calls) -> None:
    workflow = create_workflow(id="skip-refused").then(calls.step("a")).then(_asks()).commit()
    with in_memory():
        run = workflow.create_run()
        run.start(input_data=1)
        before = Event.objects.filter(execution_id=run.id).count()

        with pytest.raises(UnknownStep, match=r"'a'.*asks"):
            run.skip("a", output=1)
        with pytest.raises(InputInvalid):
            run.skip("asks", output=object())
        assert Event.objects.filter(execution_id=run.id).count() == before
        run.cancel()
        with pytest.raises(NotApplicable, match="time_travel"):
            run.skip("asks", output=1)
