"""``GET /api/executions/{id}/logs/``."""

from __future__ import annotations

from typing import Any

import pytest
from django.contrib.auth.models import User

from executions_app.models import Execution
from tests.api.execution_clients import client_of
from tests.streaming.log_rows import a_user, an_execution, append

pytestmark = pytest.mark.django_db


@pytest.fixture
def ada(db: None) -> User:
    return a_user()


@pytest.fixture
def execution(ada: User) -> Execution:
    execution = an_execution(ada)
    append(execution, "execution_started", trigger="api")
    append(execution, "log", message="a", level="debug", node_id="charge", attempt=1)
    append(execution, "log", message="b", level="info", node_id="ship", attempt=1)
    append(execution, "step_started", node_id="ship", attempt=1)
    append(execution, "log", message="c", level="error")
    return execution


def lines(user: User, execution: Execution, query: str = "") -> Any:
    answer = client_of(user).get(f"/api/executions/{execution.pk}/logs/{query}")
    assert answer.status_code == 200, answer.content
    return "".join(line["message"] for line in answer.json()["results"])


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("", "abc"),
        ("?level=debug", "abc"),
        ("?level=info", "bc"),
        ("?level=error", "c"),
        ("?level=critical", ""),
        ("?step=ship", "b"),
        ("?step=ship&level=error", ""),
        ("?after=2", "bc"),
        ("?after=2&limit=1", "b"),
    ],
)
def test_lines_are_found(ada: User, execution: Execution, query: str, found: str) -> None:
    assert lines(ada, execution, query) == found


@pytest.mark.parametrize("query", ["?level=loud", "?step=%00", "?type=log"])
def test_other_questions_are_refused(ada: User, execution: Execution, query: str) -> None:
    answer = client_of(ada).get(f"/api/executions/{execution.pk}/logs/{query}")

    assert answer.status_code == 400
