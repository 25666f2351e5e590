"""Firing: what is due is started once, with what the schedule says, and the next time is set."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from executions_app.models import Execution, Schedule, ScheduleFire
from executions_app.operations import fire_schedules as firing
from executions_app.operations.fire_schedules import fire_schedules
from executions_app.operations.start_slot import execution_id_of
from executions_app.tasks import fire_schedules as task
from tests.schedules.rows import (
    MINUTE,
    NOON,
    a_schedule,
    a_user,
    a_workflow,
    executions,
    quick,
    reasons,
    told,
)
from workflows_app.operations.archive_workflow import archive_workflow
from workflows_app.operations.delete_workflow import delete_workflow

pytestmark = pytest.mark.django_db


def test_a_slot_starts_an_execution_for_the_owner_with_what_the_schedule_holds() -> None:
    ada = a_user()
    schedule = a_schedule(
        a_workflow(quick(state={"type": "object"}), owner=ada),
        input_data={"n": 4},
        runtime_context={"mood": "calm"},
        initial_state={"seen": 1},
    )

    started = fire_schedules(NOON + MINUTE)

    (execution,) = executions(schedule)
    assert started == 1
    assert execution.pk == f"sched_{schedule.pk}_1777896060000"
    assert (execution.owner, execution.trigger, execution.status) == (ada, "schedule", "completed")
    assert (execution.input, execution.output) == ({"n": 4}, {"n": 8})
    assert (execution.runtime_context, execution.state) == ({"mood": "calm"}, {"seen": 1})
    assert execution.events.order_by("seq").first().data["trigger"] == "schedule"


def test_nothing_is_due_before_its_time_and_nothing_twice() -> None:
    schedule = a_schedule()

    started = [
        fire_schedules(at)
        for at in (NOON, NOON + MINUTE - timedelta(seconds=1), NOON + MINUTE, NOON + MINUTE)
    ]

    assert started == [0, 0, 1, 0]
    schedule.refresh_from_db()
    assert schedule.next_slot_at == schedule.next_fire_at == NOON + 2 * MINUTE


def test_the_next_time_and_the_start_are_one_transaction(monkeypatch: pytest.MonkeyPatch) -> None:
    schedule = a_schedule()

    def die(*_: Any, **__: Any) -> None:
        raise KeyboardInterrupt

    with monkeypatch.context() as patched:
        patched.setattr(firing, "set_next", die)
        with pytest.raises(KeyboardInterrupt):
            fire_schedules(NOON + MINUTE)
    before = (Execution.objects.count(), ScheduleFire.objects.count())

    started = fire_schedules(NOON + MINUTE)

    assert (before, started) == ((0, 0), 1)
    assert len(executions(schedule)) == 1


def test_the_history_tells_slot_outcome_execution_and_time() -> None:
    schedule = a_schedule()

    fire_schedules(NOON + MINUTE + timedelta(seconds=3))

    fire = ScheduleFire.objects.get()
    assert (fire.slot, fire.outcome) == (NOON + MINUTE, "started")
    assert fire.execution_id == execution_id_of(schedule.pk, fire.slot)
    assert fire.fired_at == NOON + MINUTE + timedelta(seconds=3)


def test_a_slot_that_history_knows_is_not_fired_again() -> None:
    schedule = a_schedule()
    fire_schedules(NOON + MINUTE)
    Schedule.objects.update(next_slot_at=NOON + MINUTE, next_fire_at=NOON + MINUTE)

    started = fire_schedules(NOON + MINUTE)

    assert started == 0
    assert told(schedule) == [(1, "started")]


def test_an_execution_of_that_id_is_left_as_it_is() -> None:
    schedule = a_schedule()
    fire_schedules(NOON + MINUTE)
    ScheduleFire.objects.all().delete()
    Schedule.objects.update(next_slot_at=NOON + MINUTE, next_fire_at=NOON + MINUTE)

    started = fire_schedules(NOON + MINUTE)

    assert (started, Execution.objects.count()) == (0, 1)
    assert reasons(schedule)[0].startswith("start.claimed:")


def test_input_that_does_not_fit_fails_the_slot_with_its_reason_and_the_next_goes_on() -> None:
    schedule = a_schedule(a_workflow(quick(), owner=a_user()), input_data={"n": "four"})

    started = [fire_schedules(NOON + n * MINUTE) for n in (1, 2)]

    assert started == [0, 0]
    assert told(schedule) == [(1, "failed"), (2, "failed")]
    assert "input.invalid" in reasons(schedule)[0]
    assert not Execution.objects.exists()


def test_a_deleted_workflow_fails_the_slot() -> None:
    schedule = a_schedule()
    delete_workflow(schedule.workflow)

    fire_schedules(NOON + MINUTE)

    assert told(schedule) == [(1, "failed")]
    assert "was deleted" in reasons(schedule)[0]


def test_a_schedule_does_not_outlive_its_owners_right_to_run_the_workflow() -> None:
    ada, bob = a_user(), a_user("bob", is_active=False)
    not_mine = a_schedule(a_workflow(owner=ada), owner=bob)
    owner_left = a_schedule(a_workflow(owner=bob), owner=bob)

    fire_schedules(NOON + MINUTE)

    assert told(not_mine) == told(owner_left) == [(1, "failed")]
    assert not Execution.objects.exists()


def test_one_that_breaks_stops_no_other(monkeypatch: pytest.MonkeyPatch) -> None:
    owner = a_user()
    workflow = a_workflow(owner=owner)
    broken, fine = (a_schedule(workflow, owner=owner) for _ in "12")
    plain = firing._forget

    def break_on_one(schedule: Schedule) -> None:
        if schedule.pk == broken.pk:
            raise RuntimeError("planted")
        plain(schedule)

    monkeypatch.setattr(firing, "_forget", break_on_one)

    started = fire_schedules(NOON + MINUTE)

    assert (started, len(executions(fine)), len(executions(broken))) == (1, 1, 0)
    monkeypatch.undo()
    assert fire_schedules(NOON + MINUTE) == 1


def test_a_zone_that_is_no_more_ends_the_schedule_with_a_reason() -> None:
    schedule = a_schedule()
    Schedule.objects.update(timezone="Atlantis/Centre")

    fire_schedules(NOON + MINUTE)

    schedule.refresh_from_db()
    assert (told(schedule), schedule.next_fire_at) == ([(1, "failed")], None)
    assert "schedule.invalid" in reasons(schedule)[0]


def test_a_schedule_that_has_ended_is_never_due_again() -> None:
    schedule = a_schedule(ends_at=NOON + 2 * MINUTE)

    started = [fire_schedules(NOON + n * MINUTE) for n in (1, 2, 3)]

    schedule.refresh_from_db()
    assert started == [1, 0, 0]
    assert (schedule.next_slot_at, schedule.next_fire_at) == (None, None)


def test_jitter_delays_the_start_and_not_the_slot() -> None:
    owner = a_user()
    schedule = a_schedule(a_workflow(owner=owner), cron="0 * * * *", jitter=3_000, since=NOON)
    assert schedule.next_fire_at is not None

    before = fire_schedules(schedule.next_fire_at - timedelta(seconds=1))
    after = fire_schedules(schedule.next_fire_at)

    # Once in three thousand the delay that is drawn is none.
    assert NOON + 60 * MINUTE <= schedule.next_fire_at <= NOON + 110 * MINUTE
    assert (before, after) == (0, 1)
    assert told(schedule) == [(60, "started")]


def test_many_are_fired_in_the_order_in_which_they_are_due() -> None:
    owner = a_user()
    workflow = a_workflow(owner=owner)
    late = a_schedule(workflow, owner=owner, cron="5 12 * * *")
    early = a_schedule(workflow, owner=owner, cron="3 12 * * *")

    fire_schedules(NOON + 5 * MINUTE)

    first, second = ScheduleFire.objects.order_by("pk")
    assert (first.schedule, second.schedule) == (early, late)


@pytest.mark.parametrize(
    ("day", "expected"),
    [
        (datetime(2026, 3, 28, 12, tzinfo=UTC), ["2026-03-29 01:00", "2026-03-30 00:30"]),
        (datetime(2026, 10, 24, 12, tzinfo=UTC), ["2026-10-25 00:30", "2026-10-26 01:30"]),
    ],
)
def test_a_daily_schedule_fires_once_on_the_days_the_clock_jumps(
    day: datetime, expected: list[str]
) -> None:
    schedule = a_schedule(cron="30 2 * * *", timezone="Europe/Berlin", since=day, overlap="allow")

    for ticks in range(48 * 6):
        fire_schedules(day + ticks * 10 * MINUTE)

    fires = ScheduleFire.objects.filter(schedule=schedule).order_by("slot")
    assert [f"{fire.slot:%Y-%m-%d %H:%M}" for fire in fires] == expected
    assert {fire.outcome for fire in fires} == {"started"}


def test_history_keeps_the_newest_and_all_that_goes_on(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(firing, "FIRES_KEPT", 2)
    schedule = a_schedule(overlap="skip")

    for n in range(1, 7):
        fire_schedules(NOON + n * MINUTE)

    assert told(schedule) == [(1, "started"), (5, "skipped"), (6, "skipped")]


@pytest.mark.django_db(transaction=True)
def test_the_task_fires_by_the_databases_clock() -> None:
    schedule = a_schedule(since=datetime.now(UTC) - 2 * MINUTE)

    task()

    assert len(executions(schedule)) == 1


def test_a_schedule_of_an_archived_workflow_starts_nothing_and_says_why() -> None:
    workflow = a_workflow(quick())
    schedule = a_schedule(workflow)
    archive_workflow(workflow)

    assert fire_schedules(NOON + MINUTE) == 0

    (fire,) = ScheduleFire.objects.filter(schedule=schedule)
    assert fire.outcome == "failed"
    assert fire.reason.startswith("workflow.archived: ")
