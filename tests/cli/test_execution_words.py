"""``manage.py executions``: commands to one execution, and what is shown of one that waits."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

import pytest

from executions_app.models import Event, Execution
from executions_app.testing import Engine
from tests.api import asking
from tests.api.asking import in_this_process, settled, started
from tests.cli.commands import Answer, manage
from workflows_app.authoring import create_workflow

pytestmark = pytest.mark.django_db


@pytest.fixture
def engine(db: None) -> Iterator[Engine]:
    with in_this_process() as running:
        yield running


def told(word: str, execution: Execution, *arguments: str) -> Answer:
    return manage("executions", word, execution.pk, *arguments)


def test_pausing_and_going_on(engine: Engine) -> None:
    execution = started(engine, asking.waiting(), None)

    answers = [
        told("pause", execution, "--reason", "lunch"),
        told("unpause", execution),
        told("unpause", execution, "--json"),
    ]

    assert [(it.status, it.out) for it in answers[:2]] == [(0, "paused\n"), (0, "waiting\n")]
    assert (answers[2].status, answers[2].json["code"]) == (1, "command.not_applicable")
    paused = Event.objects.get(type="execution_paused")
    assert (paused.data["by"], paused.data["reason"]) == ("command line", "lunch")


def test_what_is_asked_is_answered(engine: Engine) -> None:
    execution = started(engine, asking.asking(), None)

    refused = told("resume", execution, "--data", "{", "--step", "ask")
    answer = told("resume", execution, "--data", '{"n": 1}', "--step", "ask")

    assert (refused.status, answer.status) == (1, 0)
    assert settled(engine, execution).output == {"n": 1}


def test_an_answer_is_read_from_a_file_and_followed(engine: Engine, tmp_path: Any) -> None:
    execution = started(engine, asking.asking(), None)
    file = tmp_path / "answer.json"
    file.write_text("[1, 2]")

    answer = told("resume", execution, "--data-file", str(file), "--follow")

    assert answer.status == 0
    assert "step_resumed" in answer.out
    assert "execution_started" not in answer.out
    assert settled(engine, execution).output == [1, 2]


def test_an_event_is_sent(engine: Engine) -> None:
    execution = started(engine, asking.waiting(), None)

    answer = told("send-event", execution, "go", "--data", '{"n": 2}', "--follow")

    assert answer.status == 0
    assert settled(engine, execution).status == "completed"


def test_what_failed_is_retried_skipped_and_travelled_to(engine: Engine) -> None:
    execution = started(engine, asking.failing(), None, 4)

    retried = told("retry", execution, "--step", "fail", "--follow")
    skipped = told("skip", execution, "--step", "fail", "--output", "7", "--follow")
    travelled = told("time-travel", execution, "--step", "fail", "--input", "8", "--follow")

    assert [it.status for it in (retried, skipped, travelled)] == [1, 0, 1]
    reopened = Event.objects.filter(type="execution_reopened").order_by("seq")
    assert [it.data["cause"] for it in reopened] == ["retry", "skip", "time_travel"]
    assert settled(engine, execution).status == "failed"


def test_what_was_left_is_taken_up(engine: Engine) -> None:
    asked, waits = (started(engine, it(), None) for it in (asking.asking, asking.waiting))

    refused, done = told("restart", asked, "--json"), told("restart", waits)

    assert (refused.status, refused.json["code"]) == (1, "execution.not_active")
    assert (done.status, done.out) == (0, "waiting\n")


def test_a_rerun_may_begin_at_a_step(engine: Engine) -> None:
    chain = create_workflow(id="cli-chain").then(asking.echo).then(asking.double).commit()
    execution = started(engine, chain, None, 5)

    answer = told("rerun", execution, "--from-step", "double", "--follow")

    again = Execution.objects.get(rerun_of=execution)
    assert (answer.status, again.output) == (0, 10)


def test_following_ends_where_somebody_has_to_answer_and_says_how(engine: Engine) -> None:
    workflow = asking.approving("cli-approving")
    started(engine, workflow, None)

    answer = manage("run_workflow", "cli-approving", "--follow")
    for_programs = manage("run_workflow", "cli-approving", "--follow", "--json")

    newest = Execution.objects.order_by("-pk")[:2]
    assert (answer.status, for_programs.status) == (5, 5)
    assert f"manage.py executions resume {newest[1].pk} --step ok --data JSON" in answer.out
    assert for_programs.json_lines[-1]["suspended"][0]["path"] == ["ok"]


def test_what_waits_is_shown_with_what_it_waits_for(engine: Engine) -> None:
    asked = started(engine, asking.asking("cli-asking"), None, {"n": 1})
    outer = create_workflow(id="cli-outer").then(asking.waiting("cli-inner")).commit()
    around = started(engine, outer, None)

    question, outside = told("show", asked), told("show", around)
    inside = told("show", Execution.objects.get(parent=around))

    assert '"ask": {' in question.out
    assert f"manage.py executions resume {asked.pk} --step ask --data JSON" in question.out
    assert "nested in" in outside.out
    assert f"inside {around.pk}, for its step cli-inner" in inside.out
    assert "for event 'go'" in inside.out


def test_nested_executions_are_listed_when_asked_for(engine: Engine) -> None:
    outer = create_workflow(id="cli-around").then(asking.asking("cli-within")).commit()
    execution = started(engine, outer, None)
    child = Execution.objects.get(parent=execution)

    def listed(*arguments: str) -> list[str]:
        return [
            row["id"] for row in manage("executions", "list", "--json", *arguments).json["results"]
        ]

    assert listed() == [execution.pk]
    assert listed("--inside", execution.pk) == [child.pk]
    inner = told("events", child, "--json").json_lines
    assert {event["source"] for event in inner} == {child.pk}


@pytest.mark.parametrize(
    "arguments",
    [
        ["resume", "ID"],
        ["resume", "ID", "--data", "1", "--data-file", "x"],
        ["send-event", "ID"],
        ["skip", "ID", "--step", "a"],
        ["time-travel", "ID"],
    ],
)
def test_what_is_missing_is_named(arguments: list[str]) -> None:
    answer = manage("executions", *arguments)

    assert answer.status != 0
    assert "required" in answer.error or "not allowed" in answer.error


@pytest.mark.parametrize(
    "words",
    [
        ["pause"],
        ["unpause"],
        ["resume", "--data", "1"],
        ["retry"],
        ["restart"],
        ["skip", "--step", "a", "--output", "1"],
        ["time-travel", "--step", "a"],
    ],
    ids=lambda words: words[0],
)
def test_an_unknown_execution_is_named(words: list[str]) -> None:
    answer = manage("executions", words[0], "nope", *words[1:])

    assert (answer.status, "'nope'" in answer.error) == (1, True)


def test_programs_get_the_answer_of_the_api(engine: Engine) -> None:
    execution = started(engine, asking.waiting(), None)

    answer = told("pause", execution, "--json")

    assert (answer.json["id"], answer.json["status"]) == (execution.pk, "paused")
    assert json.dumps(answer.json)
