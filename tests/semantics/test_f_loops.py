"""Section F: loops."""

from __future__ import annotations

import pytest

from tests.semantics.scenario import scenario
from tests.semantics.stage import Stage
from tests.semantics.workflows import f_loops as workflows
from workflows_app.authoring import Workflow

pytestmark = pytest.mark.django_db(transaction=True)


@scenario(
    90,
    "dountil: inc from 0 until v >= 10 is called 10 times; the last iteration is in steps, "
    "with its payload, output and iteration count",
)
def test_dountil_repeats_until_the_condition_holds(stage: Stage) -> None:
    result = stage.run(workflows.counting, {"v": 0})

    last = result.steps["inc"]
    assert [call.input["v"] for call in stage.calls(result, "inc")] == list(range(10))
    assert result.result == last.output == {"v": 10}
    assert last.payload == {"v": 9}
    assert last.metadata == {"iteration_count": 10}


@scenario(91, "dowhile: inc while v < 3 is called 3 times; the condition saw (1,1), (2,2), (3,3)")
def test_dowhile_asks_after_each_iteration(stage: Stage) -> None:
    result = stage.run(workflows.while_below, {"v": 0})

    asked = stage.asked(result, "condition")
    assert [(it.saw["input"]["v"], it.saw["iteration"]) for it in asked] == [(1, 1), (2, 2), (3, 3)]
    assert stage.counts(result) == {"inc": 3}


@scenario(91, "dowhile with an expression: it sees the output and the iteration, from 1")
def test_an_expression_sees_the_iteration(stage: Stage) -> None:
    result = stage.run(workflows.while_counted, {"v": 0})

    assert (result.status, result.result) == ("completed", {"v": 3})


@scenario(92, "a condition that is met already: the body still runs exactly once")
@pytest.mark.parametrize(
    "workflow", [workflows.while_never, workflows.until_at_once], ids=lambda it: it.id
)
def test_a_loop_runs_at_least_once(stage: Stage, workflow: Workflow) -> None:
    result = stage.run(workflow, {"v": 0})

    assert stage.counts(result) == {"inc": 1}
    assert result.result == {"v": 1}


@scenario(93, "accumulate: the body appends in each iteration, and the final list has all")
def test_a_loop_accumulates(stage: Stage) -> None:
    result = stage.run(workflows.gathering, {"items": []})

    assert result.result == {"items": [0, 1, 2, 3]}


@scenario(94, "A > DU(s) > F: F receives the last iteration's output")
def test_what_follows_a_loop_receives_its_last_output(stage: Stage) -> None:
    result = stage.run(workflows.surrounded, {"v": 1})

    assert result.steps["F"].payload == {"v": 13}
    assert result.result == {"final": 13}
    assert stage.counts(result) == {"A": 1, "inc": 3, "F": 1}
