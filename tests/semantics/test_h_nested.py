"""Section H: nested workflows."""

from __future__ import annotations

from typing import Any

import pytest

from tests.semantics.scenario import scenario
from tests.semantics.stage import Stage
from tests.semantics.workflows import h_nested as workflows
from tests.semantics.workflows import i_state as states

pytestmark = pytest.mark.django_db(transaction=True)


@scenario(
    128, "A > W{i1 > i2} > B: steps has A, w and B only; w's output is i2's, and B receives it"
)
def test_a_workflow_is_a_step(stage: Stage) -> None:
    result = stage.run(workflows.outer, 1)

    nested = result.steps["s128-w"]
    assert list(result.steps) == ["input", "A", "s128-w", "B"]
    assert nested.output == result.steps["B"].payload == result.result == 30
    assert (nested.steps["i1"].output, nested.steps["i2"].output) == (3, 30)
    assert stage.counts(result) == {"A": 1, "i1": 1, "i2": 1, "B": 1}


@scenario(
    129,
    "inside, init data is the nested input; outside, the outer one, a nested step's result is "
    "null and the nested workflow's result is its output",
)
def test_inside_and_outside_see_their_own(stage: Stage) -> None:
    result = stage.run(workflows.seeing, {"from": "outside"})

    inside = {"init": {"from": "A"}, "i1": "inner", "w": None, "A": None}
    assert result.steps["s129-w"].output == inside
    assert result.steps["B"].output == {
        "init": {"from": "outside"},
        "i1": None,
        "w": inside,
        "A": {"from": "A"},
    }


@scenario(130, "an inner failure fails the nested step with the inner message, and the run")
def test_an_inner_failure_fails_the_step(stage: Stage) -> None:
    result = stage.run(workflows.failing)

    nested = result.steps["s130-w"]
    assert (result.status, nested.status) == ("failed", "failed")
    assert result.error == nested.error
    assert nested.error["message"] == "the inner step is broken"
    assert nested.error["details"] == {"status_code": 418}
    assert stage.counts(result) == {"i1": 1}
    assert "later" not in result.steps


@scenario(132, "three levels of nesting: the output flows up")
def test_output_flows_up_three_levels(stage: Stage) -> None:
    result = stage.run(workflows.three_levels, "")

    second = result.steps["s132-b"]
    assert result.result == "abc!"
    assert second.output == second.steps["s132-c"].output == "abc"
    assert [call.input for call in stage.calls(result)] == ["", "a", "ab", "abc"]


@scenario(133, "a branch inside a nested workflow")
@pytest.mark.parametrize(("value", "output"), [(1, {"plus": "+"}), (0, {"minus": "-"})])
def test_a_branch_inside(stage: Stage, value: int, output: dict[str, str]) -> None:
    result = stage.run(workflows.branch_inside, {"v": value})

    assert result.result == output
    assert list(stage.counts(result)) == [*output, "end"]


@scenario(133, "a branch between nested workflows: if, else, and a branch inside the else")
@pytest.mark.parametrize(
    ("value", "output", "calls"),
    [
        (1, {"s133-if": "if 1"}, ["yes"]),
        (0, {"s133-else": {"s133-else-and": "deep"}}, ["no", "deep"]),
        (-1, {"s133-else": {"shallow": "shallow"}}, ["no", "shallow"]),
    ],
)
def test_a_branch_between(
    stage: Stage, value: int, output: dict[str, Any], calls: list[str]
) -> None:
    result = stage.run(workflows.branch_between, {"v": value})

    assert result.result == output
    assert list(stage.counts(result)) == calls


@scenario(134, "state flows into a nested workflow and back")
def test_state_flows_in_and_back(stage: Stage) -> None:
    result = stage.run(states.nested, initial_state={"value": "initial"})

    assert [call.state["value"] for call in stage.calls(result)] == [
        "initial",
        "modified-by-parent",
        "modified-by-inner",
    ]
    assert result.state == {"value": "modified-by-inner"}
