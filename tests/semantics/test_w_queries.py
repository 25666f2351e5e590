"""Section W: asking what there is.  Over HTTP, which is where executions are listed and deleted."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest
from django.contrib.auth import get_user_model
from rest_framework.test import APIClient

from tests.semantics.scenario import scenario
from tests.semantics.stage import Stage
from tests.semantics.workflows import w_queries as workflows
from workflows_app.authoring import WorkflowError

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.timeout(40)]


@pytest.fixture
def api(stage: Stage) -> Iterator[APIClient]:
    """The client of somebody who sees every execution."""
    user = get_user_model().objects.create_superuser("root", password="not asked for")
    client = APIClient()
    client.force_authenticate(user)
    yield client
    user.delete()


@scenario(389, "runs are listed, the newest first, by status, resource and time, in pages")
def test_runs_are_listed(stage: Stage, api: APIClient) -> None:
    def ids(**filters: Any) -> list[str]:
        answer = api.get("/api/executions/", {"workflow": "w-asks", **filters})
        assert answer.status_code == 200, answer.json()
        return [row["id"] for row in answer.json()["results"]]

    none = ids()
    results = []
    for number, value in enumerate([{"n": 1}, {"fail": True}, {"n": 3}]):
        results.append(stage.run(workflows.asks, value, resource_id=f"user-{number % 2}"))
        if stage.engine is not None:
            stage.engine.advance(timedelta(seconds=1))
    first, failed, last = [result.execution_id for result in results]
    page = api.get("/api/executions/", {"workflow": "w-asks", "page_size": 2}).json()
    rest = api.get(page["next"]).json()
    made = api.get(f"/api/executions/{failed}/").json()["created_at"]

    assert none == []
    assert ids() == [last, failed, first]
    assert ids(status="suspended") == [last, first]
    assert ids(status="failed") == [failed]
    assert ids(created_after=made) == [last]
    assert ids(created_before=made) == [first]
    assert [row["id"] for row in page["results"] + rest["results"]] == [last, failed, first]
    assert rest["next"] is None
    assert ids(resource_id="user-0") == [last, first]
    assert ids(resource_id="user-1") == [failed]
    assert ids(resource_id="nobody") == []


@scenario(390, "a run is shown by its id, or only a part of it; an unknown id is told as such")
def test_a_run_is_shown(stage: Stage, api: APIClient) -> None:
    result = stage.run(workflows.asks, {"n": 1}, resource_id="user-1")
    here = f"/api/executions/{result.execution_id}/"

    record = api.get(here).json()
    step = api.get(f"{here}steps/A/").json()
    unknown = api.get("/api/executions/nowhere/")

    # Which values are answered is not chosen: small ones are there, large ones on demand.
    assert (record["id"], record["status"], record["resource_id"]) == (
        result.execution_id,
        "suspended",
        "user-1",
    )
    assert record["created_at"]
    assert [item["step_id"] for item in record["steps"]] == ["A", "B"]
    assert (step["status"], step["output"]) == ("completed", {"n": 1})
    assert (unknown.status_code, unknown.json()["code"]) == (404, "execution.not_found")


@scenario(391, "a run that is deleted is gone: not shown, not listed, not resumed")
def test_a_run_is_deleted(stage: Stage, api: APIClient) -> None:
    run = stage.begin(workflows.asks, {"n": 1})
    stage.end_of(run)
    run.cancel()
    here = f"/api/executions/{run.id}/"

    answer = api.delete(here)
    with pytest.raises(WorkflowError) as error:
        run.resume(resume_data=1)

    assert answer.status_code == 204
    assert api.get(here).status_code == 404
    assert api.get("/api/executions/").json()["results"] == []
    assert error.value.code == "execution.not_found"


@scenario(392, "what is stored: input, payloads, outputs, paths, result or error, state, context")
def test_everything_is_stored(stage: Stage, api: APIClient) -> None:
    run = stage.begin(workflows.asks, {"n": 1}, runtime_context={"tenant": "T1"})
    stage.end_of(run)
    here = f"/api/executions/{run.id}/"

    asked = api.get(here).json()
    run.resume(resume_data={"n": 2})
    done = api.get(here).json()
    failed = stage.run(workflows.asks, {"fail": True})
    broken = api.get(f"/api/executions/{failed.execution_id}/").json()
    version = api.get(f"/api/workflows/w-asks/versions/{done['version']}/").json()

    assert (asked["input"], asked["runtime_context"]) == ({"n": 1}, {"tenant": "T1"})
    assert asked["state"] == done["state"] == {"asked": True}
    assert [item["path"] for item in asked["suspended"]] == [["B"]]
    assert [(item["path"], item["input"], item["output"]) for item in done["steps"]] == [
        (["A"], {"n": 1}, {"n": 1}),
        (["B"], {"n": 1}, {"n": 2}),
        (["C"], {"n": 2}, {"n": 2}),
    ]
    assert (done["output"], done["error"]) == ({"n": 2}, None)
    assert broken["error"]["message"] == "told to fail"
    assert [node["id"] for node in version["definition"]["nodes"]] == ["A", "B", "C"]
    assert version["definition"]["edges"] == [["A", "B"], ["B", "C"]]
