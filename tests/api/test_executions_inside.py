"""What is inside an execution: rounds, items, nested executions, and what they wait for."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from rest_framework.test import APIClient

from executions_app import queries
from executions_app.api import examples
from executions_app.api.record_shape import ExecutionRecord
from executions_app.api.shapes import ExecutionSummary, Started
from executions_app.api.step_shape import StepShape
from executions_app.models import Execution
from executions_app.testing import Engine
from tests.api import asking
from tests.api.asking import in_this_process, started
from workflows_app.authoring import StepContext, create_step, create_workflow

pytestmark = pytest.mark.django_db


@pytest.fixture
def engine(db: None) -> Iterator[Engine]:
    with in_this_process() as running:
        yield running


def one(api: APIClient, execution: Execution, end: str = "") -> Any:
    answer = api.get(f"/api/executions/{execution.pk}/{end}")
    assert answer.status_code == 200, answer.content
    return answer.json()


def keys(found: Any) -> list[str]:
    return [run["key"] for run in found]


@pytest.fixture
def each(engine: Engine, ada: Any) -> Execution:
    doubling = create_step(id="double", execute=lambda value: value * 2)
    workflow = create_workflow(id="inside-each").foreach(doubling, concurrency=3).commit()
    return started(engine, workflow, ada, list(range(7)))


def test_a_record_has_one_line_for_a_foreach_and_all_of_its_items_when_asked(
    api: APIClient, each: Execution
) -> None:
    [line] = one(api, each)["steps"]
    everything = one(api, each, "?runs=all")["steps"]

    assert (line["key"], line["completed_count"], line["total_count"]) == ("double", 7, 7)
    assert [run["index"] for run in everything] == [None, *range(7)]
    assert everything[3]["path"] == ["double", 2]
    assert {run["step_id"] for run in everything} == {"double"}
    assert one(api, each)["more_steps"] is False


def test_who_watches_is_shown_the_items_that_matter_and_how_many_there_are(
    api: APIClient, engine: Engine, ada: Any
) -> None:
    def half(value: int, ctx: StepContext) -> Any:
        if value == 2:
            raise ValueError("not two")
        return ctx.suspend({"value": value}) if value == 4 else value / 2

    step = create_step(id="half", execute=half, on_error="continue")
    workflow = create_workflow(id="inside-live").foreach(step, concurrency=2).commit()
    execution = started(engine, workflow, ada, [1, 2, 3, 4, 6])

    record = one(api, execution, "?runs=live")

    assert keys(record["steps"]) == ["half", "half:body[1]", "half:body[3]"]
    counts = {"completed": 3, "failed": 1, "suspended": 1}
    assert record["tallies"] == [{"node_id": "half:body", "step_id": "half", "counts": counts}]
    assert one(api, execution)["tallies"] is None


def test_all_runs_are_read_page_by_page(api: APIClient, each: Execution) -> None:
    seen, url = [], f"/api/executions/{each.pk}/steps/?page_size=3"
    while url:
        page = api.get(url).json()
        seen += keys(page["results"])
        url = page["next"]

    assert len(seen) == len(set(seen)) == 8
    assert one(api, each)["links"]["steps"] == f"/api/executions/{each.pk}/steps/"


def test_runs_are_found_by_key_step_and_status(api: APIClient, each: Execution) -> None:
    item = one(api, each, "?runs=all")["steps"][5]["key"]

    assert keys(one(api, each, f"steps/?key={item}")["results"]) == [item]
    assert len(one(api, each, "steps/?status=completed")["results"]) == 8
    assert one(api, each, "steps/?status=running")["results"] == []
    assert len(one(api, each, f"steps/?key={item.partition('[')[0]}")["results"]) == 7
    assert one(api, each, f"steps/{item}/")["output"] == 8
    for query in ("status=pending", "status=done", "kind=map", "key=%00"):
        assert api.get(f"/api/executions/{each.pk}/steps/?{query}").status_code == 400


def test_a_record_stays_small_however_many_runs_there_are(
    api: APIClient, each: Execution, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(queries, "MAX_RUNS", 5)

    record = one(api, each, "?runs=all")

    assert (len(record["steps"]), record["more_steps"]) == (5, True)
    assert one(api, each, "?runs=all&full=1")["steps"] == record["steps"]


def test_rounds_of_a_loop_are_numbered_from_one(api: APIClient, ada: Any, engine: Engine) -> None:
    count = create_step(id="count", execute=lambda value: {"n": value["n"] + 1})
    workflow = create_workflow(id="inside-loop").dountil(count, "input.n >= 3").commit()
    execution = started(engine, workflow, ada, {"n": 0})

    runs = [run for run in one(api, execution)["steps"] if run["step_id"] == "count"]

    assert [(run["key"], run["iteration"], run["index"]) for run in runs] == [
        ("count[0]", 1, None),
        ("count[1]", 2, None),
        ("count[2]", 3, None),
    ]
    assert runs[1]["path"] == ["loop_1", 1, "count"]
    assert one(api, execution, "steps/count%5B2%5D/")["output"] == {"n": 3}


def test_executions_inside_are_in_the_order_of_their_items(
    api: APIClient, ada: Any, engine: Engine
) -> None:
    resting = create_workflow(id="inside-resting").sleep(60).commit()
    workflow = create_workflow(id="inside-order").foreach(resting, concurrency=12).commit()

    children = one(api, started(engine, workflow, ada, list(range(12))))["children"]

    assert [child["key"] for child in children] == [
        f"inside-resting:body[{index}]" for index in range(12)
    ]


def test_what_waits_says_for_what_and_until_when(api: APIClient, ada: Any, engine: Engine) -> None:
    workflow = (
        create_workflow(id="inside-waits")
        .parallel(
            [
                create_workflow(id="inside-rest").sleep(60).commit(),
                create_workflow(id="inside-event")
                .wait_for_event("go", asking.echo, timeout=30)
                .commit(),
                asking.ask,
            ]
        )
        .commit()
    )
    execution = started(engine, workflow, ada, 1)
    record = one(api, execution)
    runs = {run["step_id"]: run for run in record["steps"]}
    inner = {
        child["key"]: one(api, Execution(pk=child["id"]))["steps"] for child in record["children"]
    }

    assert record["status"] == "waiting"
    assert runs["ask"]["suspend_payload"] == {"ask": 1}
    assert runs["ask"]["labels"] == ["boss"]
    assert {runs[child["key"]]["nested"] for child in record["children"]} == {
        child["id"] for child in record["children"]
    }
    assert [(run["status"], run["until"]) for run in inner["inside-rest"]] == [
        ("waiting", "2030-01-01T00:01:00Z")
    ]
    assert [(run["event"], run["until"]) for run in inner["inside-event"]] == [
        ("go", "2030-01-01T00:00:30Z")
    ]


def test_nested_executions_are_found_from_their_parent_only(
    api: APIClient, ada: Any, engine: Engine
) -> None:
    inner = asking.approving("inside-asked", assignees=["ada"])
    outer = create_workflow(id="inside-outer").then(inner).commit()
    execution = started(engine, outer, ada)

    record = one(api, execution)
    [child] = record["children"]
    listed, below, by_trigger = (
        [row["id"] for row in api.get(f"/api/executions/{query}").json()["results"]]
        for query in ("", f"?parent={execution.pk}", "?trigger=nested")
    )
    nested = one(api, Execution(pk=child["id"]))

    assert (listed, below, by_trigger) == ([execution.pk], [child["id"]], [child["id"]])
    assert child == {
        "id": child["id"],
        "key": "inside-asked",
        "workflow": "inside-asked",
        "status": "suspended",
    }
    assert (nested["parent"], nested["root"]) == (execution.pk, execution.pk)
    assert (nested["path"], nested["last_seq"]) == (["inside-asked"], record["last_seq"])
    assert nested["steps"][0]["path"] == ["inside-asked", "ok"]
    [asked] = record["suspended"]
    assert (asked["path"], asked["execution_id"]) == (["inside-asked", "ok"], child["id"])
    assert (asked["form"], asked["kind"]) == (asking.FORM, "approval")
    assert api.get(f"/api/tasks/{asked['task']}/").json()["key"] == "ok"


def test_the_log_of_a_nested_execution_is_its_part_of_the_roots(
    api: APIClient, ada: Any, engine: Engine
) -> None:
    outer = create_workflow(id="inside-log").then(asking.asking("inside-log-inner")).commit()
    execution = started(engine, outer, ada)
    [child] = one(api, execution)["children"]

    everything = one(api, execution, "events/")["results"]
    inner = one(api, Execution(pk=child["id"]), "events/")["results"]
    rest = one(api, Execution(pk=child["id"]), f"events/?after={inner[0]['seq']}")["results"]

    assert [event["seq"] for event in everything] == list(range(1, len(everything) + 1))
    assert [event["type"] for event in inner][:2] == ["execution_started", "step_scheduled"]
    assert {event["seq"] for event in inner} < {event["seq"] for event in everything}
    assert rest == inner[1:]
    assert one(api, Execution(pk=child["id"]), "logs/")["results"] == []


def test_a_nested_execution_of_somebody_else_is_not_found(
    api: APIClient, bob: Any, engine: Engine
) -> None:
    outer = create_workflow(id="inside-foreign").then(asking.asking("inside-theirs")).commit()
    execution = started(engine, outer, bob)
    child = Execution.objects.get(parent=execution)

    for end in ("", "events/", "logs/", "steps/", "steps/ask/"):
        assert api.get(f"/api/executions/{child.pk}/{end}").status_code == 404
    assert api.get(f"/api/executions/?parent={execution.pk}").json()["results"] == []


def test_a_record_asks_as_often_for_many_runs_as_for_few(
    api: APIClient, ada: Any, engine: Engine, django_assert_max_num_queries: Any
) -> None:
    nested = asking.asking("inside-many-inner")
    many = create_workflow(id="inside-many").foreach(nested, concurrency=10).commit()
    execution = started(engine, many, ada, list(range(10)))

    with django_assert_max_num_queries(44):
        record = one(api, execution, "?runs=all")

    assert (len(record["suspended"]), len(record["children"])) == (10, 10)


@pytest.mark.parametrize(
    ("serializer", "example"),
    [
        (ExecutionSummary, examples.SUMMARY),
        (ExecutionRecord, examples.RECORD),
        (StepShape, examples.STEP),
        (Started, examples.STARTED),
    ],
)
def test_examples_have_the_fields_of_answers(serializer: Any, example: dict[str, Any]) -> None:
    assert set(example) == set(serializer().fields)
