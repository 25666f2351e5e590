"""A workflow's own code at the turns of its executions: when it is called, how often, with what."""

from __future__ import annotations

import asyncio
import itertools
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest

from executions_app import database, dispatch
from executions_app.models import Execution
from executions_app.operations.audit import differences, orphans
from executions_app.operations.call_hooks import call_hooks, failure_id
from executions_app.operations.hook import HookInfo
from executions_app.operations.rescue import rescue
from executions_app.operations.retry import retry_execution
from executions_app.run import Run
from executions_app.testing import Engine, in_memory
from workflows_app.authoring import (
    StepContext,
    Workflow,
    WorkflowError,
    create_step,
    create_workflow,
)
from workflows_app.operations.sync_registry import ensure_published

pytestmark = pytest.mark.django_db(transaction=True)
_numbers = itertools.count(1)

Told = list[tuple[str, HookInfo]]


def body(value: Any, ctx: StepContext) -> Any:
    """Do what the input says."""
    match value:
        case "fail":
            raise ValueError("as it was told to")
        case "suspend" if ctx.resume_data is None:
            return ctx.suspend({"ask": 1})
        case "abort":
            ctx.abort()
    return {"did": value, "answer": ctx.resume_data}


@pytest.fixture
def told() -> Told:
    return []


@pytest.fixture
def hooked(told: Told) -> Workflow:
    """A workflow whose hooks write down what they are told."""
    return with_hooks(told, *("on_start", "on_finish", "on_error"))


def with_hooks(told: Told, *names: str, **options: Any) -> Workflow:
    def hook(name: str) -> Callable[[HookInfo], None]:
        return lambda info: told.append((name, info))

    hooks = {name: hook(name) for name in names} | options
    workflow = create_workflow(id=f"hooked-{next(_numbers)}", **hooks)
    return workflow.then(create_step(id="A", execute=body)).commit()


def names(told: Told) -> list[tuple[str, str]]:
    return [(name, info.status) for name, info in told]


def settled(run: Run, engine: Engine) -> None:
    engine.run_until_idle()
    assert differences(run.id) == []
    assert not list(orphans())


@pytest.mark.parametrize(
    ("fate", "status", "hooks"),
    [
        ("go", "completed", ["on_finish"]),
        ("fail", "failed", ["on_finish", "on_error"]),
        ("abort", "cancelled", ["on_finish"]),
        ("suspend", "suspended", ["on_finish"]),
    ],
)
def test_each_outcome_is_told_once_and_a_failure_also_as_an_error(
    hooked: Workflow, told: Told, fate: str, status: str, hooks: list[str]
) -> None:
    with in_memory() as engine:
        run = hooked.create_run(resource_id="customer-1")
        result = run.start(input_data=fate, initial_state={"n": 1}, runtime_context={"who": "ada"})
        settled(run, engine)

    assert names(told) == [("on_start", "pending"), *((name, status) for name in hooks)]
    info = told[-1][1]
    assert (info.run_id, info.workflow_id, info.resource_id) == (run.id, hooked.id, "customer-1")
    assert (info.result, info.error) == (result.result, result.error)
    assert (info.get_init_data(), info.state, info.runtime_context) == (
        fate,
        {"n": 1},
        {"who": "ada"},
    )
    assert set(info.steps) == {"input", "A"}


def test_a_pause_is_not_told(hooked: Workflow, told: Told) -> None:
    with in_memory() as engine:
        run = hooked.create_run()
        run.start_async(input_data="go")
        run.pause()
        settled(run, engine)

        assert names(told) == [("on_start", "pending")]


def test_a_suspension_that_was_answered_before_anybody_called_is_told_all_the_same(
    hooked: Workflow, told: Told
) -> None:
    with in_memory() as engine:
        run = hooked.create_run()
        run.start(input_data="suspend")
        run.resume(resume_data=2)
        settled(run, engine)

    assert names(told)[1:] == [("on_finish", "suspended"), ("on_finish", "completed")]
    assert [info.result for _, info in told[1:]] == [None, {"did": "suspend", "answer": 2}]


def test_a_failure_that_is_retried_and_fails_again_is_told_twice(
    hooked: Workflow, told: Told
) -> None:
    with in_memory() as engine:
        run = hooked.create_run()
        run.start(input_data="fail")
        settled(run, engine)
        retry_execution(run.id)
        settled(run, engine)

    assert names(told)[1:] == [("on_finish", "failed"), ("on_error", "failed")] * 2


def test_a_start_that_is_refused_can_be_made_again() -> None:
    answers = iter([ValueError("not before noon"), None])

    def on_start(info: HookInfo) -> None:
        answer = next(answers)
        if answer is not None:
            raise answer

    run = with_hooks([], on_start=on_start).create_run()

    with in_memory():
        with pytest.raises(WorkflowError, match="not before noon") as refused:
            run.start(input_data="go")
        assert refused.value.code == "start.refused"
        assert isinstance(refused.value.__cause__, ValueError)
        assert run.status == "pending"
        assert not Execution.objects.exists()

        assert run.start(input_data="go").status == "completed"


def test_only_the_initial_start_is_asked_for(hooked: Workflow, told: Told) -> None:
    with in_memory():
        run = hooked.create_run()
        run.start(input_data="suspend")
        run.resume(resume_data=1)
        with pytest.raises(WorkflowError, match="started before"):
            run.start(input_data="go")

    assert [name for name, _ in told].count("on_start") == 1


def test_asynchronous_hooks_are_awaited(told: Told) -> None:
    async def on_start(info: HookInfo) -> None:
        await asyncio.sleep(0)
        told.append(("on_start", info))

    async def on_finish(info: HookInfo) -> None:
        await asyncio.sleep(0)
        info.logger.info("done")
        told.append(("on_finish", info))

    with in_memory() as engine:
        run = with_hooks([], on_start=on_start, on_finish=on_finish).create_run()
        run.start(input_data="go")
        settled(run, engine)

    assert names(told) == [("on_start", "pending"), ("on_finish", "completed")]


def test_what_hooks_raise_changes_nothing_and_the_next_is_called(
    told: Told, caplog: pytest.LogCaptureFixture
) -> None:
    def broken(info: HookInfo) -> None:
        raise RuntimeError("broken hook")

    with in_memory() as engine:
        run = with_hooks(told, "on_error", on_finish=broken).create_run()
        run.start(input_data="fail")
        settled(run, engine)

    assert run.get_result().error["message"] == "as it was told to"
    assert names(told) == [("on_error", "failed")]
    assert "a hook failed" in caplog.text


def test_the_workflow_for_failures_runs_once_however_often_it_fails() -> None:
    rescue_id = f"on-failure-{next(_numbers)}"
    tidy = create_step(id="tidy", execute=lambda value: value)
    ensure_published(create_workflow(id=rescue_id).then(tidy).commit())
    failing = with_hooks([], on_failure=rescue_id)

    with in_memory() as engine:
        run = failing.create_run()
        run.start(input_data="fail", runtime_context={"who": "ada"})
        settled(run, engine)
        retry_execution(run.id)
        settled(run, engine)

    (started,) = Execution.objects.filter(workflow_id=rescue_id)
    assert (started.pk, started.trigger) == (f"{run.id}:on_failure", "failure")
    assert started.status == "completed"
    assert started.runtime_context == {"who": "ada"}
    assert started.input == {
        "execution_id": run.id,
        "workflow_id": failing.id,
        "error": run.get_result().error,
        "input": "fail",
    }


def test_the_workflow_for_failures_runs_although_a_worker_dies_in_a_hook() -> None:
    class Killed(BaseException):
        pass

    def die(info: HookInfo) -> None:
        raise Killed

    rescue_id = f"on-failure-{next(_numbers)}"
    tidy = create_step(id="tidy", execute=lambda value: value)
    ensure_published(create_workflow(id=rescue_id).then(tidy).commit())
    failing = with_hooks([], on_failure=rescue_id, on_finish=die)
    with in_memory() as engine:
        run = failing.create_run()
        run.start_async(input_data="fail")

        with pytest.raises(Killed):
            engine.run_until_idle()

        settled(run, engine)
    (started,) = Execution.objects.filter(workflow_id=rescue_id)
    assert started.status == "completed"


def test_the_id_of_what_runs_on_failure_fits_and_is_nobody_elses() -> None:
    long = ["x" * 199 + end for end in "ab"]

    ids = {failure_id(each) for each in (*long, "short")}

    assert len(ids) == 3
    assert all(len(each) <= 200 for each in ids)


def test_a_message_that_is_lost_is_made_up_for_and_one_that_comes_twice_calls_once(
    hooked: Workflow, told: Told, monkeypatch: pytest.MonkeyPatch
) -> None:
    sent: list[str] = []
    with in_memory():
        run = hooked.create_run()
        run.start(input_data="go")
        assert names(told) == [("on_start", "pending")]
    monkeypatch.setattr(dispatch, "tell_hooks", sent.append)
    long_ago = database.now() - timedelta(hours=1)
    Execution.objects.filter(pk=run.id).update(hooks_at=long_ago)

    rescue()

    assert sent == [run.id]
    assert call_hooks(run.id)
    assert not call_hooks(run.id)
    assert names(told)[1:] == [("on_finish", "completed")]
    rescue()
    assert sent == [run.id]
