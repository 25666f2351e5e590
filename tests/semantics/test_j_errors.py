"""Section J: retries and errors."""

from __future__ import annotations

from itertools import pairwise
from typing import Any

import pytest

from executions_app.models import Execution
from executions_app.run import Run
from tests.semantics.scenario import scenario
from tests.semantics.stage import Stage
from tests.semantics.workflows import j_errors as workflows
from workflows_app.authoring import Workflow, WorkflowError

pytestmark = pytest.mark.django_db(transaction=True)

FATES = {"go": "completed", "fail": "failed", "suspend": "suspended", "cancel": "cancelled"}


@scenario(159, "by default a failing step is called once, and the run fails")
def test_a_failing_step_is_called_once(stage: Stage) -> None:
    result = stage.run(workflows.once)

    assert result.status == result.steps["A"].status == "failed"
    assert stage.counts(result) == {"A": 1}


@scenario(160, "five retries: six calls if it always fails")
def test_retries_are_used_up(stage: Stage) -> None:
    result = stage.run(workflows.always_failing)

    assert (result.status, result.steps["A"].attempts) == ("failed", 6)
    assert stage.counts(result) == {"A": 6}


@scenario(160, "failing twice, then working: completed after three calls")
def test_a_retry_may_succeed(stage: Stage) -> None:
    result = stage.run(workflows.failing_twice)

    assert (result.status, result.result) == ("completed", "works")
    assert stage.counts(result) == {"A": 3}


@scenario(161, "a step's retries override the workflow's: 5 of 10 give 6 calls, 0 gives 1")
@pytest.mark.parametrize(
    ("workflow", "calls"),
    [(workflows.step_says_five, 6), (workflows.step_says_zero, 1)],
    ids=lambda it: getattr(it, "id", it),
)
def test_a_steps_retries_count(stage: Stage, workflow: Workflow, calls: int) -> None:
    result = stage.run(workflow)

    assert stage.counts(result) == {"A": calls}


@scenario(162, "retry_count is 0, 1, 2, ...")
def test_bodies_see_how_often_they_failed(stage: Stage) -> None:
    result = stage.run(workflows.always_failing)

    assert [call.retry_count for call in stage.calls(result)] == [0, 1, 2, 3, 4, 5]


@scenario(163, "the delay is honoured before each retry")
def test_retries_wait(stage: Stage) -> None:
    result = stage.run(workflows.delayed)

    calls = stage.calls(result)
    assert len(calls) == 3
    assert all(
        after.began_at - before.ended_at >= workflows.DELAY_SECONDS - 0.001
        for before, after in pairwise(calls)
    )


@scenario(
    166, "an error keeps its message, its name and its own fields, at the step and at the run"
)
def test_errors_keep_their_fields(stage: Stage) -> None:
    result = stage.run(workflows.fields)

    error = result.steps["A"].error
    assert error == result.error
    assert (error["name"], error["message"]) == ("TeapotError", "I'm a teapot")
    assert error["details"] == {
        "status_code": 418,
        "response_headers": {"retry-after": "60"},
        "is_retryable": False,
    }


@scenario(167, "a chain of three causes is kept with its messages")
def test_causes_are_kept(stage: Stage) -> None:
    result = stage.run(workflows.chain, 3)

    assert _messages(result.error) == ["level 3", "level 2", "level 1"]


@scenario(167, "a longer chain of causes is cut, and one that goes in a circle ends")
@pytest.mark.parametrize(("given", "at_most"), [(50, 5), ("circle", 2)])
def test_endless_causes_are_cut(stage: Stage, given: Any, at_most: int) -> None:
    result = stage.run(workflows.chain, given)

    assert result.status == "failed"
    assert 1 <= len(_messages(result.error)) <= at_most


@scenario(168, "the stored error has message, name and own fields, and no stack")
def test_the_stored_error_has_no_stack(stage: Stage) -> None:
    result = stage.run(workflows.fields)

    stored = Execution.objects.get(pk=result.execution_id).error
    assert (stored["name"], stored["message"]) == ("TeapotError", "I'm a teapot")
    assert stored["details"]["status_code"] == 418
    assert set(stored) == {"name", "message", "code", "details"}
    assert "Traceback" not in str(stored)
    assert ".py" not in str(stored)


@scenario(170, "the run's error equals the failing step's, without any prefix")
def test_the_runs_error_is_the_steps(stage: Stage) -> None:
    result = stage.run(workflows.once)

    assert result.error == result.steps["A"].error
    assert result.error["message"] == "always broken"


@scenario(
    174, "on_finish is called once with the outcome, on_error only of a failure; both are told"
)
@pytest.mark.parametrize(("fate", "status"), FATES.items())
def test_hooks_are_told_the_outcome(stage: Stage, fate: str, status: str) -> None:
    run = _fulfil(stage, workflows.hooked, fate)

    stage.wait_until(
        lambda: (
            stage.asked(run, "on_finish")
            and bool(stage.asked(run, "on_error")) is (status == "failed")
        ),
        what="the hooks to be called",
    )
    stage.linger(workflows.failing_twice)

    names = ["on_finish", "on_error"] if status == "failed" else ["on_finish"]
    for name in names:
        (told,) = (entry.saw for entry in stage.asked(run, name))
        assert (told["workflow"], told["status"], told["init"]) == ("s174-hooked", status, fate)
        assert (told["steps"], told["state"]) == (["A", "input"], {"kept": 1})
        assert told["error"] == run.get_result().error


@scenario(174, "what on_finish and on_error raise is ignored")
def test_a_broken_hook_changes_nothing(stage: Stage) -> None:
    run = _fulfil(stage, workflows.badly_hooked, "fail")

    stage.wait_until(lambda: stage.asked(run, "on_error"), what="both hooks to be called")

    result = run.get_result()
    assert len(stage.asked(run, "on_finish")) == 1
    assert (result.status, result.error["message"]) == ("failed", "as it was told to")


@scenario(174, "on_start is called before anything runs; if it raises, nothing does")
def test_on_start_may_refuse(stage: Stage) -> None:
    welcome = stage.begin(workflows.hooked, "go")
    stage.end_of(welcome)
    refused = workflows.refused.create_run()

    with pytest.raises((WorkflowError, RuntimeError), match="on_start is broken"):
        refused.start(input_data={})

    assert [entry.kind for entry in stage.entries(welcome)][:2] == ["asked", "begin"]
    assert (refused.status, stage.calls(refused)) == ("pending", [])


def _fulfil(stage: Stage, workflow: Workflow, fate: str) -> Run:
    """Start ``workflow`` and bring it to ``fate``."""
    run = stage.begin(workflow, fate, initial_state={"kept": 1})
    if fate == "cancel":
        if not stage.is_memory:
            stage.wait_for_begun(run, "A")
        run.cancel()
        stage.go(run)
    result = stage.end_of(run)
    assert result.status == FATES[fate]
    return run


def _messages(error: dict[str, Any] | None) -> list[str]:
    """Return the messages of ``error`` and its causes."""
    messages = []
    while error:
        messages.append(error["message"])
        error = error.get("cause")
    return messages
