"""Section E: branch."""

from __future__ import annotations

import pytest

from tests.semantics.scenario import scenario
from tests.semantics.stage import Stage
from tests.semantics.workflows import e_branch as workflows

pytestmark = pytest.mark.django_db(transaction=True)


@scenario(73, "if-then: x runs, y is absent, and what follows receives {x: output}")
def test_the_arm_whose_condition_holds_runs(stage: Stage) -> None:
    result = stage.run(workflows.two_way, {"v": 5})

    assert stage.counts(result) == {"A": 1, "x": 1, "next": 1}
    assert "y" not in result.steps
    assert result.steps["next"].payload == {"x": "small"}


@scenario(74, "else: y runs, x is absent, and what follows receives {y: output}")
def test_the_other_arm_runs_otherwise(stage: Stage) -> None:
    result = stage.run(workflows.two_way, {"v": 10})

    assert stage.counts(result) == {"A": 1, "y": 1, "next": 1}
    assert "x" not in result.steps
    assert result.steps["next"].payload == {"y": "large"}


@scenario(75, "low, medium, high: 5, 50 and 500 run exactly one arm each")
@pytest.mark.parametrize(("value", "arm"), [(5, "low"), (50, "medium"), (500, "high")])
def test_one_of_three_arms_runs(stage: Stage, value: int, arm: str) -> None:
    result = stage.run(workflows.three_way, {"v": value})

    assert stage.counts(result) == {arm: 1}
    assert list(result.result) == [arm]


@scenario(76, "two conditions hold: both arms run side by side, and the result has both keys")
def test_every_arm_whose_condition_holds_runs(stage: Stage) -> None:
    result = stage.run(workflows.both, {"v": 1})

    assert result.result == {"x": "x", "y": "y"}
    if not stage.is_memory:
        x, y = stage.calls(result)
        assert max(x.began_at, y.began_at) < min(x.ended_at or 0, y.ended_at or 0)


@scenario(77, "no condition holds: the block gives {}, and what follows receives {}")
def test_a_branch_without_arms_goes_on(stage: Stage) -> None:
    result = stage.run(workflows.none, {"v": 1})

    assert result.status == "completed"
    assert result.steps["none"].output == {}
    assert [call.input for call in stage.calls(result)] == [{}]


@scenario(77, "no condition holds in the last entry: the result is {}")
def test_a_branch_without_arms_may_be_the_last(stage: Stage) -> None:
    result = stage.run(workflows.none_last, {"v": 1})

    assert (result.status, result.result) == ("completed", {})
    assert stage.counts(result) == {}


@scenario(79, "conditions see the previous output, results and init data; and, or and not nest")
@pytest.mark.parametrize(("value", "arms"), [(2, {"x", "y"}), (51, {"x", "y"}), (3, {"z"})])
def test_conditions_see_everything_before(stage: Stage, value: int, arms: set[str]) -> None:
    result = stage.run(workflows.conditions, {"v": value})

    assert set(stage.counts(result)) == {"A", *arms}
    assert [entry.saw["input"] for entry in stage.asked(result, "python")] == [{"v": value * 2}]
