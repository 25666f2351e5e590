"""What a schedule refuses when it is written, and what it says to write instead."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from workflows_app.authoring.errors import WorkflowError
from workflows_app.authoring.schedule import Schedule, ScheduleInvalid, check_schedules

NOON = datetime(2027, 1, 1, 12, tzinfo=UTC)


@pytest.mark.parametrize(
    ("fields", "field"),
    [
        ({}, "cron"),
        ({"cron": "0 9 * * *", "interval": 60}, "cron"),
        ({"cron": ""}, "cron"),
        ({"cron": 9}, "cron"),
        ({"cron": "61 * * * *"}, "cron"),
        ({"cron": "* * * *"}, "cron"),
        ({"cron": "* * * * * * * *"}, "cron"),
        ({"cron": "0 0 30 2 *"}, "cron"),
        ({"cron": "0 0 0 29 2 * 2027"}, "cron"),
        ({"cron": "0 0 0 1 1 * 1969"}, "cron"),
        ({"cron": "0 0 0 1 1 * 2030/0"}, "cron"),
        ({"cron": "²9 * * * *"}, "cron"),
        ({"cron": "0 9 * * *" + " " * 200}, "cron"),
        ({"interval": 0}, "interval"),
        ({"interval": 1.5}, "interval"),
        ({"interval": True}, "interval"),
        ({"interval": float("nan")}, "interval"),
        ({"interval": float("inf")}, "interval"),
        ({"interval": timedelta(days=4_000)}, "interval"),
        ({"interval": "60"}, "interval"),
        ({"interval": 60, "timezone": "Mars/Olympus"}, "timezone"),
        ({"interval": 60, "timezone": "../../etc/passwd"}, "timezone"),
        ({"interval": 60, "timezone": None}, "timezone"),
        ({"interval": 60, "catch_up": "all"}, "catch_up"),
        ({"interval": 60, "catch_up": -1}, "catch_up"),
        ({"interval": 60, "catch_up": True}, "catch_up"),
        ({"interval": 60, "overlap": "maybe"}, "overlap"),
        ({"interval": 60, "overlap": ["skip"]}, "overlap"),
        ({"interval": 60, "jitter": -1}, "jitter"),
        ({"interval": 60, "jitter": timedelta(days=2)}, "jitter"),
        ({"interval": 60, "starts_at": datetime(2027, 1, 1)}, "starts_at"),
        ({"interval": 60, "starts_at": "2027"}, "starts_at"),
        ({"interval": 60, "ends_at": datetime(9999, 1, 1, tzinfo=UTC)}, "ends_at"),
        ({"interval": 60, "starts_at": NOON, "ends_at": NOON}, "ends_at"),
        ({"interval": 60, "runtime_context": [1]}, "runtime_context"),
        ({"interval": 60, "id": "a b"}, "id"),
    ],
    ids=repr,
)
def test_what_cannot_be_kept_is_refused_by_name(fields: dict[str, Any], field: str) -> None:
    with pytest.raises(ScheduleInvalid) as refused:
        Schedule(**fields)

    assert (refused.value.code, refused.value.field) == ("schedule.invalid", field)
    assert isinstance(refused.value, WorkflowError)


@pytest.mark.parametrize(
    "cron",
    [
        "0 9 * * MON-FRI",
        "*/10 8-18 * jan,jul *",
        "0 0 L * *",
        "0 0 LW * *",
        "0 12 * * MON#1",
        "0 12 * * 5L",
        "*/30 * * * * *",
        "0 0 12 1 1 * 2030-2040/5",
    ],
)
def test_what_debian_and_more_can_write_is_taken(cron: str) -> None:
    assert Schedule(cron=cron).cron == cron


@given(st.text(alphabet="0123456789*/,-#LWMONJAN ?\t²\x00", max_size=40))
def test_any_text_is_taken_or_refused_with_a_code(text: str) -> None:
    try:
        said = Schedule(cron=text).cron
    except ScheduleInvalid as error:
        said = error.field

    assert said in (text, "cron")


def test_durations_may_be_timedeltas() -> None:
    schedule = Schedule(interval=timedelta(hours=1), jitter=timedelta(minutes=1))

    assert (schedule.interval_seconds, schedule.jitter_seconds) == (3600, 60)


@pytest.mark.parametrize(("catch_up", "count"), [("none", 0), ("last", 1), (0, 0), (7, 7)])
def test_catching_up_is_a_number_of_slots(catch_up: Any, count: int) -> None:
    assert Schedule(interval=60, catch_up=catch_up).made_up_for == count


def test_one_schedule_needs_no_id_and_several_need_different_ones() -> None:
    one, two = Schedule(interval=60), Schedule(interval=60, id="two")

    assert check_schedules(None) == ()
    assert check_schedules(one) == (one,)
    assert check_schedules([one, two]) == (one, two)
    for twice in ([one, one], [two, two]):
        with pytest.raises(ScheduleInvalid, match="an id of its own"):
            check_schedules(twice)
    with pytest.raises(ScheduleInvalid, match="Schedule"):
        check_schedules(["0 9 * * *"])  # type: ignore[list-item]
