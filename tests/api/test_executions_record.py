"""``GET /api/executions/{id}/`` and its steps; ``DELETE``."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import pytest
from django.contrib.auth.models import User
from django.db import connection
from django.test.utils import CaptureQueriesContext

from executions_app import queries
from executions_app.models import Event, Execution, StepRun
from tests.api.execution_clients import a_started_execution, client_of
from tests.streaming.log_rows import a_user, an_execution

pytestmark = pytest.mark.django_db
LARGE = {"text": "ü" * 70_000}


@pytest.fixture
def ada(db: None) -> User:
    return a_user()


def a_step(execution: Execution, node_id: str = "charge", **fields: Any) -> StepRun:
    fields = {"position": 0, "name": "Charge", "kind": "tool", "status": "completed"} | fields
    return StepRun.objects.create(
        execution=execution, version=execution.version, node_id=node_id, **fields
    )


def record(user: User, execution: Execution, query: str = "") -> Any:
    answer = client_of(user).get(f"/api/executions/{execution.pk}/{query}")
    assert answer.status_code == 200, answer.content
    return answer.json()


def test_a_record_has_the_values_and_the_steps_in_their_order(ada: User) -> None:
    execution = an_execution(ada, events=3, input={"a": 1}, output=[None], error={"code": "x"})
    a_step(execution, "second", position=2, output=0)
    a_step(execution, "first", position=1, input={"b": [1]}, output=None)

    told = record(ada, execution)

    assert (told["input"], told["output"], told["error"]) == ({"a": 1}, [None], {"code": "x"})
    assert (told["last_seq"], told["owner"]) == (3, ada.username)
    assert [step["step_id"] for step in told["steps"]] == ["first", "second"]
    assert [step["output"] for step in told["steps"]] == [None, 0]
    assert told["steps"][0]["input"] == {"b": [1]}


def test_large_values_are_previews_whose_links_lead_to_the_whole(ada: User) -> None:
    execution = an_execution(ada, input=LARGE, output={"small": True})
    a_step(execution, output=LARGE, input={"small": True})

    told = record(ada, execution)
    [step] = told["steps"]

    assert told["input"].keys() == {"preview", "bytes", "truncated", "href"}
    assert told["input"]["bytes"] > 65_536
    assert len(told["input"]["preview"]) == 1_000
    assert told["output"] == {"small": True}
    assert step["input"] == {"small": True}
    client = client_of(ada)
    assert client.get(told["input"]["href"]).json()["input"] == LARGE
    assert client.get(step["output"]["href"]).json()["output"] == LARGE


def test_large_values_stay_in_the_database(ada: User) -> None:
    execution = an_execution(ada)
    for number in range(3):
        a_step(execution, f"step-{number}", position=number, output=LARGE)

    found = queries.snapshot(ada, execution.pk)

    loaded = [value for step in found.steps for value in vars(step).values()]
    assert all(len(value) <= 1_000 for value in loaded if isinstance(value, str | dict))


def test_what_is_too_much_for_one_answer_is_refused(
    ada: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(queries, "MAX_WHOLE_BYTES", 1_000)
    execution = an_execution(ada, input={"n": "x" * 500})
    a_step(execution, output="x" * 600)

    answer = client_of(ada).get(f"/api/executions/{execution.pk}/?full=1")

    assert (answer.status_code, answer.json()["code"]) == (400, "response.too_large")
    assert client_of(ada).get(f"/api/executions/{execution.pk}/").status_code == 200


def test_what_a_worker_has_begun_is_shown_as_running(ada: User) -> None:
    execution = an_execution(ada)
    now = datetime.now(UTC)
    a_step(execution, "claimed", position=1, status="scheduled", claimed_at=now)
    a_step(execution, "again", position=2, status="retrying", claimed_at=now)
    a_step(execution, "waiting", position=3, status="scheduled")

    assert [step["status"] for step in record(ada, execution)["steps"]] == [
        "running",
        "running",
        "scheduled",
    ]


def test_a_record_costs_the_same_however_many_steps_it_has(ada: User) -> None:
    execution = an_execution(ada)
    client = client_of(ada)
    counts = []
    for first in (0, 10):
        for number in range(first, first + 10):
            a_step(execution, f"step-{number}", position=number)
        with CaptureQueriesContext(connection) as captured:
            client.get(f"/api/executions/{execution.pk}/")
        counts.append(len(captured))

    assert counts[0] == counts[1] <= 9


def test_the_execution_is_read_before_its_steps(ada: User) -> None:
    execution = an_execution(ada)

    with CaptureQueriesContext(connection) as captured:
        queries.snapshot(ada, execution.pk)

    assert 'FROM "executions_app_execution"' in captured[0]["sql"]
    assert 'FROM "executions_app_steprun"' in captured[1]["sql"]


def test_nothing_of_the_lease_is_told(ada: User) -> None:
    execution = an_execution(ada)
    a_step(execution, claimed_by="host-7:1234", claimed_at=datetime.now(UTC), epoch=3)

    assert "host-7" not in str(record(ada, execution))


def test_a_step_that_was_not_reached_is_not_found(ada: User) -> None:
    execution = an_execution(ada)

    answer = client_of(ada).get(f"/api/executions/{execution.pk}/steps/later/")

    assert (answer.status_code, answer.json()["code"]) == (404, "step.not_found")


def test_a_finished_execution_can_be_deleted(ada: User) -> None:
    execution = an_execution(ada, events=3, status="completed")
    Execution.objects.filter(pk=execution.pk).update(status="completed")
    a_step(execution)
    again = an_execution(ada, rerun_of=execution)

    answer = client_of(ada).delete(f"/api/executions/{execution.pk}/")

    assert (answer.status_code, answer.content) == (204, b"")
    assert not Event.objects.exists()
    assert not StepRun.objects.exists()
    assert Execution.objects.get().pk == again.pk


def test_one_that_runs_cannot_be_deleted(ada: User) -> None:
    execution = a_started_execution(ada)

    answer = client_of(ada).delete(f"/api/executions/{execution.pk}/")

    assert (answer.status_code, answer.json()["code"]) == (409, "command.not_applicable")
    assert answer.json()["details"] == {"status": "running"}
    assert Execution.objects.filter(pk=execution.pk).exists()
