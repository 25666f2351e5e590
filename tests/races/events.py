"""An event and the wait for it (F31), whoever comes first: none is lost, none counts twice."""

from __future__ import annotations

from functools import partial
from typing import Any

from executions_app.models import Execution, Signal, StepRun
from executions_app.operations.execute_attempt import execute_attempt
from executions_app.operations.rescue import rescue
from executions_app.operations.send_event import send_event
from tests.journal.histories import let_time_pass
from tests.races.side_by_side import collide, crowd
from tests.races.stories import Stage, done, step, story, told

EVENT = "paid"


def _waiting(timeout: float | None = None) -> dict[str, Any]:
    wait: dict[str, Any] = {"id": "wait", "type": "wait_for_event", "event": EVENT}
    if timeout is not None:
        wait |= {"timeout": timeout, "on_error": "continue"}
    nodes = [step("before"), wait, step("after")]
    return {"nodes": nodes, "edges": [["before", "wait"], ["wait", "after"]]}


def _reach_the_wait(stage: Stage, name: str = "wait", timeout: float | None = None) -> Execution:
    execution = stage.start(name, lambda: _waiting(timeout))
    (before,) = stage.claims()
    assert done(before)
    assert StepRun.objects.filter(execution=execution, node_id="wait", status="waiting").exists()
    return execution


def _check_woken_once(stage: Stage, execution: Execution, payload: Any, *, kept: int = 0) -> None:
    assert told(execution, "step_completed", node_id="wait", output=payload) == 1
    assert told(execution, "step_scheduled", node_id="after") == 1
    assert len(stage.broker.waiting) == 1
    stage.finish(execution)
    assert Signal.objects.filter(execution=execution).count() == kept


@story("F31", times=1_000)
def an_event_comes_before_the_wait(stage: Stage) -> None:
    execution = stage.start("wait", _waiting)
    (before,) = stage.claims()
    send_event(execution.pk, event=EVENT, data="early")

    assert done(before)

    _check_woken_once(stage, execution, "early")


@story("F31", times=1_000)
def an_event_meets_the_wait(stage: Stage) -> None:
    execution = stage.start("wait", _waiting)
    (before,) = stage.claims()
    works = [partial(done, before), partial(send_event, execution.pk, event=EVENT, data="now")]
    if stage.number % 2:
        works.reverse()

    came = collide(*works)

    assert not any(isinstance(it, Exception) for it in came), came
    _check_woken_once(stage, execution, "now")


@story("F31", times=1_000)
def an_event_comes_twice_at_once(stage: Stage) -> None:
    execution = _reach_the_wait(stage)

    came = collide(
        partial(send_event, execution.pk, event=EVENT, data="first"),
        partial(send_event, execution.pk, event=EVENT, data="second"),
    )

    assert not any(isinstance(it, Exception) for it in came), came
    _check_woken_once(stage, execution, "first", kept=1)


@story("F31", times=1_000)
def an_event_meets_the_end_of_the_wait(stage: Stage) -> None:
    execution = _reach_the_wait(stage, "wait with an end", 3_600)
    let_time_pass(execution=execution)
    rescue()
    mine = StepRun.objects.get(execution=execution, node_id="wait").pk
    (due,) = [due for due in stage.broker.waiting if due.step_run_id == mine]
    stage.broker.waiting.clear()
    give_up = partial(execute_attempt, due.step_run_id, due.attempt)
    send = partial(send_event, execution.pk, event=EVENT, data="late")

    if stage.number % 2:
        came = collide(give_up, send)
        payload, kept = None, 1
    else:
        came = collide(send, give_up)
        payload, kept = "late", 0

    assert not any(isinstance(it, Exception) for it in came), came
    assert told(execution, "step_completed", node_id="wait", output=payload) == 1 - kept
    assert told(execution, "step_scheduled", node_id="after") == 1
    stage.finish(execution)
    assert Signal.objects.filter(execution=execution).count() == kept


@story("F31", times=1_000)
def executions_that_wait_for_one_name_get_each_their_own(stage: Stage) -> None:
    """Ten of them make ten tellings: each counts as one."""
    count = 10 if stage.number % 10 == 0 else 0
    waiting = [_reach_the_wait(stage) for _ in range(count)]
    stage.broker.waiting.clear()

    came = crowd([partial(send_event, it.pk, event=EVENT, data=it.pk) for it in waiting])

    assert not any(isinstance(it, Exception) for it in came), came
    assert len(stage.broker.waiting) == count
    for execution in waiting:
        assert told(execution, "step_completed", node_id="wait", output=execution.pk) == 1
    for claim in stage.claims():
        assert done(claim)
    for execution in waiting:
        stage.check(execution, status="completed")
