"""Section S: going back in time."""

from __future__ import annotations

from typing import Any

import pytest

from tests.semantics.scenario import scenario
from tests.semantics.stage import Stage
from tests.semantics.workflows import s_time_travel as workflows
from workflows_app.authoring import WorkflowError

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.timeout(40)]


def given(output: Any) -> dict[str, Any]:
    """Return what a context says of a step that completed."""
    return {"status": "completed", "output": output}


@scenario(328, "a fresh run, from s2 on: s1 is as it was given and never runs")
def test_a_fresh_run_begins_at_a_later_step(stage: Stage) -> None:
    run = workflows.three.create_run()

    result = run.time_travel("s2", context={"s1": given({"step1_result": 2})})

    assert (result.status, result.result) == ("completed", {"final": 4})
    assert stage.counts(run) == {"s2": 1, "s3": 1}
    assert (result.steps["s1"].status, result.steps["s1"].output) == (
        "completed",
        {"step1_result": 2},
    )


@scenario(329, "a finished run, from b on with other input: a does not run, the result is replaced")
def test_a_finished_run_goes_on_with_other_input(stage: Stage) -> None:
    run = stage.begin(workflows.counting, {"x": 0})
    before = stage.end_of(run)

    result = run.time_travel("b", input_data={"x": 10})

    assert before.result == {"x": 3}
    assert result.steps["b"].payload == {"x": 10}
    assert result.result == run.get_result().result == {"x": 12}
    assert stage.counts(run) == {"a": 1, "b": 2}


@scenario(330, "without data the output of the step before is used as it was stored")
def test_a_finished_run_is_repeated_from_its_last_step(stage: Stage) -> None:
    run = stage.begin(workflows.longer, {"x": 0})
    stage.end_of(run)

    result = run.time_travel("c")

    assert result.result == {"x": 3}
    assert [call.input for call in stage.calls(run, "c")] == [{"x": 2}, {"x": 2}]
    assert stage.counts(run) == {"a": 1, "b": 1, "c": 2}


@scenario(331, "a run that failed at s2 succeeds from s2 on with corrected input")
def test_a_failed_run_is_put_right(stage: Stage) -> None:
    run = stage.begin(workflows.too_small, {})
    failed = stage.end_of(run)

    result = run.time_travel("s2", input_data={"step1_result": 20})

    assert failed.status == "failed"
    assert (result.status, result.error) == ("completed", None)
    assert result.result == {"final": 22}
    assert stage.counts(run) == {"s1": 1, "s2": 2, "s3": 1}


@scenario(332, "to the step after parallel arms, with both outputs given: no arm runs")
def test_arms_are_given(stage: Stage) -> None:
    run = workflows.arms.create_run()

    result = run.time_travel(
        "final",
        context={
            "init": given({"x": 1}),
            "p1": given({"x": 2}),
            "p2": given({"x": 20}),
        },
    )

    assert (result.status, result.result) == ("completed", {"p1": 2, "p2": 20})
    assert stage.counts(run) == {"final": 1}


@pytest.mark.parametrize("per_step", [False, True], ids=["on", "per step"])
@scenario(333, "into one arm: only it runs, the other is as given; per step it pauses after it")
def test_one_arm_is_travelled_to(stage: Stage, per_step: bool) -> None:
    run = workflows.arms.create_run()

    result = run.time_travel(
        "p1",
        context={"init": given({"x": 1}), "p2": given({"x": 20})},
        per_step=per_step,
    )

    if per_step:
        assert result.status == "paused"
        assert stage.counts(run) == {"p1": 1}
    else:
        assert (result.status, result.result) == ("completed", {"p1": 2, "p2": 20})
        assert stage.counts(run) == {"p1": 1, "final": 1}


@scenario(334, "to an arm of a branch: it runs where its condition holds, else it is left out")
def test_an_arm_whose_condition_holds_runs(stage: Stage) -> None:
    run = workflows.branches.create_run()

    result = run.time_travel("branchA", context={"check": given({"branch": "A"})})

    assert (result.status, result.result) == ("completed", {"branchA": "A ran"})
    assert stage.counts(run) == {"branchA": 1}


@scenario(334, "to an arm of a branch: it runs where its condition holds, else it is left out")
def test_an_arm_whose_condition_does_not_hold_is_left_out(stage: Stage) -> None:
    run = workflows.branches.create_run()

    result = run.time_travel("branchA", context={"check": given({"branch": "B"})})

    assert (result.status, result.result) == ("completed", {})
    assert stage.counts(run) == {}
    assert "branchA" not in result.steps or result.steps["branchA"].status == "skipped"


@scenario(335, "to the step after a loop: no round runs; to the loop: it starts over")
def test_a_loop_is_given(stage: Stage) -> None:
    run = workflows.loop.create_run()

    result = run.time_travel("after", context={"before": given({"x": 0}), "loop": given({"x": 3})})

    assert (result.status, result.result) == ("completed", {"x": 3})
    assert stage.counts(run) == {"after": 1}


@scenario(335, "to the step after a loop: no round runs; to the loop: it starts over")
def test_a_loop_starts_over(stage: Stage) -> None:
    run = stage.begin(workflows.loop, {"x": 0})
    stage.end_of(run)

    result = run.time_travel("loop")

    assert (result.status, result.result) == ("completed", {"x": 3})
    assert [call.input["x"] for call in stage.calls(run, "inc")] == [0, 1, 2, 0, 1, 2]
    assert stage.counts(run) == {"before": 1, "inc": 6, "after": 2}


@scenario(336, "to a nested workflow: all of it runs again; into it: from that step on")
def test_a_nested_workflow_is_repeated(stage: Stage) -> None:
    run = stage.begin(workflows.nested, {"x": 0})
    stage.end_of(run)

    result = run.time_travel("s-inner")

    assert result.result == {"x": 4}
    assert stage.counts(run) == {"s1": 1, "s2": 2, "s3": 2, "s4": 2}


@scenario(336, "to a nested workflow: all of it runs again; into it: from that step on")
def test_a_nested_workflow_is_repeated_from_a_step(stage: Stage) -> None:
    run = stage.begin(workflows.nested, {"x": 0})
    stage.end_of(run)

    result = run.time_travel("s-inner.s3", context={"s-inner.s2": given({"x": 20})})

    assert result.result == {"x": 22}
    assert stage.counts(run) == {"s1": 1, "s2": 1, "s3": 2, "s4": 2}


@scenario(337, "to a step that suspends: the run is suspended and can be resumed")
def test_a_step_that_suspends_is_travelled_to(stage: Stage) -> None:
    run = workflows.asking.create_run()

    asked = run.time_travel("ask", context={"a": given({"x": 1})})
    result = run.resume(resume_data={"add": 10})

    assert (asked.status, asked.suspended) == ("suspended", [["ask"]])
    assert result.suspended == [["ask_again"]]
    assert result.steps["b"].output == {"x": 12}
    assert stage.counts(run) == {"ask": 2, "b": 1, "ask_again": 1}


@scenario(
    338, "a suspended run, to an earlier step with resume data: it stops at the next question"
)
def test_the_first_suspension_is_answered_in_advance(stage: Stage) -> None:
    run = stage.begin(workflows.asking, {"x": 0})
    stage.end_of(run)

    result = run.time_travel("a", resume_data={"add": 10})

    assert (result.status, result.suspended) == ("suspended", [["ask_again"]])
    assert result.steps["ask"].output == {"x": 11}
    assert result.steps["b"].output == {"x": 12}
    assert stage.counts(run)["a"] == 2
    assert stage.calls(run, "ask")[-1].resume_data == {"add": 10}


@scenario(339, "per step: it pauses after the target, what follows has not run")
def test_one_step_of_a_journey(stage: Stage) -> None:
    run = workflows.three.create_run()

    result = run.time_travel("s2", context={"s1": given({"step1_result": 2})}, per_step=True)

    assert result.status == "paused"
    assert result.steps["s2"].output == {"step2_result": 3}
    assert stage.counts(run) == {"s2": 1}


@pytest.mark.parametrize(
    ("options", "code", "named"),
    [
        pytest.param({"step": "nowhere"}, None, "nowhere", id="unknown step"),
        pytest.param({"step": ""}, None, "step", id="empty step"),
        pytest.param({"step": None}, None, "step", id="no step"),
        pytest.param(
            {"step": "b", "input_data": {"x": "ten"}}, "input.invalid", "x", id="bad input"
        ),
    ],
)
@scenario(340, "what cannot be travelled to is refused by its name, and nothing changes")
def test_a_wrong_journey_changes_nothing(
    stage: Stage, options: dict[str, Any], code: str | None, named: str
) -> None:
    run = stage.begin(workflows.counting, {"x": 0})
    before = stage.end_of(run)
    events = len(stage.events(run))

    with pytest.raises(WorkflowError, match=named) as error:
        run.time_travel(**options)

    assert code in (None, error.value.code)
    assert run.get_result() == before
    assert len(stage.events(run)) == events
    assert stage.counts(run) == {"a": 1, "b": 1}


@scenario(340, "what cannot be travelled to is refused by its name, and nothing changes")
def test_a_running_run_cannot_travel(stage: Stage) -> None:
    run = stage.begin(workflows.slow, {"x": 0})
    stage.wait_for_status(run, "waiting")
    before = run.get_result()

    with pytest.raises(WorkflowError, match="still running") as error:
        run.time_travel("a")
    after = run.get_result()
    run.cancel()

    assert error.value.code == "execution.running"
    assert after == before
    assert stage.counts(run) == {"a": 1}


@scenario(340, "what cannot be travelled to is refused by its name, and nothing changes")
def test_a_run_that_never_was_cannot_travel(stage: Stage) -> None:
    run = workflows.counting.create_run()

    with pytest.raises(WorkflowError) as error:
        run.time_travel("b")

    assert error.value.code == "execution.not_found"
    assert run.status == "pending"
