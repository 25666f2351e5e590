"""Source goes out by the API and the command line, to those who may see the workflow."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from django.contrib.auth import get_user_model
from knox.models import AuthToken
from rest_framework.test import APIClient

from tests.cli.commands import manage
from workflows_app.authoring.registry import registry
from workflows_app.models import Workflow
from workflows_app.operations.save_draft import create_draft, save_draft

pytestmark = pytest.mark.django_db


def greeting(**fields: Any) -> dict[str, Any]:
    node = {"id": "note", "type": "tool", "tool": "log", "input": {"message": {"value": "hi"}}}
    return {"schema_version": 1, "name": "Say “hi”", "nodes": [node], "edges": [], **fields}


def client_of(name: str) -> APIClient:
    user, _ = get_user_model().objects.get_or_create(username=name)
    _, token = AuthToken.objects.create(user=user)
    client = APIClient()
    client.credentials(HTTP_AUTHORIZATION=f"Token {token}")
    return client


@pytest.fixture
def workflow() -> Workflow:
    owner = get_user_model().objects.create(username="ada")
    return create_draft(definition=greeting(), owner=owner)


@pytest.fixture(autouse=True)
def _own_registry() -> Iterator[None]:
    before = dict(registry.workflows), dict(registry.compiled)
    yield
    registry.workflows, registry.compiled = before


def test_the_source_of_a_draft_compiles_to_the_published_plan(workflow: Workflow) -> None:
    answer = client_of("ada").get(f"/api/workflows/{workflow.pk}/source/")

    namespace: dict[str, Any] = {}
    exec(answer.json()["python"], namespace)

    assert answer.status_code == 200
    assert answer.json()["workflow_id"] == namespace["workflow"].id == "say-hi"
    assert workflow.published is not None
    assert namespace["workflow"].compiled.plan_hash == workflow.published.plan_hash


def test_a_version_has_its_own_source(workflow: Workflow) -> None:
    save_draft(workflow, definition=greeting(name="Other"), by=None)
    url = f"/api/workflows/{workflow.pk}/source/"

    draft, version = client_of("ada").get(url), client_of("ada").get(url, {"version": 1})

    assert 'name="Other"' in draft.json()["python"]
    assert (version.json()["version"], 'name="Say “hi”"' in version.json()["python"]) == (1, True)
    assert client_of("ada").get(url, {"version": 9}).json()["code"] == "version.not_found"


def test_a_foreign_workflow_has_no_source(workflow: Workflow) -> None:
    answer = client_of("bob").get(f"/api/workflows/{workflow.pk}/source/")

    assert (answer.status_code, answer.json()["code"]) == (404, "workflow.not_found")
    assert APIClient().get(f"/api/workflows/{workflow.pk}/source/").status_code == 401


def test_a_draft_that_is_no_definition_is_a_conflict_with_its_problems(workflow: Workflow) -> None:
    save_draft(workflow, definition=greeting(edges=[["note", "gone"]]), by=None)

    answer = client_of("ada").get(f"/api/workflows/{workflow.pk}/source/")

    assert (answer.status_code, answer.json()["code"]) == (409, "workflow.invalid")
    assert [item["code"] for item in answer.json()["details"]["diagnostics"]] == ["edge.dangling"]


def test_a_draft_that_only_names_unknown_things_has_a_source(workflow: Workflow) -> None:
    unknown = {"id": "a", "type": "tool", "tool": "no.such"}
    save_draft(workflow, definition=greeting(nodes=[unknown]), by=None)

    answer = client_of("ada").get(f"/api/workflows/{workflow.pk}/source/")

    assert 'use_tool("no.such", id="a")' in answer.json()["python"]


def test_a_workflow_of_code_keeps_its_id(workflow: Workflow) -> None:
    Workflow.objects.filter(pk=workflow.pk).update(source=Workflow.Source.PYTHON)

    answer = client_of("ada").get(f"/api/workflows/{workflow.pk}/source/")

    assert answer.json()["workflow_id"] == workflow.pk


@pytest.mark.parametrize(
    ("name", "wanted"), [("雪", "workflow"), ("--A  b/ç.d--", "a-b-d"), ("x" * 200, "x" * 200)]
)
def test_the_id_in_source_is_made_of_the_name(workflow: Workflow, name: str, wanted: str) -> None:
    save_draft(workflow, definition=greeting(name=name), by=None)

    answer = client_of("ada").get(f"/api/workflows/{workflow.pk}/source/")

    assert answer.json()["workflow_id"] == wanted


def test_the_command_writes_source_to_the_screen_or_a_file(
    workflow: Workflow, tmp_path: Path
) -> None:
    path = tmp_path / "workflows.py"
    export = ("workflows", "export", workflow.pk, "--python")

    shown, written = manage(*export), manage(*export, "--output", str(path))

    assert (shown.status, written.status) == (0, 0)
    assert shown.out == path.read_text() == manage(*export, "--json").json["python"]
    assert shown.out.endswith(".commit()\n")


def test_the_command_refuses_what_is_no_definition(workflow: Workflow) -> None:
    save_draft(workflow, definition=greeting(nodes=[]), by=None)

    answer = manage("workflows", "export", workflow.pk, "--python")

    assert answer.status == 1
    assert "has no nodes" in answer.error
