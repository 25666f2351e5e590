"""What somebody draws may run inside what they draw; what others draw stays unknown."""

from __future__ import annotations

from typing import Any

import pytest
from django.contrib.auth import get_user_model

from executions_app.operations.start_execution import start_execution
from executions_app.testing import in_memory
from workflows_app.models import Workflow
from workflows_app.operations.save_draft import create_draft, save_draft

pytestmark = pytest.mark.django_db

INNER = {
    "name": "inner",
    "nodes": [{"id": "made", "type": "map", "fields": {"x": {"value": 1}}}],
}


def around(inner: Workflow) -> dict[str, Any]:
    return {"name": "outer", "nodes": [{"id": "in", "type": "workflow", "workflow": inner.pk}]}


@pytest.fixture
def ada() -> Any:
    return get_user_model().objects.create_user("ada")


@pytest.fixture
def bob() -> Any:
    return get_user_model().objects.create_user("bob")


def test_a_drawn_workflow_runs_inside_another_of_its_owner(ada) -> None:
    outer = create_draft(definition=around(create_draft(definition=INNER, owner=ada)), owner=ada)

    with in_memory() as engine:
        execution = start_execution(outer, owner=ada)
        engine.run_until_idle()

    execution.refresh_from_db()
    assert (execution.status, execution.output) == ("completed", {"x": 1})


def test_a_workflow_of_somebody_else_is_unknown_to_the_compiler(ada, bob) -> None:
    foreign = create_draft(definition=around(create_draft(definition=INNER, owner=bob)), owner=ada)
    nothing = create_draft(
        definition={
            "name": "outer",
            "nodes": [{"id": "in", "type": "workflow", "workflow": "nothing"}],
        },
        owner=ada,
    )

    assert [item["code"] for item in foreign.diagnostics] == ["workflow.unknown"]
    assert [item["code"] for item in nothing.diagnostics] == ["workflow.unknown"]


def test_a_workflow_that_changed_hands_no_longer_runs_inside(ada, bob) -> None:
    inner = create_draft(definition=INNER, owner=ada)
    outer = create_draft(definition=around(inner), owner=ada)
    Workflow.objects.filter(pk=inner.pk).update(owner=bob)

    with in_memory() as engine:
        execution = start_execution(outer, owner=ada)
        engine.run_until_idle()

    execution.refresh_from_db()
    assert (execution.status, execution.error["code"]) == ("failed", "workflow.unknown")


def test_saving_again_asks_for_the_owner_whoever_saves(ada, bob) -> None:
    inner = create_draft(definition=INNER, owner=ada)
    outer = create_draft(definition=around(inner), owner=ada)

    saved = save_draft(outer, definition=around(inner), by=bob)

    assert saved.compile_status == "ok"


def test_the_id_a_document_gives_itself_does_not_make_a_foreign_workflow_its_own(ada, bob) -> None:
    inner = create_draft(definition=INNER, owner=bob)

    nested = create_draft(definition=around(inner) | {"id": inner.pk}, owner=ada)
    failing = create_draft(definition=INNER | {"id": inner.pk, "on_failure": inner.pk}, owner=ada)

    assert [item["code"] for item in nested.diagnostics] == ["workflow.unknown"]
    assert [item["code"] for item in failing.diagnostics] == ["workflow.unknown"]


def test_a_drawn_workflow_that_runs_itself_is_warned_of(ada) -> None:
    drawn = create_draft(definition=INNER, owner=ada)

    saved = save_draft(drawn, definition=around(drawn), by=ada)

    assert [item["code"] for item in saved.diagnostics] == ["workflow.recursive"]
    assert saved.compile_status == "warnings"
