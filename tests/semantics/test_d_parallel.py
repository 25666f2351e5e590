"""Section D: parallel."""

from __future__ import annotations

import pytest

from tests.semantics.scenario import scenario
from tests.semantics.stage import Stage
from tests.semantics.workflows import d_parallel as workflows

pytestmark = pytest.mark.django_db(transaction=True)

OUTPUTS = {"a": {"value": "step1"}, "b": {"value": "step2"}}


@scenario(54, "P[a,b]: the result holds both outputs by step id; both are called once")
def test_arms_give_a_mapping_by_step(stage: Stage) -> None:
    result = stage.run(workflows.pair)

    assert result.result == OUTPUTS
    assert stage.counts(result) == {"a": 1, "b": 1}


@scenario(55, "P[a,b] > c: c receives both outputs by step id")
def test_what_follows_arms_receives_both(stage: Stage) -> None:
    result = stage.run(workflows.joined)

    assert result.steps["c"].payload == OUTPUTS


@scenario(56, "true concurrency: three arms run at the same time", drivers=["workers"])
def test_arms_run_at_the_same_time(stage: Stage) -> None:
    result = stage.run(workflows.meeting)

    calls = stage.calls(result)
    assert result.status == "completed"
    assert max(call.began_at for call in calls) < min(call.ended_at for call in calls)


@scenario(
    56, "true concurrency: all three arms are due before the first has run", drivers=["memory"]
)
def test_all_arms_are_due_at_once(stage: Stage) -> None:
    run = stage.begin(workflows.meeting)

    stage.end_of(run)

    kinds = [event["type"] for event in stage.events(run)]
    assert (
        kinds.index("step_completed")
        > [number for number, kind in enumerate(kinds) if kind == "step_scheduled"][2]
    )


@scenario(57, "keys of the result are in the order of declaration although the first is slowest")
def test_results_of_arms_are_in_the_order_of_declaration(stage: Stage) -> None:
    stage.choose = lambda count: count - 1

    result = stage.run(workflows.slow_first)

    *arms, _ = stage.calls(result)
    assert sorted(arms, key=lambda call: call.ended_at)[-1].step == "zz-slow"
    assert list(result.steps["next"].payload) == ["zz-slow", "a", "mm"]
    assert list(result.result) == ["zz-slow", "a", "mm"]


@scenario(58, "consecutive blocks: both arms of the second see both outputs of the first")
def test_blocks_follow_one_another(stage: Stage) -> None:
    result = stage.run(workflows.consecutive, {"input": "test"})

    assert result.result == {
        "step3": {"result3": "combined-processed-test-transformed"},
        "step4": {"result4": ["step1", "step2"]},
    }


@scenario(
    59, "one arm fails: the other succeeds, the run fails with its error, what follows is absent"
)
def test_a_failed_arm_fails_the_run_after_the_others(stage: Stage) -> None:
    result = stage.run(workflows.one_fails)

    assert result.status == "failed"
    assert (result.steps["ok"].status, result.steps["bad"].status) == ("completed", "failed")
    assert "d" not in result.steps
    assert result.error == result.steps["bad"].error
    assert result.error["message"] == "this arm is bad"
