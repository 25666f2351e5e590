"""Commands that meet each other, or work (F32): one of them counts, and never are two at work."""

from __future__ import annotations

from functools import partial

from executions_app.engine.failures import Failure
from executions_app.engine.outcomes import Broke
from executions_app.errors import NotApplicable, StepNotApplicable, WorkflowError
from executions_app.models import Execution, StepRun
from executions_app.operations.cancel import cancel_execution
from executions_app.operations.retry import retry_execution
from executions_app.operations.skip import skip_step
from tests.races.side_by_side import collide
from tests.races.stories import Stage, done, step, story, told

BROKE = Broke(failure=Failure(name="Planned", message="planned", code="step.failed"))


def _failed(stage: Stage) -> Execution:
    nodes = [step("a"), step("b")]
    execution = stage.start("two steps", lambda: {"nodes": nodes, "edges": [["a", "b"]]})
    (mine,) = stage.claims()
    assert done(mine, BROKE)
    return execution


def _at_work(execution: Execution) -> int:
    return StepRun.objects.filter(execution=execution, due_at__isnull=False).count()


@story("F32", times=200)
def two_retries_meet(stage: Stage) -> None:
    execution = _failed(stage)
    retry = partial(retry_execution, execution.pk)

    first, second = collide(retry, retry)

    assert isinstance(first, Execution), first
    assert isinstance(second, NotApplicable), second
    assert _at_work(execution) == len(stage.broker.waiting) == 1
    stage.finish(execution)
    assert told(execution, "execution_reopened") == 1


@story("F32", times=200)
def a_retry_meets_a_skip(stage: Stage) -> None:
    execution = _failed(stage)
    works = [
        partial(retry_execution, execution.pk),
        partial(skip_step, execution.pk, step="a", output=1),
    ]
    if stage.number % 2:
        works.reverse()

    first, second = collide(*works)

    assert isinstance(first, Execution), first
    assert isinstance(second, WorkflowError), second
    assert _at_work(execution) == len(stage.broker.waiting) == 1
    stage.finish(execution)


@story("F32", times=200)
def a_retry_meets_the_failure_it_is_for(stage: Stage) -> None:
    nodes = [step("a"), step("b")]
    execution = stage.start("two steps", lambda: {"nodes": nodes, "edges": [["a", "b"]]})
    (mine,) = stage.claims()
    retry, fail = partial(retry_execution, execution.pk), partial(done, mine, BROKE)

    if stage.number % 2:
        came = collide(fail, retry)
        assert isinstance(came[1], Execution), came
        stage.finish(execution)
    else:
        came = collide(retry, fail)
        assert isinstance(came[0], NotApplicable), came
        stage.finish(execution, status="failed")


@story("F32", times=200)
def a_skip_meets_the_work_it_would_replace(stage: Stage) -> None:
    execution = stage.start("one step", lambda: {"nodes": [step("a")], "edges": []})
    (mine,) = stage.claims()
    skip = partial(skip_step, execution.pk, step="a", output="given")

    if stage.number % 2:
        came = collide(skip, partial(done, mine))
        assert isinstance(came[0], StepNotApplicable), came
        assert came[1] is True
    else:
        came = collide(partial(done, mine), skip)
        assert isinstance(came[1], WorkflowError), came

    stage.finish(execution)
    assert told(execution, "step_completed", node_id="a", output=1) == 1


@story("F32", times=200)
def a_retry_meets_a_cancel(stage: Stage) -> None:
    execution = _failed(stage)
    retry, cancel = partial(retry_execution, execution.pk), partial(cancel_execution, execution.pk)

    if stage.number % 2:
        came = collide(retry, cancel)
        assert not any(isinstance(it, Exception) for it in came), came
        assert stage.claims() == []
        stage.finish(execution, status="cancelled")
        with_retry = collide(retry, retry)
        assert all(isinstance(it, NotApplicable) for it in with_retry), with_retry
    else:
        came = collide(cancel, retry)
        assert isinstance(came[0], NotApplicable), came
        stage.finish(execution)
