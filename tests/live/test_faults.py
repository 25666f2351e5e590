"""What dies, comes twice, late or not at all: executions end, no result is recorded twice."""

from __future__ import annotations

import signal
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import redis
from django.conf import settings

from config import app
from executions_app import dispatch
from executions_app.dispatch import EXECUTE_STEP
from executions_app.engine.statuses import FINAL
from executions_app.models import Event, Execution, StepRun
from executions_app.operations.cancel import cancel_execution
from tests.live.running import Stage, node, row_of, status_of, statuses
from tests.live.workers import Crew, Worker, wait_until
from tests.published import chain, published
from tests.services import Services

pytestmark = [pytest.mark.live, pytest.mark.django_db(transaction=True)]

#: Recovery is bounded by the lease, a round of the rescuer, and a slow machine's patience.
RECOVERY_SECONDS = settings.LEASE_SECONDS + settings.RESCUE_SECONDS + 6.0


@pytest.fixture
def broker(services: Services) -> Iterator[redis.Redis]:
    with redis.Redis.from_url(services.redis_url) as client:
        yield client


def _holder(crew: Crew, execution: Execution, node_id: str) -> Worker:
    wait_until(lambda: row_of(execution, node_id).claimed_by, what=f"a claim of {node_id!r}")
    return crew.holding(row_of(execution, node_id).claimed_by)


def _recorded_once(execution: Execution) -> None:
    ends = ("step_completed", "step_failed", "step_skipped", "step_cancelled")
    facts = Event.objects.filter(execution=execution, type__in=ends)
    nodes = [data["node_id"] for data in facts.values_list("data", flat=True)]
    assert len(nodes) == len(set(nodes))


def _send(*args: Any) -> None:
    app.send_task(EXECUTE_STEP, args=args, ignore_result=True)


def test_a_killed_workers_step_is_run_again_with_the_same_key(stage: Stage, crew: Crew) -> None:
    workflow = published(*chain(node("before"), node("a", "slow"), node("after")))
    execution = stage.start(workflow)
    stage.wait_for_start("a")

    _holder(crew, execution, "a").kill()
    stage.go("a")

    assert stage.end_of(execution, seconds=RECOVERY_SECONDS).status == "completed"
    assert stage.counts() == {"before": 1, "a": 2, "after": 1}
    first, second = (start for start in stage.starts() if start[0] == "a")
    assert first[4] == second[4]
    assert (first[2], second[2]) == ("0", "1")
    _recorded_once(execution)


def test_a_worker_killed_inside_a_steps_transaction_leaves_nothing_of_it(
    stage: Stage, crew: Crew
) -> None:
    result = stage.run(published([node("a", "writes-rows")]), die_inside=True)

    assert result.result == 2
    assert stage.counts() == {"a": 2}


def test_a_step_that_kills_its_worker_is_given_up_after_three_starts(
    bare_stage: Stage, crew: Crew
) -> None:
    crew.hire(1)
    nodes = [node("poison", "kills-worker", retry={"attempts": 5})]
    poisoned = bare_stage.start(published(nodes))
    for number in range(1, 4):
        # The first may be dead by now: another in its place would die of the second start already.
        if number > 1:
            crew.hire(1, may_die=True)
        bare_stage.wait_for_start("poison", times=number)
        wait_until(lambda: not crew.workers[0].is_alive, what="the worker's death")
    neighbour = bare_stage.start(published([node("b", "same")]), 1)

    crew.hire(1)

    assert bare_stage.end_of(neighbour, seconds=RECOVERY_SECONDS).result == 1
    result = bare_stage.end_of(poisoned, seconds=RECOVERY_SECONDS)
    assert result.error is not None
    assert result.error["code"] == "step.worker_lost"
    assert bare_stage.counts()["poison"] == 3


def test_what_shares_a_worker_with_a_deadly_step_is_not_given_up_with_it(
    bare_stage: Stage, crew: Crew
) -> None:
    crew.hire(1)
    neighbours = [bare_stage.start(published([node(f"n{n}", "slow")])) for n in range(3)]
    wait_until(lambda: bare_stage.counts().total() == 3, what="the neighbours at work")
    poisoned = bare_stage.start(published([node("poison", "kills-worker")]))
    wait_until(lambda: not crew.workers[0].is_alive, what="the worker's death with all of them")
    for number in range(3):
        bare_stage.go(f"n{number}")

    while status_of(poisoned) not in FINAL:
        crew.hire(1, may_die=True)

    assert row_of(poisoned, "poison").error["code"] == "step.worker_lost"
    assert bare_stage.counts()["poison"] == 3
    for number, neighbour in enumerate(neighbours):
        assert bare_stage.end_of(neighbour, seconds=RECOVERY_SECONDS).status == "completed"
        assert bare_stage.counts()[f"n{number}"] <= 3


def test_an_emptied_broker_loses_no_execution(stage: Stage, broker: redis.Redis) -> None:
    workflow = published(*chain(node("a", "slow"), *(node(f"n{n}", "same") for n in range(5))))
    executions = [stage.start(workflow) for _ in range(8)]
    stage.wait_for_start("a", times=4)

    broker.flushall()
    stage.go("a")
    stage.wait_for_start("n2")
    broker.flushall()

    for execution in executions:
        assert stage.end_of(execution).status == "completed"
    assert set(stage.counts().values()) == {8}


def test_an_execution_started_without_a_broker_runs_when_there_is_one(
    stage: Stage, services: Services
) -> None:
    if settings.REDIS_URL_GIVEN:
        pytest.fail("this test stops its own server: run it without REDIS_URL")
    services.stop_redis()
    try:
        execution = stage.start(published(*chain(node("a"), node("b"))))
    finally:
        services.start_redis()

    assert stage.end_of(execution).status == "completed"
    assert stage.counts() == {"a": 1, "b": 1}


def test_a_broker_without_room_refuses_no_start(stage: Stage, broker: redis.Redis) -> None:
    limit = broker.config_get("maxmemory")["maxmemory"]
    broker.config_set("maxmemory", "1")
    try:
        execution = stage.start(published([node("a", "same")]), 1)
    finally:
        broker.config_set("maxmemory", limit)

    assert stage.end_of(execution).result == 1


def test_a_message_that_comes_three_times_runs_its_body_once(stage: Stage) -> None:
    execution = stage.start(published(*chain(node("a", "slow"), node("b"))))
    row = row_of(execution, "a")
    for _ in range(3):
        _send(row.pk, 1)
    stage.wait_for_start("a")

    stage.go("a")

    stage.end_of(execution)
    for _ in range(3):
        _send(row.pk, 1)
    stage.run(published([node("c", "same")]))
    assert stage.counts() == {"a": 1, "b": 1, "c": 1}
    _recorded_once(execution)


@pytest.mark.parametrize(
    "args",
    [
        (10**9, 1),
        (-1, 1),
        (2**70, 1),
        ("x", "y"),
        (None, None),
        ({"a": 1}, [2]),
        (),
        (1, 2, 3, 4),
        ("1; drop table", 1),
        (True, 10**30),
    ],
    ids=repr,
)
def test_a_senseless_message_is_taken_away_and_hurts_nobody(
    stage: Stage, crew: Crew, broker: redis.Redis, args: tuple[Any, ...]
) -> None:
    _send(*args)

    assert stage.run(published([node("a", "same")]), 1).result == 1
    wait_until(lambda: not broker.hlen("celeriac:unacked"), what="every message to be acked")
    assert all(worker.is_alive for worker in crew.workers)


def test_a_message_for_an_earlier_attempt_starts_nothing(stage: Stage) -> None:
    retry = {"attempts": 1, "delay": 3600}
    execution = stage.start(published([node("a", "fails", retry=retry)]))
    wait_until(lambda: row_of(execution, "a").status == "retrying", what="the first failure")
    row = row_of(execution, "a")

    for attempt in (1, 2, 3):
        _send(row.pk, attempt)

    assert stage.run(published([node("b", "same")]), 1).result == 1
    assert stage.counts()["a"] == 1
    assert row_of(execution, "a").claimed_at is None


def test_a_worker_that_wakes_after_its_lease_comes_too_late(stage: Stage, crew: Crew) -> None:
    execution = stage.start(published(*chain(node("a", "slow"), node("b"))))
    stage.wait_for_start("a")
    asleep = _holder(crew, execution, "a")
    asleep.signal(signal.SIGSTOP)
    try:
        stage.wait_for_start("a", times=2)
        stage.go("a")
        assert stage.end_of(execution, seconds=RECOVERY_SECONDS).status == "completed"
        last_seq = Execution.objects.get(pk=execution.pk).last_seq
    finally:
        asleep.signal(signal.SIGCONT)

    wait_until(
        lambda: "an outcome came too late" in asleep.log.read_text(), what="the fenced outcome"
    )
    assert Execution.objects.get(pk=execution.pk).last_seq == last_seq
    assert stage.counts() == {"a": 2, "b": 1}
    _recorded_once(execution)


def test_a_cancelled_step_whose_worker_dies_is_not_begun_again(stage: Stage, crew: Crew) -> None:
    execution = stage.start(published(*chain(node("a", "slow"), node("b"))))
    stage.wait_for_start("a")
    holder = _holder(crew, execution, "a")
    cancel_execution(execution.pk)

    holder.kill()

    assert stage.end_of(execution, seconds=RECOVERY_SECONDS).status == "cancelled"
    assert stage.counts() == {"a": 1}


def test_a_worker_that_is_asked_to_stop_finishes_what_it_holds(stage: Stage, crew: Crew) -> None:
    execution = stage.start(published([node("a", "slow")]))
    stage.wait_for_start("a")
    holder = _holder(crew, execution, "a")
    holder.ask_to_end()
    wait_until(lambda: "Warm shutdown" in holder.log.read_text(), what="the warm shutdown")

    stage.go("a")

    assert stage.end_of(execution).status == "completed"
    holder.process.wait(30)
    assert stage.counts() == {"a": 1}


def test_a_module_that_breaks_is_reported_and_stops_nobody(
    bare_stage: Stage, crew: Crew, tmp_path: Path
) -> None:
    crew.dismiss()
    fresh = Crew(crew.environment, tmp_path, forks=False)
    try:
        fresh.hire(1)

        assert bare_stage.run(published([node("a", "same")]), 1).result == 1
    finally:
        fresh.dismiss()

    assert "a workflows module could not be imported" in fresh.log_text()
    assert "this module is broken on purpose" in fresh.log_text()


def test_two_workers_share_the_work(stage: Stage, crew: Crew) -> None:
    execution = stage.start(published([node(f"n{number}", "slow") for number in range(8)]))
    wait_until(lambda: stage.counts().total() == 8, what="eight bodies at once")

    for number in range(8):
        stage.go(f"n{number}")

    assert set(statuses(stage.end_of(execution)).values()) == {"completed"}
    holders = StepRun.objects.filter(execution=execution).values_list("claimed_by", flat=True)
    processes = {name.partition("/")[0] for name in holders}
    assert processes == {worker.name for worker in crew.workers}
    assert status_of(execution) == "completed"


def test_the_broker_says_which_queues_are_empty(services: Services) -> None:
    assert services.redis_url
    with app.connection_for_write() as connection, connection.SimpleQueue("nobody-reads") as queue:
        assert dispatch.is_empty("nobody-reads")
        queue.put({"a": 1})
        assert not dispatch.is_empty("nobody-reads")
        queue.clear()
        assert dispatch.is_empty("nobody-reads")
