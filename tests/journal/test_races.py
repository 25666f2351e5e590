"""Two connections at the same row at once: each race is held open until one visibly waits for the
other.  PostgreSQL only, because SQLite lets one writer in at a time.  Races that are told many
times, on both databases, are in ``tests/races``."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from django.db import connection

from executions_app.errors import NotApplicable
from executions_app.models import Event, Execution, StepRun
from executions_app.operations.cancel import cancel_execution
from executions_app.operations.rescue import rescue
from executions_app.runner.claim import claim_attempt
from tests.journal.histories import (
    ListBroker,
    check_laws,
    claim,
    let_time_pass,
    publish,
    start,
    succeed,
)
from tests.races.side_by_side import Other, dismiss, held_open

pytestmark = [
    pytest.mark.django_db(transaction=True),
    pytest.mark.skipif(
        connection.vendor != "postgresql", reason="SQLite has no row locks to race for"
    ),
]


@pytest.fixture(autouse=True)
def others() -> Iterator[None]:
    """Threads with connections of their own, which end with the test."""
    yield
    dismiss()


def test_two_arms_that_end_at_once_start_their_join_once(broker: ListBroker) -> None:
    execution = start(publish({"a": [], "b": [], "join": ["a", "b"]}))
    first, second = (claim(message) for message in broker.waiting)
    assert first is not None
    assert second is not None

    with held_open(lambda: succeed(first)):
        other = Other(lambda: succeed(second))
        other.wait_for_lock()

    assert other.end() is True
    scheduled = Event.objects.filter(execution=execution, type="step_scheduled")
    assert [e.data["node_id"] for e in scheduled.order_by("seq")] == ["a", "b", "join"]
    assert len(broker.all) == 3
    check_laws(execution)


def test_a_claim_that_meets_a_cancel_finds_nothing(broker: ListBroker) -> None:
    execution = start(publish({"a": []}))
    (message,) = broker.waiting

    with held_open(lambda: cancel_execution(execution.pk)):
        other = Other(lambda: claim_attempt(message.step_run_id, message.attempt))
        other.wait_for_lock()

    assert other.end() is None
    assert Execution.objects.get(pk=execution.pk).status == "cancelled"
    check_laws(execution)


def test_a_cancel_that_meets_a_claim_lets_it_finish(broker: ListBroker) -> None:
    execution = start(publish({"a": [], "b": ["a"]}))
    (message,) = broker.waiting

    with held_open(lambda: claim_attempt(message.step_run_id, message.attempt)) as claimed:
        other = Other(lambda: cancel_execution(execution.pk))
        other.wait_for_lock()

    assert other.end().status == "running"
    assert succeed(claimed, "kept")
    assert Execution.objects.get(pk=execution.pk).status == "cancelled"
    assert StepRun.objects.get(execution=execution, node_id="a").output == "kept"
    check_laws(execution)


def test_a_cancel_that_meets_the_last_outcome_is_too_late(broker: ListBroker) -> None:
    execution = start(publish({"a": []}))
    mine = claim(broker.waiting[0])
    assert mine is not None

    with held_open(lambda: succeed(mine)):
        other = Other(lambda: cancel_execution(execution.pk))
        other.wait_for_lock()

    assert isinstance(other.end(), NotApplicable)
    assert Execution.objects.get(pk=execution.pk).status == "completed"


def test_two_claims_of_one_attempt_have_one_winner(broker: ListBroker) -> None:
    start(publish({"a": []}))
    (message,) = broker.waiting

    with held_open(lambda: claim(message)) as first:
        other = Other(lambda: claim(message))
        other.wait_for_lock()

    assert first is not None
    assert other.end() is None


def test_two_rescuers_take_each_row_once(broker: ListBroker) -> None:
    start(publish({name: [] for name in "abcd"}))
    broker.waiting.clear()
    let_time_pass()

    with held_open(rescue) as taken:
        other = Other(rescue)
        assert other.end() == 0

    assert taken == 4
    assert len(broker.waiting) == 4


def test_a_rescuer_leaves_a_row_that_is_being_recorded(broker: ListBroker) -> None:
    execution = start(publish({"a": []}))
    mine = claim(broker.waiting.pop())
    assert mine is not None
    let_time_pass()

    with held_open(lambda: succeed(mine)):
        assert Other(rescue).end() == 0

    assert broker.waiting == []
    assert Execution.objects.get(pk=execution.pk).status == "completed"


def test_times_in_a_log_do_not_go_backwards_when_its_writers_wait(broker: ListBroker) -> None:
    execution = start(publish({name: [] for name in "abc"}))
    claims = [claim(message) for message in broker.waiting]

    with held_open(lambda: succeed(claims[0])):
        others = [Other(lambda mine=mine: succeed(mine)) for mine in claims[1:]]
        for other in others:
            other.wait_for_lock()

    assert [other.end() for other in others] == [True] * 2
    check_laws(execution)
