"""``POST /api/executions/{id}/rerun/``."""

from __future__ import annotations

from typing import Any

import pytest
from django.contrib.auth.models import User

from executions_app.models import Execution
from tests.api.execution_clients import GREETING, a_started_execution, client_of
from tests.streaming.log_rows import a_user
from workflows_app.interface import compile_document
from workflows_app.operations.publish_version import publish_version

pytestmark = pytest.mark.django_db


@pytest.fixture
def ada(db: None) -> User:
    return a_user()


@pytest.fixture
def earlier(ada: User) -> Execution:
    return a_started_execution(ada)


def rerun(user: User, execution: Execution, body: Any = None) -> Any:
    return client_of(user).post(f"/api/executions/{execution.pk}/rerun/", body, format="json")


def publish_another(execution: Execution) -> None:
    definition = GREETING | {"nodes": [GREETING["nodes"][0] | {"timeout": 7}]}
    compiled = compile_document(definition)
    publish_version(execution.workflow, compiled=compiled, definition=definition)


def test_it_runs_again_with_the_same_input(ada: User, earlier: Execution) -> None:
    answer = rerun(ada, earlier)

    started = answer.json()
    assert answer.status_code == 202
    assert started["rerun_of"] == earlier.pk
    row = Execution.objects.get(pk=started["execution_id"])
    assert (row.input, row.trigger, row.rerun_of) == (earlier.input, "rerun", earlier)


def test_the_input_can_be_another(ada: User, earlier: Execution) -> None:
    started = rerun(ada, earlier, {"input": {"who": "eve"}}).json()

    assert Execution.objects.get(pk=started["execution_id"]).input == {"who": "eve"}


def test_null_is_an_input_of_its_own(ada: User, earlier: Execution) -> None:
    answer = rerun(ada, earlier, {"input": None})

    assert (answer.status_code, answer.json()["code"]) == (400, "input.invalid")


def test_the_version_is_the_one_that_ran_unless_the_latest_is_asked_for(
    ada: User, earlier: Execution
) -> None:
    publish_another(earlier)

    assert rerun(ada, earlier).json()["version"] == 1
    assert rerun(ada, earlier, {"version": "latest"}).json()["version"] == 2


@pytest.mark.parametrize("body", [{"version": 2}, {"version": "newest"}, {"from_step": []}, []])
def test_another_body_is_refused(ada: User, earlier: Execution, body: Any) -> None:
    answer = rerun(ada, earlier, body)

    assert (answer.status_code, answer.json()["code"]) == (400, "request.invalid")
    assert Execution.objects.count() == 1
