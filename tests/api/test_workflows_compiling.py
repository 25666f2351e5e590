"""Validate, compile and preflight over HTTP."""

from __future__ import annotations

from typing import Any

from rest_framework.test import APIClient

from tests.api.definitions import broken, greeting, mailing
from workflows_app.language.definition import definition_json_schema
from workflows_app.models import Connection, Workflow, WorkflowVersion


def test_validating_saves_nothing(api: APIClient, workflow: Workflow) -> None:
    before = Workflow.objects.count(), WorkflowVersion.objects.count()

    good = api.post("/api/workflows/validate/", {"definition": greeting()}, format="json")
    bad = api.post("/api/workflows/validate/", {"definition": broken()}, format="json")

    assert (good.status_code, bad.status_code) == (200, 200)
    assert good.json()["plan_hash"] == workflow.published.plan_hash
    assert (bad.json()["status"], bad.json()["plan_hash"]) == ("errors", None)
    assert set(bad.json()["diagnostics"][0]) == {
        *("code", "severity", "message", "path", "node_id", "fix")
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
