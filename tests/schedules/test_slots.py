"""Slots: one for each moment that is due, none missing, none twice, wherever the clock jumps."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.schedules import oracle
from workflows_app.authoring.schedule import Schedule
from workflows_app.authoring.slots import delay_of, next_slot, slots

#: Ordinary ones, half hours, half-hour jumps, at midnight, none, and Samoa's lost day in 2011.
ZONES = (
    "Europe/Berlin",
    "America/New_York",
    "Europe/London",
    "Australia/Sydney",
    "Australia/Lord_Howe",
    "America/Sao_Paulo",
    "Asia/Kolkata",
    "Africa/Casablanca",
    "Asia/Beirut",
    "America/Havana",
    "Pacific/Apia",
    "UTC",
)
YEARS = range(2011, 2027)
DAY = timedelta(days=1)
CRONS = st.sampled_from([rule.cron for rule in oracle.RULES])
MOMENTS = st.datetimes(
    min_value=datetime(1980, 1, 1), max_value=datetime(2060, 1, 1), timezones=st.just(UTC)
)


def local_texts(cron: str, zone: str, day: datetime) -> list[str]:
    """The slots of the local day that begins at ``day`` (naive), as its clock shows them."""
    begin = day.replace(tzinfo=ZoneInfo(zone))
    after = begin.astimezone(UTC) - timedelta(seconds=1)
    before = (begin + DAY).astimezone(UTC) - timedelta(seconds=1)
    schedule = Schedule(cron=cron, timezone=zone)
    found = slots(schedule, after=after, before=before, limit=10_000)
    return [f"{slot.astimezone(ZoneInfo(zone)):%H:%M%z}" for slot in found]


@pytest.mark.parametrize("zone", ZONES)
def test_around_every_jump_of_sixteen_years_the_slots_are_those_of_a_minute_by_minute_look(
    zone: str,
) -> None:
    info = ZoneInfo(zone)
    for year in YEARS:
        for jump in oracle.jumps(info, year=year) or [datetime(year, 3, 29, tzinfo=UTC)]:
            after, before = jump - DAY, jump + DAY
            minutes = list(oracle.clock(info, after=after, before=before))
            for rule in oracle.RULES:
                schedule = Schedule(cron=rule.cron, timezone=zone)

                found = slots(schedule, after=after, before=before, limit=10_000)

                assert found == oracle.due(rule, minutes), (rule.cron, jump)


@pytest.mark.parametrize("zone", [name for name in ZONES if name != "Pacific/Apia"])
def test_a_time_of_day_is_due_once_a_day_in_each_of_sixteen_years(zone: str) -> None:
    info = ZoneInfo(zone)
    daily = [rule for rule in oracle.RULES if not rule.means_so_often and len(rule.hours) == 1]
    for year in YEARS:
        begin, end = (datetime(number, 1, 1, tzinfo=info) for number in (year, year + 1))
        for rule in daily:
            schedule = Schedule(cron=rule.cron, timezone=zone)

            found = slots(
                schedule,
                after=begin - timedelta(seconds=1),
                before=end - timedelta(seconds=1),
                limit=1_000,
            )

            days = [slot.astimezone(info).date() for slot in found]
            assert len(set(days)) == len(days) == oracle.days_of(rule, year=year)


@pytest.mark.parametrize(
    ("cron", "day", "expected"),
    [
        ("30 2 * * *", datetime(2026, 3, 29), ["03:00+0200"]),
        ("0,30 2,3 * * *", datetime(2026, 3, 29), ["03:00+0200", "03:30+0200"]),
        ("30 2 * * *", datetime(2026, 10, 25), ["02:30+0200"]),
        ("0 30 2 * * *", datetime(2026, 3, 29), ["03:00+0200"]),
        ("0 30 2 * * *", datetime(2026, 10, 25), ["02:30+0200"]),
        ("30 */12 * * *", datetime(2026, 10, 25), ["00:30+0200", "12:30+0100"]),
    ],
)
def test_a_time_of_day_that_is_left_out_or_repeated_is_due_once(
    cron: str, day: datetime, expected: list[str]
) -> None:
    assert local_texts(cron, "Europe/Berlin", day) == expected


@pytest.mark.parametrize(
    ("cron", "spring", "ordinary", "autumn"),
    [("*/15 * * * *", 92, 96, 100), ("0 * * * *", 23, 24, 25), ("* * * * *", 1380, 1440, 1500)],
)
def test_what_is_due_every_so_often_follows_the_length_of_the_day(
    cron: str, spring: int, ordinary: int, autumn: int
) -> None:
    days = (datetime(2026, 3, 29), datetime(2026, 7, 1), datetime(2026, 10, 25))

    counts = tuple(len(local_texts(cron, "Europe/Berlin", day)) for day in days)

    assert counts == (spring, ordinary, autumn)


@settings(max_examples=150, deadline=None)
@given(cron=CRONS, zone=st.sampled_from(ZONES), begin=MOMENTS, hours=st.integers(1, 200))
def test_the_slots_do_not_depend_on_where_the_look_begins(
    cron: str, zone: str, begin: datetime, hours: int
) -> None:
    schedule = Schedule(cron=cron, timezone=zone)
    middle, end = begin + timedelta(hours=hours), begin + timedelta(hours=2 * hours)

    whole = slots(schedule, after=begin, before=end, limit=50_000)

    first = slots(schedule, after=begin, before=middle, limit=50_000)
    second = slots(schedule, after=middle, before=end, limit=50_000)
    assert whole == first + second
    assert whole == sorted(set(whole))


@pytest.mark.parametrize("zone", ["Europe/Berlin", "Australia/Lord_Howe", "America/Havana"])
@pytest.mark.parametrize("rule", oracle.RULES, ids=lambda rule: rule.cron)
def test_asking_for_one_slot_after_another_gives_the_whole_list(
    zone: str, rule: oracle.Rule
) -> None:
    schedule = Schedule(cron=rule.cron, timezone=zone)
    for jump in oracle.jumps(ZoneInfo(zone), year=2026):
        at = jump - timedelta(hours=3)
        whole = slots(schedule, after=at, limit=40)

        walked = []
        for _ in whole:
            at = next_slot(schedule, after=at) or at
            walked.append(at)

        assert walked == whole


@settings(max_examples=100, deadline=None)
@given(seconds=st.integers(1, 10_000_000), begin=MOMENTS)
def test_an_interval_is_real_time_from_its_beginning(seconds: int, begin: datetime) -> None:
    begin = begin.replace(microsecond=0)
    schedule = Schedule(interval=seconds, timezone="Europe/Berlin", starts_at=begin)

    found = slots(schedule, after=begin - DAY, limit=3)

    assert found == [begin + timedelta(seconds=seconds * n) for n in range(3)]


def test_an_interval_without_a_beginning_is_counted_from_1970() -> None:
    found = slots(Schedule(interval=3600), after=datetime(2026, 5, 4, 10, 20, tzinfo=UTC), limit=2)

    assert found == [datetime(2026, 5, 4, hour, tzinfo=UTC) for hour in (11, 12)]


def test_the_beginning_counts_and_the_end_does_not() -> None:
    schedule = Schedule(
        cron="0 * * * *",
        starts_at=datetime(2026, 5, 4, 10, tzinfo=UTC),
        ends_at=datetime(2026, 5, 4, 12, tzinfo=UTC),
    )

    found = slots(schedule, after=datetime(2026, 1, 1, tzinfo=UTC), limit=10)

    assert found == [datetime(2026, 5, 4, hour, tzinfo=UTC) for hour in (10, 11)]
    assert next_slot(schedule, after=found[-1]) is None


@pytest.mark.parametrize(
    ("cron", "expected"),
    [
        ("0 0 1 1 * 2030", [datetime(2030, 1, 1, tzinfo=UTC)]),
        (
            "59 59 23 31 12 * 2027,2029",
            [datetime(y, 12, 31, 23, 59, 59, tzinfo=UTC) for y in (2027, 2029)],
        ),
        (
            "0 0 12 1 6 * 2026-2030/2",
            [datetime(y, 6, 1, 12, tzinfo=UTC) for y in (2026, 2028, 2030)],
        ),
    ],
)
def test_a_seventh_field_names_years(cron: str, expected: list[datetime]) -> None:
    cron = cron if len(cron.split()) == 7 else f"0 {cron}"

    found = slots(Schedule(cron=cron), after=datetime(2026, 1, 1, tzinfo=UTC), limit=10)

    assert found == expected


def test_seconds_of_a_far_year_are_found_without_walking_there() -> None:
    schedule = Schedule(cron="* * * * * * 2150", timezone="Asia/Kolkata")

    found = next_slot(schedule, after=datetime(2026, 1, 1, tzinfo=UTC))

    assert found == datetime(2149, 12, 31, 18, 30, tzinfo=UTC)


@given(slot=MOMENTS, jitter=st.integers(0, 3_600))
def test_jitter_is_the_same_for_a_slot_wherever_it_is_asked(slot: datetime, jitter: int) -> None:
    delays = {
        delay_of(moment, schedule_id="s", jitter_seconds=jitter)
        for moment in (slot, slot.astimezone(ZoneInfo("Asia/Kolkata")))
    }

    assert len(delays) == 1
    assert timedelta(0) <= delays.pop() <= timedelta(seconds=jitter)


def test_jitter_spreads_schedules_that_are_due_together() -> None:
    slot = datetime(2026, 5, 4, tzinfo=UTC)

    delays = {delay_of(slot, schedule_id=str(n), jitter_seconds=60) for n in range(500)}

    assert len(delays) > 50
