"""The builder spells a definition; the twin written as JSON compiles to the same plan."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest
from pydantic import BaseModel

from workflows_app.authoring import (
    DuplicateStep,
    Retry,
    StepContext,
    Workflow,
    WorkflowEmpty,
    WorkflowError,
    WorkflowInvalid,
    WorkflowUncommitted,
    clone_step,
    clone_workflow,
    constant,
    create_step,
    create_workflow,
    expression,
    map_variable,
    step,
    template,
    workflow_from_definition,
)
from workflows_app.authoring.registry import Registry, RegistryCatalogue, registry
from workflows_app.language.compile import compile_definition


class Order(BaseModel):
    id: str
    amount: float = 1.0


class Receipt(BaseModel):
    order_id: str
    charged: float


@step(retries=2)
def charge(order: Order, ctx: StepContext) -> Receipt:
    return Receipt(order_id=order.id, charged=order.amount)


@step
async def ship(receipt: Receipt) -> Receipt:
    return receipt


@step
def audit(receipt: Receipt) -> None:
    return None


@pytest.fixture(autouse=True)
def _own_registry() -> Iterator[None]:
    before = dict(registry.workflows), dict(registry.compiled), dict(registry._steps)
    yield
    registry.workflows, registry.compiled, registry._steps = before


def hash_of(document: dict[str, Any], workflow: Workflow) -> str | None:
    return compile_definition(document, catalogue=RegistryCatalogue(registry, workflow)).plan_hash


def twin_hashes(workflow: Workflow, document: dict[str, Any]) -> tuple[str | None, str | None]:
    return registry.compiled[workflow.id].plan_hash, hash_of(document, workflow)


def test_a_step_takes_its_id_and_schemas_from_its_function() -> None:
    assert charge.id == "charge"
    assert charge.input_type.json_schema == Order.model_json_schema()
    assert charge.output_type.json_schema == Receipt.model_json_schema()
    assert ship.is_async


def test_a_body_may_take_its_input_its_context_both_or_nothing() -> None:
    context = StepContext(input_data=None, run_id="r", workflow_id="w", step_id="s")
    bodies = [lambda: 0, lambda value: value, lambda ctx: ctx, lambda value, ctx: (value, ctx)]

    called = [create_step(id="s", execute=body).arguments(7, context) for body in bodies]

    assert called == [(), (7,), (context,), (7, context)]


def test_a_sequence_and_its_json_twin_have_one_hash() -> None:
    workflow = (
        create_workflow(
            id="fulfil", input_schema=Order, retry=Retry(attempts=1, delay=timedelta(seconds=2))
        )
        .then(charge)
        .then(ship)
        .commit()
    )
    document = {
        "name": "fulfil",
        "inputs": Order.model_json_schema(),
        "retry": {"attempts": 1, "delay": 2},
        "nodes": [
            {"id": "charge", "type": "step", "step": "charge", "retry": {"attempts": 2}},
            {"id": "ship", "type": "step", "step": "ship"},
        ],
        "edges": [["charge", "ship"]],
        "ui": {"positions": {"charge": {"x": 1, "y": 1}}},
    }

    ours, twin = twin_hashes(workflow, document)

    assert ours == twin


def test_a_join_and_its_json_twin_have_one_hash() -> None:
    workflow = (
        create_workflow(id="fan", input_schema=Receipt)
        .parallel([ship, audit])
        .map({"first": map_variable(step=ship, path="order_id"), "n": constant(3)})
        .commit()
    )
    document = {
        "name": "fan",
        "inputs": Receipt.model_json_schema(),
        "nodes": [
            {"id": "ship", "type": "step", "step": "ship"},
            {"id": "audit", "type": "step", "step": "audit"},
            {
                "id": "mapping_1",
                "type": "map",
                "fields": {"first": {"from": "steps.ship.order_id"}, "n": {"value": 3}},
            },
        ],
        "edges": [["ship", "mapping_1"], ["audit", "mapping_1"]],
    }

    ours, twin = twin_hashes(workflow, document)

    assert ours == twin


def test_a_graph_is_any_acyclic_graph() -> None:
    last = clone_step(ship, id="last")
    workflow = (
        create_workflow(id="dag", input_schema=Order)
        .then(charge)
        .graph({ship: [], audit: [], last: [ship]})
        .commit()
    )

    plan = registry.compiled[workflow.id].plan

    assert plan is not None
    assert {node.id: node.needs for node in plan.nodes} == {
        "charge": (),
        "ship": ("charge",),
        "audit": ("charge",),
        "last": ("ship",),
    }
    assert plan.terminals() == ("audit", "last")


def test_a_circle_in_a_graph_is_reported_at_commit() -> None:
    workflow = create_workflow(id="circle").graph({ship: [audit], audit: [ship]})

    with pytest.raises(WorkflowInvalid) as caught:
        workflow.commit()

    assert [item.code for item in caught.value.diagnostics] == ["graph.cycle"]


def test_one_arm_still_hands_on_a_mapping() -> None:
    after = create_step(id="after", execute=lambda value: value)
    inside = create_workflow(id="inside").parallel([charge]).then(after).commit()
    at_the_end = create_workflow(id="end").parallel([charge]).commit()

    assert inside.to_definition()["nodes"][1]["collect"] is True
    assert at_the_end.to_definition()["output"] == {"charge": {"from": "steps.charge"}}


def test_a_definition_made_from_python_makes_the_same_workflow_again() -> None:
    workflow = create_workflow(id="again", input_schema=Order).then(charge).then(ship).commit()

    copy = workflow_from_definition(workflow.to_definition())

    assert registry.compiled[copy.id].plan_hash == hash_of(workflow.to_definition(), workflow)


def test_mapping_callables_are_found_by_their_place() -> None:
    workflow = (
        create_workflow(id="called")
        .map(lambda ctx: {"twice": ctx.input_data["n"] * 2})
        .map({"a": lambda ctx: 1, "b": expression("input.twice + 1"), "c": template("{{ 1 }}")})
        .commit()
    )

    assert registry.callable_at("called/mapping_1") is workflow.callables["mapping_1"]
    assert registry.callable_at("called/mapping_2/a") is workflow.callables["mapping_2/a"]
    assert registry.callable_at("called/mapping_2/b") is None


def test_a_clone_has_everything_but_the_id() -> None:
    original = (
        create_workflow(id="one", description="d", input_schema=Order, retry=Retry(attempts=3))
        .then(charge)
        .map(lambda ctx: ctx.input_data)
        .commit()
    )

    copy = clone_workflow(original, id="two")

    assert copy.is_committed
    assert copy.description == "d"
    assert copy.retry == original.retry
    assert registry.callable_at("two/mapping_1") is original.callables["mapping_1"]
    assert original.to_definition()["nodes"][1]["code"] == "one/mapping_1"


def test_an_empty_workflow_cannot_run() -> None:
    with pytest.raises(WorkflowEmpty, match="Execution flow of workflow is not defined"):
        create_workflow(id="w").create_run()


def test_an_uncommitted_workflow_cannot_run() -> None:
    with pytest.raises(WorkflowUncommitted, match="Uncommitted step flow changes detected"):
        create_workflow(id="w").then(charge).create_run()


def test_a_committed_workflow_cannot_be_changed() -> None:
    workflow = create_workflow(id="sealed").then(charge).commit()

    with pytest.raises(WorkflowError) as caught:
        workflow.then(ship)

    assert caught.value.code == "workflow.committed"


def test_the_same_step_twice_needs_a_clone() -> None:
    workflow = create_workflow(id="twice").then(ship)

    with pytest.raises(DuplicateStep) as caught:
        workflow.then(ship)

    assert caught.value.code == "step.duplicate_id"
    workflow.then(clone_step(ship, id="ship_again")).commit()


def test_one_id_for_two_steps_is_ambiguous_for_drawn_workflows_only() -> None:
    own = Registry()
    for name in ("one", "two"):
        with own.loading(name):
            workflow = create_workflow(id=name)
            workflow.then(create_step(id="same", execute=lambda value: value))
            own.register(workflow)
    document = {"name": "d", "nodes": [{"id": "n", "type": "step", "step": "same"}]}

    result = compile_definition(document, catalogue=RegistryCatalogue(own))
    document["nodes"][0]["step"] = "two/same"  # type: ignore[index]
    qualified = compile_definition(document, catalogue=RegistryCatalogue(own))

    assert [item.code for item in result.diagnostics] == ["step.ambiguous"]
    assert qualified.status == "ok"
    assert own.step("same", workflow_id="one") is not own.step("same", workflow_id="two")


def test_a_second_workflow_of_an_id_from_another_module_is_reported() -> None:
    own = Registry()
    first, second = create_workflow(id="w").then(charge), create_workflow(id="w").then(ship)
    with own.loading("first"):
        own.register(first)
    with own.loading("second"):
        own.register(second)

    assert own.workflows["w"] is first
    assert [(item.code, item.module) for item in own.problems] == [
        ("workflow.duplicate_id", "second")
    ]
