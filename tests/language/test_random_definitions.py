"""Laws of compiling, over random definitions that nest every construct."""

from __future__ import annotations

import json
from typing import Any

from hypothesis import given, settings

from tests.language.random_definitions import ALL_KINDS, CATALOGUE, definitions
from workflows_app.language.compile import compile_definition
from workflows_app.language.plan import CONTAINERS, Plan, parse_plan

any_definition = definitions(kinds=ALL_KINDS, failures=True, races=True)


def plan_of(document: dict[str, Any]) -> Plan:
    compiled = compile_definition(document, catalogue=CATALOGUE)
    assert compiled.plan is not None, compiled.diagnostics
    return compiled.plan


@given(any_definition)
def test_a_valid_definition_compiles_and_its_plan_can_be_read_again(
    document: dict[str, Any],
) -> None:
    plan = plan_of(document)

    again = parse_plan(json.loads(json.dumps(plan.dump())))

    assert again == plan
    assert again.content_hash == plan.content_hash


@given(any_definition)
def test_bodies_of_a_plan_are_whole(document: dict[str, Any]) -> None:
    plan = plan_of(document)

    for node in plan.nodes:
        assert bool(node.bodies) <= (node.kind in CONTAINERS)
        assert all(plan.by_id[need].body == node.body for need in node.needs)
        assert all(
            plan.position[holder.id] < plan.position[node.id] for holder in plan.around[node.id]
        )
        assert node.required <= len(node.needs)


@given(any_definition)
def test_nobody_is_said_to_read_what_may_have_run_many_times(document: dict[str, Any]) -> None:
    plan = plan_of(document)

    for node in plan.nodes:
        own = [holder.id for holder in plan.around[node.id]]
        for read in node.reads:
            lists = [one.id for one in plan.around[read] if one.kind == "foreach"]
            assert set(lists) <= set(own)


@settings(max_examples=30)
@given(any_definition)
def test_compiling_twice_says_the_same(document: dict[str, Any]) -> None:
    copy = json.loads(json.dumps(document))

    assert plan_of(document).content_hash == plan_of(copy).content_hash
