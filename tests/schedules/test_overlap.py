"""A slot that comes while the execution of an earlier one goes on."""

from __future__ import annotations

import pytest

from executions_app.models import Execution, Schedule
from executions_app.operations import fire_schedules as firing
from executions_app.operations.fire_schedules import fire_schedules
from executions_app.operations.pause_schedule import pause_schedule, resume_schedule
from executions_app.operations.trigger_schedule import trigger_schedule
from tests.schedules.rows import (
    MINUTE,
    NOON,
    a_schedule,
    a_user,
    a_workflow,
    end,
    executions,
    quick,
    reasons,
    told,
)
from workflows_app.operations.save_draft import save_draft

pytestmark = pytest.mark.django_db


def test_skip_lets_the_earlier_one_finish() -> None:
    schedule = a_schedule(overlap="skip")
    fire_schedules(NOON + MINUTE)
    (first,) = executions(schedule)

    during = fire_schedules(NOON + 2 * MINUTE)
    end(first)
    afterwards = fire_schedules(NOON + 3 * MINUTE)

    assert (during, afterwards) == (0, 1)
    assert told(schedule) == [(1, "started"), (2, "skipped"), (3, "started")]
    assert reasons(schedule)[1] == f"overlap: execution {first.pk} goes on"


def test_what_has_ended_overlaps_with_nothing() -> None:
    workflow = a_workflow(quick(), owner=a_user())
    schedule = a_schedule(workflow, input_data={"n": 1}, overlap="skip")

    started = [fire_schedules(NOON + n * MINUTE) for n in (1, 2)]

    assert started == [1, 1]
    assert told(schedule) == [(1, "started"), (2, "started")]


def test_the_executions_of_another_schedule_do_not_matter() -> None:
    owner = a_user()
    workflow = a_workflow(owner=owner)
    a_schedule(workflow, owner=owner)
    fire_schedules(NOON + MINUTE)
    other = a_schedule(workflow, owner=owner, since=NOON + MINUTE)

    fire_schedules(NOON + 2 * MINUTE)

    assert told(other) == [(2, "started")]


def test_allow_starts_one_beside_the_other() -> None:
    schedule = a_schedule(overlap="allow")

    for n in (1, 2):
        fire_schedules(NOON + n * MINUTE)

    assert [row.status for row in executions(schedule)] == ["running", "running"]


def test_queue_starts_them_one_after_the_other_in_order() -> None:
    schedule = a_schedule(overlap="queue")
    for n in (1, 2, 3):
        fire_schedules(NOON + n * MINUTE)
    assert told(schedule) == [(1, "started"), (2, "queued"), (3, "queued")]

    seen = []
    for second in range(1, 4):
        end(executions(schedule)[-1])
        fire_schedules(NOON + 3 * MINUTE + second * MINUTE / 60)
        seen.append([outcome for _, outcome in told(schedule)])

    assert seen == [
        ["started", "started", "queued"],
        ["started", "started", "started"],
        ["started", "started", "started"],
    ]


def test_a_new_slot_does_not_overtake_those_that_wait() -> None:
    schedule = a_schedule(overlap="queue")
    for n in (1, 2):
        fire_schedules(NOON + n * MINUTE)
    end(executions(schedule)[0])

    fire_schedules(NOON + 3 * MINUTE)

    assert told(schedule) == [(1, "started"), (2, "started"), (3, "queued")]


def test_what_ends_while_it_is_started_makes_room_at_once() -> None:
    schedule = _queued_behind_one_that_ended()

    started = fire_schedules(NOON + 3 * MINUTE + MINUTE / 60)

    assert started == 2
    assert told(schedule) == [(1, "started"), (2, "started"), (3, "started")]


def test_a_new_slot_waits_for_its_turn_though_nothing_goes_on(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    schedule = _queued_behind_one_that_ended()
    monkeypatch.setattr(firing, "MAX_AT_ONCE", 1)

    fire_schedules(NOON + 4 * MINUTE)

    assert told(schedule)[1:] == [(2, "started"), (3, "queued"), (4, "queued")]


def test_what_fails_when_its_turn_comes_does_not_block_the_queue() -> None:
    schedule = a_schedule(overlap="queue")
    for n in (1, 2, 3):
        fire_schedules(NOON + n * MINUTE)
    first = executions(schedule)[0]
    # Somebody took the id that the second slot would have.
    taken = Execution.objects.get(pk=first.pk)
    taken.pk = first.pk.replace(str(_ms(1)), str(_ms(2)))
    taken.save(force_insert=True)
    end(first)

    started = fire_schedules(NOON + 3 * MINUTE + MINUTE / 60)

    assert started == 1
    assert told(schedule) == [(1, "started"), (2, "failed"), (3, "started")]


def test_a_full_queue_skips(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(firing, "MAX_QUEUED", 1)
    schedule = a_schedule(overlap="queue")

    for n in (1, 2, 3):
        fire_schedules(NOON + n * MINUTE)

    assert told(schedule) == [(1, "started"), (2, "queued"), (3, "skipped")]


def test_cancel_other_stops_the_earlier_one_and_starts() -> None:
    schedule = a_schedule(overlap="cancel_other")

    for n in (1, 2):
        fire_schedules(NOON + n * MINUTE)

    first, second = executions(schedule)
    assert (first.status, second.status) == ("cancelled", "running")
    assert (first.stop_reason, first.stopped_by) == ("its schedule is due again", "schedule")


def test_what_cannot_start_cancels_nothing() -> None:
    schedule = a_schedule(overlap="cancel_other")
    fire_schedules(NOON + MINUTE)
    schedule.workflow.published = None
    schedule.workflow.save()

    fire_schedules(NOON + 2 * MINUTE)

    assert told(schedule) == [(1, "started"), (2, "failed")]
    assert executions(schedule)[0].status == "running"


def test_one_that_was_triggered_by_hand_counts_too() -> None:
    schedule = a_schedule(overlap="skip")
    by_hand = trigger_schedule(schedule.pk, by="ada")

    fire_schedules(NOON + MINUTE)

    assert reasons(schedule)[0] == f"overlap: execution {by_hand.pk} goes on"


def test_a_pause_empties_the_queue_for_good() -> None:
    schedule = a_schedule(overlap="queue")
    for n in (1, 2):
        fire_schedules(NOON + n * MINUTE)

    pause_schedule(schedule.pk)
    end(executions(schedule)[0])
    resume_schedule(schedule.pk)
    fire_schedules(NOON + 3 * MINUTE)

    assert told(schedule) == [(1, "started"), (2, "skipped")]


def _queued_behind_one_that_ended() -> Schedule:
    """Slot 1 has ended, 2 and 3 wait, and whatever starts now ends at once."""
    schedule = a_schedule(overlap="queue", input_data={"n": 1})
    for n in (1, 2, 3):
        fire_schedules(NOON + n * MINUTE)
    end(executions(schedule)[0])
    save_draft(schedule.workflow, definition=quick(), by=None)
    return schedule


def _ms(minute: int) -> int:
    return int((NOON + minute * MINUTE).timestamp() * 1000)
