"""Files become new workflows: recognised, converted, saved whatever is wrong, never overwriting."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from django.contrib.auth import get_user_model

from workflows_app.models import Workflow
from workflows_app.operations.import_document import NotImportable, import_document, recognise

pytestmark = pytest.mark.django_db
FIXTURE = Path(__file__).parent.parent / "fixtures/agipo/send-site-content-to-email.workflow.json"


def ours(**changes: Any) -> dict[str, Any]:
    node = {"id": "a", "type": "tool", "tool": "log", "input": {"message": {"value": "hi"}}}
    return {"schema_version": 1, "name": "Ours", "nodes": [node], "edges": [], **changes}


def agipo() -> dict[str, Any]:
    return json.loads(FIXTURE.read_text())


def test_an_agipo_document_becomes_a_workflow_that_can_run() -> None:
    owner = get_user_model().objects.create_user("ada")

    imported = import_document(agipo(), owner=owner)

    workflow = imported.workflow
    assert (workflow.pk, workflow.owner, workflow.name) == (
        "wf-auUlyla9_YGv",
        owner,
        "Send Site Content to Email",
    )
    assert workflow.published is not None
    assert [(item["code"], item["path"]) for item in workflow.diagnostics] == [
        ("type.unknown", "/nodes/2/input/subject/from"),
        ("type.unknown", "/nodes/2/input/body/from"),
    ]
    assert imported.notes


def test_a_definition_is_imported_as_it_is() -> None:
    imported = import_document(ours(), owner=None)

    assert imported.workflow.definition == ours()
    assert (imported.format, imported.notes) == ("celeriac", ())


def test_a_name_given_wins_over_the_documents() -> None:
    assert import_document(ours(), owner=None, name="Other").workflow.name == "Other"


def test_importing_again_makes_another_workflow() -> None:
    first = import_document(agipo(), owner=None).workflow

    second = import_document(agipo(), owner=None).workflow

    assert first.pk != second.pk
    assert second.definition["id"] == second.pk


@pytest.mark.parametrize("wanted", ["sample-hello", "../../etc", "", 5, "a b", "x" * 201, "a\n"])
def test_an_id_that_is_taken_in_code_or_unfit_is_replaced(wanted: Any) -> None:
    workflow = import_document(ours(id=wanted), owner=None).workflow

    assert workflow.pk != wanted
    assert Workflow.objects.filter(pk=workflow.pk).exists()


def test_a_definition_with_errors_is_saved_and_not_published() -> None:
    workflow = import_document(ours(edges=[["a", "gone"]]), owner=None).workflow

    assert (workflow.compile_status, workflow.published) == ("errors", None)


@pytest.mark.parametrize("document", [[], "text", 5, None, {}, {"steps": []}, {"name": "x"}])
def test_what_is_no_workflow_is_refused_and_saves_nothing(document: Any) -> None:
    before = Workflow.objects.count()

    with pytest.raises(NotImportable):
        import_document(document, owner=None)

    assert Workflow.objects.count() == before


def test_recognising_saves_nothing() -> None:
    before = Workflow.objects.count()

    assert recognise(agipo()).format == "agipo"
    assert Workflow.objects.count() == before
