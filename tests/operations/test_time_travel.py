"""Going back to a step: what comes before stays, or is as it is given; nothing else runs again."""

from __future__ import annotations

from typing import Any

import pytest

from executions_app.errors import (
    ExecutionNotFound,
    ExecutionRunning,
    InputInvalid,
    NotApplicable,
    StepNotApplicable,
    UnknownStep,
    VersionDiffers,
)
from executions_app.models import Approval, Event, Execution, StepRun
from executions_app.operations.time_travel import time_travel
from executions_app.testing import in_memory
from tests.operations.calls import Calls, check_laws
from workflows_app.authoring import constant, create_step, create_workflow
from workflows_app.operations.sync_registry import ensure_published

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def calls() -> Calls:
    return Calls()


def _asks(name: str) -> Any:
    return create_step(
        id=name, execute=lambda value, ctx: ctx.resume_data or ctx.suspend({"why": value})
    )


def _row(calls: Calls, name: str, **failing: int) -> Any:
    workflow = create_workflow(id=name)
    for step in "abc":
        workflow = workflow.then(calls.step(step, failing=failing.get(step, 0)))
    return workflow.commit()


def test_what_comes_before_stays_and_the_log_says_who_travelled(calls: Calls) -> None:
    with in_memory():
        run = _row(calls, "travel-row").create_run()
        run.start(input_data=1)

        result = run.time_travel("b", by="ada", reason="new prices")

    assert result.result == 4
    assert calls.counts == {"a": 1, "b": 2, "c": 2}
    said = Event.objects.get(execution_id=run.id, type="execution_reopened").data
    assert (said["cause"], said["by"], said["reason"]) == ("time_travel", "ada", "new prices")
    check_laws(run.id)


def test_the_first_step_takes_the_input_as_that_of_the_execution(calls: Calls) -> None:
    with in_memory():
        run = _row(calls, "travel-first").create_run()
        run.start(input_data=1)

        result = run.time_travel("a", input_data=10)

    assert (result.result, result.steps["input"]) == (13, 10)
    check_laws(run.id)


def test_a_cancelled_execution_goes_on(calls: Calls) -> None:
    workflow = (
        create_workflow(id="travel-cancelled")
        .parallel([calls.step("a"), _asks("asks")])
        .then(calls.step("after", execute=lambda value: value))
        .commit()
    )
    with in_memory():
        run = workflow.create_run()
        run.start(input_data=1)
        run.cancel()

        result = run.time_travel("after", context={"asks": "yes"})

    assert (result.status, result.result) == ("completed", {"a": 2, "asks": "yes"})
    assert calls.counts == {"a": 1, "after": 1}
    check_laws(run.id)


def test_an_output_that_is_given_reaches_only_what_comes_after_the_step(calls: Calls) -> None:
    a, left, right = calls.step("a"), calls.step("left"), calls.step("right")
    workflow = create_workflow(id="travel-graph").graph({a: [], left: [a], right: [a]}).commit()
    with in_memory():
        run = workflow.create_run()
        run.start(input_data=1)

        result = run.time_travel("right", context={"a": 10})

    assert result.result == {"left": 3, "right": 11}
    assert calls.counts == {"a": 1, "left": 1, "right": 2}
    check_laws(run.id)


def test_an_arm_beside_that_still_waits_goes_on_waiting(calls: Calls) -> None:
    workflow = (
        create_workflow(id="travel-beside").parallel([calls.step("a"), _asks("asks")]).commit()
    )
    with in_memory():
        run = workflow.create_run()
        run.start(input_data=1)

        again = run.time_travel("a")
        check_laws(run.id)
        result = run.resume("asks", resume_data="yes")

    assert (again.status, again.suspended) == ("suspended", [["asks"]])
    assert result.result == {"a": 2, "asks": "yes"}
    assert calls.counts == {"a": 2}
    check_laws(run.id)


def test_an_arm_of_a_branch_is_repeated_and_the_other_keeps_what_it_has(calls: Calls) -> None:
    workflow = (
        create_workflow(id="travel-branch")
        .branch([("true", calls.step("a")), ("true", calls.step("b"))])
        .then(calls.step("after", execute=lambda value: value))
        .commit()
    )
    with in_memory():
        run = workflow.create_run()
        run.start(input_data=1)

        result = run.time_travel("b")

    assert result.result == {"a": 2, "b": 2}
    assert calls.counts == {"a": 1, "b": 2, "after": 2}
    check_laws(run.id)


def test_with_other_data_a_branch_decides_again_about_the_arm_alone(calls: Calls) -> None:
    workflow = (
        create_workflow(id="travel-decides")
        .then(calls.step("check"))
        .branch([("input > 1", calls.step("a")), ("input > 5", calls.step("b"))])
        .commit()
    )
    with in_memory():
        run = workflow.create_run()
        run.start(input_data=1)

        opened = run.time_travel("b", context={"check": 9})
        check_laws(run.id)
        closed = run.time_travel("b", context={"check": 3})

    assert (opened.result, closed.result) == ({"b": 10}, {})
    assert closed.steps["b"].status == "skipped"
    assert calls.counts == {"check": 1, "a": 1, "b": 1}
    check_laws(run.id)


def test_of_a_foreach_only_the_items_run_that_did_not_succeed(calls: Calls) -> None:
    item = calls.step("item", failing_on={2: 1})
    workflow = create_workflow(id="travel-each").foreach(item).then(calls.step("z", execute=sum))
    with in_memory():
        run = workflow.commit().create_run()
        run.start(input_data=[1, 2, 3])

        result = run.time_travel("item")
        check_laws(run.id)
        again = run.time_travel("item")
        check_laws(run.id)
        other = run.time_travel("item", input_data=[5])

    assert (result.result, again.result, other.result) == (9, 9, 6)
    assert calls.seen["item"] == [1, 2, 2, 3, 5]
    assert calls.counts["z"] == 3
    check_laws(run.id)


def test_one_item_of_a_foreach_is_repeated(calls: Calls) -> None:
    workflow = create_workflow(id="travel-item").foreach(calls.step("item"), id="each").commit()
    with in_memory():
        run = workflow.create_run()
        run.start(input_data=[1, 2, 3])

        result = run.time_travel(["each", 1], input_data=7)

    assert result.result == [2, 8, 4]
    assert calls.seen["item"] == [1, 2, 3, 7]
    check_laws(run.id)


@pytest.mark.parametrize("target", ["loop_1", "inc"])
def test_a_loop_starts_over(calls: Calls, target: str) -> None:
    workflow = (
        create_workflow(id="travel-loop")
        .then(calls.step("a"))
        .dowhile(calls.step("inc"), "input < 4")
        .commit()
    )
    with in_memory():
        run = workflow.create_run()
        run.start(input_data=1)

        result = run.time_travel(target)

    assert result.result == 4
    assert calls.seen["inc"] == [2, 3, 2, 3]
    check_laws(run.id)


def _nested(calls: Calls, name: str, **failing: int) -> Any:
    inner = create_workflow(id=f"{name}-w")
    for step in ("i1", "i2", "i3"):
        inner = inner.then(calls.step(step, failing=failing.get(step, 0)))
    return (
        create_workflow(id=name)
        .then(calls.step("a"))
        .then(inner.commit())
        .then(calls.step("z"))
        .commit()
    )


@pytest.mark.parametrize("as_list", [False, True])
def test_a_step_of_a_nested_workflow_is_repeated_inside(calls: Calls, as_list: bool) -> None:
    workflow = _nested(calls, "travel-in")
    with in_memory():
        run = workflow.create_run()
        run.start(input_data=1)

        way = ["travel-in-w", "i2"] if as_list else "travel-in-w.i2"
        result = run.time_travel(way, context={"travel-in-w.i1": 10})

    assert result.result == 13
    assert calls.counts == {"a": 1, "i1": 1, "i2": 2, "i3": 2, "z": 2}
    assert Execution.objects.filter(parent_id=run.id).count() == 1
    check_laws(run.id)


def test_a_nested_workflow_that_is_repeated_is_a_new_execution(calls: Calls) -> None:
    workflow = _nested(calls, "travel-over")
    with in_memory():
        run = workflow.create_run()
        run.start(input_data=1)

        result = run.time_travel("travel-over-w", input_data=10)

    assert result.result == 14
    assert calls.counts == {"a": 1, "i1": 2, "i2": 2, "i3": 2, "z": 2}
    inner = run.get_result().steps["travel-over-w"]
    assert inner.output == 13
    assert inner.steps["i1"].payload == 10
    check_laws(run.id)


def test_a_nested_workflow_that_was_never_begun_begins_at_a_later_step(calls: Calls) -> None:
    workflow = _nested(calls, "travel-new")
    with in_memory():
        run = workflow.create_run()

        result = run.time_travel("travel-new-w.i3", context={"a": 1, "travel-new-w.i2": 5})

    assert result.result == 7
    assert calls.counts == {"i3": 1, "z": 1}
    check_laws(run.id)


def test_a_nested_workflow_that_waits_is_left_behind(calls: Calls) -> None:
    inner = create_workflow(id="travel-left-w").then(_asks("asks")).commit()
    workflow = create_workflow(id="travel-left").then(calls.step("a")).then(inner).commit()
    with in_memory():
        run = workflow.create_run()
        run.start(input_data=1)
        left = Execution.objects.get(parent_id=run.id)

        again = run.time_travel("a", input_data=5)
        check_laws(run.id)
        result = run.resume(resume_data="yes")

    left.refresh_from_db()
    assert left.status == "cancelled"
    assert (again.status, again.suspend_payload["travel-left-w"]["asks"]) == (
        "suspended",
        {"why": 6},
    )
    assert result.result == "yes"
    check_laws(run.id)


def test_the_answer_brought_along_is_given_once(calls: Calls) -> None:
    workflow = (
        create_workflow(id="travel-answer")
        .then(calls.step("a"))
        .then(_asks("first"))
        .then(_asks("second"))
        .commit()
    )
    with in_memory():
        run = workflow.create_run()
        run.start(input_data=1)

        result = run.time_travel("a", resume_data="yes", by="ada")

    assert (result.status, result.suspended) == ("suspended", [["second"]])
    assert result.steps["first"].output == "yes"
    told = Event.objects.get(execution_id=run.id, type="step_resumed").data
    assert (told["data"], told["by"]) == ("yes", "ada")
    check_laws(run.id)


def test_an_approval_is_answered_by_what_was_brought_along(calls: Calls) -> None:
    workflow = create_workflow(id="travel-sign").approval("sign", title="Sign?").commit()
    with in_memory():
        run = workflow.create_run()
        run.start(input_data=1)

        result = run.time_travel("sign", resume_data={"approved": True})

    assert result.result == {"approved": True}
    assert sorted(Approval.objects.values_list("status", flat=True)) == ["answered", "withdrawn"]
    check_laws(run.id)


def test_the_state_is_replaced(calls: Calls) -> None:
    sees = create_step(id="sees", execute=lambda value, ctx: dict(ctx.state))
    workflow = create_workflow(id="travel-state").then(calls.step("a")).then(sees).commit()
    with in_memory():
        run = workflow.create_run()
        run.start(input_data=1, initial_state={"old": 1})

        result = run.time_travel("sees", initial_state={"new": 2})

    assert result.result == result.state == {"new": 2}
    check_laws(run.id)


def test_per_step_it_pauses_after_the_step_and_goes_on(calls: Calls) -> None:
    with in_memory():
        run = _row(calls, "travel-step").create_run()
        run.start(input_data=1)

        paused = run.time_travel("b", per_step=True)
        check_laws(run.id)
        run.unpause()
        result = run.wait()

    assert (paused.status, result.result) == ("paused", 4)
    assert calls.counts == {"a": 1, "b": 2, "c": 2}
    check_laws(run.id)


def test_a_paused_execution_travels_and_its_other_arm_goes_on(calls: Calls) -> None:
    workflow = (
        create_workflow(id="travel-paused").parallel([calls.step("a"), calls.step("b")]).commit()
    )
    with in_memory() as engine:
        run = workflow.create_run()
        run.start_async(input_data=1)
        engine.work_now()
        run.pause()

        result = run.time_travel("a")

    assert result.result == {"a": 2, "b": 2}
    assert calls.counts == {"a": 2, "b": 1}
    check_laws(run.id)


def test_what_ended_early_ends_there_no_more(calls: Calls) -> None:
    bails = create_step(id="bails", execute=lambda value, ctx: ctx.bail(value))
    workflow = create_workflow(id="travel-bail").then(bails).then(calls.step("z")).commit()
    with in_memory():
        run = workflow.create_run()
        ended = run.start(input_data=1)

        result = run.time_travel("z")

    assert (ended.result, result.result) == (1, 2)
    check_laws(run.id)


def test_a_mapping_before_the_step_is_made_of_what_is_given(calls: Calls) -> None:
    workflow = (
        create_workflow(id="travel-map")
        .then(calls.step("a"))
        .map({"n": constant(5)})
        .then(calls.step("b", execute=lambda value: value))
        .commit()
    )
    with in_memory():
        run = workflow.create_run()

        result = run.time_travel("b", context={"a": 1})

    assert result.result == {"n": 5}
    assert calls.counts == {"b": 1}
    check_laws(run.id)


def test_a_step_in_between_that_was_never_reached_must_be_given(calls: Calls) -> None:
    with in_memory():
        run = _row(calls, "travel-far", a=9).create_run()
        run.start(input_data=1)

        with pytest.raises(StepNotApplicable, match="'b' comes before it and was never reached"):
            run.time_travel("c")
        result = run.time_travel("c", context={"b": 7})

    assert result.result == 8
    check_laws(run.id)


def _everything(run_id: str) -> tuple[Any, ...]:
    return (
        Execution.objects.filter(pk=run_id).values().get(),
        list(StepRun.objects.filter(execution_id=run_id).order_by("pk").values()),
        list(Event.objects.filter(execution_id=run_id).order_by("seq").values()),
    )


def test_what_is_refused_changes_nothing(calls: Calls) -> None:
    def typed(value: int) -> int:
        return value

    workflow = (
        create_workflow(id="travel-refused")
        .then(calls.step("a"))
        .then(create_step(id="typed", execute=typed))
        .commit()
    )
    with in_memory():
        run = workflow.create_run()
        run.start(input_data=1)
        before = _everything(run.id)

        for refused, options in [
            (UnknownStep, {"step": "nowhere"}),
            (UnknownStep, {"step": ""}),
            (UnknownStep, {"step": None}),
            (UnknownStep, {"step": "a", "context": {"nowhere": 1}}),
            (InputInvalid, {"step": "typed", "input_data": "x"}),
            (InputInvalid, {"step": "a", "initial_state": [1]}),
            (InputInvalid, {"step": "a", "input_data": object()}),
        ]:
            with pytest.raises(refused):
                run.time_travel(**options)

    assert _everything(run.id) == before


def test_what_is_at_work_is_left_alone(calls: Calls) -> None:
    workflow = create_workflow(id="travel-running").then(calls.step("a")).sleep(60).commit()
    with in_memory() as engine:
        run = workflow.create_run()
        run.start_async(input_data=1)
        with pytest.raises(ExecutionRunning, match="still running"):
            run.time_travel("a")
        engine.run_until_idle()
        with pytest.raises(ExecutionRunning, match="waiting"):
            run.time_travel("a")


def test_what_was_never_started_needs_a_context(calls: Calls) -> None:
    with pytest.raises(ExecutionNotFound):
        _row(calls, "travel-nothing").create_run().time_travel("b")


def test_a_nested_execution_does_not_travel_by_itself(calls: Calls) -> None:
    with in_memory():
        run = _nested(calls, "travel-alone").create_run()
        run.start(input_data=1)
        nested = Execution.objects.get(parent_id=run.id)

        with pytest.raises(NotApplicable, match="travel in the one around it"):
            time_travel(nested.pk, step="i1")


def _publish_again(calls: Calls, *steps: str) -> None:
    workflow = create_workflow(id="travel-version")
    for step in steps:
        workflow = workflow.then(calls.step(step))
    ensure_published(workflow.commit())


def test_it_goes_on_with_the_published_version(calls: Calls) -> None:
    with in_memory() as engine:
        run = _row(calls, "travel-version", b=9).create_run()
        run.start(input_data=1)
        _publish_again(calls, "a", "b", "x", "c")

        time_travel(run.id, step="b", version="latest")
        engine.run_until_idle()
        check_laws(run.id)
        again = time_travel(run.id, step="x")
        engine.run_until_idle()

    again.refresh_from_db()
    assert (again.status, again.output) == ("completed", 5)
    assert calls.counts == {"a": 1, "b": 2, "x": 2, "c": 2}
    assert set(StepRun.objects.values_list("version_id", flat=True)) == {again.version_id}
    check_laws(run.id)


def test_a_version_without_what_is_kept_is_refused(calls: Calls) -> None:
    with in_memory():
        run = _row(calls, "travel-version", c=9).create_run()
        run.start(input_data=1)
        before = _everything(run.id)
        _publish_again(calls, "other", "b", "c")

        with pytest.raises(VersionDiffers, match="'a' no more"):
            time_travel(run.id, step="c", version="latest")

    assert _everything(run.id) == before
    check_laws(run.id)
