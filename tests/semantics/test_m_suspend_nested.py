"""Section M: suspending and resuming inside nested workflows."""

from __future__ import annotations

from typing import Any

import pytest

from tests.semantics.scenario import scenario
from tests.semantics.stage import Stage
from tests.semantics.workflows import m_suspend_nested as workflows

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.mark.parametrize(
    "name",
    [
        pytest.param(["m-w", "other"], id="path"),
        pytest.param("m-w.other", id="dotted"),
        pytest.param("m-w", id="workflow"),
        pytest.param(None, id="nothing"),
        pytest.param([workflows.counter, workflows.other], id="objects"),
    ],
)
@scenario(222, "begin > W{start > other(suspend) > final} > last, resumed in any way")
def test_a_step_suspends_inside_a_nested_workflow(stage: Stage, name: Any) -> None:
    run = stage.begin(workflows.around_one, {"start_value": 0})
    asked = stage.end_of(run)
    first = stage.counts(run)

    result = run.resume(name, resume_data={"go": True})

    assert (asked.status, asked.suspended) == ("suspended", [["m-w", "other"]])
    assert asked.suspend_payload == {"m-w": {"other": {"ask": "other"}}}
    assert first == {"begin": 1, "start": 1, "other": 1}
    assert result.status == "completed"
    assert result.steps["m-w"].output == {"final_value": 27}
    assert result.result == {"success": True}
    assert stage.counts(run) == {"begin": 1, "start": 1, "other": 2, "final": 1, "last": 1}


@scenario(
    223, "four levels: the path is [c, b, a, other]; what was passed through is not run again"
)
def test_a_step_suspends_four_levels_down(stage: Stage) -> None:
    run = stage.begin(workflows.four_levels, {"start_value": 0})
    asked = stage.end_of(run)

    result = run.resume(asked.suspended[0], resume_data={"go": True})

    assert asked.suspended == [["m-c", "m-b", "m-a", "other"]]
    assert (result.status, result.result) == ("completed", {"final_value": 27})
    counts = stage.counts(run)
    assert counts["through_b"] + counts["through_c"] == 2
    assert (counts["begin"], counts["other"], counts["last"]) == (1, 2, 1)


@scenario(224, "the second of two nested workflows that suspend begins afresh")
def test_two_nested_workflows_suspend_one_after_the_other(stage: Stage) -> None:
    run = stage.begin(workflows.one_after_another, 1)
    first = stage.end_of(run)

    second = run.resume("m-sub-1.step-1", resume_data={"answer": "one"})
    result = run.resume("m-sub-2.step-2", resume_data={"answer": "two"})

    assert first.suspended == [["m-sub-1", "step-1"]]
    assert (second.status, second.suspended) == ("suspended", [["m-sub-2", "step-2"]])
    assert [call.resume_data for call in stage.calls(run, "step-2")] == [None, {"answer": "two"}]
    assert result.result == {"said": "two", "before": {"said": "one", "before": 1}}
