"""Section T: taking up what was interrupted, and starting once."""

from __future__ import annotations

import threading
from datetime import UTC, datetime
from typing import Any

import pytest
from django.db import connection

from executions_app.run import Run
from executions_app.testing import in_memory
from tests.semantics.scenario import scenario
from tests.semantics.stage import Stage
from tests.semantics.workflows import t_restart as workflows
from workflows_app.authoring import Workflow, WorkflowError

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.timeout(60)]


def interrupted(stage: Stage, workflow: Workflow, input_data: Any, *, at: tuple[str, ...]) -> Run:
    """Return a run whose worker died as soon as it had taken up each of the steps ``at``."""
    run: Run = workflow.create_run()
    if stage.engine is not None:
        _work_until_death(stage.engine, run, input_data, at)
        return run
    # The worker that dies is this process, so that the real ones live on.
    with in_memory(now=datetime.now(UTC)) as engine:
        _work_until_death(engine, run, input_data, at)
    return run


def _work_until_death(engine: Any, run: Run, input_data: Any, at: tuple[str, ...]) -> None:
    for step in at:
        engine.crash_before(step)
    run.start_async(input_data=input_data)
    engine.run_until_idle()


@scenario(346, "interrupted at step 2: step 1 is not repeated, step 2 runs, the result is 30")
def test_a_run_goes_on_at_the_step_that_was_interrupted(stage: Stage) -> None:
    run = interrupted(stage, workflows.two_steps, 14, at=("step2",))
    stored = run.get_result()

    result = run.restart()

    assert (stored.status, stored.steps["step1"].output) == ("running", 15)
    assert stored.steps["step2"].status == "running"
    assert (result.status, result.result) == ("completed", 30)
    assert stage.counts(run) == {"step1": 1, "step2": 1}


@scenario(347, "interrupted at step 1: it runs once")
def test_a_run_goes_on_at_its_first_step(stage: Stage) -> None:
    run = interrupted(stage, workflows.two_steps, 14, at=("step1",))

    result = run.restart()

    assert (result.status, result.result) == ("completed", 30)
    assert stage.counts(run) == {"step1": 1, "step2": 1}


@pytest.mark.parametrize("at", [("a", "b"), ("b",), ("a",)], ids=str)
@scenario(348, "parallel arms that were interrupted run once; one that had completed not again")
def test_only_arms_that_were_interrupted_run(stage: Stage, at: tuple[str, ...]) -> None:
    run = interrupted(stage, workflows.arms, 3, at=at)
    ran = set(stage.counts(run))

    result = run.restart()

    assert ran == {"a", "b"} - set(at)
    assert (result.status, result.result) == ("completed", 10)
    assert stage.counts(run) == {"a": 1, "b": 1, "last": 1}


@scenario(349, "interrupted at an inner step: neither inner nor outer steps before it are repeated")
def test_a_nested_workflow_goes_on_where_it_was_interrupted(stage: Stage) -> None:
    run = interrupted(stage, workflows.nested, 1, at=("step3",))
    before = stage.counts(run)

    result = run.restart()

    assert before == {"step1": 1, "step2": 1}
    assert (result.status, result.result) == ("completed", 5)
    assert stage.counts(run) == {"step1": 1, "step2": 1, "step3": 1, "step4": 1}


@scenario(350, "a restarted step suspends; two later resumes complete the run")
def test_a_restarted_step_suspends(stage: Stage) -> None:
    run = interrupted(stage, workflows.asking, 1, at=("ask",))

    asked = run.restart()
    again = run.resume(resume_data=10)
    result = run.resume(resume_data=100)

    assert (asked.status, asked.suspended) == ("suspended", [["ask"]])
    assert (again.status, again.suspended) == ("suspended", [["ask_again"]])
    assert (result.status, result.result) == ("completed", 112)
    assert stage.counts(run) == {"step1": 1, "ask": 2, "ask_again": 2}


@scenario(
    351, "what has ended is returned as it is; what waits for somebody, or never was, refused"
)
def test_a_run_that_has_ended_is_returned_as_it_is(stage: Stage) -> None:
    completed = stage.begin(workflows.two_steps, 14)
    failed = stage.begin(workflows.two_steps, "text")
    before = [stage.end_of(completed), stage.end_of(failed)]

    after = [completed.restart(), failed.restart()]

    assert [result.status for result in before] == ["completed", "failed"]
    assert after == before
    assert stage.counts(completed) == {"step1": 1, "step2": 1}
    assert stage.counts(failed) == {"step1": 1}


@scenario(
    351, "what has ended is returned as it is; what waits for somebody, or never was, refused"
)
def test_a_run_that_is_not_active_is_refused(stage: Stage) -> None:
    suspended = stage.begin(workflows.asking, 1)
    cancelled = stage.begin(workflows.asking, 1)
    stage.end_of(suspended)
    stage.end_of(cancelled)
    cancelled.cancel()
    codes = []

    for run in (suspended, cancelled, workflows.asking.create_run()):
        with pytest.raises(WorkflowError) as error:
            run.restart()
        codes.append(error.value.code)

    assert codes == ["execution.not_active"] * 3
    assert stage.counts(suspended) == {"step1": 1, "ask": 1}


@scenario(358, "a run that two start at once runs once; the other is told, before and afterwards")
def test_a_run_is_started_once(stage: Stage) -> None:
    run_id = workflows.two_steps.create_run().id
    barrier, told = threading.Barrier(2), []

    def start() -> None:
        try:
            barrier.wait()
            workflows.two_steps.create_run(run_id).start_async(input_data=14)
            told.append("started")
        except WorkflowError as error:
            told.append(error.code)
        finally:
            connection.close()

    threads = [threading.Thread(target=start) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    run = workflows.two_steps.create_run(run_id)
    result = stage.end_of(run)
    with pytest.raises(WorkflowError, match="was started before") as late:
        workflows.two_steps.create_run(run_id).start(input_data=1)

    assert sorted(told) == ["start.claimed", "started"]
    assert late.value.code == "start.claimed"
    assert run.get_result() == result
    assert (result.result, stage.counts(run)) == (30, {"step1": 1, "step2": 1})


@scenario(358, "a run that two start at once runs once; the other is told, before and afterwards")
def test_a_run_that_was_refused_can_still_be_started(stage: Stage) -> None:
    run = workflows.picky.create_run()
    with pytest.raises(WorkflowError) as refused:
        run.start(input_data={"n": "one"})

    result = run.start(input_data={"n": 1})

    assert refused.value.code == "input.invalid"
    assert (result.status, result.result) == ("completed", 1)


@scenario(358, "a run that two start at once runs once; the other is told, before and afterwards")
def test_a_run_that_on_start_refused_can_still_be_started(stage: Stage) -> None:
    run = workflows.hooked.create_run()
    with pytest.raises(Exception, match="not today"):
        run.start(input_data=0)
    status = run.status

    result = run.start(input_data=1)

    assert status == "pending"
    assert (result.status, result.result) == ("completed", 1)
    assert stage.counts(run) == {"only": 1}
