"""Anything delivered twice changes nothing, anything lost is sent again, nothing is told early."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.db import transaction

from executions_app import database, dispatch
from executions_app.dispatch import Due
from executions_app.models import Execution, StepRun
from executions_app.operations.cancel import cancel_execution
from executions_app.operations.record_attempt import announce
from executions_app.operations.rescue import rescue
from executions_app.runner.claim import Claim, renew, set_alone
from tests.journal.histories import (
    ListBroker,
    claim,
    fail,
    let_time_pass,
    publish,
    snapshot,
    start,
    succeed,
)

pytestmark = pytest.mark.django_db(transaction=True)


def _claimed(due: Due) -> Claim:
    claimed = claim(due)
    assert claimed is not None
    return claimed


def _reload(execution: Execution) -> Execution:
    return Execution.objects.get(pk=execution.pk)


def test_a_message_is_claimed_once_however_often_it_comes(broker: ListBroker) -> None:
    execution = start(publish({"a": []}))
    (message,) = broker.waiting
    _claimed(message)
    before = snapshot(execution)

    again = [claim(message) for _ in range(3)]

    assert again == [None, None, None]
    assert snapshot(execution) == before


def test_a_message_that_comes_after_its_step_has_ended_changes_nothing(broker: ListBroker) -> None:
    execution = start(publish({"a": [], "b": ["a"]}))
    message = broker.waiting[0]
    succeed(_claimed(message))
    before = snapshot(execution)

    assert claim(message) is None
    assert snapshot(execution) == before


def test_an_outcome_recorded_twice_changes_nothing_the_second_time(broker: ListBroker) -> None:
    execution = start(publish({"a": [], "b": ["a"]}))
    mine = _claimed(broker.waiting[0])
    assert succeed(mine, "first")
    before = snapshot(execution)

    assert not succeed(mine, "second")
    assert not fail(mine)
    announce(mine)
    assert snapshot(execution) == before


def test_the_outcome_of_an_attempt_that_was_retried_comes_too_late(broker: ListBroker) -> None:
    execution = start(publish({"a": []}, {"a": {"retry": {"attempts": 1}}}))
    first = _claimed(broker.waiting.pop())
    assert fail(first)
    second = _claimed(broker.waiting.pop())
    before = snapshot(execution)

    assert not succeed(first)

    assert snapshot(execution) == before
    assert succeed(second)


@pytest.mark.parametrize(("join", "needed"), [("all", 3), ("any", 1), (2, 2)])
def test_a_join_is_sent_when_enough_needs_are_met_and_never_again(
    broker: ListBroker, join: str | int, needed: int
) -> None:
    start(publish({"a": [], "b": [], "c": [], "d": ["a", "b", "c"]}, {"d": {"join": join}}))
    arms = [_claimed(message) for message in broker.waiting]
    broker.waiting.clear()
    sent = []

    for arm in arms:
        succeed(arm)
        sent.append(len(broker.waiting))

    assert sent == [int(number >= needed) for number in (1, 2, 3)]


def test_a_message_for_an_attempt_that_was_retried_begins_nothing(broker: ListBroker) -> None:
    start(publish({"a": []}, {"a": {"retry": {"attempts": 1}}}))
    first = broker.waiting.pop()
    fail(_claimed(first))

    assert claim(first) is None
    assert _claimed(broker.waiting.pop()).attempt == 2


def test_an_outcome_after_the_lease_went_to_another_comes_too_late(broker: ListBroker) -> None:
    execution = start(publish({"a": []}))
    first = _claimed(broker.waiting.pop())
    let_time_pass()
    rescue()
    second = _claimed(broker.waiting.pop())
    before = snapshot(execution)

    assert not succeed(first, "late")
    renew([first])

    assert snapshot(execution) == before
    assert second.epoch > first.epoch
    assert succeed(second, "in time")
    assert _reload(execution).output == "in time"


def test_an_outcome_between_two_holders_comes_too_late(broker: ListBroker) -> None:
    execution = start(publish({"a": []}))
    first = _claimed(broker.waiting.pop())
    let_time_pass()
    rescue()
    before = snapshot(execution)

    assert not succeed(first, "late")

    assert snapshot(execution) == before


def test_a_message_before_its_time_begins_nothing(broker: ListBroker) -> None:
    execution = start(publish({"a": []}, {"a": {"retry": {"attempts": 1, "delay": 60}}}))
    fail(_claimed(broker.waiting.pop()))
    row = StepRun.objects.get(execution=execution)

    early = claim(Due(step_run_id=row.pk, attempt=2, queue="", label=""))

    assert broker.waiting == []
    assert early is None
    assert row.due_at is not None
    assert row.due_at - database.exact_now() > timedelta(seconds=50)


def test_a_lost_message_is_sent_again_and_less_and_less_often(broker: ListBroker) -> None:
    execution = start(publish({"a": []}))
    waits = []

    for _ in range(4):
        broker.waiting.clear()
        StepRun.objects.filter(execution=execution).update(wake_at=database.exact_now())
        assert rescue() == 1
        (message,) = broker.waiting
        row = StepRun.objects.get(execution=execution)
        assert row.wake_at is not None
        waits.append(round((row.wake_at - database.exact_now()).total_seconds()))

    assert waits == [2, 4, 8, 16]
    assert claim(message) is not None


def test_a_rescuer_leaves_alone_what_is_not_overdue(broker: ListBroker) -> None:
    start(publish({"a": [], "b": []}))
    _claimed(broker.waiting.pop())
    broker.waiting.clear()

    assert rescue() == 0
    assert broker.waiting == []


def test_a_heartbeat_keeps_the_lease(broker: ListBroker) -> None:
    start(publish({"a": []}))
    mine = _claimed(broker.waiting.pop())
    let_time_pass()

    renew([mine])

    assert rescue() == 0
    assert succeed(mine)


def test_a_step_is_given_up_after_the_third_lost_worker(broker: ListBroker) -> None:
    execution = start(publish({"a": []}, {"a": {"retry": {"attempts": 9}}}))
    for _ in range(3):
        set_alone(_claimed(broker.waiting.pop()), alone=True)
        let_time_pass()
        rescue()

    assert broker.waiting == []
    ended = _reload(execution)
    assert ended.status == "failed"
    assert ended.error["code"] == "step.worker_lost"


def test_a_step_that_dies_among_others_is_given_up_after_the_tenth_lost_worker(
    broker: ListBroker,
) -> None:
    execution = start(publish({"a": []}))
    for _ in range(10):
        assert _reload(execution).status == "running"
        _claimed(broker.waiting.pop())
        let_time_pass()
        rescue()

    assert broker.waiting == []
    assert _reload(execution).error["code"] == "step.worker_lost"


def test_a_message_is_thought_lost_later_each_time_unless_its_queue_is_empty(
    broker: ListBroker, monkeypatch: pytest.MonkeyPatch
) -> None:
    execution = start(publish({"a": []}))
    for _ in range(4):
        StepRun.objects.update(wake_at=database.now() - timedelta(seconds=1))
        rescue()
    broker.waiting.clear()
    StepRun.objects.update(due_at=database.now() - timedelta(minutes=5))

    rescue()
    rescue(queues={"another"})
    monkeypatch.setattr(dispatch, "is_empty", lambda queue: False)
    rescue(queues={""})
    assert broker.waiting == []
    monkeypatch.setattr(dispatch, "is_empty", lambda queue: True)
    rescue(queues={""})

    assert succeed(_claimed(broker.waiting.pop()))
    rescue(queues={""})
    assert broker.waiting == []
    assert _reload(execution).status == "completed"


def test_no_worker_is_taken_for_lost_by_who_could_not_see_it(broker: ListBroker) -> None:
    execution = start(publish({"a": []}))
    held = _claimed(broker.waiting.pop())
    let_time_pass()

    rescue(may_judge=False)

    assert broker.waiting == []
    assert succeed(held)
    assert _reload(execution).status == "completed"


def test_deaths_of_one_attempt_do_not_count_for_the_next(broker: ListBroker) -> None:
    execution = start(publish({"a": []}, {"a": {"retry": {"attempts": 1}}}))
    for _ in range(2):
        _claimed(broker.waiting.pop())
        let_time_pass()
        rescue()
    fail(_claimed(broker.waiting.pop()))
    for _ in range(2):
        _claimed(broker.waiting.pop())
        let_time_pass()
        rescue()

    assert succeed(_claimed(broker.waiting.pop()))
    assert _reload(execution).status == "completed"


def test_nothing_is_told_before_the_callers_transaction_commits(broker: ListBroker) -> None:
    workflow = publish({"a": []})

    with transaction.atomic():
        start(workflow)
        assert broker.all == []

    assert len(broker.all) == 1
    assert broker.inside_transaction == []


def test_what_is_rolled_back_is_never_told(broker: ListBroker) -> None:
    execution = start(publish({"a": [], "b": ["a"]}))
    mine = _claimed(broker.waiting.pop())
    before = snapshot(execution)

    with transaction.atomic():
        succeed(mine)
        transaction.set_rollback(True)

    assert broker.waiting == []
    assert snapshot(execution) == before
    assert succeed(mine)
    assert len(broker.waiting) == 1
    assert broker.inside_transaction == []


def test_a_cancelled_execution_tells_nobody_anything(broker: ListBroker) -> None:
    execution = start(publish({"a": [], "b": ["a"], "c": []}))
    mine = _claimed(broker.waiting[0])
    other = broker.waiting[1]
    broker.all.clear()

    cancel_execution(execution.pk)

    assert claim(other) is None
    assert succeed(mine)
    assert broker.all == []
    assert _reload(execution).status == "cancelled"
