"""Executions inside executions: tried again, timed out, cancelled, asked, and forgotten."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta

import pytest

from executions_app.errors import NotApplicable
from executions_app.models import Execution
from executions_app.operations.audit import differences, orphans
from executions_app.operations.cancel import cancel_execution
from executions_app.operations.delete import delete_execution
from executions_app.testing import Engine, in_memory
from workflows_app.authoring import create_step, create_workflow, use_workflow

pytestmark = pytest.mark.django_db

calls: list[str] = []


@pytest.fixture(autouse=True)
def engine() -> Iterator[Engine]:
    calls.clear()
    with in_memory() as engine:
        yield engine
    assert not list(orphans())


def noting(name: str):
    def body(value):
        calls.append(name)
        return value

    return create_step(id=name, execute=body)


def failing_twice():
    def body(value):
        calls.append("shaky")
        if calls.count("shaky") < 3:
            raise ValueError("not yet")
        return value

    return create_step(id="shaky", execute=body)


def child_of(run) -> Execution:
    return Execution.objects.filter(parent_id=run.id).latest("created_at")


def test_a_nested_workflow_that_fails_is_tried_again_whole() -> None:
    inner = create_workflow(id="n-inner").then(noting("first")).then(failing_twice()).commit()
    outer = create_workflow(id="n-outer").then(use_workflow("n-inner", id="in", retries=2)).commit()

    run = outer.create_run()
    result = run.start(input_data=1)

    assert result.result == 1
    assert calls == ["first", "shaky"] * 3
    statuses = Execution.objects.filter(parent_id=run.id).values_list("status", flat=True)
    assert sorted(statuses) == ["completed", "failed", "failed"]
    assert result.steps["in"].attempts == 3
    assert differences(run.id) == []
    assert inner.id == "n-inner"


def test_a_nested_execution_that_is_cancelled_by_itself_fails_the_step_around_it() -> None:
    inner = create_workflow(id="n-sleeps").sleep(60).commit()
    run = create_workflow(id="n-around").then(inner).commit().create_run()
    run.start_async(input_data=1)

    cancel_execution(child_of(run).pk, by="ada")

    result = run.get_result()
    assert (result.status, result.error["code"]) == ("failed", "nested.cancelled")
    assert differences(run.id) == []


def test_cancelling_the_outer_one_cancels_what_is_inside() -> None:
    inner = create_workflow(id="n-asks").then(
        create_step(id="ask", execute=lambda value, ctx: ctx.suspend({}))
    )
    middle = create_workflow(id="n-middle").then(inner.commit()).commit()
    run = create_workflow(id="n-top").foreach(middle, concurrency=3).commit().create_run()
    assert run.start(input_data=[1, 2, 3]).status == "suspended"

    run.cancel()

    statuses = Execution.objects.filter(root_id=run.id).values_list("status", flat=True)
    assert set(statuses) == {"cancelled"}
    assert len(statuses) == 6
    assert run.status == "cancelled"
    assert differences(run.id) == []


def test_a_nested_execution_has_a_time_limit_of_its_own(engine: Engine) -> None:
    create_workflow(id="n-slow").sleep(3_600).commit()
    run = (
        create_workflow(id="n-limit")
        .then(use_workflow("n-slow", id="in", timeout=timedelta(minutes=1)))
        .commit()
        .create_run()
    )
    began = engine.now

    result = run.start(input_data=1)

    assert (result.status, result.error["code"]) == ("failed", "execution.timeout")
    assert engine.now - began < timedelta(minutes=2)
    assert differences(run.id) == []


def test_each_item_has_a_nested_execution_of_its_own_to_answer() -> None:
    inner = create_workflow(id="n-item").then(
        create_step(
            id="ask",
            execute=lambda value, ctx: (
                ctx.suspend({"item": value}) if ctx.resume_data is None else value + ctx.resume_data
            ),
        )
    )
    run = create_workflow(id="n-items").foreach(inner.commit(), concurrency=3).commit().create_run()
    assert run.start(input_data=[10, 20, 30]).suspended == [["n-item", "ask"]]

    run.resume(resume_data=1, foreach_index=1)
    run.resume(resume_data=2, foreach_index=0)
    result = run.resume(resume_data=3)

    assert result.result == [12, 21, 33]
    assert differences(run.id) == []


def test_a_nested_execution_is_deleted_with_its_root_and_not_alone() -> None:
    inner = create_workflow(id="n-kept").then(noting("a")).commit()
    run = create_workflow(id="n-keeper").then(inner).commit().create_run()
    run.start(input_data=1)

    with pytest.raises(NotApplicable):
        delete_execution(child_of(run).pk)
    delete_execution(run.id)

    assert not Execution.objects.exists()


def test_after_crashes_everywhere_nothing_completed_runs_again(engine: Engine) -> None:
    inner = create_workflow(id="n-crash").then(noting("one")).then(noting("two")).commit()
    run = create_workflow(id="n-crashes").then(noting("zero")).then(inner).then(noting("three"))
    run = run.commit().create_run()
    for step in ("zero", "one", "two", "three"):
        engine.crash_before(step, times=2)

    result = run.start(input_data=7)

    assert result.result == 7
    assert calls == ["zero", "one", "two", "three"]
    assert differences(run.id) == []


def test_what_waits_inside_is_cancelled_when_the_outer_one_fails() -> None:
    inner = create_workflow(id="n-left").then(
        create_step(id="ask", execute=lambda value, ctx: ctx.suspend({}))
    )
    deeper = create_workflow(id="n-left-deeper").then(inner.commit()).commit()

    def fail(value):
        raise ValueError("no")

    run = (
        create_workflow(id="n-failing")
        .parallel([deeper, create_step(id="bad", execute=fail)])
        .commit()
        .create_run()
    )

    result = run.start(input_data=1)

    assert result.status == "failed"
    inside = Execution.objects.filter(root_id=run.id).values_list("status", flat=True)
    assert list(inside) == ["cancelled", "cancelled"]
    assert [event["type"] for event in run.stream()][-1] == "execution_failed"
    assert differences(run.id) == []
