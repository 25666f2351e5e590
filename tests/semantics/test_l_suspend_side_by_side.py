"""Section L: suspending and resuming arms that run side by side."""

from __future__ import annotations

import pytest

from tests.semantics.scenario import scenario
from tests.semantics.stage import Stage
from tests.semantics.workflows import l_suspend_side_by_side as workflows
from workflows_app.authoring import WorkflowError

pytestmark = pytest.mark.django_db(transaction=True)


@scenario(206, "both arms suspend; each resume settles its own; the last completes the run")
def test_both_arms_suspend_and_are_resumed_in_turn(stage: Stage) -> None:
    run = stage.begin(workflows.both_ask, {"value": 100})
    asked = stage.end_of(run)

    half = run.resume("a", resume_data={"multiplier": 2})
    result = run.resume("b", resume_data={"divisor": 5})

    assert asked.suspended == [["a"], ["b"]]
    assert (half.status, half.suspended) == ("suspended", [["b"]])
    assert half.steps["a"].status == "completed"
    assert result.status == "completed"
    assert result.result == {"a": {"value": 200}, "b": {"value": 20}}


@scenario(207, "without a step, two suspended ones are named and nothing is resumed")
def test_a_step_is_needed_where_two_are_suspended(stage: Stage) -> None:
    run = stage.begin(workflows.both_ask, {"value": 100})
    asked = stage.end_of(run)

    with pytest.raises(WorkflowError, match=r"Multiple suspended steps found: \[a\], \[b\]") as no:
        run.resume(resume_data={"multiplier": 2})

    assert no.value.code == "resume.ambiguous"
    assert run.get_result() == asked


@scenario(208, "resumed in reverse order, the second resume needs no step")
def test_the_order_of_resumes_does_not_matter(stage: Stage) -> None:
    run = stage.begin(workflows.both_ask, {"value": 100})
    stage.end_of(run)

    half = run.resume("b", resume_data={"divisor": 5})
    result = run.resume(resume_data={"multiplier": 2})

    assert half.suspended == [["a"]]
    assert result.result == {"a": {"value": 200}, "b": {"value": 20}}
    assert list(result.result) == ["a", "b"]


@scenario(209, "one arm suspends, the others succeed and do not run again")
def test_arms_that_are_done_do_not_run_again(stage: Stage) -> None:
    run = stage.begin(workflows.one_asks, {"value": 3})
    asked = stage.end_of(run)

    result = run.resume(resume_data={"multiplier": 2})

    assert {name: asked.steps[name].status for name in ("x", "ask", "y")} == {
        "x": "completed",
        "ask": "suspended",
        "y": "completed",
    }
    assert result.result == ["ask", "x", "y"]
    counts = stage.counts(run)
    assert counts == {"x": 1, "ask": 2, "y": 1, "last": 1}


@scenario(210, "a branch with two true arms that both suspend: 10 gives {a: 20, b: 30}")
def test_two_arms_of_a_branch_suspend(stage: Stage) -> None:
    run = stage.begin(workflows.two_arms, {"value": 10})
    asked = stage.end_of(run)

    half = run.resume("a", resume_data={"factor": 2})
    result = run.resume("b", resume_data={"factor": 3})

    assert asked.suspended == [["a"], ["b"]]
    assert (half.status, half.suspended) == ("suspended", [["b"]])
    assert (half.steps["a"].status, half.steps["b"].status) == ("completed", "suspended")
    assert result.result == {"a": 20, "b": 30}
    assert len(stage.asked(run, "a?")) == len(stage.asked(run, "b?")) == 1


@scenario(211, "the arm that was not chosen never runs, also when the other is resumed")
def test_an_arm_that_was_not_chosen_stays_out(stage: Stage) -> None:
    run = stage.begin(workflows.other_arm, {"value": 10})
    asked = stage.end_of(run)

    result = run.resume(resume_data={"factor": 2})

    assert asked.suspended == [["a"]]
    assert (result.status, result.result) == ("completed", {"a": 20})
    assert "b" not in result.steps
    assert stage.counts(run) == {"a": 2, "last": 1}
