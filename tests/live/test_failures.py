"""What goes wrong in steps on real workers: retries, time limits, failed arms, going on anyway."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest

from executions_app.models import Event, Execution
from tests.live.running import Stage, node, row_of, statuses
from tests.live.workers import wait_until
from tests.published import chain, published
from workflows_app.authoring import create_step
from workflows_app.authoring.registry import registry

pytestmark = [pytest.mark.live, pytest.mark.django_db(transaction=True)]


def test_a_step_that_fails_twice_is_tried_three_times(stage: Stage) -> None:
    workflow = published(*chain(node("a", "flaky", retry={"attempts": 5}), node("b", "same")))

    result = stage.run(workflow, failures=2)

    assert result.result == {"tries": 3}
    assert result.steps["a"].attempts == 3
    assert [start[:2] for start in stage.starts() if start[0] == "a"] == [
        ["a", "0"],
        ["a", "1"],
        ["a", "2"],
    ]


def test_a_step_that_keeps_failing_uses_up_its_tries_and_fails_the_execution(
    stage: Stage,
) -> None:
    workflow = published(*chain(node("a", "flaky", retry={"attempts": 2}), node("b")))

    result = stage.run(workflow, failures=99)

    assert result.status == "failed"
    assert result.error is not None
    assert result.error["message"] == "try 2 fails"
    assert statuses(result) == {"a": "failed"}
    assert stage.counts() == {"a": 3}


def test_every_try_carries_the_same_key(stage: Stage) -> None:
    workflow = published([node("a", "flaky", retry={"attempts": 3})])

    result = stage.run(workflow, failures=3)

    assert {start[4] for start in stage.starts()} == {f"{result.execution_id}:a"}


def test_a_retry_waits_longer_each_time_and_never_comes_early(stage: Stage) -> None:
    retry = {"attempts": 2, "delay": 0.3, "backoff": "exponential"}
    workflow = published([node("a", "flaky", retry=retry)])

    result = stage.run(workflow, failures=2)

    told = Event.objects.filter(execution_id=result.execution_id, type="step_retrying")
    first, second = told.order_by("seq")
    due = [datetime.fromisoformat(fact.data["retry_at"]) for fact in (first, second)]
    assert due == [first.at + timedelta(seconds=0.3), second.at + timedelta(seconds=0.6)]
    assert second.at >= due[0]
    ended_at = result.steps["a"].ended_at
    assert ended_at is not None
    assert ended_at >= due[1]


def test_a_step_that_refuses_is_not_tried_again(stage: Stage) -> None:
    result = stage.run(published([node("a", "refuses", retry={"attempts": 9})]))

    assert result.status == "failed"
    assert stage.counts() == {"a": 1}


def test_a_failed_arm_lets_its_siblings_finish_and_what_follows_never_starts(
    stage: Stage,
) -> None:
    nodes = [node("bad", "fails"), node("good", "slow"), node("after"), node("join")]
    workflow = published(nodes, [["bad", "join"], ["good", "join"], ["good", "after"]])
    execution = stage.start(workflow)
    wait_until(lambda: row_of(execution, "bad").status == "failed", what="the failure")

    stage.go("good")

    result = stage.end_of(execution)
    assert result.status == "failed"
    assert statuses(result) == {"bad": "failed", "good": "completed", "after": "completed"}


def test_the_first_failed_arm_in_the_document_gives_the_error_not_the_first_in_time(
    stage: Stage,
) -> None:
    workflow = published([node("first", "fails-late"), node("second", "fails")])
    execution = stage.start(workflow)
    wait_until(lambda: row_of(execution, "second").status == "failed", what="the failure")

    stage.go("first")

    result = stage.end_of(execution)
    assert result.error is not None
    assert result.error["message"] == "first is broken"


@pytest.mark.parametrize(("on_error", "status"), [("continue", "failed"), ("skip", "skipped")])
def test_a_failure_that_is_expected_lets_the_execution_go_on(
    stage: Stage, on_error: str, status: str
) -> None:
    workflow = published(*chain(node("a", "fails", on_error=on_error), node("b")))

    result = stage.run(workflow)

    assert result.status == "completed"
    assert statuses(result) == {"a": status, "b": "completed"}
    assert result.result == {"node": "b", "got": None}


@pytest.mark.parametrize("join", ["any", 1, 2])
def test_a_join_of_some_starts_once_when_enough_arms_have_come(
    stage: Stage, join: str | int
) -> None:
    enough = 1 if join == "any" else int(join)
    nodes = [*(node(name, "slow") for name in "abc"), node("join", "same", join=join)]
    workflow = published(nodes, [[name, "join"] for name in "abc"])
    execution = stage.start(workflow)
    for name in "abc"[:enough]:
        stage.go(name)
    stage.wait_for_start("join")

    for name in "abc":
        stage.go(name)

    result = stage.end_of(execution)
    assert result.status == "completed"
    assert stage.counts()["join"] == 1
    assert set(statuses(result).values()) == {"completed"}


def test_an_attempt_that_takes_too_long_fails_and_its_late_result_is_dropped(
    stage: Stage,
) -> None:
    workflow = published([node("a", "slow", timeout=0.5)])
    execution = stage.start(workflow)

    result = stage.end_of(execution)

    assert result.error is not None
    assert result.error["code"] == "step.timeout"
    last_seq = Execution.objects.get(pk=execution.pk).last_seq
    stage.go("a")
    # The same workers finish something else afterwards, so the late body had its chance.
    assert stage.run(published([node("b", "same")]), 1).result == 1
    assert Execution.objects.get(pk=execution.pk).last_seq == last_seq


def test_a_timed_out_attempt_is_retried_beside_its_late_body(stage: Stage) -> None:
    workflow = published([node("a", "slow", timeout=0.5, retry={"attempts": 1})])
    execution = stage.start(workflow)
    stage.wait_for_start("a", times=2)

    stage.go("a")

    result = stage.end_of(execution)
    assert result.status == "completed"
    assert result.steps["a"].attempts == 2


def test_an_execution_whose_time_is_up_starts_nothing_more_and_fails(stage: Stage) -> None:
    workflow = published(*chain(node("a", "slow"), node("b")), timeout=1)
    execution = stage.start(workflow)
    stage.wait_for_start("a")
    wait_until(
        lambda: Execution.objects.get(pk=execution.pk).stopping == "timeout", what="the time-out"
    )

    stage.go("a")

    result = stage.end_of(execution)
    assert result.status == "failed"
    assert result.error is not None
    assert result.error["code"] == "execution.timeout"
    assert statuses(result) == {"a": "completed"}


def test_an_execution_waiting_for_a_retry_ends_when_its_time_is_up(stage: Stage) -> None:
    retry = {"attempts": 1, "delay": 3600}
    workflow = published([node("a", "fails", retry=retry)], timeout=1)

    result = stage.run(workflow)

    assert result.error is not None
    assert result.error["code"] == "execution.timeout"
    assert statuses(result) == {"a": "cancelled"}


@pytest.mark.parametrize("step", ["unstorable", "no-json"])
def test_an_output_that_cannot_be_stored_fails_the_step_at_once(stage: Stage, step: str) -> None:
    result = stage.run(published([node("a", step, retry={"attempts": 3})]))

    assert result.error is not None
    assert result.error["code"] == "step.output_invalid"
    assert stage.counts() == {"a": 1}


def test_an_output_beyond_the_limit_fails_the_step(stage: Stage) -> None:
    result = stage.run(published([node("a", "large")]), {"bytes": 1_000_001})

    assert result.error is not None
    assert result.error["code"] == "output.too_large"


def test_messages_that_a_database_refuses_are_kept_readable(stage: Stage) -> None:
    result = stage.run(published([node("a", "fails-with-nul")]))

    assert result.error is not None
    assert result.error["code"] == "step.failed"
    assert result.error["message"] == "a message with \ufffd in it"
    assert stage.counts() == {"a": 1}


def test_anything_may_be_logged(stage: Stage) -> None:
    result = stage.run(published([node("a", "logs-anything")]))

    (line,) = Event.objects.filter(execution_id=result.execution_id, type="log")
    assert result.result == "logged"
    assert line.data["fields"]["path"] == "/x"
    assert line.data["fields"]["nul"] == "\ufffd"
    assert stage.counts() == {"a": 1}


@pytest.mark.parametrize("step", ["deep", "exits"])
def test_whatever_a_body_does_ends_in_history_after_one_start(stage: Stage, step: str) -> None:
    result = stage.run(published(*chain(node("a", step), node("b", "same"))))

    assert result.status in ("completed", "failed")
    assert stage.counts()["a"] == 1


def test_an_expression_that_makes_an_impossible_value_fails_its_own_node(stage: Stage) -> None:
    field = {"big": {"expression": "1e308 * double(inputs.x)"}}
    mapping = {"id": "m", "type": "map", "fields": field}
    workflow = published(*chain(node("a"), mapping, node("b")))

    result = stage.run(workflow, {"x": 10.0})

    assert statuses(result) == {"a": "completed", "m": "failed"}


def test_a_body_that_breaks_its_connection_hurts_no_other(stage: Stage) -> None:
    broken = stage.run(published([node("a", "breaks-its-transaction")]))

    result = stage.run(published([node("b", "writes-rows")]))

    assert broken.error is not None
    assert broken.error["name"] == "IntegrityError"
    assert result.result == 2


def test_a_step_whose_code_nobody_has_fails_by_name(stage: Stage) -> None:
    registry.add_step(create_step(id="live-not-deployed", execute=lambda value: value))

    result = stage.run(published([node("a", "not-deployed", retry={"attempts": 1})]))

    assert result.error is not None
    assert result.error["code"] == "step.unknown"
    assert result.steps["a"].attempts == 2
