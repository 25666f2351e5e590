"""One attempt from claim to record, with real bodies: what history keeps of it, and what not."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import pytest
from django.db import DatabaseError

from executions_app.models import Event, Execution, StepRun
from executions_app.operations.execute_attempt import execute_attempt
from executions_app.runner.claim import claim_attempt
from executions_app.runner.heartbeat import Heartbeat, Watched
from tests.journal.histories import STEP_ID, ListBroker, check_laws, list_broker, publish, start
from workflows_app.authoring import NonRetryableError, StepContext, create_step
from workflows_app.authoring.registry import registry

pytestmark = pytest.mark.django_db(transaction=True)
Run = Callable[[Callable[..., Any]], Execution]


@pytest.fixture
def broker() -> Iterator[ListBroker]:
    with list_broker() as messages:
        yield messages


@pytest.fixture
def run(broker: ListBroker) -> Iterator[Run]:
    """Run a workflow of one step with the body given, as often as it is sent."""

    def run(body: Callable[..., Any], given: Any = None, **options: Any) -> Execution:
        registry._steps[STEP_ID] = [create_step(id=STEP_ID, execute=body)]
        execution = start(publish({"a": []}, {"a": options}), input_data=given)
        while broker.waiting:
            message = broker.waiting.pop(0)
            assert execute_attempt(message.step_run_id, message.attempt)
            assert not execute_attempt(message.step_run_id, message.attempt)
            check_laws(execution)
        return Execution.objects.get(pk=execution.pk)

    yield run
    registry._steps.pop(STEP_ID, None)


def test_a_body_gets_its_input_and_its_output_is_the_result(run: Run) -> None:
    ended = run(lambda value: {"twice": value * 2}, 21)

    assert (ended.status, ended.output) == ("completed", {"twice": 42})


def test_retries_run_at_once_without_a_delay_and_stop_at_success(run: Run) -> None:
    seen = []

    def body(value: Any, ctx: StepContext) -> int:
        seen.append(ctx.retry_count)
        if ctx.retry_count < 2:
            raise OSError("again")
        return ctx.retry_count

    assert run(body, retry={"attempts": 4}).output == 2
    assert seen == [0, 1, 2]


def test_what_cannot_be_cured_is_tried_once(run: Run) -> None:
    seen = []

    def body() -> None:
        seen.append(1)
        raise NonRetryableError("no")

    assert run(body, retry={"attempts": 4}).status == "failed"
    assert seen == [1]


def test_secrets_in_an_input_are_masked_in_history_and_whole_for_the_body(run: Run) -> None:
    ended = run(lambda value: len(value["api_key"]), {"api_key": "hunter2", "n": 1})

    row = StepRun.objects.get(execution=ended)
    assert ended.output == 7
    assert row.input == {"api_key": "[redacted]", "n": 1}


def test_lines_are_kept_before_the_outcome_that_they_explain(run: Run) -> None:
    def body(value: Any, ctx: StepContext) -> None:
        ctx.logger.info("one of %d", 2)
        ctx.logger.warning("two", extra={"password": "x", "n": 1})
        raise ValueError("broken")

    ended = run(body)

    told = Event.objects.filter(execution=ended).order_by("seq")
    assert [e.type for e in told][2:] == [
        *("step_started", "log", "log", "step_failed", "execution_failed"),
    ]
    assert [e.data["message"] for e in told if e.type == "log"] == ["one of 2", "two"]
    assert told[4].data["fields"] == {"password": "[redacted]", "n": 1}


def test_the_cause_of_a_failure_is_kept_and_no_stack(run: Run) -> None:
    def body() -> None:
        try:
            raise KeyError("inner")
        except KeyError as error:
            raise RuntimeError("outer") from error

    error = run(body).error

    assert (error["name"], error["message"]) == ("RuntimeError", "outer")
    assert error["cause"]["name"] == "KeyError"
    assert "Traceback" not in str(error)


@pytest.mark.parametrize("value", ["\x00", {"\x00": 1}, "\ud800", float("nan")], ids=ascii)
def test_what_a_database_refuses_fails_its_step_alike_on_both(run: Run, value: Any) -> None:
    ended = run(lambda: value, retry={"attempts": 3})

    row = StepRun.objects.get(execution=ended)
    assert row.attempt == 1
    assert ended.status in ("failed", "completed")
    if ended.status == "completed":
        assert value != value  # a NaN is written as a text
        assert ended.output == "NaN"
    else:
        assert ended.error["code"] == "step.output_invalid"


def test_a_timeout_the_database_did_not_take_is_told_again(run: Run, broker: ListBroker) -> None:
    registry._steps[STEP_ID] = [create_step(id=STEP_ID, execute=lambda: None)]
    start(publish({"a": []}))
    message = broker.waiting.pop()
    claimed = claim_attempt(message.step_run_id, message.attempt)
    assert claimed is not None
    told: list[str] = []

    def on_timeout(_: Any) -> None:
        told.append("timeout")
        if len(told) == 1:
            raise DatabaseError("away")

    watched = Watched(
        claim=claimed, timeout_seconds=0.0, on_lasting=lambda _: None, on_timeout=on_timeout
    )
    heart = Heartbeat()

    with pytest.raises(DatabaseError):
        heart._round([watched])
    heart._round([watched])
    heart._round([watched])

    assert told == ["timeout", "timeout"]
    assert watched.timed_out
