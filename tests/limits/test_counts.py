"""Items, runs, rounds, nesting, nodes, keys and digits: at the limit, one more, ten times as many.

``LIMITS_ROUNDS`` makes the endless loop as long as it is by default (1,000).
"""

from __future__ import annotations

import json
import os
from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest

from executions_app.engine.limits import Limits
from executions_app.models import Execution, StepRun
from executions_app.testing import Engine
from tests.language.documents import CATALOGUE, step
from workflows_app.api.json_rules import JsonRefused, read_json
from workflows_app.authoring import StepContext, Workflow, create_step, create_workflow
from workflows_app.language.compile import compile_definition
from workflows_app.language.limits import DefinitionLimits, JsonLimits
from workflows_app.language.nodes import LoopNode

LIMIT = 3
COUNTS = [(LIMIT, None), (LIMIT + 1, "refused"), (10 * LIMIT, "refused")]
ROUNDS = int(os.environ.get("LIMITS_ROUNDS", "25"))

plus_one = create_step(id="plus-one", execute=lambda value: value + 1)


def items(count: int) -> tuple[Workflow, Any]:
    return create_workflow(id="count-items").foreach(plus_one).commit(), list(range(count))


def steps(count: int) -> tuple[Workflow, Any]:
    workflow = create_workflow(id=f"count-steps-{count}")
    for number in range(count):
        workflow = workflow.then(create_step(id=f"s{number}", execute=lambda value: value))
    return workflow.commit(), 0


def depth(count: int) -> tuple[Workflow, Any]:
    workflow = create_workflow(id="count-depth-1").then(plus_one).commit()
    for number in range(2, count + 1):
        workflow = create_workflow(id=f"count-depth-{number}").then(workflow).commit()
    return workflow, 0


def nested(count: int) -> tuple[Workflow, Any]:
    inner = create_workflow(id="count-nested-inner").then(plus_one).commit()
    return create_workflow(id="count-nested").foreach(inner).commit(), list(range(count))


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("name", "code", "build"),
    [
        ("items", "items.limit", items),
        ("steps", "step.limit", steps),
        ("depth", "depth.limit", depth),
        ("nested", "children.limit", nested),
    ],
)
@pytest.mark.parametrize(("count", "came_to"), COUNTS)
def test_an_execution_goes_so_far_and_no_further(
    engine: Engine,
    settings,
    name: str,
    code: str,
    build: Callable[[int], tuple[Workflow, Any]],
    count: int,
    came_to: str | None,
) -> None:
    settings.LIMITS = replace(settings.LIMITS, **{name: LIMIT})
    workflow, given = build(count)
    run = workflow.create_run()

    run.start_async(input_data=given)
    engine.run_until_idle()

    execution = Execution.objects.get(pk=run.id)
    assert (execution.error or {}).get("code") == (code if came_to else None)
    ran = StepRun.objects.filter(root_id=run.id, kind="step", status="completed").count()
    assert ran <= LIMIT


@pytest.mark.django_db
@pytest.mark.parametrize("most", [LIMIT, ROUNDS])
def test_an_endless_loop_ends_at_exactly_its_limit(engine: Engine, most: int) -> None:
    workflow = create_workflow(id=f"endless-{most}")
    run = workflow.dountil(plus_one, "false", max_iterations=most).commit().create_run()

    run.start_async(input_data=0)
    engine.run_until_idle()

    assert Execution.objects.get(pk=run.id).error["code"] == "iteration.limit"
    rounds = StepRun.objects.filter(execution_id=run.id, kind="step", status="completed")
    assert rounds.count() == most


def test_a_loop_has_a_thousand_rounds_unless_it_asks_for_more() -> None:
    field = LoopNode.model_fields["max_iterations"]

    assert field.default == 1_000
    assert [(it.ge if hasattr(it, "ge") else it.le) for it in field.metadata] == [1, 10_000]


@pytest.mark.django_db
def test_a_loop_that_grows_its_state_ends_at_the_limit_of_state(engine: Engine, settings) -> None:
    settings.LIMITS = replace(settings.LIMITS, value_bytes=20_000)

    def grow(ctx: StepContext) -> None:
        ctx.set_state({"text": ctx.state.get("text", "") + "x" * 5_000})

    workflow = create_workflow(id="growing").dountil(create_step(id="grow", execute=grow), "false")
    run = workflow.commit().create_run()

    run.start_async(input_data=None)
    engine.run_until_idle()

    execution = Execution.objects.get(pk=run.id)
    assert execution.error["code"] == "state.limit"
    assert len(execution.state["text"]) == 15_000


@pytest.mark.django_db
def test_a_workflow_that_runs_itself_ends_at_the_limit_of_depth(engine: Engine, settings) -> None:
    settings.LIMITS = replace(settings.LIMITS, depth=4)
    first = create_workflow(id="a-runs-b").then(plus_one).commit()
    second = create_workflow(id="b-runs-a").then(first).commit()
    create_workflow(id="a-runs-b").then(second).commit()  # from here on it is a circle
    run = second.create_run()

    run.start_async(input_data=0)
    engine.run_until_idle()

    assert Execution.objects.get(pk=run.id).error["code"] == "depth.limit"
    assert Execution.objects.filter(root_id=run.id).count() == 3


def chain(count: int) -> dict[str, Any]:
    nodes = [step(f"s{number}") for number in range(count)]
    edges = [[f"s{number}", f"s{number + 1}"] for number in range(count - 1)]
    return {"schema_version": 1, "name": "chain", "nodes": nodes, "edges": edges}


@pytest.mark.parametrize(("count", "came_to"), COUNTS)
def test_a_definition_has_so_many_nodes(count: int, came_to: str | None) -> None:
    document = chain(count)

    compiled = compile_definition(
        document, catalogue=CATALOGUE, limits=DefinitionLimits(nodes=LIMIT)
    )

    codes = {item.code for item in compiled.diagnostics}
    assert (compiled.plan is None, "definition.too_large" in codes) == (bool(came_to),) * 2


@pytest.mark.parametrize("times", [1, 10])
def test_a_definition_has_so_many_bytes(times: int) -> None:
    document = chain(2) | {"description": "x" * 1_000 * times}

    compiled = compile_definition(
        document, catalogue=CATALOGUE, limits=DefinitionLimits(bytes=1_000)
    )

    assert "definition.too_large" in {item.code for item in compiled.diagnostics}


def test_a_definition_of_ten_thousand_nodes_compiles() -> None:
    compiled = compile_definition(chain(10_000), catalogue=CATALOGUE)

    assert compiled.plan is not None
    assert len(compiled.plan.nodes) == 10_000


@pytest.mark.parametrize(
    ("limits", "body"),
    [
        (JsonLimits(depth=LIMIT), lambda count: "[" * count + "]" * count),
        (JsonLimits(keys=LIMIT), lambda count: json.dumps(dict.fromkeys(map(str, range(count))))),
        (JsonLimits(digits=LIMIT), lambda count: "7" * count),
        (JsonLimits(digits=LIMIT), lambda count: "-" + "7" * count),
    ],
    ids=["depth", "keys", "digits", "digits after a sign"],
)
@pytest.mark.parametrize(("count", "came_to"), COUNTS)
def test_json_from_outside_is_so_large(
    limits: JsonLimits, body: Callable[[int], str], count: int, came_to: str | None
) -> None:
    if came_to is None:
        read_json(body(count).encode(), limits=limits)
    else:
        with pytest.raises(JsonRefused) as refused:
            read_json(body(count).encode(), limits=limits)
        assert refused.value.code == "json.limit"


def test_the_limits_are_those_that_are_written_down() -> None:
    assert Limits() == Limits(
        value_bytes=1_000_000,
        large_value_bytes=512_000,
        execution_bytes=32_000_000,
        steps=25_000,
        items=10_000,
        open_items=50,
        depth=10,
        nested=1_000,
    )
    assert DefinitionLimits() == DefinitionLimits(bytes=1_000_000, nodes=10_000)
    assert JsonLimits() == JsonLimits(depth=64, keys=100_000, digits=400, text_bytes=1_000_000)
