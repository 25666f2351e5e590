"""Section I: state."""

from __future__ import annotations

import pytest

from tests.semantics.scenario import scenario
from tests.semantics.stage import Stage
from tests.semantics.workflows import i_state as workflows

pytestmark = pytest.mark.django_db(transaction=True)


@scenario(144, "a step sets state: its own output is as computed, the final state has the change")
def test_a_step_changes_the_state(stage: Stage) -> None:
    result = stage.run(workflows.exclaiming, initial_state={"value": "test-state"})

    assert result.steps["A"].output == {"computed": "test-state!!!", "seen": "test-state"}
    assert result.state == {"value": "test-state!!!"}


@scenario(145, "two steps count: 0 becomes 2, and the second saw 1")
def test_the_next_step_sees_the_change(stage: Stage) -> None:
    result = stage.run(workflows.counting, initial_state={"counter": 0})

    assert result.state == {"counter": 2}
    assert [call.state for call in stage.calls(result)] == [{"counter": 0}, {"counter": 1}]


@scenario(146, "state is in the result for who asks for it: result.state, and nowhere else")
def test_state_is_a_part_of_the_result_of_its_own(stage: Stage) -> None:
    result = stage.run(workflows.counting, initial_state={"counter": 0})

    assert result.state == {"counter": 2}
    assert result.result == 1
    assert list(result.steps) == ["input", "A", "B"]


@scenario(153, "a step that sets state and suspends keeps the change: it and the next step see it")
def test_a_suspension_keeps_the_state(stage: Stage) -> None:
    run = stage.begin(workflows.suspending)
    suspended = stage.end_of(run)

    result = run.resume(resume_data={"go": True}, timeout=30)

    kept = {"count": 1, "items": ["item-1"]}
    assert (suspended.status, suspended.state) == ("suspended", kept)
    assert result.status == "completed"
    assert result.steps["A"].output == result.steps["B"].output == result.state == kept
    assert [call.state for call in stage.calls(run)] == [{}, kept, kept]


@scenario(
    154, "nested: the inner step reads what the parent set, the parent's next what the inner set"
)
def test_state_goes_down_and_up(stage: Stage) -> None:
    result = stage.run(workflows.nested, initial_state={"value": "initial"})

    assert result.steps["s154-inner"].output == "modified-by-parent"
    assert result.steps["after"].output == "modified-by-inner"
