"""``manage.py schedules``: list, show, pause, resume, trigger and preview."""

from __future__ import annotations

from typing import Any

import pytest

from executions_app.models import Execution, Schedule
from executions_app.operations.fire_schedules import fire_schedules
from tests.cli.commands import manage
from tests.schedules.rows import MINUTE, NOON, a_schedule, a_user, a_workflow, quick

pytestmark = pytest.mark.django_db


@pytest.fixture
def schedule() -> Schedule:
    return a_schedule(a_workflow(owner=a_user()), cron="0 9 * * *", timezone="Asia/Kolkata")


def test_the_list_says_when_and_for_whom(schedule: Schedule) -> None:
    other = a_schedule(a_workflow(owner=a_user("bob")), interval=60)

    shown = manage("schedules", "list").out
    ids = [row["id"] for row in manage("schedules", "list", "--json").json["results"]]
    bobs = manage("schedules", "list", "--json", "--owner", "bob").json["results"]
    paused = manage("schedules", "list", "--json", "--paused").json["results"]

    assert all(said in shown for said in (schedule.pk, "0 9 * * *", "Asia/Kolkata", "every 60 s"))
    assert ids == [other.pk, schedule.pk]
    assert ([row["id"] for row in bobs], paused) == ([other.pk], [])


def test_an_empty_list_says_so() -> None:
    assert manage("schedules", "list").out.startswith("No schedules")


def test_one_is_shown_with_what_comes_and_what_came(schedule: Schedule) -> None:
    fire_schedules(NOON + 24 * 60 * MINUTE)

    text = manage("schedules", "show", schedule.pk)
    record = manage("schedules", "show", schedule.pk, "--json").json

    assert text.status == 0
    assert "T09:00:00+05:30" in text.out
    assert "started" in text.out
    assert len(record["next_fires"]) == 5
    assert [fire["slot"] for fire in record["latest_fires"]] == ["2026-05-05T03:30:00Z"]


def test_it_is_paused_and_resumed(schedule: Schedule) -> None:
    paused = manage("schedules", "pause", schedule.pk)
    shown = manage("schedules", "show", schedule.pk)
    resumed = manage("schedules", "resume", schedule.pk, "--json")

    assert (paused.status, paused.out) == (0, "paused by command line\n")
    assert "paused by command line" in shown.out
    assert resumed.json["paused"] is False


def test_it_is_fired_now(schedule: Schedule) -> None:
    answer = manage("schedules", "trigger", schedule.pk)

    assert (answer.status, answer.out.strip()) == (0, Execution.objects.get().pk)


def test_fired_in_vain_it_says_why() -> None:
    schedule = a_schedule(a_workflow(quick(), owner=a_user()))

    answer = manage("schedules", "trigger", schedule.pk, "--json")

    assert (answer.status, answer.json["code"]) == (1, "input.invalid")


def test_a_preview_needs_no_schedule() -> None:
    timing = ("--cron", "30 2 * * *", "--timezone", "Europe/Berlin", "--count", "2")

    answer = manage("schedules", "preview", *timing, "--starts-at", "2026-03-28T12:00Z", "--json")
    text = manage("schedules", "preview", "--interval", "3600")

    assert [fire["local"] for fire in answer.json["fires"]] == [
        "2026-03-29T03:00:00+02:00",
        "2026-03-30T02:30:00+02:00",
    ]
    assert len(text.out.splitlines()) == 6


@pytest.mark.parametrize(
    "timing",
    [
        ("--cron", "61 * * * *"),
        ("--interval", "0"),
        ("--interval", "60", "--timezone", "Mars/Olympus"),
        ("--interval", "60", "--starts-at", "soon"),
        ("--interval", "60", "--starts-at", "2026-03-28T12:00"),
    ],
)
def test_a_bad_preview_is_refused(timing: tuple[str, ...]) -> None:
    answer = manage("schedules", "preview", *timing, "--json")

    assert (answer.status, answer.json["code"]) == (1, "schedule.invalid")


@pytest.mark.parametrize("word", ["show", "pause", "resume", "trigger"])
def test_an_unknown_schedule_is_named(word: str, db: Any) -> None:
    answer = manage("schedules", word, "nope")

    assert answer.status == 1
    assert "'nope'" in answer.error


def test_a_hostile_name_does_not_reach_the_terminal() -> None:
    definition = quick(name="\x1b[2J\u202eevil")
    schedule = a_schedule(a_workflow(definition, owner=a_user()))

    shown = [manage("schedules", *words).out for words in (["list"], ["show", schedule.pk])]

    assert all("evil" in out and "\x1b" not in out and "\u202e" not in out for out in shown)
