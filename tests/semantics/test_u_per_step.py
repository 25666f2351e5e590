"""Section U: one step at a time."""

from __future__ import annotations

import pytest

from tests.semantics.scenario import scenario
from tests.semantics.stage import Stage
from tests.semantics.workflows import u_per_step as workflows

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.timeout(40)]


def told(stage: Stage, execution_id: str, last: str) -> list[str]:
    """Return the types of the events of a run up to ``last``."""
    types = []
    for event in workflows.two_steps.create_run(execution_id).stream():
        types.append(event["type"])
        if event["type"] == last:
            break
    return types


@scenario(373, "per step A > B: the run is paused after A, B is absent, there is no result")
def test_a_run_pauses_after_its_first_step(stage: Stage) -> None:
    result = stage.run(workflows.two_steps, 1, per_step=True)

    assert (result.status, result.result) == ("paused", None)
    assert result.steps["A"].status == "completed"
    assert list(result.steps) == ["input", "A"]
    assert stage.counts(result) == {"A": 1}
    assert told(stage, result.execution_id, "execution_paused")[-1] == "execution_paused"


@scenario(374, "per step with arms first: only the first arm runs, the others are absent")
def test_a_run_pauses_after_its_first_arm(stage: Stage) -> None:
    result = stage.run(workflows.arms, 1, per_step=True)

    assert result.status == "paused"
    assert stage.counts(result) == {"a": 1}
    assert list(result.steps) == ["input", "a"]
