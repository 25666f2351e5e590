"""What people see of an execution that waits for its turn: over HTTP, in a terminal, in Python."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.contrib.auth.models import User

from executions_app.models import Execution
from executions_app.place_in_line import HeldBy, PlaceInLine, place_in_line
from executions_app.testing import EPOCH, Engine, in_memory
from tests.api.execution_clients import client_of
from tests.cli.commands import manage
from tests.cli.definitions import saved, waiting
from tests.journal.histories import start
from tests.queueing.lanes import finish, limited, started, statuses
from tests.streaming.log_rows import a_user
from workflows_app.models import Workflow

pytestmark = pytest.mark.django_db


@pytest.fixture
def ada() -> User:
    return a_user()


def bounded(ada: User | None, **fields: Any) -> Workflow:
    return saved(waiting() | {"concurrency": {"limit": 1}} | fields, "bounded", owner=ada)


def execute(ada: User, **body: Any) -> Any:
    return client_of(ada).post("/api/workflows/bounded/execute/", body, format="json")


def test_a_start_that_has_to_wait_is_accepted_and_says_so(ada: User) -> None:
    bounded(ada, priority=3)

    with in_memory():
        answers = [execute(ada), execute(ada), execute(ada, priority=-5)]

    assert [it.status_code for it in answers] == [202] * 3
    assert [it.json()["status"] for it in answers] == ["running", "pending", "pending"]
    links = [it.json()["links"] for it in answers]
    records = [client_of(ada).get(it["self"]).json() for it in links]
    assert [(it["lane"], it["priority"]) for it in records] == [("", 3), ("", 3), ("", -5)]
    (queued,) = client_of(ada).get(links[1]["events"]).json()["results"]
    assert (queued["type"], queued["limit"], queued["lane"]) == ("execution_queued", 1, "")
    listed = client_of(ada).get("/api/executions/?status=pending").json()["results"]
    assert [it["id"] for it in listed] == [it["id"] for it in records[:0:-1]]


@pytest.mark.parametrize("priority", [101, -101, "high", 1.5, None, [1]])
def test_a_priority_that_is_none_starts_nothing(ada: User, priority: Any) -> None:
    bounded(ada)

    answer = execute(ada, priority=priority)

    assert (answer.status_code, answer.json()["code"]) == (400, "request.invalid")
    assert not Execution.objects.exists()


def test_input_without_the_key_is_refused_by_name(ada: User) -> None:
    bounded(ada, concurrency={"limit": 1, "key": "inputs.who"})

    answer = execute(ada, input={})

    assert (answer.status_code, answer.json()["code"]) == (400, "concurrency.key_failed")
    assert answer.json()["details"] == {"key": "inputs.who"}


def test_commands_over_http_to_one_that_waits(ada: User) -> None:
    bounded(ada)
    with in_memory():
        execute(ada)
        here = execute(ada).json()["links"]["self"]
        client = client_of(ada)

        paused = client.post(f"{here}pause/", {}, format="json")
        cancelled = client.post(f"{here}cancel/", {"reason": "no need"}, format="json")

    assert (paused.status_code, paused.json()["code"]) == (409, "command.not_applicable")
    assert paused.json()["details"] == {"status": "pending"}
    assert (cancelled.status_code, cancelled.json()["status"]) == (202, "cancelled")
    assert client_of(ada).delete(here).status_code == 204


def test_a_terminal_shows_what_it_waits_for() -> None:
    bounded(None, start_rate={"limit": 2, "per": 60})

    answer = manage(*("run_workflow", "bounded", "--priority", "7", "--follow", "--timeout", "0.2"))

    assert "waits for its turn: 1 at a time, 2 starts in 60 s" in answer.out
    assert "No worker" not in answer.out
    assert answer.status == 4
    assert Execution.objects.get().priority == 7
    shown = manage("executions", "show", Execution.objects.get().pk)
    assert "pending" in shown.out


def test_a_terminal_refuses_a_priority_that_is_none() -> None:
    bounded(None)

    answer = manage("run_workflow", "bounded", "--priority", "101")

    assert answer.status == 2
    assert "whole number from -100 to 100" in answer.error
    assert not Execution.objects.exists()


# -- the place in line ------------------------------------------------------------------------


def place(execution: Execution) -> PlaceInLine:
    found = place_in_line(Execution.objects.get(pk=execution.pk))
    assert found is not None
    return found


@pytest.mark.usefixtures("by_hand")
def test_the_place_in_line_says_who_goes_first_and_what_is_taken() -> None:
    workflow = limited(2, key="inputs.who")
    going = started(workflow, 2, input_data={"who": "ada"})
    low, usual, high = (start(workflow, input_data={"who": "ada"}, priority=n) for n in (-1, 0, 1))
    start(workflow, input_data={"who": "bob"})

    assert [place(it).ahead for it in (low, usual, high)] == [2, 1, 0]
    here = place(low)
    assert (here.lane, here.limit, here.running, here.reason) == ("ada", 2, 2, HeldBy.LIMIT)
    assert place_in_line(going[0]) is None
    finish(going[0])
    assert [place(it).ahead for it in (low, usual)] == [1, 0]


def test_the_place_in_line_says_when_the_next_one_begins() -> None:
    with in_memory() as engine:
        workflow = saved(waiting() | {"start_rate": {"limit": 1, "per": 60}}, "rated")
        first, second = start(workflow), start(workflow)
        engine.advance(timedelta(seconds=20))

        here = place(second)

        assert (here.reason, here.limit, here.start_limit) == (HeldBy.START_RATE, None, 1)
        assert here.next_start_at == EPOCH + timedelta(seconds=60)
        assert statuses([first, second]) == ["completed", "pending"]
        _passed(engine, second)


def _passed(engine: Engine, execution: Execution) -> None:
    engine.advance(timedelta(seconds=40))
    assert statuses([execution]) == ["completed"]
