"""What an execution may not do without end meets a limit with a name."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

import pytest

from executions_app.operations.audit import differences, orphans
from executions_app.testing import in_memory
from workflows_app.authoring import create_step, create_workflow

pytestmark = pytest.mark.django_db

plus_one = create_step(id="plus-one", execute=lambda value: value + 1)


@pytest.fixture(autouse=True)
def all_is_well() -> Iterator[None]:
    with in_memory():
        yield
    assert not list(orphans())


def code_of(workflow, input_data) -> str:
    run = workflow.create_run()
    result = run.start(input_data=input_data)
    assert differences(run.id) == []
    return result.error["code"] if result.error else result.status


@pytest.mark.parametrize(("runs", "came_to"), [(4, "completed"), (5, "step.limit")])
def test_an_execution_runs_so_many_steps_and_no_more(settings, runs: int, came_to: str) -> None:
    settings.LIMITS = replace(settings.LIMITS, steps=5)  # the foreach itself counts as one
    workflow = create_workflow(id="limit-runs").foreach(plus_one, concurrency=2).commit()

    assert code_of(workflow, list(range(runs))) == came_to


@pytest.mark.parametrize(("items", "came_to"), [(3, "completed"), (4, "items.limit")])
def test_a_foreach_takes_so_many_items(settings, items: int, came_to: str) -> None:
    settings.LIMITS = replace(settings.LIMITS, items=3)
    workflow = create_workflow(id="limit-items").foreach(plus_one).commit()

    assert code_of(workflow, list(range(items))) == came_to


@pytest.mark.parametrize(("rounds", "came_to"), [(3, "completed"), (4, "iteration.limit")])
def test_a_loop_makes_so_many_rounds(rounds: int, came_to: str) -> None:
    workflow = (
        create_workflow(id="limit-rounds")
        .dowhile(plus_one, f"input < {rounds}", max_iterations=3)
        .commit()
    )

    assert code_of(workflow, 0) == came_to


@pytest.mark.parametrize(("deep", "came_to"), [(3, "completed"), (4, "depth.limit")])
def test_workflows_nest_so_deep(settings, deep: int, came_to: str) -> None:
    settings.LIMITS = replace(settings.LIMITS, depth=3)
    workflow = create_workflow(id="limit-depth-1").then(plus_one).commit()
    for number in range(2, deep + 1):
        workflow = create_workflow(id=f"limit-depth-{number}").then(workflow).commit()

    assert code_of(workflow, 0) == came_to


@pytest.mark.parametrize(("children", "came_to"), [(3, "completed"), (4, "children.limit")])
def test_an_execution_has_so_many_nested_ones(settings, children: int, came_to: str) -> None:
    settings.LIMITS = replace(settings.LIMITS, nested=3)
    inner = create_workflow(id="limit-children-inner").then(plus_one).commit()
    workflow = create_workflow(id="limit-children").foreach(inner, concurrency=5).commit()

    assert code_of(workflow, list(range(children))) == came_to
