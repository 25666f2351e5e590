"""Any number of clocks: one execution for each slot, whoever ticks and whoever dies."""

from __future__ import annotations

import random
import subprocess
import sys
import threading
from collections import Counter
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.db import close_old_connections, connection, connections, transaction

from executions_app.models import Execution, Schedule, ScheduleFire
from executions_app.operations.fire_schedules import fire_schedules
from executions_app.operations.pause_schedule import pause_schedule
from executions_app.operations.sync_schedules import sync_schedules
from tests.schedules.rows import (
    MINUTE,
    NOON,
    a_schedule,
    a_user,
    a_workflow,
    executions,
    lasting,
    told,
)
from tests.services import Services
from workflows_app.authoring.registry import registry
from workflows_app.authoring.schedule import Schedule as Rule
from workflows_app.models import Workflow

pytestmark = pytest.mark.django_db(transaction=True)

CLOCKS = 3
PATIENCE_SECONDS = 120
TICK = """
import sys
from datetime import datetime
import django
django.setup()
from executions_app import dispatch
from executions_app.operations.fire_schedules import fire_schedules
dispatch.send = lambda due: None
sys.stdin.readline()
for text in sys.argv[1:]:
    print(fire_schedules(datetime.fromisoformat(text)), flush=True)
"""


def together(*works: Callable[[], Any]) -> list[Any]:
    """Do all at once, each in a thread with a connection of its own; return what they gave."""
    ready = threading.Barrier(len(works))
    results: list[Any] = [None] * len(works)

    def run(place: int, work: Callable[[], Any]) -> None:
        try:
            connection.ensure_connection()
            ready.wait(PATIENCE_SECONDS)
            results[place] = work()
        except Exception as error:
            results[place] = error
        finally:
            connections.close_all()

    threads = [threading.Thread(target=run, args=item, daemon=True) for item in enumerate(works)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(PATIENCE_SECONDS)
        assert not thread.is_alive()
    close_old_connections()
    return results


def test_three_clocks_start_one_execution_for_each_slot() -> None:
    owner = a_user()
    workflow = a_workflow(owner=owner)
    schedules = [a_schedule(workflow, owner=owner, overlap="allow") for _ in range(5)]

    started = sum(
        sum(together(*[lambda at=NOON + n * MINUTE: fire_schedules(at)] * CLOCKS))
        for n in range(1, 7)
    )

    assert started == Execution.objects.count() == 30
    for schedule in schedules:
        assert told(schedule) == [(n, "started") for n in range(1, 7)]


def test_clocks_that_are_not_of_one_time_do_not_disturb_each_other() -> None:
    schedule = a_schedule(overlap="allow", catch_up=100)
    chance = random.Random(7)
    times = [NOON + chance.randrange(0, 600) * timedelta(seconds=1) for _ in range(30)]

    results = together(
        *(
            lambda mine=times[place::CLOCKS]: sum(fire_schedules(at) for at in mine)
            for place in range(CLOCKS)
        )
    )

    # The clock that was furthest on may have met the row in the hands of one that was behind, and
    # left it to that: what is due then waits for the next tick.
    left = fire_schedules(max(times))

    last = int((max(times) - NOON) / MINUTE)
    assert sum(results) + left == len(executions(schedule)) == last
    assert told(schedule) == [(n, "started") for n in range(1, last + 1)]


def test_three_processes_start_one_execution_for_each_slot(services: Services) -> None:
    schedule = a_schedule(overlap="allow", catch_up=100)
    times = [(NOON + n * MINUTE).isoformat() for n in range(1, 11)]
    beats = [
        subprocess.Popen(
            [sys.executable, "-c", TICK, *times],
            env=services.environment(connection.settings_dict),
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )
        for _ in range(CLOCKS)
    ]
    for beat in beats:
        assert beat.stdin is not None
        beat.stdin.write("go\n")
        beat.stdin.flush()

    said = [beat.communicate(timeout=PATIENCE_SECONDS)[0].split() for beat in beats]

    assert [beat.returncode for beat in beats] == [0] * CLOCKS
    assert sum(int(count) for counts in said for count in counts) == 10
    assert told(schedule) == [(n, "started") for n in range(1, 11)]


def test_a_queue_is_started_once_by_three_clocks() -> None:
    schedule = a_schedule(overlap="queue")
    for n in (1, 2):
        fire_schedules(NOON + n * MINUTE)
    Execution.objects.update(status="completed")

    started = together(*[lambda: fire_schedules(NOON + 2 * MINUTE + MINUTE / 60)] * CLOCKS)

    assert Counter(started) == {1: 1, 0: CLOCKS - 1}
    assert told(schedule) == [(1, "started"), (2, "started")]


def test_after_the_answer_to_a_pause_nothing_is_started() -> None:
    schedule = a_schedule(overlap="allow")

    def pause() -> int:
        pause_schedule(schedule.pk)
        return ScheduleFire.objects.count()

    for n in range(1, 6):
        known, *_ = together(pause, lambda at=NOON + n * MINUTE: fire_schedules(at))

        assert ScheduleFire.objects.count() == known
        Schedule.objects.update(paused_at=None)


def test_processes_that_start_together_register_a_schedule_once() -> None:
    Workflow.objects.create(
        pk="from-code", name="x", source="python", definition=lasting(), compile_status="ok"
    )
    registry.workflows["from-code"] = _Defined()  # type: ignore[assignment]
    try:
        results = together(*[sync_schedules] * CLOCKS)
    finally:
        del registry.workflows["from-code"]

    assert sorted(results, key=len) == [[], [], ["wf_from-code"]]
    assert Schedule.objects.count() == 1


@pytest.mark.skipif(connection.vendor != "postgresql", reason="SQLite has one writer at a time")
def test_a_schedule_that_another_clock_holds_is_left_to_it() -> None:
    owner = a_user()
    workflow = a_workflow(owner=owner)
    held, free = (a_schedule(workflow, owner=owner) for _ in "12")
    holding, done = threading.Event(), threading.Event()

    def hold() -> None:
        with transaction.atomic():
            Schedule.objects.select_for_update().get(pk=held.pk)
            holding.set()
            done.wait(PATIENCE_SECONDS)

    def tick() -> int:
        holding.wait(PATIENCE_SECONDS)
        try:
            return fire_schedules(NOON + MINUTE)
        finally:
            done.set()

    _, started = together(hold, tick)

    assert started == 1
    assert (told(free), told(held)) == ([(1, "started")], [])
    assert fire_schedules(NOON + MINUTE) == 1


class _Defined:
    """As much of a workflow in code as is looked at."""

    schedules = (Rule(cron="0 9 * * *"),)
