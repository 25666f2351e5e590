"""``POST /api/workflows/{id}/execute/``."""

from __future__ import annotations

from typing import Any

import pytest
from django.contrib.auth.models import User

from executions_app.models import Execution
from tests.api.execution_clients import a_workflow, client_of
from tests.streaming.log_rows import a_user
from workflows_app.operations.save_draft import create_draft

pytestmark = pytest.mark.django_db


@pytest.fixture
def ada(db: None) -> User:
    return a_user()


def execute(user: User | None, workflow_id: str, body: Any = None, **headers: str) -> Any:
    return client_of(user).post(
        f"/api/workflows/{workflow_id}/execute/", body, format="json", headers=headers
    )


def test_it_starts_the_published_version_for_the_caller(ada: User) -> None:
    workflow = a_workflow(ada)
    body = {"input": {"who": "bob"}, "runtime_context": {"locale": "fr"}, "resource_id": "r-1"}

    answer = execute(ada, workflow.pk, body)

    started = answer.json()
    assert answer.status_code == 202
    assert answer.headers["Location"] == started["links"]["self"]
    assert (started["workflow"], started["version"]) == (workflow.pk, 1)
    row = Execution.objects.get(pk=started["execution_id"])
    assert (row.owner, row.trigger, row.resource_id) == (ada, "api", "r-1")
    assert (row.input, row.runtime_context) == ({"who": "bob"}, {"locale": "fr"})


def test_its_links_lead_to_the_execution(ada: User) -> None:
    links = execute(ada, a_workflow(ada).pk, {"input": {"who": "bob"}}).json()["links"]

    assert client_of(ada).get(links["self"]).status_code == 200
    assert client_of(ada).get(links["events"]).status_code == 200
    assert links["stream"] == f"{links['self']}stream/"


def test_an_empty_body_will_do_where_nothing_is_required(ada: User) -> None:
    workflow = a_workflow(ada, inputs={"type": "object"})

    answer = client_of(ada).post(f"/api/workflows/{workflow.pk}/execute/")

    assert answer.status_code == 202


def test_input_that_does_not_fit_starts_nothing(ada: User) -> None:
    answer = execute(ada, a_workflow(ada).pk, {"input": {"who": 7}})

    assert (answer.status_code, answer.json()["code"]) == (400, "input.invalid")
    assert answer.json()["details"]["problems"]
    assert not Execution.objects.exists()


@pytest.mark.parametrize(
    "body",
    [
        {"input_data": {"who": "bob"}},
        {"input": {"who": "bob"}, "owner": 1},
        {"input": {"who": "bob"}, "status": "completed"},
        {"input": {"who": "bob"}, "version": 7},
        {"input": {"who": "bob"}, "execution_id": "mine"},
        {"input": {"who": "bob"}, "trigger": "admin"},
        {"input": {"who": "bob"}, "runtime_context": []},
        {"input": {"who": "bob"}, "resource_id": "x" * 201},
        {"input": {"who": "bob"}, "resource_id": {"a": 1}},
        [],
        "text",
        None,
    ],
)
def test_a_body_of_another_shape_is_refused(ada: User, body: Any) -> None:
    workflow = a_workflow(ada)
    if body is None:
        answer = client_of(ada).post(
            f"/api/workflows/{workflow.pk}/execute/", "null", content_type="application/json"
        )
    else:
        answer = execute(ada, workflow.pk, body)

    assert (answer.status_code, answer.json()["code"]) == (400, "request.invalid")
    assert not Execution.objects.exists()


def test_what_has_no_version_cannot_be_executed(ada: User) -> None:
    broken = create_draft(definition={"schema_version": 1, "name": "x", "nodes": 7}, owner=ada)

    answer = execute(ada, broken.pk, {})

    assert (answer.status_code, answer.json()["code"]) == (409, "workflow.not_executable")
    assert answer.json()["details"]["diagnostics"]


def test_a_foreign_workflow_cannot_be_executed(ada: User) -> None:
    workflow = a_workflow(a_user())

    assert execute(ada, workflow.pk, {"input": {"who": "x"}}).status_code == 404
    assert execute(None, workflow.pk, {"input": {"who": "x"}}).status_code == 401
    assert not Execution.objects.exists()


def test_the_same_request_with_the_same_key_starts_one(ada: User) -> None:
    workflow = a_workflow(ada)
    body = {"input": {"who": "bob"}}

    first, second = (execute(ada, workflow.pk, body, **{"Idempotency-Key": "k"}) for _ in "12")

    assert (first.status_code, second.status_code) == (202, 202)
    assert first.json() == second.json()
    assert Execution.objects.count() == 1


def test_another_request_with_the_same_key_is_refused(ada: User) -> None:
    workflow = a_workflow(ada)
    execute(ada, workflow.pk, {"input": {"who": "bob"}}, **{"Idempotency-Key": "k"})

    answer = execute(ada, workflow.pk, {"input": {"who": "eve"}}, **{"Idempotency-Key": "k"})

    assert (answer.status_code, answer.json()["code"]) == (409, "idempotency.mismatch")
    assert Execution.objects.count() == 1


def test_a_key_is_its_owners(ada: User) -> None:
    boss = a_user(is_superuser=True)
    workflow = a_workflow(ada)
    body = {"input": {"who": "bob"}}

    first = execute(ada, workflow.pk, body, **{"Idempotency-Key": "k"})
    second = execute(boss, workflow.pk, body, **{"Idempotency-Key": "k"})

    assert first.json()["execution_id"] != second.json()["execution_id"]


@pytest.mark.parametrize("key", ["", "x" * 256, "é"])
def test_a_key_that_cannot_be_kept_is_refused(ada: User, key: str) -> None:
    answer = execute(ada, a_workflow(ada).pk, {"input": {"who": "bob"}}, **{"Idempotency-Key": key})

    assert (answer.status_code, answer.json()["code"]) == (400, "idempotency.invalid")


def test_the_longest_key_is_taken(ada: User) -> None:
    answer = execute(
        ada, a_workflow(ada).pk, {"input": {"who": "bob"}}, **{"Idempotency-Key": "x" * 255}
    )

    assert answer.status_code == 202
