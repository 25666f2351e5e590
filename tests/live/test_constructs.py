"""What a workflow can be made of runs on real workers: rows, arms, graphs, mappings, tools."""

from __future__ import annotations

from typing import Any

import pytest

from executions_app.models import Event, StepRun
from tests.live.running import Stage, node, statuses
from tests.published import chain, published
from workflows_app.authoring.registry import registry

pytestmark = [pytest.mark.live, pytest.mark.django_db(transaction=True)]


def test_a_sequence_hands_on_each_output_and_ends_with_the_last(stage: Stage) -> None:
    workflow = published(*chain(node("a"), node("b"), node("c")))

    result = stage.run(workflow, {"x": 1})

    assert result.status == "completed"
    inner = {"node": "a", "got": {"x": 1}}
    assert result.result == {"node": "c", "got": {"node": "b", "got": inner}}
    assert result.steps["b"].payload == inner
    assert stage.counts() == {"a": 1, "b": 1, "c": 1}


def test_arms_run_side_by_side_and_meet_once(stage: Stage) -> None:
    nodes = [node("a", "slow"), node("b", "slow"), node("join", "same")]
    workflow = published(nodes, [["a", "join"], ["b", "join"]])
    execution = stage.start(workflow)
    stage.wait_for_start("a")
    stage.wait_for_start("b")

    stage.go("b")
    stage.go("a")

    assert stage.end_of(execution).result == {"a": {"node": "a"}, "b": {"node": "b"}}
    assert stage.counts()["join"] == 1


def test_any_acyclic_graph_runs_in_the_order_of_its_edges(stage: Stage) -> None:
    edges = [
        *(["a", "b"], ["a", "c"], ["b", "d"], ["c", "d"], ["b", "e"], ["d", "e"]),
        *(["x", "e"], ["x", "y"]),
    ]
    workflow = published([node(name, "same") for name in "eyxdcba"], edges)

    result = stage.run(workflow, 7)

    assert set(statuses(result).values()) == {"completed"}
    facts = Event.objects.filter(execution_id=result.execution_id)
    begun = {e.data["node_id"]: e.seq for e in facts.filter(type="step_scheduled")}
    ended = {e.data["node_id"]: e.seq for e in facts.filter(type="step_completed")}
    assert all(ended[before] < begun[after] for before, after in edges)
    assert result.result == {"e": {"d": {"c": 7, "b": 7}, "x": 7, "b": 7}, "y": 7}


def test_a_workflow_from_python_runs_with_its_callables(stage: Stage) -> None:
    run = registry.workflows["live-arithmetic"].create_run()

    result = run.start(input_data={"n": 3}, timeout=40)

    assert result.status == "completed", result.error
    assert result.result == {"n": 16, "from": 3}


def test_a_mapping_costs_no_worker_and_keeps_its_value(stage: Stage) -> None:
    workflow = published(
        *chain(
            node("a"),
            {
                "id": "m",
                "type": "map",
                "fields": {
                    "x": {"from": "steps.a.got.x"},
                    "twice": {"expression": "inputs.x * 2"},
                    "text": {"template": "x is {{ inputs.x }}"},
                    "always": {"value": [1]},
                },
            },
            node("b", "same"),
        )
    )

    result = stage.run(workflow, {"x": 5})

    assert result.result == {"x": 5, "twice": 10, "text": "x is 5", "always": [1]}
    assert StepRun.objects.get(execution_id=result.execution_id, node_id="m").claimed_by == ""


def test_a_long_row_of_mappings_is_shared_between_transactions(stage: Stage) -> None:
    field = {"n": {"expression": "input.n + 1"}}
    maps = [{"id": f"m{n}", "type": "map", "fields": field} for n in range(230)]

    result = stage.run(published(*chain(*maps)), {"n": 0})

    assert result.result == {"n": 230}


def test_tools_run_with_the_input_the_definition_gives(stage: Stage) -> None:
    tool = {
        "id": "words",
        "type": "tool",
        "tool": "template",
        "input": {
            "template": {"value": "Hello {{ input.name }}"},
            "values": {"from": "inputs"},
        },
    }

    result = stage.run(published([tool]), {"name": "Ada"})

    assert result.result == {"text": "Hello Ada"}


def test_an_async_body_is_awaited(stage: Stage) -> None:
    assert stage.run(published([node("a", "asynchronous")]), 1).result == {"async": 1}


def test_a_large_output_travels_whole_and_the_log_shows_its_beginning(stage: Stage) -> None:
    workflow = published(*chain(node("a", "large"), node("b", "same")))

    result = stage.run(workflow, {"bytes": 900_000})

    assert result.result == "x" * 900_000
    told = Event.objects.get(
        execution_id=result.execution_id, type="step_completed", data__node_id="a"
    )
    assert told.data["output"]["truncated"] is True


def test_a_step_may_write_rows_in_transactions_of_its_own(stage: Stage) -> None:
    assert stage.run(published([node("a", "writes-rows")])).result == 2


def test_what_a_body_logs_is_in_the_log_without_its_secrets(stage: Stage) -> None:
    result = stage.run(published([node("a", "key")]))

    (line,) = Event.objects.filter(execution_id=result.execution_id, type="log")
    assert result.result == f"{result.execution_id}:a"
    assert line.data["message"] == f"called with {result.result}"
    assert line.data["fields"] == {"token": "[redacted]"}


@pytest.mark.parametrize("value", [None, False, 0, "", [], {}, {"a": None}], ids=repr)
def test_empty_values_arrive_as_they_are(stage: Stage, value: Any) -> None:
    result = stage.run(published(*chain(node("a", "same"), node("b", "same"))), value)

    assert result.result == value
    assert type(result.result) is type(value)
