"""``POST /api/executions/{id}/cancel/``."""

from __future__ import annotations

from typing import Any

import pytest

from executions_app.models import Execution
from tests.api.execution_clients import a_started_execution, client_of
from tests.streaming.log_rows import a_user, an_execution

pytestmark = pytest.mark.django_db


def test_what_waits_is_cancelled_with_its_reason() -> None:
    ada = a_user()
    execution = a_started_execution(ada)

    answer = client_of(ada).post(
        f"/api/executions/{execution.pk}/cancel/", {"reason": "ordered twice"}, format="json"
    )

    assert (answer.status_code, answer.json()["status"]) == (202, "cancelled")
    row = Execution.objects.get()
    assert (row.stop_reason, row.stopped_by) == ("ordered twice", ada.username)


def test_cancelling_again_changes_nothing() -> None:
    ada = a_user()
    execution = a_started_execution(ada)
    path = f"/api/executions/{execution.pk}/cancel/"

    first, second = (client_of(ada).post(path) for _ in "12")

    assert first.json() == second.json()


@pytest.mark.parametrize("status", ["completed", "failed"])
def test_what_is_over_cannot_be_cancelled(status: str) -> None:
    ada = a_user()
    execution = a_started_execution(ada)
    Execution.objects.filter(pk=execution.pk).update(status=status)

    answer = client_of(ada).post(f"/api/executions/{execution.pk}/cancel/")

    assert (answer.status_code, answer.json()["code"]) == (409, "command.not_applicable")
    assert answer.json()["details"] == {"status": status}


@pytest.mark.parametrize(
    "body", ["{", "null", "[]", '{"reason": 7.5, "by": "eve"}', '{"reason": {"a": 1}}']
)
def test_a_bad_body_cancels_nothing(body: Any) -> None:
    ada = a_user()
    execution = a_started_execution(ada)

    answer = client_of(ada).post(
        f"/api/executions/{execution.pk}/cancel/", body, content_type="application/json"
    )

    assert answer.status_code == 400
    assert Execution.objects.get().stopping == ""


def test_an_execution_by_hand_is_cancelled_by_nobody_else() -> None:
    execution = an_execution(a_user())

    answer = client_of(a_user(is_staff=True)).post(f"/api/executions/{execution.pk}/cancel/")

    assert answer.status_code == 404
