"""Starting: what is refused starts nothing, what is accepted is there once."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from django.contrib.auth.models import User
from django.db import OperationalError
from django.utils import timezone

from executions_app import rows
from executions_app.errors import IdempotencyMismatch, InputInvalid, NotExecutable, StartClaimed
from executions_app.models import Event, Execution, StepRun
from executions_app.operations.start_execution import start_execution
from tests.journal.histories import ListBroker, check_laws, journal_step, list_broker, publish
from workflows_app.authoring.errors import WorkflowError
from workflows_app.models import Workflow

pytestmark = pytest.mark.django_db

ORDER = {
    "type": "object",
    "properties": {"n": {"type": "integer"}, "size": {"type": "string", "default": "M"}},
    "required": ["n"],
}


@pytest.fixture(autouse=True)
def broker() -> Iterator[ListBroker]:
    with journal_step(), list_broker() as messages:
        yield messages


def test_a_start_writes_the_first_facts_and_the_first_attempts() -> None:
    execution = start_execution(publish({"a": [], "b": ["a"], "c": []}), input_data={"n": 1})

    assert execution.status == "running"
    assert execution.started_at is not None
    told = Event.objects.filter(execution=execution).order_by("seq")
    assert [e.type for e in told] == ["execution_started", "step_scheduled", "step_scheduled"]
    rows = StepRun.objects.filter(execution=execution).order_by("position")
    assert [(row.node_id, row.status, row.sends) for row in rows] == [
        ("a", "scheduled", 1),
        ("c", "scheduled", 1),
    ]
    check_laws(execution)


@pytest.mark.parametrize(
    "given", [None, {}, {"n": "1"}, {"n": None}, [], "x", {"n": 1, "size": 2}], ids=repr
)
def test_input_that_does_not_fit_starts_nothing(given: Any) -> None:
    workflow = publish({"a": []}, inputs=ORDER)

    with pytest.raises(InputInvalid) as refused:
        start_execution(workflow, input_data=given)

    assert refused.value.details["problems"]
    assert not Execution.objects.exists()


@pytest.mark.django_db(transaction=True)
def test_a_start_that_a_database_took_back_is_made_again_from_the_beginning(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    insert, tries = rows.insert_events, []

    def goes_away_once(*args: Any) -> None:
        tries.append(args)
        if len(tries) == 1:
            raise OperationalError("server closed the connection unexpectedly")
        insert(*args)

    monkeypatch.setattr(rows, "insert_events", goes_away_once)

    execution = start_execution(publish({"a": []}))

    assert len(tries) == 2
    assert Execution.objects.get().pk == execution.pk
    check_laws(execution)


def test_defaults_are_applied_and_what_is_not_declared_is_left_out() -> None:
    workflow = publish({"a": []}, inputs=ORDER)

    execution = start_execution(workflow, input_data={"n": 1, "more": True})

    assert execution.input == {"n": 1, "size": "M"}


@pytest.mark.parametrize(
    "given", [object(), {"a": {1: object()}}, "\x00", {"a": "\ud800"}, "x" * 1_000_001]
)
def test_input_that_cannot_be_stored_starts_nothing(given: Any) -> None:
    with pytest.raises(InputInvalid):
        start_execution(publish({"a": []}), input_data=given)

    assert not Execution.objects.exists()


@pytest.mark.parametrize("bad", ["", " ", "a/b", "x" * 201, "a\n", "ä"])
def test_an_id_of_other_characters_is_refused(bad: str) -> None:
    with pytest.raises(InputInvalid):
        start_execution(publish({"a": []}), execution_id=bad)


def test_a_workflow_without_a_version_cannot_start() -> None:
    workflow = Workflow.objects.create(name="w", definition={}, compile_status="errors")

    with pytest.raises(NotExecutable):
        start_execution(workflow)


def test_a_deleted_workflow_cannot_start() -> None:
    workflow = publish({"a": []})
    workflow.deleted_at = timezone.now()

    with pytest.raises(NotExecutable):
        start_execution(workflow)


def test_an_id_is_started_once() -> None:
    workflow = publish({"a": []})
    start_execution(workflow, execution_id="mine", input_data=1)

    with pytest.raises(StartClaimed):
        start_execution(workflow, execution_id="mine", input_data=2)

    assert Execution.objects.get().input == 1


def test_a_key_gives_the_earlier_execution_for_the_same_request_only() -> None:
    ada = User.objects.create(username="ada")
    workflow = publish({"a": []})
    first = start_execution(workflow, owner=ada, input_data=1, idempotency_key="k")

    again = start_execution(workflow, owner=ada, input_data=1, idempotency_key="k")

    assert again.pk == first.pk
    assert Execution.objects.count() == 1
    with pytest.raises(IdempotencyMismatch):
        start_execution(workflow, owner=ada, input_data=2, idempotency_key="k")
    with pytest.raises(IdempotencyMismatch):
        start_execution(publish({"a": []}), owner=ada, input_data=1, idempotency_key="k")


def test_a_key_belongs_to_its_owner() -> None:
    workflow = publish({"a": []})
    ada, bob = (User.objects.create(username=name) for name in ("ada", "bob"))

    first = start_execution(workflow, owner=ada, idempotency_key="k")
    second = start_execution(workflow, owner=bob, idempotency_key="k")

    assert first.pk != second.pk


def test_initial_state_is_checked_against_its_schema() -> None:
    workflow = publish({"a": []}, state=ORDER)

    with pytest.raises(WorkflowError) as refused:
        start_execution(workflow, initial_state={"n": "x"})

    assert refused.value.code == "state.invalid"
    assert start_execution(workflow, initial_state={"n": 1}).state == {"n": 1, "size": "M"}
