"""Samples and documents to import: looked at, and created by whoever likes them."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from rest_framework.test import APIClient

from tests.api.definitions import broken, greeting
from workflows_app.models import Workflow
from workflows_app.operations.load_samples import DIRECTORY

AGIPO = Path(__file__).parent.parent / "fixtures/agipo/send-site-content-to-email.workflow.json"


def brought(api: APIClient, document: Any) -> Any:
    return api.post("/api/workflows/import/", {"document": document}, format="json")


def test_every_shipped_sample_is_listed_with_what_it_uses(api: APIClient) -> None:
    page = api.get("/api/samples/").json()

    rows = {row["name"]: row for row in page["results"]}
    assert set(rows) == {path.stem for path in DIRECTORY.glob("*.json")}
    assert (page["next"], page["previous"]) == (None, None)
    assert rows["route-a-ticket"] == {
        "name": "route-a-ticket",
        "title": "Route a ticket",
        "description": rows["route-a-ticket"]["description"],
        "kind": "celeriac",
        "node_types": ["branch", "map", "tool"],
        "node_count": 6,
    }
    assert rows["agipo-site-to-email"]["kind"] == "agipo"
    assert all(row["title"] and row["description"] and row["node_count"] for row in rows.values())


def test_a_workflow_can_be_created_of_every_sample(api: APIClient) -> None:
    for row in api.get("/api/samples/").json()["results"]:
        sample = api.get(f"/api/samples/{row['name']}/").json()

        made = api.post("/api/workflows/", {"definition": sample["definition"]}, format="json")

        assert made.status_code == 201, row["name"]
        assert "id" not in sample["definition"]
        assert made.json()["node_count"] == row["node_count"]
        assert made.json()["name"] == row["title"]


def test_a_sample_that_there_is_not_is_a_404(api: APIClient) -> None:
    for name in ("none", "..", "sample-route-a-ticket"):
        answer = api.get(f"/api/samples/{name}/")

        assert answer.status_code == 404
    assert answer.json()["code"] == "sample.not_found"


def test_our_own_document_comes_back_as_it_is(api: APIClient, workflow: Workflow) -> None:
    exported = api.get(f"/api/workflows/{workflow.pk}/").json()["definition"]

    answer = brought(api, exported | {"id": workflow.pk})

    assert answer.status_code == 200
    body = answer.json()
    assert (body["kind"], body["definition"], body["notes"]) == ("celeriac", exported, [])
    assert body["compile"]["status"] == "ok"
    assert Workflow.objects.filter(source="drawn").count() == 1


def test_a_document_of_agipo_is_converted_and_what_is_lost_is_told(api: APIClient) -> None:
    document = json.loads(AGIPO.read_text())

    body = brought(api, document).json()

    assert body["kind"] == "agipo"
    assert body["definition"]["name"] == "Send Site Content to Email"
    assert {"code", "path", "message"} == set(body["notes"][0])
    assert all(note["code"].startswith("agipo.") for note in body["notes"])
    assert body["compile"]["status"] in ("ok", "warnings")
    assert not Workflow.objects.filter(source="drawn").exists()


def test_a_document_with_errors_comes_with_its_diagnostics(api: APIClient) -> None:
    body = brought(api, broken()).json()

    assert body["compile"]["status"] == "errors"
    assert [item["code"] for item in body["compile"]["diagnostics"]] == ["edge.dangling"]
    assert body["definition"] == broken()


@pytest.mark.parametrize(
    "document", [{}, [], "text", 7, {"steps": []}, {"name": "x"}, [greeting()]]
)
def test_what_is_no_workflow_is_refused_by_name(api: APIClient, document: Any) -> None:
    answer = brought(api, document)

    assert (answer.status_code, answer.json()["code"]) == (400, "import.unknown_format")


@pytest.mark.parametrize("body", [{}, {"document": None}, {"document": {}, "save": True}])
def test_a_body_that_is_not_asked_for_is_refused(api: APIClient, body: Any) -> None:
    answer = api.post("/api/workflows/import/", body, format="json")

    assert (answer.status_code, answer.json()["code"]) == (400, "request.invalid")


@pytest.mark.parametrize(
    "document",
    [
        {"nodes": None},
        {"nodes": {"a": 1}, "edges": 7, "name": ["x"]},
        {"schema_version": "x", "nodes": [None, 1, [], {"type": {}}, {"cases": [1]}]},
        {"steps": [None, {"id": 1}], "bindings": "x"},
        {"steps": [], "bindings": {}},
    ],
)
def test_strange_documents_break_nothing(api: APIClient, document: Any) -> None:
    answer = brought(api, document)

    assert answer.status_code in (200, 400), answer.content
    if answer.status_code == 400:
        assert answer.json()["code"] == "import.unknown_format"


def test_strangers_see_no_samples_and_import_nothing(client_of: Any) -> None:
    nobody = client_of(None)

    assert nobody.get("/api/samples/").status_code == 401
    assert brought(nobody, greeting()).status_code == 401
