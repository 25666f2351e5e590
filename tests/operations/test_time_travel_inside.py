"""Travelling into branches, loops, foreach and nested workflows: only what must run again runs."""

# ruff: noqa: F811 (a fixture is imported, then asked for by its name)
from __future__ import annotations

import pytest

from executions_app.models import Execution
from executions_app.testing import in_memory
from tests.operations.calls import Calls, check_laws
from tests.operations.travelling import asks, calls, nested  # noqa: F401
from workflows_app.authoring import create_workflow

pytestmark = pytest.mark.django_db(transaction=True)


def test_an_arm_of_a_branch_is_repeated_and_the_other_keeps_what_it_has(calls: Calls) -> None:
    workflow = (
        create_workflow(id="travel-branch")
        .branch([("true", calls.step("a")), ("true", calls.step("b"))])
        .then(calls.step("after", execute=lambda value: value))
        .commit()
    )
    with in_memory():
        run = workflow.create_run()
        run.start(input_data=1)

        result = run.time_travel("b")

    assert result.result == {"a": 2, "b": 2}
    assert calls.counts == {"a": 1, "b": 2, "after": 2}
    check_laws(run.id)


def test_with_other_data_a_branch_decides_again_about_the_arm_alone(calls: Calls) -> None:
    workflow = (
        create_workflow(id="travel-decides")
        .then(calls.step("check"))
        .branch([("input > 1", calls.step("a")), ("input > 5", calls.step("b"))])
        .commit()
    )
    with in_memory():
        run = workflow.create_run()
        run.start(input_data=1)

        opened = run.time_travel("b", context={"check": 9})
        check_laws(run.id)
        closed = run.time_travel("b", context={"check": 3})

    assert (opened.result, closed.result) == ({"b": 10}, {})
    assert closed.steps["b"].status == "skipped"
    assert calls.counts == {"check": 1, "a": 1, "b": 1}
    check_laws(run.id)


def test_of_a_foreach_only_the_items_run_that_did_not_succeed(calls: Calls) -> None:
    item = calls.step("item", failing_on={2: 1})
    workflow = create_workflow(id="travel-each").foreach(item).then(calls.step("z", execute=sum))
    with in_memory():
        run = workflow.commit().create_run()
        run.start(input_data=[1, 2, 3])

        result = run.time_travel("item")
        check_laws(run.id)
        again = run.time_travel("item")
        check_laws(run.id)
        other = run.time_travel("item", input_data=[5])

    assert (result.result, again.result, other.result) == (9, 9, 6)
    assert calls.seen["item"] == [1, 2, 2, 3, 5]
    assert calls.counts["z"] == 3
    check_laws(run.id)


def test_one_item_of_a_foreach_is_repeated(calls: Calls) -> None:
    workflow = create_workflow(id="travel-item").foreach(calls.step("item"), id="each").commit()
    with in_memory():
        run = workflow.create_run()
        run.start(input_data=[1, 2, 3])

        result = run.time_travel(["each", 1], input_data=7)

    assert result.result == [2, 8, 4]
    assert calls.seen["item"] == [1, 2, 3, 7]
    check_laws(run.id)


@pytest.mark.parametrize("target", ["loop_1", "inc"])
def test_a_loop_starts_over(calls: Calls, target: str) -> None:
    workflow = (
        create_workflow(id="travel-loop")
        .then(calls.step("a"))
        .dowhile(calls.step("inc"), "input < 4")
        .commit()
    )
    with in_memory():
        run = workflow.create_run()
        run.start(input_data=1)

        result = run.time_travel(target)

    assert result.result == 4
    assert calls.seen["inc"] == [2, 3, 2, 3]
    check_laws(run.id)


@pytest.mark.parametrize("as_list", [False, True])
def test_a_step_of_a_nested_workflow_is_repeated_inside(calls: Calls, as_list: bool) -> None:
    workflow = nested(calls, "travel-in")
    with in_memory():
        run = workflow.create_run()
        run.start(input_data=1)

        way = ["travel-in-w", "i2"] if as_list else "travel-in-w.i2"
        result = run.time_travel(way, context={"travel-in-w.i1": 10})

    assert result.result == 13
    assert calls.counts == {"a": 1, "i1": 1, "i2": 2, "i3": 2, "z": 2}
    assert Execution.objects.filter(parent_id=run.id).count() == 1
    check_laws(run.id)


def test_a_nested_workflow_that_is_repeated_is_a_new_execution(calls: Calls) -> None:
    workflow = nested(calls, "travel-over")
    with in_memory():
        run = workflow.create_run()
        run.start(input_data=1)

        result = run.time_travel("travel-over-w", input_data=10)

    assert result.result == 14
    assert calls.counts == {"a": 1, "i1": 2, "i2": 2, "i3": 2, "z": 2}
    inner = run.get_result().steps["travel-over-w"]
    assert inner.output == 13
    assert inner.steps["i1"].payload == 10
    check_laws(run.id)


def test_a_nested_workflow_that_was_never_begun_begins_at_a_later_step(calls: Calls) -> None:
    workflow = nested(calls, "travel-new")
    with in_memory():
        run = workflow.create_run()

        result = run.time_travel("travel-new-w.i3", context={"a": 1, "travel-new-w.i2": 5})

    assert result.result == 7
    assert calls.counts == {"i3": 1, "z": 1}
    check_laws(run.id)


def test_a_nested_workflow_that_waits_is_left_behind(calls: Calls) -> None:
    inner = create_workflow(id="travel-left-w").then(asks("asks")).commit()
    workflow = create_workflow(id="travel-left").then(calls.step("a")).then(inner).commit()
    with in_memory():
        run = workflow.create_run()
        run.start(input_data=1)
        left = Execution.objects.get(parent_id=run.id)

        again = run.time_travel("a", input_data=5)
        check_laws(run.id)
        result = run.resume(resume_data="yes")

    left.refresh_from_db()
    assert left.status == "cancelled"
    assert (again.status, again.suspend_payload["travel-left-w"]["asks"]) == (
        "suspended",
        {"why": 6},
    )
    assert result.result == "yes"
    check_laws(run.id)
