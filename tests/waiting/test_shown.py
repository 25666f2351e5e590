"""Where people and programs read why an execution waits: the API, the admin, the command line."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from typing import Any

import pytest
from django.contrib.auth.models import User
from django.test import Client
from drf_spectacular.generators import SchemaGenerator
from rest_framework.test import APIClient

from executions_app.models import Approval, Execution
from executions_app.testing import Engine
from executions_app.waiting_reasons import Code
from tests.api.asking import approving, in_this_process, started, waiting
from tests.cli.commands import manage

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def engine(db: None) -> Iterator[Engine]:
    with in_this_process() as engine:
        yield engine


@pytest.fixture
def ada(db: None) -> User:
    return User.objects.create_superuser("ada")


@pytest.fixture
def api(ada: User) -> APIClient:
    client = APIClient()
    client.force_authenticate(ada)
    return client


def test_the_record_says_why(api: APIClient, engine: Engine) -> None:
    execution = started(engine, waiting(), None)

    [reason] = api.get(f"/api/executions/{execution.pk}/").json()["waiting_for"]

    assert reason.pop("message").startswith("it waits for the event ")
    assert isinstance(datetime.fromisoformat(reason.pop("since")), datetime)
    assert reason == {
        "code": "event",
        "execution_id": execution.pk,
        "step_id": reason["step_id"],
        "key": reason["step_id"],
        "path": [reason["step_id"]],
        "until": None,
        "details": {"event": reason["details"]["event"]},
    }


def test_the_record_of_one_that_ended_gives_no_reason(api: APIClient, engine: Engine) -> None:
    execution = started(engine, waiting(), None)
    api.post(f"/api/executions/{execution.pk}/cancel/", {}, format="json")

    assert api.get(f"/api/executions/{execution.pk}/").json()["waiting_for"] == []


def test_the_schema_names_every_code() -> None:
    schemas = SchemaGenerator().get_schema(request=None, public=True)["components"]["schemas"]

    record = schemas["ExecutionRecord"]["properties"]["waiting_for"]
    assert record["items"] == {"$ref": "#/components/schemas/ReasonShape"}
    assert all(
        f"'{code.value}'" in str(schemas["ReasonShape"]["properties"]["code"]) for code in Code
    )


def test_the_page_says_why(engine: Engine, ada: User, client: Client) -> None:
    execution = started(engine, approving(assignees=["group:b"]), None)
    Approval.objects.update(assignees=["<b>bob</b>"])
    client.force_login(ada)

    page = client.get(f"/admin/executions_app/execution/{execution.pk}/change/").content.decode()

    assert "What it waits for" in page
    assert "it asks &lt;b&gt;bob&lt;/b&gt; for an answer" in page


def test_the_page_of_one_that_ended_has_no_such_block(
    engine: Engine, ada: User, client: Client
) -> None:
    execution = started(engine, waiting(), None)
    manage("executions", "cancel", execution.pk)
    client.force_login(ada)

    page = client.get(f"/admin/executions_app/execution/{execution.pk}/change/").content.decode()

    assert "What it waits for" not in page


def test_the_command_line_says_why(engine: Engine) -> None:
    execution = started(engine, waiting(), None)

    answer = manage("executions", "why", execution.pk)

    status, reason = answer.out.splitlines()
    assert (answer.status, status) == (0, "waiting")
    assert ": it waits for the event " in reason
    assert reason.endswith("(event)")


def test_the_command_line_says_why_to_programs(engine: Engine) -> None:
    execution = started(engine, waiting(), None)

    [reason] = manage("executions", "why", execution.pk, "--json").json["waiting_for"]

    assert (reason["code"], reason["execution_id"]) == ("event", execution.pk)


def test_showing_an_execution_says_why(engine: Engine) -> None:
    execution: Execution = started(engine, waiting(), None)

    shown: Any = manage("executions", "show", execution.pk)

    assert "(event)" in shown.out
