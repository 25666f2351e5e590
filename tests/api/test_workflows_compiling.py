"""Validate, compile and preflight over HTTP."""

from __future__ import annotations

from typing import Any

from rest_framework.test import APIClient

from tests.api.definitions import broken, greeting, mailing
from workflows_app.authoring import create_step, create_workflow
from workflows_app.authoring.registry import registry
from workflows_app.language.definition import definition_json_schema
from workflows_app.models import Connection, Workflow, WorkflowVersion
from workflows_app.operations.sync_registry import ensure_published


def test_validating_saves_nothing(api: APIClient, workflow: Workflow) -> None:
    before = Workflow.objects.count(), WorkflowVersion.objects.count()

    good = api.post("/api/workflows/validate/", {"definition": greeting()}, format="json")
    bad = api.post("/api/workflows/validate/", {"definition": broken()}, format="json")

    assert (good.status_code, bad.status_code) == (200, 200)
    assert good.json()["plan_hash"] == workflow.published.plan_hash
    assert (bad.json()["status"], bad.json()["plan_hash"]) == ("errors", None)
    assert set(bad.json()["diagnostics"][0]) == {
        *("code", "severity", "message", "path", "node_id", "fix", "repairs")
    }
    assert (Workflow.objects.count(), WorkflowVersion.objects.count()) == before


def test_compiling_answers_like_the_last_save(api: APIClient, workflow: Workflow) -> None:
    url = f"/api/workflows/{workflow.pk}/"
    api.put(url, {"definition": broken()}, format="json")

    response = api.post(f"{url}compile/")

    assert response.status_code == 200
    assert response.json() == api.get(url).json()["compile"]
    assert (response.json()["status"], response.json()["version"]) == ("errors", 1)


def test_a_command_without_a_body_takes_an_empty_one(api: APIClient, workflow: Workflow) -> None:
    url = f"/api/workflows/{workflow.pk}/compile/"

    assert api.post(url).status_code == 200
    assert api.post(url, {}, format="json").status_code == 200
    assert api.post(url, {"force": True}, format="json").status_code == 400
    assert api.post(url, [1], format="json").status_code == 400


def test_preflight_says_what_to_connect_first(api: APIClient, ada: Any) -> None:
    made = api.post("/api/workflows/", {"definition": mailing()}, format="json").json()
    url = f"/api/workflows/{made['id']}/preflight/"

    before = api.get(url).json()
    connection = Connection.objects.create(owner=ada, toolkit="gmail", account_id="ca_1")
    after = api.get(url).json()

    assert (before["can_run"], before["missing_connections"]) == (False, ["gmail"])
    assert before["reasons"][0]["code"] == "connection.missing"
    assert before["input_schema"] == mailing()["inputs"]
    assert (after["can_run"], after["reasons"]) == (True, [])
    assert after["connections"] == [
        {"toolkit": "gmail", "wanted": None, "node_ids": ["send"], "connection_id": connection.pk}
    ]
    assert after["published"]["plan_hash"] == after["draft"]["plan_hash"]


def test_the_schema_of_definitions_is_published(api: APIClient) -> None:
    assert api.get("/api/definition-schema/").json() == definition_json_schema()


def test_preflight_finds_every_kind_of_node(api: APIClient) -> None:
    nested = (
        create_workflow(id="preflight-inner")
        .then(create_step(id="echo", execute=lambda value: value))
        .commit()
    )
    nested_row = ensure_published(nested).workflow
    definition = greeting(
        nodes=[
            {
                "id": "size",
                "type": "branch",
                "cases": [{"id": "any", "when": "true", "body": {"nodes": [inner("arm")]}}],
            },
            {
                "id": "again",
                "type": "loop",
                "until": "iteration >= 2",
                "body": {"nodes": [inner("round")]},
            },
            {
                "id": "each",
                "type": "foreach",
                "items": {"value": [1]},
                "body": {"nodes": [inner("item-body")]},
            },
            {"id": "rest", "type": "sleep", "seconds": 1},
            {"id": "wait", "type": "wait_for_event", "event": "go"},
            {"id": "ask", "type": "approval", "title": "Well?"},
            {"id": "nested", "type": "workflow", "workflow": nested.id},
            {"id": "end", "type": "bail", "result": {"value": 1}},
        ]
    )
    made = api.post("/api/workflows/", {"definition": definition}, format="json").json()
    url = f"/api/workflows/{made['id']}/preflight/"

    before = api.get(url).json()
    Workflow.objects.filter(pk=nested_row.pk).update(published=None)
    del registry.workflows[nested.id]
    after = api.get(url).json()

    assert made["compile"]["status"] != "errors", made["compile"]["diagnostics"]
    assert (before["can_run"], before["reasons"]) == (True, [])
    assert [(reason["code"], reason["node_ids"]) for reason in after["reasons"]] == [
        ("workflow.unknown", ["nested"])
    ]


def inner(node_id: str) -> dict[str, Any]:
    return {"id": node_id, "type": "map", "fields": {"n": {"value": 1}}}


def test_preflight_misses_callables_that_are_gone(api: APIClient, ada: Any) -> None:
    committed = (
        create_workflow(id="preflight-code")
        .dountil(create_step(id="once", execute=lambda value: value), lambda ctx: True)
        .commit()
    )
    row = ensure_published(committed).workflow
    Workflow.objects.filter(pk=row.pk).update(owner=ada)
    url = f"/api/workflows/{row.pk}/preflight/"

    before = api.get(url).json()
    del registry.workflows[row.pk]
    after = api.get(url).json()

    assert before["can_run"], before["reasons"]
    assert [reason["code"] for reason in after["reasons"]] == ["callable.unknown"]
