"""A clock that was dead: what was missed is made up for as the schedule says, and told."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from executions_app.models import Schedule
from executions_app.operations.fire_schedules import MAX_AT_ONCE, fire_schedules
from tests.schedules.rows import MINUTE, NOON, a_schedule, reasons, told
from workflows_app.authoring.catch_up import MISSED_TOLD, ON_TIME, due_slots
from workflows_app.authoring.schedule import Schedule as Rule
from workflows_app.authoring.slots import slots

#: Between two slots, and no slot is on time any more.
TEN_MINUTES_LATER = NOON + 10 * MINUTE + timedelta(seconds=45)


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("catch_up", "started"),
    [("none", []), ("last", [10]), (3, [8, 9, 10]), (100, list(range(1, 11)))],
)
def test_after_ten_dead_minutes_as_many_are_started_as_the_schedule_says(
    catch_up: Any, started: list[int]
) -> None:
    schedule = a_schedule(catch_up=catch_up, overlap="allow")

    fire_schedules(TEN_MINUTES_LATER)

    expected = [(n, "started" if n in started else "skipped") for n in range(1, 11)]
    assert told(schedule) == expected
    assert all(said.startswith("missed") for said in reasons(schedule)[: 10 - len(started)])
    assert fire_schedules(TEN_MINUTES_LATER + 15 * timedelta(seconds=1)) == 1


@pytest.mark.django_db
@pytest.mark.parametrize("catch_up", ["none", "last"])
def test_a_slot_that_is_on_time_is_always_started(catch_up: Any) -> None:
    schedule = a_schedule(catch_up=catch_up, overlap="allow")

    fire_schedules(NOON + 10 * MINUTE + ON_TIME)

    assert told(schedule)[-2:] == [(9, "skipped"), (10, "started")]


@pytest.mark.django_db
def test_a_schedule_of_every_second_misses_nothing_between_two_ticks() -> None:
    schedule = a_schedule(interval=1, catch_up="none", overlap="allow")

    started = [fire_schedules(NOON + timedelta(seconds=10 * n)) for n in (1, 2)]

    assert started == [10, 10]
    assert {outcome for _, outcome in told(schedule)} == {"started"}


@pytest.mark.django_db
def test_more_than_one_transaction_holds_are_started_all_the_same() -> None:
    schedule = a_schedule(interval=60, catch_up=2 * MAX_AT_ONCE, overlap="allow")

    started = fire_schedules(NOON + (2 * MAX_AT_ONCE + 5) * MINUTE)

    assert started == 2 * MAX_AT_ONCE
    assert [outcome for _, outcome in told(schedule)].count("skipped") == 5


@pytest.mark.django_db
def test_a_year_of_missed_seconds_is_told_in_short() -> None:
    schedule = a_schedule(cron="* * * * * *", overlap="allow", since=NOON - timedelta(days=365))

    fire_schedules(NOON)

    outcomes = [outcome for _, outcome in told(schedule)]
    assert outcomes.count("skipped") == MISSED_TOLD
    assert reasons(schedule)[0] == "missed: no clock ticked and more before it"
    assert Schedule.objects.get().next_slot_at == NOON + timedelta(seconds=1)


@settings(max_examples=150, deadline=None)
@given(
    step=st.integers(1, 5_000),
    late_seconds=st.integers(0, 2_000_000),
    catch_up=st.integers(0, 200),
    jitter=st.sampled_from([0, 0, 7, 600]),
)
def test_what_is_fired_are_the_latest_and_nothing_is_lost_between_fired_and_told(
    step: int, late_seconds: int, catch_up: int, jitter: int
) -> None:
    rule = Rule(interval=step, catch_up=catch_up, jitter=jitter)
    now = NOON + timedelta(seconds=late_seconds)

    due = due_slots(rule, schedule_id="s", first=NOON, now=now)

    whole = slots(rule, after=NOON - timedelta(microseconds=1), before=now, limit=10_000_000)
    handled = [*due.missed, *due.fired]
    end = whole.index(handled[-1]) + 1 if handled else 0
    assert handled == whole[end - len(handled) : end]
    assert due.has_earlier == (len(handled) < end)
    assert len(due.fired) >= min(catch_up, end)
    if not jitter:
        on_time = sum(now - slot <= ON_TIME for slot in whole)
        assert end == len(whole)
        assert len(due.fired) == min(len(whole), max(catch_up, on_time))


def test_a_long_silence_of_a_daily_schedule_is_looked_at_from_its_beginning() -> None:
    rule = Rule(cron="0 9 * * *", catch_up=1_000)
    first = datetime(2024, 1, 1, 9, tzinfo=UTC)

    due = due_slots(rule, schedule_id="s", first=first, now=datetime(2026, 1, 1, tzinfo=UTC))

    assert (len(due.fired), due.missed, due.has_earlier) == (731, [], False)
