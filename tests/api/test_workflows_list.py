"""``GET /api/workflows/``: what a row tells, the order, and what was archived."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from rest_framework.test import APIClient

from executions_app.models import Execution
from executions_app.operations.rerun import rerun_execution
from executions_app.operations.start_execution import start_execution
from tests.api.definitions import broken, greeting
from workflows_app.api import last_executions
from workflows_app.authoring import WorkflowError
from workflows_app.models import Workflow, WorkflowVersion
from workflows_app.operations.save_draft import create_draft

Clients = Callable[[Any], APIClient]
NOON = datetime(2026, 5, 4, 12, tzinfo=UTC)


def listed(api: APIClient, source: str = "drawn", **query: Any) -> list[dict[str, Any]]:
    answer = api.get("/api/workflows/", {"source": source, **query})
    assert answer.status_code == 200, answer.content
    rows: list[dict[str, Any]] = answer.json()["results"]
    return rows


def ran(workflow: Workflow, owner: Any, **fields: Any) -> Execution:
    """Return an execution as it stands in the table."""
    version = WorkflowVersion.objects.get(pk=workflow.published_id)
    fields = {"created_at": NOON, "status": "completed"} | fields
    return Execution.objects.create(workflow=workflow, version=version, owner=owner, **fields)


def test_a_row_has_the_newest_outermost_execution(
    api: APIClient, workflow: Workflow, ada: Any
) -> None:
    newest = ran(workflow, ada, created_at=NOON + timedelta(hours=2), status="failed")
    ran(workflow, ada)
    ran(workflow, ada, created_at=NOON + timedelta(hours=3), root=newest, trigger="nested")

    (row,) = listed(api)

    assert row["last_execution"] == {
        "id": newest.pk,
        "status": "failed",
        "created_at": "2026-05-04T14:00:00Z",
        "ended_at": None,
    }


def test_a_row_tells_nothing_of_executions_of_others(
    client_of: Clients, python_workflow: Workflow, ada: Any, bob: Any, root: Any
) -> None:
    mine = ran(python_workflow, ada)
    theirs = ran(python_workflow, bob, created_at=NOON + timedelta(hours=1))

    seen = {
        user.username: row["last_execution"]["id"]
        for user in (ada, bob, root)
        for row in listed(client_of(user), source="python")
        if row["id"] == python_workflow.pk
    }

    assert seen == {"ada": mine.pk, "bob": theirs.pk, "root": theirs.pk}


def test_a_workflow_that_never_ran_has_none(api: APIClient, workflow: Workflow) -> None:
    assert listed(api)[0]["last_execution"] is None


def test_without_executions_installed_there_is_nothing_to_tell(
    api: APIClient, workflow: Workflow, ada: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    ran(workflow, ada)
    monkeypatch.setattr(last_executions, "_find", None)

    assert listed(api)[0]["last_execution"] is None


def test_a_page_asks_for_all_last_executions_at_once_along_an_index(
    api: APIClient, ada: Any
) -> None:
    counts = []
    for _ in range(2):
        for _ in range(3):
            ran(create_draft(definition=greeting(), owner=ada), ada)
        with CaptureQueriesContext(connection) as captured:
            listed(api)
        counts.append(len(captured))

    assert counts[0] == counts[1]
    (asked,) = [q["sql"] for q in captured if 'FROM "executions_app_execution"' in q["sql"]]
    if connection.vendor == "sqlite":
        with connection.cursor() as cursor:
            cursor.execute(f"EXPLAIN QUERY PLAN {asked}")
            steps = " ".join(row[3] for row in cursor.fetchall())
        assert "execution_latest" in steps
        assert "TEMP B-TREE" not in steps


def test_nodes_are_counted_in_all_bodies_also_of_a_draft_with_errors(
    api: APIClient, ada: Any
) -> None:
    inner = {"id": "inner", "type": "tool", "tool": "log", "input": {"message": {"value": "x"}}}
    case = {"id": "yes", "when": "true", "body": {"nodes": [inner]}}
    loop = {"id": "each", "type": "foreach", "body": {"nodes": [inner, "no node", inner]}}
    nested = greeting(nodes=[{"id": "choose", "type": "branch", "cases": [case]}, loop])
    for definition in (greeting(name="one"), broken() | {"name": "broken"}, nested):
        create_draft(definition=definition, owner=ada)
    create_draft(definition={"name": "strange", "nodes": "no list"}, owner=ada)

    rows = listed(api, sort="name")

    assert [(row["name"], row["node_count"]) for row in rows] == [
        *(("broken", 1), ("Greet", 5), ("one", 1), ("strange", 0))
    ]


def test_saving_counts_nodes_again(api: APIClient, workflow: Workflow) -> None:
    node = greeting()["nodes"][0]
    two = greeting(nodes=[node, node | {"id": "again"}])

    saved = api.put(f"/api/workflows/{workflow.pk}/", {"definition": two}, format="json")

    assert saved.json()["node_count"] == 2


def test_pages_by_name_hold_everything_once_whatever_the_case(api: APIClient, ada: Any) -> None:
    names = ["b", "A", "a", "C", "a", "B", "c"]
    for name in names:
        create_draft(definition=greeting(name=name), owner=ada)
    seen, url = [], "/api/workflows/?source=drawn&sort=name&page_size=3"

    while url:
        page = api.get(url).json()
        seen += [row["name"] for row in page["results"]]
        url = page["next"]

    assert [name.lower() for name in seen] == ["a", "a", "a", "b", "b", "c", "c"]
    assert sorted(seen) == sorted(names)


def test_an_archived_workflow_leaves_the_list_and_comes_back(
    api: APIClient, workflow: Workflow
) -> None:
    address = f"/api/workflows/{workflow.pk}/"

    archived = [api.post(f"{address}archive/") for _ in range(2)]

    assert [(answer.status_code, answer.json()["archived"]) for answer in archived] == [
        *((200, True), (200, True))
    ]
    assert listed(api) == []
    assert [row["id"] for row in listed(api, archived="true")] == [workflow.pk]
    assert api.get(address).json()["archived"] is True
    assert archived[0]["ETag"] == api.get(address)["ETag"]
    assert api.post(f"{address}unarchive/").json()["archived"] is False
    assert [row["id"] for row in listed(api)] == [workflow.pk]
    assert listed(api, archived="1") == []


def test_an_archived_workflow_starts_nothing_and_says_what_to_do(
    api: APIClient, workflow: Workflow, ada: Any
) -> None:
    earlier = start_execution(workflow, input_data={"who": "ada"}, owner=ada)
    api.post(f"/api/workflows/{workflow.pk}/archive/")
    earlier.refresh_from_db()

    answer = api.post(f"/api/workflows/{workflow.pk}/execute/", {"input": {"who": "x"}}, "json")

    assert (answer.status_code, answer.json()["code"]) == (409, "workflow.archived")
    assert "unarchive" in answer.json()["message"]
    with pytest.raises(WorkflowError) as refused:
        rerun_execution(Execution.objects.get(pk=earlier.pk), owner=ada)
    assert refused.value.code == "workflow.archived"
    preflight = api.get(f"/api/workflows/{workflow.pk}/preflight/").json()
    assert preflight["can_run"] is False
    assert [reason["code"] for reason in preflight["reasons"]] == ["workflow.archived"]
    api.post(f"/api/workflows/{workflow.pk}/unarchive/")
    assert api.get(f"/api/workflows/{workflow.pk}/preflight/").json()["can_run"] is True


def test_what_code_defines_is_not_archived(api: APIClient, python_workflow: Workflow) -> None:
    answer = api.post(f"/api/workflows/{python_workflow.pk}/archive/")

    assert (answer.status_code, answer.json()["code"]) == (409, "workflow.read_only")


@pytest.mark.parametrize("word", ["archive", "unarchive"])
def test_nobody_archives_what_they_do_not_see(
    client_of: Clients, workflow: Workflow, bob: Any, word: str
) -> None:
    answer = client_of(bob).post(f"/api/workflows/{workflow.pk}/{word}/")

    assert (answer.status_code, answer.json()["code"]) == (404, "workflow.not_found")
