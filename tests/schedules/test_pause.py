"""Pausing, going on, firing by hand, and changing what is due."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from executions_app import database
from executions_app.models import Execution, Schedule, ScheduleFire
from executions_app.operations.find_schedules import ScheduleNotFound
from executions_app.operations.fire_schedules import fire_schedules
from executions_app.operations.pause_schedule import pause_schedule, resume_schedule
from executions_app.operations.set_schedule import change_schedule, delete_schedule
from executions_app.operations.trigger_schedule import trigger_schedule
from tests.schedules.rows import MINUTE, NOON, a_schedule, a_user, a_workflow, quick, told
from workflows_app.authoring.errors import WorkflowError
from workflows_app.authoring.schedule import Schedule as Rule
from workflows_app.authoring.schedule import ScheduleInvalid

pytestmark = pytest.mark.django_db


def test_what_is_paused_starts_nothing() -> None:
    schedule = a_schedule()

    pause_schedule(schedule.pk, by="ada")

    assert fire_schedules(NOON + 5 * MINUTE) == 0
    schedule.refresh_from_db()
    assert schedule.paused_by == "ada"
    assert told(schedule) == []


def test_going_on_makes_up_for_nothing() -> None:
    schedule = a_schedule(catch_up=100)
    pause_schedule(schedule.pk)

    resumed = resume_schedule(schedule.pk)

    now = database.now()
    assert resumed.paused_at is None
    assert resumed.next_slot_at is not None
    assert now - MINUTE < resumed.next_slot_at - MINUTE <= now
    assert fire_schedules(NOON + 5 * MINUTE) == 0
    assert told(schedule) == []


def test_both_may_be_repeated() -> None:
    schedule = a_schedule()

    pauses = [pause_schedule(schedule.pk, by=name).paused_by for name in ("ada", "bob")]
    resumed = [resume_schedule(schedule.pk).paused_at for _ in "12"]

    assert (pauses, resumed) == (["ada", "ada"], [None, None])


def test_going_on_without_a_pause_moves_nothing() -> None:
    schedule = a_schedule()

    resume_schedule(schedule.pk)

    schedule.refresh_from_db()
    assert schedule.next_slot_at == NOON + MINUTE


def test_fired_by_hand_it_runs_beside_its_slots_even_while_paused() -> None:
    schedule = a_schedule()
    pause_schedule(schedule.pk)

    first, second = (trigger_schedule(schedule.pk, by="ada") for _ in "12")

    assert first.pk != second.pk
    assert {first.trigger, second.trigger} == {"schedule"}
    fires = ScheduleFire.objects.filter(schedule=schedule)
    assert {fire.reason for fire in fires} == {"triggered by ada"}
    schedule.refresh_from_db()
    assert schedule.next_slot_at == NOON + MINUTE


def test_fired_by_hand_in_vain_it_says_why_and_leaves_no_trace() -> None:
    schedule = a_schedule(a_workflow(quick(), owner=a_user()))

    with pytest.raises(WorkflowError) as refused:
        trigger_schedule(schedule.pk)

    assert refused.value.code == "input.invalid"
    assert (Execution.objects.count(), ScheduleFire.objects.count()) == (0, 0)


@pytest.mark.parametrize(
    "timing",
    [
        {"cron": "0 9 * * *"},
        {"interval": 600},
        {"cron": "* * * * *", "timezone": "Asia/Kolkata"},
        {"cron": "* * * * *", "jitter": 30},
        {"cron": "* * * * *", "ends_at": datetime(2100, 1, 1, tzinfo=UTC)},
    ],
    ids=repr,
)
def test_another_timing_is_counted_from_now(timing: dict[str, Any]) -> None:
    schedule = a_schedule()

    changed = change_schedule(schedule.pk, Rule(**timing))

    changed.refresh_from_db()
    assert changed.next_slot_at is not None
    assert changed.next_slot_at > database.now() - timedelta(seconds=5)


def test_another_input_leaves_the_timing_alone() -> None:
    schedule = a_schedule()

    change_schedule(schedule.pk, Rule(cron="* * * * *", input_data={"n": 1}, overlap="queue"))

    schedule.refresh_from_db()
    assert (schedule.input, schedule.overlap) == ({"n": 1}, "queue")
    assert schedule.next_slot_at == NOON + MINUTE


@pytest.mark.parametrize("value", [object(), "\x00", {"a": "\ud800"}, "x" * 1_000_001], ids=type)
def test_what_cannot_be_stored_is_refused_and_changes_nothing(value: Any) -> None:
    schedule = a_schedule()

    with pytest.raises(ScheduleInvalid) as refused:
        change_schedule(schedule.pk, Rule(cron="0 9 * * *", input_data=value))

    schedule.refresh_from_db()
    assert (refused.value.field, schedule.cron) == ("input_data", "* * * * *")


def test_deleted_it_takes_its_history_along_and_leaves_its_executions() -> None:
    schedule = a_schedule()
    fire_schedules(NOON + MINUTE)

    delete_schedule(schedule.pk)

    assert (Schedule.objects.count(), ScheduleFire.objects.count()) == (0, 0)
    assert Execution.objects.count() == 1
    with pytest.raises(ScheduleNotFound):
        delete_schedule(schedule.pk)


def test_a_deleted_execution_leaves_the_history_of_its_slot() -> None:
    schedule = a_schedule()
    fire_schedules(NOON + MINUTE)

    Execution.objects.all().delete()

    assert told(schedule) == [(1, "started")]
