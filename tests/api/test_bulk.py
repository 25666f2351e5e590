"""``/api/executions/bulk/``: what is asked, what is answered, and who may."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.contrib.auth.models import User

from executions_app.api import bulk_examples as examples
from executions_app.api.bulk_shapes import BulkBody, BulkPreviewShape, BulkShape
from executions_app.models import BulkCommand, Execution
from executions_app.operations import start_bulk
from executions_app.operations.work_bulk import work_bulk
from tests.api.execution_clients import a_started_execution, client_of
from tests.streaming.log_rows import a_user, an_execution

pytestmark = pytest.mark.django_db
NOON = datetime(2026, 5, 4, 12, tzinfo=UTC)
ADDRESS = "/api/executions/bulk/"


@pytest.fixture
def ada(db: None) -> User:
    return a_user()


def asked(user: User | None, action: str = "cancel", **body: Any) -> Any:
    return client_of(user).post(ADDRESS, {"action": action, **body}, format="json")


def previewed(user: User, action: str = "cancel", **body: Any) -> dict[str, Any]:
    answer = asked(user, action, dry_run=True, **body)
    assert answer.status_code == 200, answer.content
    found: dict[str, Any] = answer.json()
    return found


def test_a_dry_run_says_what_would_be_done_and_does_nothing(ada: User) -> None:
    for hour, status in enumerate(("running", "suspended", "failed", "completed")):
        an_execution(ada, id=f"e-{hour}", status=status, created_at=NOON + timedelta(hours=hour))
    an_execution(ada, id="stopping", status="running", stopping="cancel", created_at=NOON)
    an_execution(ada, id="timeout", status="failed", stopping="timeout", created_at=NOON)

    found = {action: previewed(ada, action, filter={}) for action in ("cancel", "retry", "delete")}

    assert found["cancel"] == {
        "would": 2,
        "not_applicable": 4,
        "by_status": {"running": 2, "suspended": 1, "failed": 2, "completed": 1},
        "sample": ["e-1", "e-0"],
        "limit": 10_000,
        "too_many": False,
    }
    assert found["retry"]["sample"] == ["e-2"]
    assert found["delete"]["sample"] == ["e-3", "e-2", "timeout"]
    assert not BulkCommand.objects.exists()
    assert set(found["cancel"]) == set(examples.PREVIEW) == set(BulkPreviewShape().fields)


def test_a_sample_has_ten_at_most(ada: User) -> None:
    for _ in range(11):
        an_execution(ada, status="running")

    found = previewed(ada, filter={})

    assert (found["would"], len(found["sample"])) == (11, 10)


def test_a_command_is_accepted_worked_off_and_looked_up(ada: User) -> None:
    execution = a_started_execution(ada)

    answer = asked(ada, filter={"status": "running"}, reason="a mistake")

    assert answer.status_code == 202
    body = answer.json()
    assert set(body) == set(examples.RUNNING) == set(BulkShape().fields)
    assert (body["status"], body["total"], body["done"]) == ("running", 1, 0)
    assert answer["Location"] == f"{ADDRESS}{body['id']}/"
    work_bulk(body["id"])
    shown = client_of(ada).get(answer["Location"]).json()
    assert (shown["status"], shown["done"], shown["errors"]) == ("completed", 1, [])
    assert shown["ended_at"] is not None
    execution.refresh_from_db()
    assert (execution.status, execution.stop_reason) == ("cancelled", "a mistake")
    assert client_of(ada).get(ADDRESS).json()["results"] == [shown]


def test_ids_that_are_foreign_or_lead_nowhere_are_counted_and_left_alone(ada: User) -> None:
    mine, foreign = an_execution(ada, status="failed"), an_execution(a_user(), status="failed")

    body = asked(ada, "delete", ids=[mine.pk, mine.pk, foreign.pk, "none"]).json()
    work_bulk(body["id"])

    shown = client_of(ada).get(f"{ADDRESS}{body['id']}/").json()
    assert (shown["total"], shown["done"], shown["not_applicable"]) == (3, 1, 2)
    assert list(Execution.objects.all()) == [foreign]


def test_a_filter_reaches_only_what_the_caller_sees(ada: User) -> None:
    an_execution(a_user(), status="running")
    an_execution(None, status="running")

    assert previewed(ada, filter={})["would"] == 0
    assert previewed(a_user(is_staff=True), filter={})["would"] == 1
    assert previewed(a_user(is_superuser=True), filter={})["would"] == 2


def test_a_filter_means_what_it_means_in_the_list(ada: User) -> None:
    one = an_execution(ada, status="failed", trigger="cli", created_at=NOON, workflow_name="Ship")
    an_execution(ada, status="running", root=one, parent=one, trigger="nested")
    an_execution(ada, status="cancelled", created_at=NOON + timedelta(days=1))

    def would(**filters: Any) -> int:
        count: int = previewed(ada, "delete", filter=filters)["would"]
        return count

    assert would() == 2
    assert would(status="failed") == 1
    assert would(status="failed,cancelled") == would(status=["failed", "cancelled"]) == 2
    assert would(workflow=one.workflow_id, version=1, trigger="cli", q="ship") == 1
    assert would(version=2) == 0
    assert would(created_before="2026-05-04T13:00:00Z") == 1
    assert would(created_after="2026-05-04T13:00:00Z") == 1


@pytest.mark.parametrize(
    ("body", "code"),
    [
        ({"filter": {"colour": "red"}}, "query.unknown_filter"),
        ({"filter": {"status": "done"}}, "query.invalid"),
        ({"filter": {"status": []}}, "query.invalid"),
        ({"filter": {"status": None}}, "query.invalid"),
        ({"filter": {"version": True}}, "query.invalid"),
        ({"filter": {"version": 0}}, "query.invalid"),
        ({"filter": {"q": {"a": 1}}}, "query.invalid"),
        ({"filter": "all"}, "request.invalid"),
        ({"filter": {}, "ids": ["a"]}, "request.invalid"),
        ({}, "request.invalid"),
        ({"ids": []}, "request.invalid"),
        ({"ids": [None]}, "request.invalid"),
        ({"ids": [{"a": 1}]}, "request.invalid"),
        ({"filter": {}, "action": "skip"}, "request.invalid"),
        ({"filter": {}, "dry_run": "perhaps"}, "request.invalid"),
        ({"filter": {}, "limit": 7}, "request.invalid"),
        ({"ids": ["x"] * 10_001}, "request.invalid"),
    ],
)
def test_what_cannot_be_meant_is_refused(ada: User, body: dict[str, Any], code: str) -> None:
    answer = client_of(ada).post(ADDRESS, {"action": "cancel", **body}, format="json")

    assert (answer.status_code, answer.json()["code"]) == (400, code)
    assert not BulkCommand.objects.exists()


def test_too_many_are_said_before_and_refused(ada: User, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(start_bulk, "LIMIT", 2)
    for _ in range(3):
        an_execution(ada, status="running")

    before, answer = previewed(ada, filter={}), asked(ada, filter={})

    assert (before["would"], before["too_many"]) == (3, True)
    assert (answer.status_code, answer.json()["code"]) == (400, "bulk.too_many")


def test_too_many_at_once_are_refused(ada: User, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(start_bulk, "MAX_RUNNING", 1)
    an_execution(ada, status="running")
    asked(ada, filter={})

    answer = asked(ada, filter={})

    assert (answer.status_code, answer.json()["code"]) == (409, "bulk.busy")


def test_nobody_sees_commands_of_others(ada: User) -> None:
    command = asked(ada, filter={}).json()
    address, stranger = f"{ADDRESS}{command['id']}/", client_of(a_user())

    foreign = stranger.get(address)

    assert (foreign.status_code, foreign.json()["code"]) == (404, "bulk.not_found")
    assert stranger.get(ADDRESS).json()["results"] == []
    assert client_of(a_user(is_superuser=True)).get(address).json() == command
    assert client_of(ada).get(f"{ADDRESS}none/").status_code == 404
    assert asked(None, filter={}).status_code in (401, 403)


def test_a_page_of_commands_reads_no_ids(
    ada: User, django_assert_max_num_queries: Callable[[int], Any]
) -> None:
    for _ in range(3):
        an_execution(ada, status="running")
        asked(ada, filter={})
    client = client_of(ada)

    with django_assert_max_num_queries(3) as captured:
        client.get(ADDRESS)

    assert not any('"execution_ids"' in query["sql"] for query in captured)


def test_the_example_of_the_body_is_taken() -> None:
    assert BulkBody(data=examples.BODY).is_valid()
