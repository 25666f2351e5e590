"""Saving drafts: what is published, what is kept, who wins when two save at once."""

from __future__ import annotations

import threading
from typing import Any

import pytest
from django.contrib.auth import get_user_model
from django.db import connection

from tests.api.definitions import broken, greeting
from workflows_app.authoring import create_workflow
from workflows_app.authoring.errors import WorkflowError
from workflows_app.authoring.registry import registry as code_registry
from workflows_app.connectors.base import Tool, registry
from workflows_app.models import Connection, Workflow, WorkflowVersion
from workflows_app.operations.compile_draft import compile_draft
from workflows_app.operations.delete_workflow import delete_workflow
from workflows_app.operations.preflight import preflight
from workflows_app.operations.restore_version import restore_version
from workflows_app.operations.save_draft import (
    UNNAMED,
    RevisionConflict,
    WorkflowReadOnly,
    create_draft,
    save_draft,
)


@pytest.fixture
def ada(db: None) -> Any:
    return get_user_model().objects.create_user("ada")


@pytest.fixture
def workflow(ada: Any) -> Workflow:
    return create_draft(definition=greeting(), owner=ada)


def numbers(workflow: Workflow) -> list[int]:
    rows = WorkflowVersion.objects.filter(workflow=workflow).order_by("number")
    return list(rows.values_list("number", flat=True))


def test_only_what_changes_what_runs_makes_a_version(workflow: Workflow, ada: Any) -> None:
    for definition in (greeting(), greeting(ui={"notes": ["x"]}), greeting("Other"), broken()):
        workflow = save_draft(workflow, definition=definition, by=ada)

    assert (workflow.revision, numbers(workflow)) == (5, [1, 2])
    assert workflow.published is not None
    assert workflow.published.number == 2


def test_a_draft_that_never_compiled_has_no_version_until_it_does(ada: Any) -> None:
    workflow = create_draft(definition=broken(), owner=ada)
    assert (workflow.published, workflow.compile_status) == (None, "errors")

    workflow = save_draft(workflow, definition=greeting(), by=ada)

    assert (workflow.compile_status, numbers(workflow)) == ("ok", [1])


@pytest.mark.parametrize("name", [None, 7, "", "   ", [], {"a": 1}])
def test_a_name_that_is_none_leaves_the_one_before(workflow: Workflow, ada: Any, name: Any) -> None:
    saved = save_draft(workflow, definition=greeting(name=name), by=ada)
    new = create_draft(definition=greeting(name=name), owner=ada)

    assert (saved.name, new.name) == ("Greet", UNNAMED)
    assert saved.definition["name"] == name


def test_a_long_name_is_cut_in_the_row_and_kept_in_the_definition(ada: Any) -> None:
    workflow = create_draft(definition=greeting(name="x" * 500), owner=ada)

    assert len(workflow.name) == 200
    assert len(workflow.definition["name"]) == 500


def test_the_definition_that_was_handed_over_is_not_changed_later(ada: Any) -> None:
    definition = greeting()
    workflow = create_draft(definition=definition, owner=ada)

    definition["name"] = "Changed"

    assert workflow.definition["name"] == "Greet"


def test_nothing_is_saved_against_another_revision(workflow: Workflow, ada: Any) -> None:
    newer = save_draft(workflow, definition=greeting("Theirs"), by=ada)

    with pytest.raises(RevisionConflict) as conflict:
        save_draft(
            workflow,
            definition=greeting("Mine"),
            by=ada,
            expected_revisions=frozenset({workflow.revision}),
        )

    assert conflict.value.code == "revision.conflict"
    workflow.refresh_from_db()
    assert workflow.definition == newer.definition
    assert numbers(workflow) == [1, 2]


@pytest.mark.django_db(transaction=True)
def test_of_many_who_save_the_same_revision_one_wins() -> None:
    ada = get_user_model().objects.create_user("ada")
    workflow = create_draft(definition=greeting(), owner=ada)
    outcomes: list[str] = []
    together = threading.Barrier(5)

    def save(n: int) -> None:
        together.wait()
        try:
            save_draft(
                workflow,
                definition=greeting(f"By {n}"),
                by=ada,
                expected_revisions=frozenset({1}),
            )
            outcomes.append("saved")
        except WorkflowError as error:
            outcomes.append(error.code)
        finally:
            connection.close()

    threads = [threading.Thread(target=save, args=(n,)) for n in range(5)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert sorted(outcomes) == ["revision.conflict"] * 4 + ["saved"]
    workflow.refresh_from_db()
    assert (workflow.revision, numbers(workflow)) == (2, [1, 2])


@pytest.mark.django_db(transaction=True)
def test_saves_that_overwrite_lose_no_revision_and_no_number() -> None:
    ada = get_user_model().objects.create_user("ada")
    workflow = create_draft(definition=greeting(), owner=ada)
    failures: list[BaseException] = []

    def save(n: int) -> None:
        try:
            save_draft(workflow, definition=greeting(f"By {n}"), by=ada)
        except BaseException as error:
            failures.append(error)
        finally:
            connection.close()

    threads = [threading.Thread(target=save, args=(n,)) for n in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert failures == []
    workflow.refresh_from_db()
    assert (workflow.revision, numbers(workflow)) == (7, [1, 2, 3, 4, 5, 6, 7])
    assert workflow.published is not None
    assert workflow.published.definition == workflow.definition


def test_what_code_defines_is_refused_by_every_operation(
    workflow: Workflow, ada: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    workflow.source = Workflow.Source.PYTHON
    workflow.save()
    monkeypatch.setitem(code_registry.workflows, workflow.pk, create_workflow(id=workflow.pk))
    version = WorkflowVersion.objects.get(workflow=workflow)

    for attempt in (
        lambda: save_draft(workflow, definition=greeting("Mine"), by=ada),
        lambda: delete_workflow(workflow),
        lambda: restore_version(version, by=ada),
    ):
        with pytest.raises(WorkflowReadOnly):
            attempt()

    assert compile_draft(workflow, by=ada).definition == greeting()


def test_what_code_no_longer_defines_can_be_deleted(workflow: Workflow) -> None:
    workflow.source = Workflow.Source.PYTHON
    workflow.save()

    delete_workflow(workflow)

    workflow.refresh_from_db()
    assert workflow.deleted_at is not None


def test_a_draft_deleted_meanwhile_is_not_brought_back(workflow: Workflow, ada: Any) -> None:
    delete_workflow(workflow)

    with pytest.raises(Workflow.DoesNotExist):
        save_draft(workflow, definition=greeting("Late"), by=ada)

    workflow.refresh_from_db()
    assert workflow.definition == greeting()


def test_compiling_again_publishes_what_has_become_sound(ada: Any) -> None:
    definition = greeting()
    definition["nodes"][0] = {"id": "do", "type": "tool", "tool": "zz.late", "input": {}}
    workflow = create_draft(definition=definition, owner=ada)
    assert workflow.compile_status == "errors"
    tool = Tool(
        name="zz.late",
        description="Comes late.",
        input_schema={"type": "object"},
        output_schema={},
        run=lambda call: None,
    )
    registry.register(tool)

    try:
        compiled = compile_draft(workflow, by=ada)
        ready = preflight(compiled, user_id=ada.pk)
    finally:
        del registry._tools["zz.late"]
    gone = preflight(compiled, user_id=ada.pk)

    assert compiled.published is not None
    assert (compiled.revision, compiled.compile_status) == (1, "ok")
    assert (ready.can_run, ready.up_to_date) == (True, True)
    assert (gone.can_run, gone.up_to_date) == (False, False)
    assert [(reason.code, reason.node_ids) for reason in gone.reasons] == [
        ("tool.unknown", ("do",))
    ]


def mailing(ada: Any, **node: Any) -> Workflow:
    send = {"id": "send", "type": "tool", "tool": "composio.GMAIL_SEND_EMAIL", "input": {}}
    return create_draft(definition=greeting(nodes=[send | node]), owner=ada)


def test_preflight_names_the_account_that_is_missing(ada: Any) -> None:
    workflow = mailing(ada)
    other = get_user_model().objects.create_user("bob")
    Connection.objects.create(owner=other, toolkit="gmail", account_id="ca_bob")

    before = preflight(workflow, user_id=ada.pk)
    mine = Connection.objects.create(owner=ada, toolkit="gmail", account_id="ca_ada")
    after = preflight(workflow, user_id=ada.pk)

    assert (before.can_run, before.missing_connections) == (False, ["gmail"])
    assert [reason.code for reason in before.reasons] == ["connection.missing"]
    assert (after.can_run, after.missing_connections) == (True, [])
    assert after.connections[0].connection_id == mine.pk


def test_preflight_looks_for_the_account_that_the_node_names(ada: Any) -> None:
    workflow = mailing(ada, connection="Work")
    Connection.objects.create(owner=ada, toolkit="gmail", account_id="ca_1", label="Private")

    before = preflight(workflow, user_id=ada.pk)
    Connection.objects.create(owner=ada, toolkit="gmail", account_id="ca_2", label="Work")

    assert not before.can_run
    assert "'Work'" in before.reasons[0].message
    assert preflight(workflow, user_id=ada.pk).can_run


def test_preflight_of_what_never_compiled_says_so(ada: Any) -> None:
    workflow = create_draft(definition=broken(), owner=ada)

    found = preflight(workflow, user_id=ada.pk)

    assert [reason.code for reason in found.reasons] == ["workflow.not_executable"]
    assert (found.published, found.draft.status) == (None, "errors")
    assert found.input_schema == greeting()["inputs"]


def test_preflight_of_a_draft_with_errors_is_about_what_is_published(
    workflow: Workflow, ada: Any
) -> None:
    found = preflight(save_draft(workflow, definition=broken(), by=ada), user_id=ada.pk)

    assert (found.can_run, found.up_to_date) == (True, False)
    assert found.published is not None
    assert (found.published.version, found.draft.plan_hash) == (1, None)
