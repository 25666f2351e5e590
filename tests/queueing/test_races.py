"""Many start and end at once: never do more go on than may, and nobody is forgotten."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from django.db import connection, transaction

from executions_app import sync_points
from executions_app.models import Execution
from executions_app.operations.cancel import cancel_execution
from executions_app.operations.rescue import rescue
from executions_app.operations.start_execution import start_execution
from executions_app.recording.admission import admit
from executions_app.rows import lanes
from executions_app.rows.lanes import Lane
from executions_app.sync_points import Point
from tests.journal.histories import ListBroker, claim, publish, succeed
from tests.journal.test_races import Other
from tests.queueing.lanes import check_all, finish, limited, started, statuses
from tests.schedules.test_several_clocks import together

pytestmark = pytest.mark.django_db(transaction=True)

THREADS = 8
only_with_row_locks = pytest.mark.skipif(
    connection.vendor != "postgresql", reason="SQLite lets one writer in at a time"
)


def _most_at_once() -> int:
    """Return how many executions went on at a time, at most, by their own times."""
    rows = list(Execution.objects.values_list("started_at", "ended_at"))
    assert None not in [time for row in rows for time in row]
    return max(sum(began <= at < ended for began, ended in rows) for at, _ in rows)


def _work_off(broker: ListBroker) -> None:
    """Do whatever is due, until there is nothing left that this thread can get hold of."""
    while True:
        try:
            claimed = claim(broker.waiting.pop())
        except IndexError:
            return
        assert claimed is not None
        assert succeed(claimed)


@pytest.mark.parametrize("limit", [1, 3])
def test_never_more_go_on_than_may_whoever_starts_and_ends_at_once(
    broker: ListBroker, limit: int
) -> None:
    workflow = publish({"a": []}, concurrency={"limit": limit})

    together(*[lambda: start_execution(workflow) for _ in range(THREADS)])
    begun = Execution.objects.exclude(status="pending").count()
    while broker.waiting:
        results = together(*[lambda: _work_off(broker) for _ in range(THREADS)])
        assert [item for item in results if item is not None] == []

    assert begun == limit
    assert set(Execution.objects.values_list("status", flat=True)) == {"completed"}
    assert Execution.objects.count() == THREADS
    assert _most_at_once() <= limit
    check_all()


def test_never_more_begin_in_a_span_than_may(broker: ListBroker) -> None:
    workflow = publish({"a": []}, start_rate={"limit": 3, "per": 3600})

    together(*[lambda: start_execution(workflow) for _ in range(THREADS)])
    together(*[rescue for _ in range(3)])

    assert Execution.objects.exclude(started_at=None).count() == 3
    check_all()


class Died(BaseException):
    """Stands for the end of the process."""


def _dies_at(point: Point, work: Callable[[], Any]) -> None:
    def die(reached: Point) -> None:
        if reached is point:
            raise Died

    sync_points.listen(die)
    try:
        with pytest.raises(Died):
            work()
    finally:
        sync_points.listen(None)


def test_a_place_is_not_lost_with_the_worker_that_gave_it_back(broker: ListBroker) -> None:
    executions = started(limited(1), 3)

    _dies_at(Point.RECORDED, lambda: finish(executions[0]))
    assert statuses(executions) == ["completed", "pending", "pending"]
    rescue()

    assert statuses(executions) == ["completed", "running", "pending"]
    check_all()


@pytest.mark.parametrize("page", [1, 2, 500])
def test_a_rescuer_finds_every_lane_that_was_left(
    broker: ListBroker, monkeypatch: pytest.MonkeyPatch, page: int
) -> None:
    monkeypatch.setattr(lanes, "PAGE", page)
    keyed, plain = limited(1, key="inputs.who"), limited(1)
    going = [start_execution(keyed, input_data={"who": who}) for who in ("a", "b", "c")]
    left = [start_execution(keyed, input_data={"who": who}) for who in ("c", "a", "b")]
    going += started(plain, 1)
    left += started(plain, 1)

    for execution in going:
        _dies_at(Point.RECORDED, lambda execution=execution: finish(execution))
    assert statuses(left) == ["pending"] * 4
    rescue()

    assert statuses(left) == ["running"] * 4
    check_all()


def test_a_worker_that_dies_while_it_lets_the_next_one_in_changes_nothing(
    broker: ListBroker,
) -> None:
    executions = started(limited(1), 2)
    Execution.objects.filter(pk=executions[1].pk).update(priority=1)
    _dies_at(Point.RECORDED, lambda: finish(executions[0]))
    lane = Lane(workflow_id=executions[0].workflow_id, value="")

    _dies_at(Point.RECORDING, lambda: admit(lane))
    assert statuses(executions) == ["completed", "pending"]
    rescue()

    assert statuses(executions) == ["completed", "running"]
    check_all()


@only_with_row_locks
def test_two_that_let_in_at_once_take_turns(broker: ListBroker) -> None:
    executions = started(limited(1), 3)
    _dies_at(Point.RECORDED, lambda: finish(executions[0]))
    lane = Lane(workflow_id=executions[0].workflow_id, value="")

    with transaction.atomic():
        assert admit(lane) == 1
        other = Other(lambda: admit(lane))
        other.wait_for_lock()

    assert other.end() == 0
    assert statuses(executions) == ["completed", "running", "pending"]


@only_with_row_locks
def test_a_lane_does_not_wait_for_a_callers_transaction(broker: ListBroker) -> None:
    executions = started(limited(1), 3)

    with transaction.atomic():
        cancel_execution(executions[1].pk)  # holds it until the end of the block
        other = Other(lambda: finish(executions[0]))
        other.end()
        assert statuses(executions)[2] == "running"

    assert statuses(executions) == ["completed", "cancelled", "running"]
    check_all()


def test_what_is_rolled_back_never_waited(broker: ListBroker) -> None:
    workflow = limited(1)

    with transaction.atomic():
        undone = start_execution(workflow)
        transaction.set_rollback(True)
    with transaction.atomic():
        kept = start_execution(workflow)
        assert kept.status == "pending"

    assert not Execution.objects.filter(pk=undone.pk).exists()
    assert statuses([kept]) == ["running"]
