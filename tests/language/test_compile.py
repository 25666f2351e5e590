"""Planted faults: each gets its diagnostics, all at once, at the right place."""

from __future__ import annotations

from typing import Any

import pytest

from workflows_app.language.catalogue import StaticCatalogue, StepInfo, ToolInfo
from workflows_app.language.compile import Compiled, compile_definition

FETCH = ToolInfo(
    name="fetch",
    input_schema={
        "type": "object",
        "properties": {"url": {"type": "string"}, "tries": {"type": "integer"}},
        "required": ["url"],
        "additionalProperties": False,
    },
    output_schema={
        "type": "object",
        "properties": {"status": {"type": "integer"}, "text": {"type": "string"}},
        "required": ["status", "text"],
        "additionalProperties": False,
    },
)
CATALOGUE = StaticCatalogue(
    tools={"fetch": FETCH, "opaque": ToolInfo(name="opaque")},
    steps={
        "count": StepInfo(
            id="count", input_schema={"type": "integer"}, output_schema={"type": "integer"}
        )
    },
    queues=frozenset({"default"}),
)


def fetch(node_id: str, **extra: Any) -> dict[str, Any]:
    given = {"url": {"value": "https://example.org"}}
    return {"id": node_id, "type": "tool", "tool": "fetch", "input": given} | extra


def compiled(*nodes: Any, edges: Any = (), **header: Any) -> Compiled:
    document = {"name": "w", "nodes": list(nodes), "edges": [list(edge) for edge in edges]}
    return compile_definition(document | header, catalogue=CATALOGUE)


def found(result: Compiled) -> set[tuple[str, str]]:
    return {(item.code, item.path) for item in result.diagnostics}


INPUTS = {"type": "object", "properties": {"site": {"type": "string"}, "n": {"type": "number"}}}

FAULTS: dict[str, tuple[dict[str, Any], set[tuple[str, str]]]] = {
    "unknown node type": (
        {"nodes": [{"id": "a", "type": "teleport"}]},
        {("node.type_unknown", "/nodes/0/type")},
    ),
    "dangling edge": (
        {"nodes": [fetch("a")], "edges": [["a", "ghost"]]},
        {("edge.dangling", "/edges/0/1")},
    ),
    "cycle": (
        {"nodes": [fetch("a"), fetch("b")], "edges": [["a", "b"], ["b", "a"]]},
        {("graph.cycle", "/edges/1")},
    ),
    "node behind a cycle": (
        {
            "nodes": [fetch("a"), fetch("b"), fetch("c")],
            "edges": [["a", "b"], ["b", "a"], ["b", "c"]],
        },
        {("graph.cycle", "/edges/1"), ("node.unreachable", "/nodes/2")},
    ),
    "node on its own": (
        {"nodes": [fetch("a"), fetch("b"), fetch("c")], "edges": [["a", "b"]]},
        {("node.unreachable", "/nodes/2")},
    ),
    "duplicate id": (
        {"nodes": [fetch("a"), fetch("a")]},
        {("node.duplicate_id", "/nodes/1/id")},
    ),
    "missing input of a tool": (
        {"nodes": [fetch("a", input={"tries": {"value": 2}})]},
        {("tool.input_missing", "/nodes/0/input")},
    ),
    "input the tool does not take": (
        {"nodes": [fetch("a", input={"url": {"value": "x"}, "colour": {"value": 1}})]},
        {("tool.input_unknown", "/nodes/0/input/colour")},
    ),
    "step that is not upstream": (
        {
            "nodes": [fetch("a", input={"url": {"from": "steps.b.text"}}), fetch("b")],
            "edges": [["a", "b"]],
        },
        {("reference.not_upstream", "/nodes/0/input/url/from")},
    ),
    "step that does not exist": (
        {"nodes": [fetch("a", input={"url": {"template": "{{ steps.zz.x }}"}})]},
        {("reference.unknown_step", "/nodes/0/input/url/template")},
    ),
    "type mismatch": (
        {
            "nodes": [fetch("a"), fetch("b", input={"url": {"from": "steps.a.status"}})],
            "edges": [["a", "b"]],
        },
        {("type.mismatch", "/nodes/1/input/url")},
    ),
    "type that may not fit": (
        {
            "inputs": INPUTS,
            "nodes": [fetch("a", input={"url": {"value": "x"}, "tries": {"from": "inputs.n"}})],
        },
        {("type.narrowing", "/nodes/0/input/tries")},
    ),
    "constant of the wrong type": (
        {"nodes": [fetch("a", input={"url": {"value": 7}})]},
        {("type.mismatch", "/nodes/0/input/url/value")},
    ),
    "handover of the wrong type": (
        {
            "nodes": [fetch("a"), {"id": "b", "type": "step", "step": "count"}],
            "edges": [["a", "b"]],
        },
        {("type.mismatch", "/nodes/1")},
    ),
    "unknown tool": (
        {"nodes": [{"id": "a", "type": "tool", "tool": "nope"}]},
        {("tool.unknown", "/nodes/0/tool")},
    ),
    "unknown step": (
        {"nodes": [{"id": "a", "type": "step", "step": "nope"}]},
        {("step.unknown", "/nodes/0/step")},
    ),
    "input that is not declared": (
        {"inputs": INPUTS, "nodes": [fetch("a", input={"url": {"from": "inputs.sight"}})]},
        {("reference.unknown_input", "/nodes/0/input/url/from")},
    ),
    "field the producer does not have": (
        {
            "nodes": [fetch("a"), fetch("b", input={"url": {"from": "steps.a.title"}})],
            "edges": [["a", "b"]],
        },
        {("reference.unknown_field", "/nodes/1/input/url/from")},
    ),
    "bad expression": (
        {"nodes": [{"id": "m", "type": "map", "fields": {"x": {"expression": "1 +"}}}]},
        {("expression.syntax", "/nodes/0/fields/x/expression")},
    ),
    "unknown function": (
        {"nodes": [{"id": "m", "type": "map", "fields": {"x": {"expression": "zap(1)"}}}]},
        {("expression.unknown_function", "/nodes/0/fields/x/expression")},
    ),
    "loop variable outside a loop": (
        {"nodes": [fetch("a", input={"url": {"from": "item.url"}})]},
        {("reference.root_unavailable", "/nodes/0/input/url/from")},
    ),
    "two sources for one field": (
        {"nodes": [fetch("a", input={"url": {"value": 1, "from": "inputs.x"}})]},
        {("definition.field_invalid", "/nodes/0/input/url")},
    ),
    "field nobody knows": (
        {"nodes": [fetch("a", colour="red")]},
        {("definition.field_invalid", "/nodes/0/colour")},
    ),
    "join that cannot be met": (
        {"nodes": [fetch("a"), fetch("b", join=2)], "edges": [["a", "b"]]},
        {("join.impossible", "/nodes/1/join")},
    ),
    "queue nobody serves": (
        {"nodes": [fetch("a", queue="gpu")]},
        {("queue.unknown", "/nodes/0/queue")},
    ),
    "schema that fetches": (
        {"inputs": {"$ref": "https://example.org/s.json"}, "nodes": [fetch("a")]},
        {("schema.invalid", "/inputs/$ref")},
    ),
    "unsupported kind": (
        {"nodes": [{"id": "s", "type": "agent", "agent": "poet"}]},
        {("node.not_supported", "/nodes/0/type")},
    ),
}


@pytest.mark.parametrize("fault", FAULTS)
def test_a_planted_fault_is_named_at_its_place_and_nothing_else_is(fault: str) -> None:
    header, expected = FAULTS[fault]

    result = compile_definition({"name": "w"} | header, catalogue=CATALOGUE)

    assert found(result) == expected


def test_all_faults_of_a_document_are_named_at_once() -> None:
    result = compiled(
        {"id": "a", "type": "teleport"},
        fetch("b", input={"tries": {"value": "many"}}),
        {"id": "c", "type": "map", "fields": {"x": {"expression": "nope +"}}},
        fetch("b"),
        edges=[("b", "c"), ("c", "ghost")],
        timeout="soon",
    )

    assert found(result) >= {
        ("definition.field_invalid", "/timeout"),
        ("node.type_unknown", "/nodes/0/type"),
        ("tool.input_missing", "/nodes/1/input"),
        ("type.mismatch", "/nodes/1/input/tries/value"),
        ("expression.syntax", "/nodes/2/fields/x/expression"),
        ("node.duplicate_id", "/nodes/3/id"),
        ("edge.dangling", "/edges/1/1"),
    }
    assert result.plan is None
    assert result.status == "errors"


def test_every_problem_of_a_node_names_the_node() -> None:
    result = compiled(fetch("a", input={"url": {"value": 7}}))

    assert [item.node_id for item in result.diagnostics] == ["a"]


def test_warnings_do_not_stop_a_definition() -> None:
    result = compiled(
        {"id": "a", "type": "tool", "tool": "opaque"},
        fetch("b", input={"url": {"from": "steps.a.link"}}),
        edges=[("a", "b")],
    )

    assert result.status == "warnings"
    assert found(result) == {("type.unknown", "/nodes/1/input/url/from")}


@pytest.mark.parametrize(
    "document",
    [
        {},
        {"name": None, "nodes": None, "edges": None},
        {"name": "w", "nodes": [None, 1, "x", [], {}], "edges": [None, 1, ["a"], {}]},
        {"name": "w", "nodes": [{"id": 1, "type": ["tool"]}], "inputs": 5, "output": 3},
        {"schema_version": True, "name": "w", "nodes": {"id": "a"}},
    ],
)
def test_nonsense_is_diagnosed_and_never_raises(document: dict[str, Any]) -> None:
    result = compile_definition(document, catalogue=CATALOGUE)

    assert result.status == "errors"


def test_a_constant_is_checked_against_a_schema_that_refers_to_its_definitions() -> None:
    shapes = {
        "type": "object",
        "properties": {"item": {"$ref": "#/$defs/Item"}},
        "$defs": {"Item": {"type": "object", "properties": {"n": {"type": "integer"}}}},
    }
    catalogue = StaticCatalogue(tools={"t": ToolInfo(name="t", input_schema=shapes)})
    node = {"id": "a", "type": "tool", "tool": "t", "input": {"item": {"value": {"n": "one"}}}}

    result = compile_definition({"name": "w", "nodes": [node]}, catalogue=catalogue)

    assert found(result) == {("type.mismatch", "/nodes/0/input/item/value")}


def test_moving_a_node_on_the_canvas_changes_no_hash() -> None:
    plain = compiled(fetch("a"))
    moved = compiled(fetch("a"), ui={"positions": {"a": {"x": 4, "y": 2}}}, id="other")

    assert plain.plan_hash == moved.plan_hash


def test_what_changes_what_runs_changes_the_hash() -> None:
    plain = compiled(fetch("a"))

    assert plain.plan_hash != compiled(fetch("a", timeout=3)).plan_hash
    assert plain.plan_hash != compiled(fetch("a", retry={"attempts": 1})).plan_hash
    assert plain.plan_hash != compiled(fetch("b")).plan_hash


def test_a_node_takes_what_it_does_not_set_from_the_workflow() -> None:
    result = compiled(
        fetch("a", retry={"attempts": 5}),
        fetch("b"),
        retry={"attempts": 1, "delay": 2, "backoff": "linear"},
    )

    assert result.plan is not None
    first, second = (node.retry for node in result.plan.nodes)
    assert (first.attempts, first.delay, first.backoff) == (5, 2, "linear")
    assert (second.attempts, second.delay, second.backoff) == (1, 2, "linear")
