"""The samples: each compiles, has defaults to run with, and loading undoes nobody's work."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

import pytest
from django.contrib.auth import get_user_model
from rest_framework.test import APIClient

from workflows_app.authoring.registry import registry
from workflows_app.interface import compile_document
from workflows_app.language.definition import NODE_MODELS
from workflows_app.language.schemas import apply_defaults, validate_value
from workflows_app.models import Workflow
from workflows_app.operations.delete_workflow import delete_workflow
from workflows_app.operations.load_samples import DIRECTORY, Sample, load_samples, shipped_samples
from workflows_app.operations.save_draft import save_draft

SAMPLES = shipped_samples()
OWN = [sample for sample in SAMPLES if sample.readable.format == "celeriac"]
AGIPO = "sample-agipo-site-to-email"


def outcomes(**options: Any) -> dict[str, str]:
    return {loaded.workflow.pk: loaded.outcome for loaded in load_samples(**options)}


@pytest.mark.parametrize("sample", OWN, ids=lambda sample: sample.id)
def test_every_sample_compiles_without_a_word(sample: Sample) -> None:
    compiled = compile_document(sample.document)

    assert [(item.code, item.path, item.message) for item in compiled.diagnostics] == []


@pytest.mark.parametrize("sample", OWN, ids=lambda sample: sample.id)
def test_every_sample_runs_without_input(sample: Sample) -> None:
    schema = sample.document["inputs"]

    assert validate_value(schema, apply_defaults(schema, {})) == []


@pytest.mark.parametrize("workflow_id", ["sample-hello", "sample-fulfil-order"])
def test_every_python_sample_compiles_without_a_word(workflow_id: str) -> None:
    assert registry.compiled[workflow_id].diagnostics == ()


def test_the_readme_names_every_sample() -> None:
    readme = (DIRECTORY / "README.md").read_text()

    assert [sample.id for sample in SAMPLES if f"`{sample.id}`" not in readme] == []


def test_every_node_type_that_runs_is_in_a_sample() -> None:
    used = {type_ for sample in OWN for type_ in node_types(sample.document["nodes"])}

    assert {name for name, model in NODE_MODELS.items() if model.supported} == used


def node_types(nodes: list[dict[str, Any]]) -> Iterator[str]:
    for node in nodes:
        yield node["type"]
        for holder in (node, *node.get("cases", ())):
            yield from node_types(holder.get("body", {}).get("nodes", []))


def test_samples_are_written_as_people_read_them() -> None:
    for path in DIRECTORY.glob("*.json"):
        assert len(json.loads(path.read_text())["name"]) <= 40


@pytest.mark.django_db
def test_loading_twice_changes_nothing() -> None:
    first = outcomes()
    before = list(Workflow.objects.order_by("pk").values_list("pk", "revision", "updated_at"))

    second = outcomes()

    assert set(first.values()) == {"created"}
    assert set(second.values()) == {"kept"}
    assert before == list(
        Workflow.objects.order_by("pk").values_list("pk", "revision", "updated_at")
    )


@pytest.mark.django_db
def test_loaded_samples_can_run() -> None:
    load_samples()

    rows = Workflow.objects.filter(pk__in=[sample.id for sample in SAMPLES])

    assert rows.filter(published=None).count() == 0
    assert {row.pk: row.compile_status for row in rows if row.compile_status != "ok"} == {
        AGIPO: "warnings"
    }


@pytest.mark.django_db
def test_samples_belong_to_the_first_superuser() -> None:
    users = get_user_model().objects
    users.create_user("someone")
    boss = users.create_superuser("boss")

    load_samples()

    assert Workflow.objects.get(pk=AGIPO).owner == boss


@pytest.mark.django_db
def test_samples_belong_to_nobody_while_there_is_no_superuser() -> None:
    load_samples()

    assert Workflow.objects.get(pk=AGIPO).owner is None


@pytest.mark.django_db
def test_a_changed_or_deleted_sample_stays_so_until_a_reset() -> None:
    load_samples()
    changed, deleted = Workflow.objects.filter(pk__in=[OWN[0].id, OWN[1].id]).order_by("pk")
    save_draft(changed, definition={**changed.definition, "name": "Mine"}, by=None)
    delete_workflow(deleted)

    kept, reset = outcomes(), outcomes(reset=True)

    assert set(kept.values()) == {"kept"}
    assert [pk for pk, outcome in reset.items() if outcome == "reset"] == [changed.pk, deleted.pk]
    changed.refresh_from_db()
    deleted.refresh_from_db()
    assert (changed.definition, deleted.deleted_at) == (OWN[0].document, None)


@pytest.mark.django_db
def test_loaded_samples_are_in_the_api() -> None:
    client = APIClient()
    client.force_authenticate(get_user_model().objects.create_superuser("boss"))
    load_samples()

    answer = client.get("/api/workflows/", {"page_size": 200})

    assert {sample.id for sample in SAMPLES} <= {row["id"] for row in answer.json()["results"]}
