"""Planted faults inside loops, branches, lists and waits: each is named at its place."""

from __future__ import annotations

from typing import Any

import pytest

from tests.language.documents import (
    CATALOGUE,
    ROW,
    body,
    branch,
    case,
    chain,
    compiled,
    document,
    foreach,
    found,
    loop,
    step,
)
from workflows_app.language.compile import compile_definition
from workflows_app.language.definition import MAX_SCOPE_DEPTH
from workflows_app.language.limits import DEFINITION

DAYS = 86_400


def reading(node_id: str, path: str) -> dict[str, Any]:
    return step(node_id, input={"v": {"from": path}})


def sleep(node_id: str, seconds: Any = 1, **extra: Any) -> dict[str, Any]:
    return {"id": node_id, "type": "sleep", "seconds": seconds} | extra


def until(node_id: str, at: Any) -> dict[str, Any]:
    return {"id": node_id, "type": "sleep_until", "at": at}


def wait(node_id: str, *nodes: Any, **extra: Any) -> dict[str, Any]:
    return {"id": node_id, "type": "wait_for_event", "event": "go", "body": chain(*nodes)} | extra


def approval(node_id: str, **extra: Any) -> dict[str, Any]:
    return {"id": node_id, "type": "approval", "title": "May it?"} | extra


def nested(node_id: str, ref: str = "child", **extra: Any) -> dict[str, Any]:
    return {"id": node_id, "type": "workflow", "workflow": ref} | extra


FAULTS: dict[str, tuple[dict[str, Any], set[tuple[str, str]]]] = {
    # -- the shape of bodies
    "unknown type inside a case": (
        document(branch("b", case("x", {"id": "a", "type": "teleport"}))),
        {("node.type_unknown", "/nodes/0/cases/0/body/nodes/0/type")},
    ),
    "unknown field inside a body inside a body": (
        document(foreach("f", loop("l", step("a", colour="red")))),
        {("definition.field_invalid", "/nodes/0/body/nodes/0/body/nodes/0/colour")},
    ),
    "unknown field of a body": (
        document(loop("l", step("a")) | {"body": body(step("a"), colour="red")}),
        {("definition.field_invalid", "/nodes/0/body/colour")},
    ),
    "body that is no object": (
        document({"id": "l", "type": "loop", "until": "true", "body": [step("a")]}),
        {("definition.field_invalid", "/nodes/0/body")},
    ),
    "loop without a body": (
        document({"id": "l", "type": "loop", "until": "true"}),
        {("definition.field_invalid", "/nodes/0/body")},
    ),
    "both while and until": (
        document(loop("l", step("a"), **{"while": "true", "until": "false"})),
        {("definition.field_invalid", "/nodes/0")},
    ),
    "condition that is a number": (
        document(branch("b", case("x", when=1))),
        {("definition.field_invalid", "/nodes/0/cases/0/when")},
    ),
    "condition with a misspelt source": (
        document(branch("b", case("x", when={"valeu": True}))),
        {("definition.field_invalid", "/nodes/0/cases/0/when/valeu")},
    ),
    "loop with nothing to repeat": (
        document(loop("l")),
        {("body.empty", "/nodes/0/body")},
    ),
    "foreach with nothing to repeat": (
        document(foreach("f")),
        {("body.empty", "/nodes/0/body")},
    ),
    "id that stands in two bodies": (
        document(branch("b", case("x", step("a")), case("y", step("a")))),
        {("node.duplicate_id", "/nodes/0/cases/1/body/nodes/0/id")},
    ),
    "id of the container inside it": (
        document(loop("l", step("l"))),
        {("node.duplicate_id", "/nodes/0/body/nodes/0/id")},
    ),
    "two cases of one id": (
        document(branch("b", case("x", step("a")), case("x", step("c")))),
        {("case.duplicate_id", "/nodes/0/cases/1/id")},
    ),
    "edge inside a body that leads nowhere": (
        document(loop("l", step("a"), body=body(step("a"), edges=[("a", "ghost")]))),
        {("edge.dangling", "/nodes/0/body/edges/0/1")},
    ),
    "edge into a body": (
        document(step("s"), loop("l", step("a")), edges=[("s", "l"), ("s", "a")]),
        {("edge.crosses_scope", "/edges/1/1")},
    ),
    "edge out of a body": (
        document(loop("l", step("a"), body=body(step("a"), edges=[("a", "t")])), step("t")),
        {("edge.crosses_scope", "/nodes/0/body/edges/0/1")},
    ),
    "circle inside a body": (
        document(loop("l", body=body(step("a"), step("c"), edges=[("a", "c"), ("c", "a")]))),
        {("graph.cycle", "/nodes/0/body/edges/1")},
    ),
    "node on its own inside a body": (
        document(foreach("f", body=body(step("a"), step("c"), step("d"), edges=[("a", "c")]))),
        {("node.unreachable", "/nodes/0/body/nodes/2")},
    ),
    "node after a bail": (
        document({"id": "stop", "type": "bail"}, step("a")),
        {("node.unreachable", "/nodes/1")},
    ),
    # -- names
    "unknown step inside a body": (
        document(wait("e", step("a", "nope"))),
        {("step.unknown", "/nodes/0/body/nodes/0/step")},
    ),
    "unknown tool inside a case": (
        document(branch("b", case("x", {"id": "a", "type": "tool", "tool": "nope"}))),
        {("tool.unknown", "/nodes/0/cases/0/body/nodes/0/tool")},
    ),
    "unknown callable as a condition": (
        document(branch("b", case("x", when={"code": "w/nope"}))),
        {("callable.unknown", "/nodes/0/cases/0/when/code")},
    ),
    "unknown callable as a loop's condition": (
        document(loop("l", step("a"), until={"code": "w/nope"})),
        {("callable.unknown", "/nodes/0/until/code")},
    ),
    "unknown callable as seconds": (
        document(sleep("s", {"code": "w/nope"})),
        {("callable.unknown", "/nodes/0/seconds/code")},
    ),
    "unknown callable as a hook": (
        document(step("a"), hooks={"on_start": "w/hook", "on_error": "w/nope"}),
        {("callable.unknown", "/hooks/on_error")},
    ),
    "unknown nested workflow": (
        document(nested("n", "nope")),
        {("workflow.unknown", "/nodes/0/workflow")},
    ),
    "unknown version of a nested workflow": (
        document(nested("n", version=7, input={"name": {"value": "x"}, "n": {"value": 1}})),
        {("workflow.version_unknown", "/nodes/0/version")},
    ),
    "workflow that runs itself": (
        document(nested("n", "me"), id="me"),
        {("workflow.recursive", "/nodes/0/workflow")},
    ),
    "unknown workflow for failures": (
        document(step("a"), on_failure="nope"),
        {("workflow.unknown", "/on_failure")},
    ),
    "workflow that its own failure starts": (
        document(step("a"), id="me", on_failure="me"),
        {("workflow.recursive", "/on_failure")},
    ),
    "assignee of no kind": (
        document(approval("p", assignees=["ann", "group:Team A", "group:", "a b"])),
        {
            ("assignee.invalid", "/nodes/0/assignees/2"),
            ("assignee.invalid", "/nodes/0/assignees/3"),
        },
    ),
    "unsupported node inside a body": (
        document(loop("l", {"id": "a", "type": "agent", "agent": "poet"})),
        {("node.not_supported", "/nodes/0/body/nodes/0/type")},
    ),
    # -- who can be read from where
    "item outside a foreach": (
        document(loop("l", reading("a", "item"))),
        {("reference.root_unavailable", "/nodes/0/body/nodes/0/input/v/from")},
    ),
    "iteration outside a loop": (
        document(foreach("f", reading("a", "iteration"))),
        {("reference.root_unavailable", "/nodes/0/body/nodes/0/input/v/from")},
    ),
    "item in the items themselves": (
        document(foreach("f", step("a"), items={"from": "item.rows"})),
        {("reference.root_unavailable", "/nodes/0/items/from")},
    ),
    "iteration in a branch's condition": (
        document(branch("b", case("x", when="iteration > 1"))),
        {("expression.unknown_name", "/nodes/0/cases/0/when")},
    ),
    "step of a list from outside": (
        document(foreach("f", step("a")), reading("t", "steps.a")),
        {("reference.in_foreach", "/nodes/1/input/v/from")},
    ),
    "step of a list from the result": (
        document(foreach("f", loop("l", step("a"))), output={"from": "steps.a"}),
        {("reference.in_foreach", "/output/from")},
    ),
    "step of an inner list from the outer one": (
        document(foreach("f", foreach("g", step("a")), reading("t", "steps.a"))),
        {("reference.in_foreach", "/nodes/0/body/nodes/1/input/v/from")},
    ),
    "step of another case": (
        document(branch("b", case("x", step("a")), case("y", reading("c", "steps.a")))),
        {("reference.not_upstream", "/nodes/0/cases/1/body/nodes/0/input/v/from")},
    ),
    "end of the round before from its beginning": (
        document(loop("l", reading("a", "steps.c"), step("c"))),
        {("reference.not_upstream", "/nodes/0/body/nodes/0/input/v/from")},
    ),
    "container from inside": (
        document(loop("l", reading("a", "steps.l"))),
        {("reference.not_upstream", "/nodes/0/body/nodes/0/input/v/from")},
    ),
    "itself": (
        document(reading("a", "steps.a")),
        {("reference.not_upstream", "/nodes/0/input/v/from")},
    ),
    "own body from a branch's condition": (
        document(branch("b", case("x", step("a"), when="steps.a.n > 1"))),
        {("reference.not_upstream", "/nodes/0/cases/0/when")},
    ),
    "body of a container that comes later": (
        document(reading("s", "steps.a"), loop("l", step("a"))),
        {("reference.not_upstream", "/nodes/0/input/v/from")},
    ),
    "later node from a body's output": (
        document(loop("l", body=body(step("a"), output={"from": "steps.t"})), step("t")),
        {("reference.not_upstream", "/nodes/0/body/output/from")},
    ),
    "unknown step in a loop's condition": (
        document(loop("l", step("a"), until="steps.nope > 1")),
        {("reference.unknown_step", "/nodes/0/until")},
    ),
    "broken condition": (
        document(branch("b", case("x", when="1 +"))),
        {("expression.syntax", "/nodes/0/cases/0/when")},
    ),
    # -- values
    "condition that is a number by its expression": (
        document(branch("b", case("x", when="size(input)"))),
        {("condition.not_boolean", "/nodes/0/cases/0/when")},
    ),
    "condition that is a text by its type": (
        document(step("r", "read"), branch("b", case("x", when="input.title"))),
        {("condition.not_boolean", "/nodes/1/cases/0/when")},
    ),
    "loop's condition that is a number by its type": (
        document(loop("l", step("a", "add_one"), until={"from": "steps.a"})),
        {("condition.not_boolean", "/nodes/0/until/from")},
    ),
    "constant condition that is no boolean": (
        document(loop("l", step("a"), until={"value": "yes"})),
        {("condition.not_boolean", "/nodes/0/until/value")},
    ),
    "items that are no list": (
        document(step("r", "read"), foreach("f", step("a"), items={"from": "steps.r.title"})),
        {("foreach.not_list", "/nodes/1/items/from")},
    ),
    "input that is no list": (
        document(step("r", "read"), foreach("f", step("a"))),
        {("foreach.not_list", "/nodes/1")},
    ),
    "fields as the input of a foreach": (
        document(foreach("f", step("a"), input={"rows": {"value": []}})),
        {("foreach.not_list", "/nodes/0")},
    ),
    "too many items at a time": (
        document(foreach("f", step("a"), concurrency={"value": 51})),
        {("foreach.concurrency", "/nodes/0/concurrency/value")},
    ),
    "sleep beyond 366 days": (
        document(sleep("s", 366 * DAYS + 1)),
        {("sleep.too_long", "/nodes/0/seconds")},
    ),
    "endless sleep": (
        document(sleep("s", {"value": float("inf")})),
        {("sleep.too_long", "/nodes/0/seconds/value")},
    ),
    "seconds that are a text": (
        document(sleep("s", {"template": "{{ 1 }}"})),
        {("type.mismatch", "/nodes/0/seconds/template")},
    ),
    "time that is none": (
        document(until("s", "next Tuesday")),
        {("sleep.time_invalid", "/nodes/0/at")},
    ),
    "form that is no schema": (
        document(approval("p", form={"type": "objekt"})),
        {("schema.invalid", "/nodes/0/form/type")},
    ),
    "deadline beyond 366 days": (
        document(approval("p", deadline={"value": 400 * DAYS})),
        {("sleep.too_long", "/nodes/0/deadline/value")},
    ),
    "context that is no schema": (
        document(step("a"), context={"type": 3}),
        {("schema.invalid", "/context/type")},
    ),
    # -- what a type does not take
    "retries of a loop": (
        document(loop("l", step("a"), retry={"attempts": 1})),
        {("node.retry_unsupported", "/nodes/0/retry")},
    ),
    "retries of a wait": (
        document(wait("e", retry={"attempts": 1})),
        {("node.retry_unsupported", "/nodes/0/retry")},
    ),
    "time limit of a branch": (
        document(branch("b", case("x"), timeout=5)),
        {("node.timeout_unsupported", "/nodes/0/timeout")},
    ),
    "time limit of an approval": (
        document(approval("p", timeout=5)),
        {("node.timeout_unsupported", "/nodes/0/timeout")},
    ),
    "time limit of a map": (
        document({"id": "m", "type": "map", "fields": {}, "timeout": 5}),
        {("node.timeout_unsupported", "/nodes/0/timeout")},
    ),
    "attempt longer than an hour inside a body": (
        document(foreach("f", step("a", timeout=3_601))),
        {("node.timeout_too_long", "/nodes/0/body/nodes/0/timeout")},
    ),
    "wait longer than 366 days": (
        document(wait("e", timeout=367 * DAYS)),
        {("node.timeout_too_long", "/nodes/0/timeout")},
    ),
    # -- what flows in and out
    "wrong type into the first node of a case": (
        document(step("s", "add_one"), branch("b", case("x", step("a", "length")))),
        {("type.mismatch", "/nodes/1/cases/0/body/nodes/0")},
    ),
    "wrong type of an item": (
        document(
            step("r", "read"), foreach("f", step("a", "length"), items={"from": "steps.r.rows"})
        ),
        {("type.mismatch", "/nodes/1/body/nodes/0")},
    ),
    "field that items do not have": (
        document(
            step("r", "read"), foreach("f", reading("a", "item.size"), items={"from": "input.rows"})
        ),
        {("reference.unknown_field", "/nodes/1/body/nodes/0/input/v/from")},
    ),
    "list of the wrong type": (
        document(
            step("r", "read"),
            foreach("f", step("a", "name_of"), items={"from": "input.rows"}),
            step("t", "sum_of"),
        ),
        {("type.mismatch", "/nodes/2")},
    ),
    "wrong type into the first round": (
        document(step("r", "list_of", input=None), loop("l", step("a", "add_one"))),
        {("type.mismatch", "/nodes/1/body/nodes/0")},
    ),
    "wrong type into the second round": (
        document(step("s", "add_one"), loop("l", step("a", "list_of"))),
        {("type.narrowing", "/nodes/1/body/nodes/0")},
    ),
    "case that may not have run": (
        document(
            step("r", "read"),
            branch("b", case("name", step("a")), case("n", step("c", "any"))),
            step("t", "name_of"),
        ),
        {("type.narrowing", "/nodes/2")},
    ),
    "input that a nested workflow needs": (
        document(nested("n", input={"name": {"value": "x"}})),
        {("tool.input_missing", "/nodes/0/input")},
    ),
    "output of a nested workflow": (
        document(nested("n"), step("t", "sum_of"), inputs=ROW),
        {("type.mismatch", "/nodes/1")},
    ),
    "answer of an approval": (
        document(approval("p"), step("t", "length", input=None)),
        {("type.mismatch", "/nodes/1")},
    ),
    "sleep that hands on the wrong type": (
        document(step("s", "add_one"), sleep("z"), sleep("zz"), step("t", "length")),
        {("type.mismatch", "/nodes/3")},
    ),
}


@pytest.mark.parametrize("fault", FAULTS)
def test_a_planted_fault_is_named_at_its_place_and_nothing_else_is(fault: str) -> None:
    definition, expected = FAULTS[fault]

    result = compile_definition(definition, catalogue=CATALOGUE)

    assert found(result) == expected


def test_a_bad_node_hides_nothing_else_in_its_container() -> None:
    result = compiled(
        branch(
            "b",
            case("x", {"id": "a", "type": "teleport"}, step("c", "nope"), when="1 +"),
            case("y", step("d", timeout="soon"), reading("e", "steps.ghost")),
        )
    )

    assert found(result) == {
        ("expression.syntax", "/nodes/0/cases/0/when"),
        ("node.type_unknown", "/nodes/0/cases/0/body/nodes/0/type"),
        ("step.unknown", "/nodes/0/cases/0/body/nodes/1/step"),
        ("definition.field_invalid", "/nodes/0/cases/1/body/nodes/0/timeout"),
        ("reference.unknown_step", "/nodes/0/cases/1/body/nodes/1/input/v/from"),
    }


def test_a_problem_inside_a_body_names_the_node_it_is_about() -> None:
    result = compiled(foreach("f", loop("l", step("a", "nope"), until="size('x')")))

    assert {(item.code, item.node_id) for item in result.diagnostics} == {
        ("step.unknown", "a"),
        ("condition.not_boolean", "l"),
    }


def test_who_reads_into_a_list_is_told_to_read_the_list() -> None:
    result = compiled(foreach("f", step("a")), reading("t", "steps.a"))

    (item,) = result.diagnostics
    assert item.fix == "read the list that 'f' puts out: steps['f']"


def test_an_edge_that_leaves_its_body_is_told_from_one_that_leads_nowhere() -> None:
    result = compiled(step("s"), loop("l", step("a")), edges=[("s", "l"), ("s", "a")])

    assert "stands in another body" in result.diagnostics[0].message


def deep(levels: int) -> dict[str, Any]:
    inner = step("a")
    for level in range(levels):
        inner = loop(f"l{level}", inner)
    return inner


def test_bodies_stand_in_each_other_up_to_a_limit() -> None:
    assert compiled(deep(MAX_SCOPE_DEPTH)).diagnostics == ()

    (item,) = compiled(deep(MAX_SCOPE_DEPTH + 1)).diagnostics

    assert item.code == "depth.limit"
    assert item.path == "/nodes/0" + "/body/nodes/0" * MAX_SCOPE_DEPTH + "/body"


def test_a_document_nested_past_all_reading_is_named_and_never_raises() -> None:
    hole: dict[str, Any] = {}
    for _ in range(100_000):
        hole = {"nodes": [hole]}

    result = compiled(loop("l", body=hole))

    assert found(result) == {("depth.limit", "")}


def test_nodes_are_counted_over_all_bodies() -> None:
    half = DEFINITION.nodes // 2
    nodes = [
        branch(f"b{index}", {"id": "x", "when": "true", "body": body(step(f"a{index}"))})
        for index in range(half)
    ]

    assert compiled(*nodes, edges=[]).status == "ok"
    assert ("definition.too_large", "/nodes") in found(compiled(*nodes, step("z"), edges=[]))
