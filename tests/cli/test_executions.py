"""``manage.py executions``: list, show, events, cancel and rerun."""

from __future__ import annotations

from typing import Any

import pytest
from django.contrib.auth import get_user_model

from executions_app.models import Execution
from tests.cli.commands import manage
from tests.cli.definitions import double, failing, saved, waiting
from tests.cli.worker import newest

pytestmark = pytest.mark.django_db


@pytest.fixture
def three() -> dict[str, str]:
    """One execution that completed, one that failed, one that waits for a worker."""
    started = {}
    for name, definition in (("done", double()), ("bad", failing()), ("wait", waiting())):
        saved(definition, name)
        manage("run_workflow", name, *(["--input", '{"n": 1}'] if name == "done" else []))
        started[name] = newest()
    return started


def listed(*arguments: str) -> list[str]:
    return [row["id"] for row in manage("executions", "list", "--json", *arguments).json["results"]]


def test_the_list_has_the_newest_first(three: dict[str, str]) -> None:
    answer = manage("executions", "list")

    assert listed() == [three["wait"], three["bad"], three["done"]]
    assert [line.split()[0] for line in answer.out.splitlines()[1:]] == listed()


@pytest.mark.parametrize(
    ("arguments", "expected"),
    [
        (("--status", "failed"), ["bad"]),
        (("--workflow", "Double"), ["done"]),
        (("--workflow", "done", "--status", "failed"), []),
        (("--limit", "1"), ["wait"]),
    ],
)
def test_the_list_can_be_narrowed(
    three: dict[str, str], arguments: tuple[str, ...], expected: list[str]
) -> None:
    assert listed(*arguments) == [three[name] for name in expected]


def test_the_list_of_one_user_has_only_theirs(three: dict[str, str]) -> None:
    ada = get_user_model().objects.create_user("ada")
    Execution.objects.filter(pk=three["bad"]).update(owner=ada)

    assert listed("--owner", "ada") == [three["bad"]]
    assert manage("executions", "list", "--owner", "bob").status == 1


def test_the_list_asks_the_database_once(
    three: dict[str, str], django_assert_num_queries: Any
) -> None:
    with django_assert_num_queries(1):
        manage("executions", "list")


def test_a_step_that_failed_is_shown_with_its_error(three: dict[str, str]) -> None:
    answer = manage("executions", "show", three["bad"], "--full")

    assert answer.status == 0
    assert "✗ failed" in answer.out
    assert "bad" in answer.out
    assert "expression." in answer.out


def test_programs_get_the_record_of_the_api(three: dict[str, str]) -> None:
    record = manage("executions", "show", three["done"], "--json").json

    assert (record["status"], record["input"], record["output"]) == (
        "completed",
        {"n": 1},
        {"n": 2},
    )
    assert [step["step_id"] for step in record["steps"]] == ["twice"]


def test_a_long_result_is_cut_unless_all_of_it_is_wanted() -> None:
    long = [{"id": "x", "type": "map", "fields": {"text": {"value": "y" * 10_000}}}]
    saved(double(nodes=long, inputs={}), "long")
    manage("run_workflow", "long")

    cut, whole = (manage("executions", "show", newest(), *more).out for more in ((), ("--full",)))

    assert "y" * 4_000 not in cut
    assert "--full" in cut
    assert "y" * 10_000 in whole


def test_a_hostile_name_does_not_reach_the_terminal() -> None:
    saved(double(name="\x1b[2J\u202eevil"), "evil")
    manage("run_workflow", "evil", "--input", '{"n": 1}')

    shown = [manage("executions", *words).out for words in (["list"], ["show", newest()])]

    assert all("evil" in out and "\x1b" not in out and "\u202e" not in out for out in shown)


def test_events_can_be_read_from_a_place_on(three: dict[str, str]) -> None:
    everything = manage("executions", "events", three["done"], "--json").json_lines
    rest = manage("executions", "events", three["done"], "--json", "--after", "2").json_lines

    assert rest == everything[2:]
    assert rest


def test_cancelling_keeps_the_reason_and_may_be_repeated(three: dict[str, str]) -> None:
    first = manage("executions", "cancel", three["wait"], "--reason", "no need")
    second = manage("executions", "cancel", three["wait"], "--json")

    row = Execution.objects.get(pk=three["wait"])
    assert (first.status, first.out, second.json["status"]) == (0, "cancelled\n", "cancelled")
    assert (row.stop_reason, row.stopped_by) == ("no need", "command line")


def test_what_has_ended_cannot_be_cancelled(three: dict[str, str]) -> None:
    answer = manage("executions", "cancel", three["done"], "--json")

    assert (answer.status, answer.json["code"]) == (1, "command.not_applicable")
    assert answer.json["details"] == {"status": "completed"}


def test_a_rerun_has_the_earlier_input_or_another_one(three: dict[str, str]) -> None:
    same = manage("executions", "rerun", three["done"])
    other = manage("executions", "rerun", three["done"], "--input", '{"n": 5}', "--follow")

    rows = Execution.objects.filter(rerun_of=three["done"]).order_by("created_at")
    assert [row.output for row in rows] == [{"n": 2}, {"n": 10}]
    assert same.out.strip() == rows[0].pk
    assert (same.status, other.status) == (0, 0)


def test_a_rerun_with_a_bad_input_starts_nothing(three: dict[str, str]) -> None:
    answer = manage("executions", "rerun", three["done"], "--input", '{"n": "x"}', "--json")

    assert (answer.status, answer.json["code"]) == (1, "input.invalid")
    assert not Execution.objects.filter(rerun_of=three["done"]).exists()


@pytest.mark.parametrize(
    "words", [["show"], ["events"], ["events", "--follow"], ["cancel"], ["rerun"]]
)
def test_an_unknown_execution_is_named(words: list[str]) -> None:
    answer = manage("executions", *words, "nope")

    assert answer.status == 1
    assert "'nope'" in answer.error
