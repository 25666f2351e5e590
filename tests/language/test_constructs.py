"""What each construct compiles to: a flat plan in which everything is decided."""

from __future__ import annotations

import json
from typing import Any

import pytest

from tests.language.documents import (
    ROW,
    body,
    branch,
    case,
    chain,
    compiled,
    foreach,
    loop,
    plan_of,
    step,
)
from workflows_app.language.plan import NodeKind, Plan, RetryPolicy, parse_plan
from workflows_app.language.sources import Source

PICK = {"input": {"v": {"from": "steps.a"}}}


def dumped(plan: Plan, node_id: str) -> dict[str, Any]:
    (node,) = (node for node in plan.dump()["nodes"] if node["id"] == node_id)
    return node


def test_a_container_stands_directly_before_what_it_holds() -> None:
    plan = plan_of(
        step("a"),
        branch("b", case("x", step("x1"), foreach("f", step("f1"))), case("y", step("y1"))),
        step("z"),
    )

    assert [(node.id, node.body) for node in plan.nodes] == [
        ("a", ""),
        ("b", ""),
        ("x1", "b/x"),
        ("f", "b/x"),
        ("f1", "f"),
        ("y1", "b/y"),
        ("z", ""),
    ]
    assert plan.by_id["f"].needs == ("x1",)
    assert [node.id for node in plan.around["f1"]] == ["b", "f"]


def test_a_branch_opens_a_body_for_each_case() -> None:
    plan = plan_of(
        branch(
            "b",
            case("x", step("a"), when="input.n > 1", output={"from": "steps.a.v"}),
            case("y", when={"code": "w/lp"}),
            mode="first",
        )
    )

    node = plan.by_id["b"]
    assert (node.kind, node.first_only) == (NodeKind.BRANCH, True)
    assert [(one.id, one.label, one.when) for one in node.bodies] == [
        ("b/x", "x", Source(expression="input.n > 1")),
        ("b/y", "y", Source(code="w/lp")),
    ]
    assert node.bodies[0].output_reads == ("a",)
    assert plan.entries("b/y") == ()


def test_a_loop_has_a_condition_and_a_limit() -> None:
    plan = plan_of(
        loop("l", step("a"), until="steps.a.done && iteration > 2", max_iterations=7),
        loop("k", step("c")),
    )

    first, second = plan.by_id["l"], plan.by_id["k"]
    assert first.parts == {"condition": Source(expression="steps.a.done && iteration > 2")}
    assert (first.until, first.max_iterations, first.reads) == (True, 7, ("a",))
    assert (second.until, second.max_iterations) == (False, 1_000)


def test_a_foreach_has_items_and_a_width() -> None:
    plan = plan_of(
        step("r", "read"),
        foreach("f", step("a", "name_of"), items={"from": "input.rows"}, concurrency=5),
        foreach("g", step("c", "length")),
    )

    assert plan.by_id["f"].parts == {
        "items": Source.model_validate({"from": "input.rows"}),
        "concurrency": Source(value=5),
    }
    assert plan.by_id["g"].parts == {"concurrency": Source(value=1)}


@pytest.mark.parametrize(
    ("node", "parts"),
    [
        ({"type": "sleep", "seconds": -2}, {"seconds": {"value": -2}}),
        ({"type": "sleep", "seconds": {"from": "inputs.n"}}, {"seconds": {"from": "inputs.n"}}),
        ({"type": "sleep_until", "at": "2030-01-31"}, {"at": {"value": "2030-01-31"}}),
        ({"type": "sleep_until", "at": {"code": "w/f"}}, {"at": {"code": "w/f"}}),
    ],
)
def test_both_sleeps_are_one_kind(node: dict[str, Any], parts: dict[str, Any]) -> None:
    plan = plan_of({"id": "s"} | node)

    assert plan.by_id["s"].kind is NodeKind.SLEEP
    assert dumped(plan, "s")["parts"] == parts


@pytest.mark.parametrize(
    ("given", "bodies"), [({}, 0), ({"body": {}}, 0), ({"body": chain(step("a"))}, 1)]
)
def test_a_wait_opens_a_body_where_there_is_something_in_it(
    given: dict[str, Any], bodies: int
) -> None:
    plan = plan_of({"id": "e", "type": "wait_for_event", "event": "go", "timeout": 90_000} | given)

    node = plan.by_id["e"]
    assert (node.kind, node.ref, node.timeout_seconds) == (NodeKind.WAIT, "go", 90_000)
    assert len(node.bodies) == bodies


def test_an_approval_asks_with_a_form_and_shows_fields() -> None:
    plan = plan_of(
        step("a"),
        {
            "id": "p",
            "type": "approval",
            "title": "May it?",
            "context": {"v": {"from": "steps.a.v"}},
            "assignees": ["ann", "group:Team A"],
            "deadline": 60,
            "on_deadline": "reject",
            "reminder": 30,
        },
    )

    node = plan.by_id["p"]
    assert node.kind is NodeKind.APPROVAL
    assert node.form is not None
    assert node.form["required"] == ["approved"]
    assert list(node.fields or {}) == ["v"]
    assert dumped(plan, "p")["parts"] == {"title": {"value": "May it?"}, "deadline": {"value": 60}}
    assert (node.assignees, node.on_deadline) == (("ann", "group:Team A"), "reject")
    assert node.reminder_seconds == 30
    assert node.reads == ("a",)


def test_a_nested_workflow_takes_its_own_retries_and_not_the_workflows() -> None:
    plan = plan_of(
        {"id": "n", "type": "workflow", "workflow": "child", "version": 2},
        {"id": "m", "type": "workflow", "workflow": "child", "retry": {"attempts": 2}}
        | {"input": {"name": {"value": "x"}, "n": {"value": 1}}, "timeout": 90_000},
        inputs=ROW,
        retry={"attempts": 9},
    )

    first, second = plan.nodes
    assert (first.kind, first.ref, first.version) == (NodeKind.WORKFLOW, "child", 2)
    assert first.retry == RetryPolicy()
    assert second.retry == RetryPolicy(attempts=2)
    assert second.timeout_seconds == 90_000


def test_the_workflows_retries_reach_steps_and_mappings_in_bodies_and_nothing_else() -> None:
    plan = plan_of(
        loop("l", step("a"), {"id": "m", "type": "map", "fields": {}}),
        {"id": "s", "type": "sleep", "seconds": 1},
        retry={"attempts": 3},
    )

    assert {node.id: node.retry.attempts for node in plan.nodes} == {"l": 0, "a": 3, "m": 3, "s": 0}


@pytest.mark.parametrize(
    ("result", "parts", "fields"),
    [
        (None, None, None),
        ({"from": "input.v"}, {"result": {"from": "input.v"}}, None),
        ({"v": {"value": 1}}, None, {"v": {"value": 1}}),
    ],
)
def test_a_bail_hands_on_a_value_or_fields_or_what_it_received(
    result: Any, parts: Any, fields: Any
) -> None:
    plan = plan_of({"id": "b", "type": "bail", "result": result})

    assert dumped(plan, "b").get("parts") == parts
    assert dumped(plan, "b").get("fields") == fields


def test_the_header_says_who_is_told() -> None:
    plan = plan_of(
        step("a"),
        hooks={"on_finish": "w/hook"},
        on_failure="child",
        context={"type": "object"},
    )

    assert plan.hooks == {"on_finish": "w/hook"}
    assert plan.on_failure == "child"
    assert plan.context == {"type": "object"}


# -- what is looked at --------------------------------------------------------------------------


READABLE = {
    "a step before the container": (step("a"), loop("l", step("t", **PICK))),
    "a step before the container of the container": (
        step("a"),
        branch("b", case("x", foreach("f", step("t", **PICK)))),
    ),
    "a step before it in the same body": (foreach("f", step("a"), step("t", **PICK)),),
    "a step in a case of a branch before it": (
        branch("b", case("x", step("a"))),
        step("t", **PICK),
    ),
    "a step in a loop before it": (loop("l", step("a")), step("t", **PICK)),
    "a step in a loop in a case before its container": (
        branch("b", case("x", loop("l", step("a")))),
        loop("k", step("t", **PICK)),
    ),
    "a step in a loop before it, inside the same list": (
        foreach("f", loop("l", step("a")), step("t", **PICK)),
    ),
    "the list itself": (foreach("a", step("c")), step("t", **PICK)),
}


@pytest.mark.parametrize("name", READABLE)
def test_a_step_can_be_read_from_wherever_it_must_have_ended(name: str) -> None:
    plan = plan_of(*READABLE[name])

    assert plan.by_id["t"].reads == ("a",)


def test_a_result_reads_steps_in_bodies() -> None:
    plan = plan_of(
        loop("l", step("a")),
        branch("b", case("x", step("c"))),
        output={"a": {"from": "steps.a"}, "c": {"from": "steps.c"}},
    )

    assert plan.output_reads == ("a", "c")


@pytest.mark.parametrize(
    ("nodes", "node_id", "expected"),
    [
        ([step("a")], "a", "handover inputs"),
        ([loop("l", step("a"))], "l", "handover inputs"),
        ([loop("l", step("a"))], "a", "handover"),
        ([foreach("f", step("a"))], "a", "handover"),
        ([loop("l", step("a", input={"v": {"from": "inputs.n"}}))], "a", "inputs"),
        ([foreach("f", step("a", input={"v": {"from": "item"}}))], "a", "item"),
        ([foreach("f", loop("l", step("a", input={"v": {"from": "item.x"}})))], "a", "item"),
        ([foreach("f", step("a", input={"v": {"from": "index"}}))], "a", ""),
        ([foreach("f", step("a", input={"v": {"code": "w/f"}}))], "a", "handover inputs item"),
        ([loop("l", step("a", input={"v": {"code": "w/f"}}))], "a", "handover inputs"),
        ([foreach("f", {"id": "a", "type": "map", "code": "w/f"})], "a", "handover item"),
        ([step("z"), branch("a", case("x", when="inputs.n > 1"))], "a", "handover inputs"),
        (
            [loop("a", step("c"), until="input.ok", input={"v": {"value": 1}})],
            "a",
            "",
        ),
    ],
)
def test_a_node_is_given_what_something_looks_at(
    nodes: list[Any], node_id: str, expected: str
) -> None:
    node = plan_of(*nodes).by_id[node_id]

    looks = [
        name
        for name, is_read in [
            ("handover", node.reads_handover),
            ("inputs", node.reads_inputs),
            ("item", node.reads_item),
        ]
        if is_read
    ]
    assert " ".join(looks) == expected


# -- the hash -------------------------------------------------------------------------------------


def everything() -> tuple[dict[str, Any], ...]:
    return (
        step("a"),
        branch("b", case("x", step("x1"), when="input.n > 1"), case("y", when={"value": True})),
        loop("l", step("l1"), foreach("f", step("f1"), concurrency={"code": "w/f"})),
        {"id": "s", "type": "sleep", "seconds": 2.5},
        {"id": "u", "type": "sleep_until", "at": "2030-01-31T10:00:00+02:00"},
        {"id": "e", "type": "wait_for_event", "event": "go", "body": chain(step("e:body"))},
        {"id": "n", "type": "workflow", "workflow": "child"},
        {"id": "p", "type": "approval", "title": {"template": "{{ steps.a.v }}"}},
        {"id": "z", "type": "bail", "result": {"v": {"value": None}}},
    )


def test_a_plan_of_every_construct_can_be_written_and_read_again() -> None:
    plan = plan_of(*everything(), output={})

    again = parse_plan(json.loads(json.dumps(plan.dump())))

    assert again == plan
    assert again.content_hash == plan.content_hash


def test_the_order_of_keys_and_what_is_only_shown_change_no_hash() -> None:
    def shuffled(value: Any) -> Any:
        if isinstance(value, dict):
            return {key: shuffled(value[key]) for key in reversed(value)}
        return [shuffled(one) for one in value] if isinstance(value, list) else value

    plain = compiled(*everything())
    other = compiled(*(shuffled(node) | {"description": "x"} for node in everything()), ui={"x": 1})

    assert plain.plan_hash is not None
    assert plain.plan_hash == other.plan_hash


@pytest.mark.parametrize(
    "changed",
    [
        loop("l", step("a"), max_iterations=9),
        loop("l", step("a"), until="iteration < 2"),
        loop("l", step("a"), **{"while": "iteration < 3"}),
        loop("l", step("a"), step("c")),
        loop("l", body=body(step("a"), output={"value": 1})),
        foreach("l", step("a")),
    ],
)
def test_what_changes_what_runs_changes_the_hash(changed: dict[str, Any]) -> None:
    assert compiled(changed).plan_hash != compiled(loop("l", step("a"))).plan_hash


def test_an_expression_and_its_short_spelling_are_the_same_condition() -> None:
    short = compiled(branch("b", case("x", when="input.n > 1")))
    long = compiled(branch("b", case("x", when={"expression": "input.n > 1"})))

    assert short.plan_hash == long.plan_hash
