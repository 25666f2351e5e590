"""Testing one step by itself."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest
from rest_framework.test import APIClient

from executions_app.api.latest_executions import latest_executions
from executions_app.models import Execution, StepRun
from executions_app.operations.start_execution import start_execution
from executions_app.testing import Engine
from tests.api.asking import fail, in_this_process, settled
from tests.published import published
from workflows_app.authoring import create_workflow
from workflows_app.models import Workflow, WorkflowVersion

Json = dict[str, Any]


def transform(node_id: str, data: Json, expression: str = "input", **extra: Any) -> Json:
    given = {"data": data, "expression": {"value": expression}}
    return {"id": node_id, "type": "tool", "tool": "transform", "input": given} | extra


LIST = {
    "id": "each",
    "type": "foreach",
    "items": {"from": "steps.first.list"},
    "body": {
        "nodes": [transform("one", {"expression": "item * steps.second"}, retry={"attempts": 3})],
        "edges": [],
    },
}
NODES: list[Json] = [
    transform("first", {"from": "inputs"}),
    transform("second", {"from": "steps.first.factor"}, "input + 0"),
    LIST,
    {
        "id": "big",
        "type": "branch",
        "cases": [{"id": "yes", "when": "size(input) > 1", "body": {"nodes": []}}],
    },
]
EDGES = [["first", "second"], ["second", "each"], ["each", "big"]]


@pytest.fixture
def engine(db: None) -> Iterator[Engine]:
    with in_this_process() as engine:
        yield engine


@pytest.fixture
def workflow(ada: Any, engine: Engine) -> Workflow:
    return published(NODES, EDGES, owner=ada, name="Products")


@pytest.fixture
def past(engine: Engine, workflow: Workflow, ada: Any) -> Execution:
    run = start_execution(workflow, input_data={"factor": 10, "list": [1, 2]}, owner=ada)
    run = settled(engine, run)
    assert run.status == "completed", run.error
    return run


def url(workflow: Workflow) -> str:
    return f"/api/workflows/{workflow.pk}/test-step/"


def tried(api: APIClient, engine: Engine, workflow: Workflow, **body: Any) -> Execution:
    response = api.post(url(workflow), body, format="json")
    assert response.status_code == 202, response.content
    return settled(engine, Execution.objects.get(pk=response.json()["execution_id"]))


def refused(api: APIClient, workflow: Workflow, **body: Any) -> Json:
    before = Execution.objects.count()
    response = api.post(url(workflow), body, format="json")
    assert response.status_code in (400, 409), response.content
    assert Execution.objects.count() == before
    found: Json = response.json()
    return found


def test_a_step_runs_with_the_input_it_is_given_and_nothing_else_does(
    api: APIClient, engine: Engine, workflow: Workflow
) -> None:
    run = tried(
        api, engine, workflow, node_id="second", input={"data": 4, "expression": "input * 2"}
    )

    assert (run.status, run.output, run.trigger) == ("completed", 8, "test")
    visible = StepRun.objects.filter(execution=run, internal=False)
    assert [(it.node_id, it.input["data"]) for it in visible] == [("second", 4)]


def test_the_data_may_be_that_of_a_past_execution(
    api: APIClient, engine: Engine, workflow: Workflow, past: Execution
) -> None:
    run = tried(api, engine, workflow, node_id="second", execution_id=past.pk)

    assert (run.output, run.input) == (10, {"factor": 10, "list": [1, 2]})


def test_a_container_runs_with_its_body_and_the_steps_that_reads(
    api: APIClient, engine: Engine, workflow: Workflow, past: Execution
) -> None:
    sample = {"steps": {"first": {"list": [5]}}}

    as_it_was = tried(api, engine, workflow, node_id="each", execution_id=past.pk)
    other = tried(api, engine, workflow, node_id="each", execution_id=past.pk, sample=sample)

    assert (as_it_was.output, other.output) == ([10, 20], [50])


def test_a_step_inside_a_list_takes_the_item_of_its_key(
    api: APIClient, engine: Engine, workflow: Workflow, past: Execution
) -> None:
    first = tried(api, engine, workflow, node_id="one", execution_id=past.pk)
    second = tried(api, engine, workflow, node_id="one", execution_id=past.pk, key="one[1]")

    assert (first.output, second.output) == (10, 20)


def test_a_mapping_inside_a_list_looks_at_the_item_of_its_key(
    api: APIClient, engine: Engine, ada: Any
) -> None:
    fields = {"n": {"expression": "item.n * 2"}, "at": {"from": "index"}, "k": {"value": 1}}
    inner = {"id": "inner", "type": "map", "fields": fields}
    each = {
        "id": "each",
        "type": "foreach",
        "items": {"value": [{"n": 5}, {"n": 6}]},
        "body": {"nodes": [inner], "edges": []},
    }
    workflow = published([each], owner=ada)
    run = settled(engine, start_execution(workflow, owner=ada))

    tested = tried(api, engine, workflow, node_id="inner", execution_id=run.pk, key="inner[1]")
    refusal = refused(api, workflow, node_id="inner", input={})

    assert tested.output == {"n": 12, "at": 1, "k": 1}
    assert refusal["code"] == "workflow.not_executable"


def test_what_is_being_written_is_tested_without_being_saved(
    api: APIClient, engine: Engine, workflow: Workflow, past: Execution
) -> None:
    changed = transform("second", {"from": "steps.first.factor"}, "input + 7")
    broken = {"id": "big", "type": "tool", "tool": "nothing"}
    definition = workflow.definition | {"nodes": [NODES[0], changed, LIST, broken]}

    run = tried(
        api, engine, workflow, node_id="second", definition=definition, execution_id=past.pk
    )

    assert run.output == 17
    workflow.refresh_from_db()
    assert workflow.definition["nodes"] == NODES


def test_a_failure_is_the_executions_and_there_is_one_try(
    api: APIClient, engine: Engine, workflow: Workflow
) -> None:
    run = tried(api, engine, workflow, node_id="one", input={"data": 1, "expression": "input / 0"})

    assert run.status == "failed"
    assert StepRun.objects.get(execution=run, node_id="one").attempt == 1


def test_a_python_step_of_a_workflow_from_code_is_tested_too(
    api: APIClient, engine: Engine, ada: Any
) -> None:
    from workflows_app.operations.sync_registry import ensure_published

    version = ensure_published(create_workflow(id="zz-failing").then(fail).commit())

    run = tried(api, engine, version.workflow, node_id="fail", input={"any": 1})

    assert run.status == "failed"
    assert run.error["message"] == "the bank is closed"


def test_a_test_leaves_versions_and_the_last_execution_alone(
    api: APIClient, engine: Engine, workflow: Workflow, past: Execution, ada: Any
) -> None:
    given = {"data": 4, "expression": "input"}
    for _ in range(2):
        run = tried(api, engine, workflow, node_id="second", input=given)
    workflow.refresh_from_db()

    assert run.version.number == 0
    assert WorkflowVersion.objects.filter(workflow=workflow, number=0).count() == 1
    versions = api.get(f"/api/workflows/{workflow.pk}/versions/").json()["results"]
    assert [one["number"] for one in versions] == [1]
    assert api.get(f"/api/workflows/{workflow.pk}/versions/0/").status_code == 404
    assert workflow.published.number == 1
    assert latest_executions(ada, [workflow.pk])[workflow.pk].id == past.pk
    day = timedelta(days=1)
    around = {"created_after": past.created_at - day, "created_before": past.created_at + day}
    stats = api.get(
        "/api/executions/stats/", {name: when.isoformat() for name, when in around.items()}
    )
    assert stats.json()["total"] == 1
    listed = api.get("/api/executions/?trigger=test").json()["results"]
    assert [(one["trigger"], one["version"]) for one in listed] == [("test", 0)] * 2


def test_a_test_is_retried_with_its_data_but_not_rerun(
    api: APIClient, engine: Engine, workflow: Workflow
) -> None:
    run = tried(
        api, engine, workflow, node_id="second", input={"data": 1, "expression": "input / 0"}
    )

    again = api.post(f"/api/executions/{run.pk}/retry/", {}, format="json")
    settled(engine, run)
    rerun = api.post(f"/api/executions/{run.pk}/rerun/", {}, format="json")

    assert again.status_code == 202
    assert StepRun.objects.get(execution=run, node_id="second").input["data"] == 1
    assert (rerun.status_code, rerun.json()["code"]) == (409, "command.not_applicable")


def test_what_is_missing_is_named_and_nothing_starts(
    api: APIClient, workflow: Workflow, past: Execution
) -> None:
    alone = refused(api, workflow, node_id="second")
    body = refused(api, workflow, node_id="each", input=[1])

    assert (alone["code"], alone["details"]["missing"]) == ("step.data_missing", ["steps.first"])
    assert body["details"]["missing"] == ["steps.first", "steps.second"]


def test_only_what_completed_is_taken_from_a_past_execution(
    api: APIClient, engine: Engine, ada: Any
) -> None:
    workflow = published(
        [transform("a", {"value": 1}, "input / 0"), transform("b", {"from": "steps.a"})],
        [["a", "b"]],
        owner=ada,
    )
    run = settled(engine, start_execution(workflow, owner=ada))

    found = refused(api, workflow, node_id="b", execution_id=run.pk)

    assert (run.status, found["details"]["missing"]) == ("failed", ["steps.a"])


def test_a_node_with_errors_is_refused_with_them_in_their_place(
    api: APIClient, workflow: Workflow
) -> None:
    wrong = transform("second", {"value": 1}, tool="transfrom", colour="red")
    definition = workflow.definition | {"nodes": [NODES[0], wrong]}

    found = refused(api, workflow, node_id="second", definition=definition, input={})

    assert found["code"] == "workflow.not_executable"
    paths = {one["path"] for one in found["details"]["diagnostics"]}
    assert "/nodes/1/colour" in paths


@pytest.mark.parametrize(
    "body", [{}, {"node_id": "nobody"}, {"node_id": "second", "sample": {"x": 1}}]
)
def test_a_body_that_names_no_step_is_refused(
    api: APIClient, workflow: Workflow, body: Json
) -> None:
    assert refused(api, workflow, **body)["code"] in ("request.invalid", "place.unknown")


def test_others_test_nothing_here(
    client_of: Any, bob: Any, workflow: Workflow, past: Execution
) -> None:
    own = published([transform("second", {"value": 1})], owner=bob)

    assert client_of(None).post(url(workflow), {}, format="json").status_code == 401
    stranger = client_of(bob)
    body = {"node_id": "second", "input": {"data": 1, "expression": "input"}}
    assert stranger.post(url(workflow), body, format="json").status_code == 404
    body |= {"execution_id": past.pk}
    assert stranger.post(url(own), body, format="json").status_code == 404
