"""Going back to a step: what comes before stays, or is as it is given; nothing else runs again."""

# ruff: noqa: F811 (a fixture is imported, then asked for by its name)
from __future__ import annotations

import pytest

from executions_app.errors import (
    StepNotApplicable,
)
from executions_app.models import Approval, Event
from executions_app.testing import in_memory
from tests.operations.calls import Calls, check_laws
from tests.operations.travelling import asks, calls, row  # noqa: F401
from workflows_app.authoring import constant, create_step, create_workflow

pytestmark = pytest.mark.django_db(transaction=True)


def test_what_comes_before_stays_and_the_log_says_who_travelled(calls: Calls) -> None:
    with in_memory():
        run = row(calls, "travel-row").create_run()
        run.start(input_data=1)

        result = run.time_travel("b", by="ada", reason="new prices")

    assert result.result == 4
    assert calls.counts == {"a": 1, "b": 2, "c": 2}
    said = Event.objects.get(execution_id=run.id, type="execution_reopened").data
    assert (said["cause"], said["by"], said["reason"]) == ("time_travel", "ada", "new prices")
    check_laws(run.id)


def test_the_first_step_takes_the_input_as_that_of_the_execution(calls: Calls) -> None:
    with in_memory():
        run = row(calls, "travel-first").create_run()
        run.start(input_data=1)

        result = run.time_travel("a", input_data=10)

    assert (result.result, result.steps["input"]) == (13, 10)
    check_laws(run.id)


def test_a_cancelled_execution_goes_on(calls: Calls) -> None:
    workflow = (
        create_workflow(id="travel-cancelled")
        .parallel([calls.step("a"), asks("asks")])
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
        create_workflow(id="travel-beside").parallel([calls.step("a"), asks("asks")]).commit()
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


def test_the_answer_brought_along_is_given_once(calls: Calls) -> None:
    workflow = (
        create_workflow(id="travel-answer")
        .then(calls.step("a"))
        .then(asks("first"))
        .then(asks("second"))
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
        run = row(calls, "travel-step").create_run()
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
        run = row(calls, "travel-far", a=9).create_run()
        run.start(input_data=1)

        with pytest.raises(StepNotApplicable, match="'b' comes before it and was never reached"):
            run.time_travel("c")
        result = run.time_travel("c", context={"b": 7})

    assert result.result == 8
    check_laws(run.id)
