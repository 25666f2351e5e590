"""One run by itself: its attempts out of the log, its node as executed; and who came of whom."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from rest_framework.test import APIClient

from executions_app.models import Execution
from executions_app.operations.start_execution import start_execution
from executions_app.testing import Engine
from tests.api.asking import (
    asking,
    echo,
    fail,
    failing,
    in_this_process,
    settled,
    started,
)
from tests.published import published
from workflows_app.authoring import Retry, create_step, create_workflow

Json = dict[str, Any]


@pytest.fixture
def engine(db: None) -> Iterator[Engine]:
    with in_this_process() as engine:
        yield engine


def step(api: APIClient, run: Execution, key: str) -> Json:
    response = api.get(f"/api/executions/{run.pk}/steps/{key}/")
    assert response.status_code == 200, response.content
    found: Json = response.json()
    return found


def record(api: APIClient, run: Execution) -> Json:
    found: Json = api.get(f"/api/executions/{run.pk}/").json()
    return found


def attempts(api: APIClient, run: Execution, key: str) -> list[tuple[int, str, Any]]:
    found = step(api, run, key)["attempts"]
    return [(it["number"], it["status"], (it["error"] or {}).get("message")) for it in found]


def test_each_try_is_told_with_its_error(api: APIClient, engine: Engine, ada: Any) -> None:
    tries: list[int] = []

    def shaky(value: Any) -> Any:
        tries.append(1)
        if len(tries) < 3:
            raise ValueError(f"no luck {len(tries)}")
        return value

    shaky_step = create_step(id="shaky", execute=shaky)
    retry = Retry(attempts=3, delay=10)
    run = started(engine, create_workflow(id="shaking", retry=retry).then(shaky_step).commit(), ada)
    engine.advance(60)
    run = settled(engine, run)

    assert run.status == "completed"
    assert attempts(api, run, "shaky") == [
        (1, "failed", "no luck 1"),
        (2, "failed", "no luck 2"),
        (3, "completed", None),
    ]
    first, second, _ = step(api, run, "shaky")["attempts"]
    assert first["started_at"] <= first["ended_at"] <= first["retry_at"] == second["due_at"]


def test_a_try_that_is_awaited_is_told_too(api: APIClient, engine: Engine, ada: Any) -> None:
    retry = Retry(attempts=1, delay=1_000)
    run = started(engine, create_workflow(id="slow", retry=retry).then(fail).commit(), ada)

    assert attempts(api, run, "fail") == [
        (1, "failed", "the bank is closed"),
        (2, "retrying", None),
    ]


def test_what_a_command_had_done_again_counts_anew(
    api: APIClient, engine: Engine, ada: Any
) -> None:
    run = started(engine, failing(), ada, 1)
    api.post(f"/api/executions/{run.pk}/retry/", {}, format="json")
    run = settled(engine, run)

    found = step(api, run, "fail")["attempts"]

    assert [(it["number"], it["cause"], it["status"]) for it in found] == [
        (1, None, "failed"),
        (1, "retry", "failed"),
    ]
    assert len(step(api, run, "echo")["attempts"]) == 1


def test_a_step_that_was_answered_was_tried_once(api: APIClient, engine: Engine, ada: Any) -> None:
    run = started(engine, asking(), ada, 1)
    assert attempts(api, run, "ask") == [(1, "suspended", None)]
    api.post(f"/api/executions/{run.pk}/resume/", {"data": 2}, format="json")
    run = settled(engine, run)

    assert attempts(api, run, "ask") == [(1, "completed", None)]


def test_the_node_is_shown_as_it_was_executed_without_secrets(
    api: APIClient, engine: Engine, ada: Any
) -> None:
    inner = {
        "id": "say",
        "type": "tool",
        "tool": "log",
        "name": "Say it",
        "input": {
            "message": {"template": "{{ item }}"},
            "data": {"value": {"api_key": "sesame", "colour": "red"}},
        },
    }
    each = {
        "id": "each",
        "type": "foreach",
        "items": {"value": ["a", "b"]},
        "body": {"nodes": [inner], "edges": []},
    }
    workflow = published([each], owner=ada)
    run = settled(engine, start_execution(workflow, owner=ada))
    workflow.definition = {}
    workflow.save()

    said = step(api, run, "say[1]")

    assert said["config"]["name"] == "Say it"
    assert said["config"]["input"]["data"]["value"] == {
        "api_key": "[redacted]",
        "colour": "red",
    }
    assert said["input"]["message"] == "b"
    assert step(api, run, "each")["config"] == {key: each[key] for key in ("id", "type", "items")}


def test_large_values_are_cut_where_that_is_asked_for(
    api: APIClient, engine: Engine, ada: Any
) -> None:
    workflow = create_workflow(id="echoing").then(echo).commit()
    run = started(engine, workflow, ada, "x" * 70_000)

    address = f"/api/executions/{run.pk}/steps/echo/"
    cut = api.get(f"{address}?previews=1").json()

    assert (cut["output"]["truncated"], cut["output"]["href"]) == (True, address)
    assert len(cut["attempts"]) == 1
    assert len(step(api, run, "echo")["output"]) == 70_000


def test_reruns_are_named_in_the_record(
    api: APIClient, client_of: Any, engine: Engine, ada: Any, root: Any
) -> None:
    run = started(engine, create_workflow(id="echoing").then(echo).commit(), ada, 1)
    again = api.post(f"/api/executions/{run.pk}/rerun/", {}, format="json").json()
    foreign = client_of(root).post(f"/api/executions/{run.pk}/rerun/", {}, format="json").json()
    engine.run_until_idle()

    own = record(api, run)

    assert [it["id"] for it in own["reruns"]] == [again["execution_id"]]
    assert (own["reruns"][0]["status"], own["reruns"][0]["trigger"]) == ("completed", "rerun")
    everybodys = {it["id"] for it in record(client_of(root), run)["reruns"]}
    assert everybodys == {again["execution_id"], foreign["execution_id"]}


def test_a_failure_and_what_it_started_name_each_other(
    api: APIClient, engine: Engine, ada: Any
) -> None:
    helper = create_workflow(id="helping").then(echo).commit()
    workflow = create_workflow(id="unlucky", on_failure=helper).then(fail).commit()
    run = started(engine, workflow, ada, 1)
    engine.run_until_idle()

    failed = record(api, run)
    started_by_it = Execution.objects.get(trigger="failure")

    assert failed["on_failure"]["id"] == started_by_it.pk
    assert failed["on_failure"]["workflow"] == "helping"
    assert record(api, started_by_it)["failure_of"]["id"] == run.pk
    assert (failed["failure_of"], failed["reruns"]) == (None, [])


def test_a_dry_retry_says_what_would_run_again_and_does_nothing(
    api: APIClient, engine: Engine, ada: Any
) -> None:
    run = started(engine, failing(), ada, 1)
    before = record(api, run)

    answer = api.post(f"/api/executions/{run.pk}/retry/", {"dry_run": True}, format="json")

    plan = answer.json()
    assert answer.status_code == 200
    assert [it["step_id"] for it in plan["again"]] == ["fail"]
    assert [it["step_id"] for it in plan["kept"]] == ["echo"]
    assert (plan["again_count"], plan["kept_count"]) == (1, 1)
    assert record(api, settled(engine, run)) == before


def test_a_dry_retry_of_what_did_not_fail_is_refused(
    api: APIClient, engine: Engine, ada: Any
) -> None:
    run = started(engine, create_workflow(id="echoing").then(echo).commit(), ada, 1)

    answer = api.post(f"/api/executions/{run.pk}/retry/", {"dry_run": True}, format="json")

    assert (answer.status_code, answer.json()["code"]) == (409, "command.not_applicable")


def test_a_dry_retry_looks_into_what_is_nested(api: APIClient, engine: Engine, ada: Any) -> None:
    inner = failing("inner")
    run = started(engine, create_workflow(id="outer").then(echo).then(inner).commit(), ada, 1)

    plan = api.post(f"/api/executions/{run.pk}/retry/", {"dry_run": True}, format="json").json()

    assert [it["step_id"] for it in plan["again"]] == ["fail"]
    assert plan["again"][0]["execution_id"] != run.pk
    assert [it["step_id"] for it in plan["kept"]] == ["echo", "echo"]
