"""``manage.py tasks``: list, show and answer."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from django.contrib.auth import get_user_model

from executions_app.models import Approval, Execution
from executions_app.testing import Engine
from tests.api import asking
from tests.api.asking import in_this_process, settled, started
from tests.cli.commands import manage

pytestmark = pytest.mark.django_db
YES = ("--data", '{"approved": true}')


@pytest.fixture
def engine(db: None) -> Iterator[Engine]:
    with in_this_process() as running:
        yield running


@pytest.fixture
def bob(db: None) -> Any:
    return get_user_model().objects.create_user("bob")


@pytest.fixture
def asked(engine: Engine, bob: Any) -> Execution:
    return started(engine, asking.approving("cli-tasks", assignees=["bob"]), None)


def the_task() -> str:
    return str(Approval.objects.get().pk)


def test_what_is_open_is_listed_and_shown(asked: Execution) -> None:
    listed, shown = manage("tasks", "list"), manage("tasks", "show", the_task())

    assert [line.split()[:2] for line in listed.out.splitlines()[1:]] == [[the_task(), "Pay?"]]
    assert asked.pk in shown.out
    assert '"approved"' in shown.out
    assert f"manage.py tasks answer {the_task()} --data JSON" in shown.out


def test_the_list_can_be_narrowed(asked: Execution) -> None:
    get_user_model().objects.create_user("eve")

    def ids(*arguments: str) -> list[int]:
        return [row["id"] for row in manage("tasks", "list", "--json", *arguments).json["results"]]

    assert ids("--user", "bob") == [int(the_task())]
    assert ids("--user", "eve") == ids("--status", "answered") == ids("--limit", "0") == []
    assert manage("tasks", "list", "--user", "eve").out == "Nobody is asked anything.\n"


def test_an_answer_lets_the_execution_go_on(asked: Execution, engine: Engine) -> None:
    answer = manage("tasks", "answer", the_task(), *YES, "--comment", "by phone", "--follow")

    task = Approval.objects.get()
    assert answer.status == 0
    assert (task.answered_by, task.comment) == ("command line", "by phone")
    assert settled(engine, asked).output == {"approved": True}


def test_an_answer_as_a_user_needs_their_right(asked: Execution) -> None:
    owner = get_user_model().objects.create_user("owner")
    Approval.objects.update(owner=owner)

    foreign = manage("tasks", "answer", the_task(), *YES, "--user", "owner")
    own = manage("tasks", "answer", the_task(), *YES, "--user", "bob", "--json")

    assert (foreign.status, "for bob" in foreign.error) == (1, True)
    assert (own.json["status"], own.json["answered_by"]) == ("answered", "bob")


def test_a_bad_or_a_late_answer_is_refused(asked: Execution) -> None:
    bad = manage("tasks", "answer", the_task(), "--data", '{"approved": 1}', "--json")
    manage("tasks", "answer", the_task(), *YES)
    late = manage("tasks", "answer", the_task(), *YES, "--json")
    unknown = manage("tasks", "show", "99999", "--json")

    assert (bad.status, bad.json["code"]) == (1, "resume.invalid_data")
    assert (late.status, late.json["code"]) == (1, "task.answered")
    assert (unknown.status, unknown.json["code"]) == (1, "task.not_found")


def test_a_hostile_title_does_not_reach_the_terminal(engine: Engine) -> None:
    started(engine, asking.approving("cli-evil", title="\x1b[2Jevil\u202e"), None)

    shown = [manage("tasks", *words).out for words in (["list"], ["show", the_task()])]

    assert all("evil" in out and "\x1b" not in out and "\u202e" not in out for out in shown)
