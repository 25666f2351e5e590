"""At most so many executions of a lane have begun and not ended, whatever happens to them."""

from __future__ import annotations

from typing import Any

import pytest

from executions_app.errors import (
    ExecutionNotActive,
    ExecutionRunning,
    InputInvalid,
    LaneUnknown,
    NotApplicable,
    NotSuspended,
)
from executions_app.models import Execution, Signal
from executions_app.operations.cancel import cancel_execution
from executions_app.operations.delete import delete_execution
from executions_app.operations.pause import pause_execution, unpause_execution
from executions_app.operations.rerun import rerun_execution
from executions_app.operations.restart import restart_execution
from executions_app.operations.resume import resume_execution
from executions_app.operations.retry import retry_execution
from executions_app.operations.send_event import send_event
from executions_app.operations.start_execution import start_execution
from executions_app.operations.time_travel import time_travel
from tests.journal.histories import fail, publish, start
from tests.queueing.lanes import (
    ONE_STEP,
    check_all,
    claimed,
    finish,
    kinds,
    limited,
    started,
    statuses,
)
from workflows_app.interface import compile_document
from workflows_app.operations.publish_version import publish_version

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("by_hand")]


def test_without_limits_nothing_waits() -> None:
    executions = started(publish(ONE_STEP), 3)

    assert statuses(executions) == ["running"] * 3
    assert {it.lane for it in executions} == {None}
    assert kinds(executions[0])[0] == "execution_started"


@pytest.mark.parametrize("limit", [1, 3])
def test_as_many_begin_as_may_and_the_others_follow_one_for_one(limit: int) -> None:
    executions = started(limited(limit), 5)

    for done in range(5):
        going = min(limit, 5 - done)
        waiting = 5 - done - going
        expected = ["completed"] * done + ["running"] * going + ["pending"] * waiting
        assert statuses(executions) == expected
        finish(executions[done])
    assert statuses(executions) == ["completed"] * 5
    check_all()


def test_the_log_of_one_that_waits_says_so_and_then_that_it_began() -> None:
    first, second = started(limited(1, key="inputs.who"), 2, input_data={"who": "ada"})

    assert kinds(second) == ["execution_queued"]
    finish(first)

    assert kinds(second)[:3] == ["execution_queued", "execution_started", "step_scheduled"]
    queued = second.events.get(seq=1).data
    assert (queued["lane"], queued["limit"], queued["priority"]) == ("ada", 1, 0)


def test_each_value_of_the_key_has_the_limit_for_itself() -> None:
    workflow = limited(1, key="inputs.who")

    executions = [start(workflow, input_data={"who": who}) for who in ("ada", "bob", "ada")]

    assert statuses(executions) == ["running", "running", "pending"]
    finish(executions[1])
    assert statuses(executions) == ["running", "completed", "pending"]
    finish(executions[0])
    assert statuses(executions) == ["completed", "completed", "running"]


@pytest.mark.parametrize(
    ("given", "lane"),
    [("ada", "ada"), (7, "7"), (True, "true"), (None, "null"), ({"b": 1, "a": [2]}, None)],
)
def test_values_of_the_key_are_told_apart_by_their_text(given: Any, lane: str | None) -> None:
    execution = start(limited(1, key="inputs.who"), input_data={"who": given})

    assert execution.lane == (lane or '{"a":[2],"b":1}')


def test_a_long_value_of_the_key_is_known_by_its_hash() -> None:
    workflow = limited(1, key="inputs.who")

    one, other, same = (
        start(workflow, input_data={"who": who}) for who in ("x" * 201, "x" * 202, "x" * 201)
    )

    assert one.lane is not None
    assert one.lane.startswith("sha256:")
    assert statuses([one, other, same]) == ["running", "running", "pending"]


def test_a_key_reads_the_context_and_the_configs_too() -> None:
    key = "context.tenant + '/' + configs.region"
    workflow = limited(1, key=key, configs={"region": "eu"})

    execution = start(workflow, runtime_context={"tenant": "t-1"})

    assert execution.lane == "t-1/eu"


def test_a_key_without_a_value_refuses_the_start() -> None:
    workflow = limited(1, key="inputs.who")

    with pytest.raises(LaneUnknown) as caught:
        start_execution(workflow, input_data={"other": 1})

    assert caught.value.code == "concurrency.key_failed"
    assert not Execution.objects.exists()


def test_one_that_is_paused_keeps_its_place() -> None:
    executions = started(limited(1), 2)

    pause_execution(executions[0].pk)
    assert statuses(executions) == ["paused", "pending"]
    unpause_execution(executions[0].pk)
    finish(executions[0])

    assert statuses(executions) == ["completed", "running"]


def test_a_failure_and_a_cancel_give_the_place_back() -> None:
    executions = started(limited(1), 3)

    fail(claimed(executions[0]))
    assert statuses(executions) == ["failed", "running", "pending"]
    cancel_execution(executions[1].pk)

    assert statuses(executions) == ["failed", "cancelled", "running"]
    check_all()


def test_one_that_waits_is_cancelled_at_once_and_runs_nothing() -> None:
    executions = started(limited(1), 3)

    cancelled = cancel_execution(executions[1].pk, by="ada", reason="no need")
    cancel_execution(executions[1].pk)

    assert (cancelled.status, cancelled.started_at) == ("cancelled", None)
    assert kinds(cancelled) == ["execution_queued", "execution_stopping", "execution_cancelled"]
    finish(executions[0])
    assert statuses(executions) == ["completed", "cancelled", "running"]
    delete_execution(cancelled.pk)
    check_all()


def test_commands_that_need_it_begun_are_refused_by_name() -> None:
    _, waiting = started(limited(1), 2)

    for code, refused in (
        (NotApplicable, lambda: pause_execution(waiting.pk)),
        (NotApplicable, lambda: unpause_execution(waiting.pk)),
        (NotApplicable, lambda: retry_execution(waiting.pk)),
        (NotApplicable, lambda: delete_execution(waiting.pk)),
        (NotSuspended, lambda: resume_execution(waiting.pk, data={})),
        (ExecutionNotActive, lambda: restart_execution(waiting.pk)),
        (ExecutionRunning, lambda: time_travel(waiting.pk, step="a")),
    ):
        with pytest.raises(code, match="pending"):
            refused()
    assert kinds(waiting) == ["execution_queued"]
    check_all()


def test_an_event_that_comes_while_it_waits_is_kept() -> None:
    first, waiting = started(limited(1), 2)

    send_event(waiting.pk, event="paid", data=1)
    finish(first)

    assert Signal.objects.filter(execution=waiting, name="paid").exists()
    assert statuses([waiting]) == ["running"]
    check_all()


def test_the_time_of_an_execution_is_counted_from_when_it_begins() -> None:
    first, second = started(limited(1, timeout=60), 2)

    assert first.deadline_at is not None
    assert second.deadline_at is None
    finish(first)
    second.refresh_from_db()

    assert second.deadline_at is not None
    assert second.started_at is not None
    assert (second.deadline_at - second.started_at).total_seconds() == 60


def test_pausing_after_one_step_survives_the_wait() -> None:
    workflow = publish({"a": [], "b": ["a"]}, concurrency={"limit": 1})
    first, second = start(workflow), start(workflow, per_step=True)

    cancel_execution(first.pk)
    finish(second)

    assert statuses([second]) == ["paused"]
    check_all()


def test_the_same_request_again_finds_the_one_that_waits() -> None:
    workflow = limited(1)
    start(workflow)

    first, again = (start(workflow, idempotency_key="k") for _ in range(2))

    assert first.pk == again.pk
    assert again.status == "pending"


def test_a_rerun_waits_like_a_start_and_one_from_a_step_does_not() -> None:
    workflow = publish({"a": [], "b": ["a"]}, concurrency={"limit": 1})
    first = start(workflow)
    finish(first)
    finish(first)
    held = start(workflow)

    whole, part = rerun_execution(first), rerun_execution(first, from_step="b")

    assert statuses([held, whole, part]) == ["running", "pending", "running"]
    cancel_execution(held.pk)
    assert statuses([whole]) == ["pending"]  # the other one counts
    finish(part)
    assert statuses([whole]) == ["running"]
    check_all()


def test_one_that_is_opened_again_begins_at_once_and_counts() -> None:
    executions = started(limited(1), 3)
    fail(claimed(executions[0]))

    retry_execution(executions[0].pk)
    assert statuses(executions) == ["running", "running", "pending"]
    finish(executions[1])
    assert statuses(executions) == ["running", "completed", "pending"]
    finish(executions[0])

    assert statuses(executions) == ["completed", "completed", "running"]
    check_all()


def test_one_that_was_cancelled_while_it_waited_can_be_travelled_in() -> None:
    first, waiting = started(limited(1), 2)
    cancel_execution(waiting.pk)

    again = time_travel(waiting.pk, step="a")

    assert again.status == "running"
    assert again.started_at is not None
    third = start(first.workflow)
    finish(first)
    assert statuses([third]) == ["pending"]
    finish(waiting)
    assert statuses([third]) == ["running"]
    check_all()


def test_the_limits_in_force_are_those_of_the_published_version() -> None:
    workflow = limited(1)
    executions = started(workflow, 4)

    definition = workflow.definition | {"concurrency": {"limit": 3}}
    publish_version(workflow, compiled=compile_document(definition), definition=definition)
    executions += started(workflow, 1)

    assert statuses(executions) == ["running"] * 3 + ["pending"] * 2


def test_priority_is_checked_at_the_start() -> None:
    for wrong in (101, -101, True, 1.5, "1"):
        with pytest.raises(InputInvalid, match="whole number"):
            start_execution(limited(1), priority=wrong)  # type: ignore[arg-type]


def test_of_those_that_wait_the_highest_priority_is_first_then_the_oldest() -> None:
    workflow = limited(1, priority=5)
    first = start(workflow)
    wanted = {name: start(workflow, priority=n) for name, n in
              (("low", -1), ("high", 9), ("high too", 9), ("usual", None))}  # fmt: skip

    begun = []
    going = first
    for _ in range(4):
        finish(going)
        (name,) = [n for n, it in wanted.items() if statuses([it]) == ["running"]]
        begun.append(name)
        going = wanted[name]

    assert begun == ["high", "high too", "usual", "low"]
