"""Repairs that a machine can make: each takes its problem away, and never raises."""

from __future__ import annotations

from collections import Counter
from random import Random
from typing import Any

import pytest

from tests.language import test_compile, test_construct_faults
from tests.language.documents import CATALOGUE as CONSTRUCTS
from tests.language.json_patch import patched
from tests.language.random_definitions import CATALOGUE as RANDOM
from tests.language.random_definitions import seeded_definition
from workflows_app.language.catalogue import Catalogue, StaticCatalogue, ToolInfo
from workflows_app.language.compile import compile_definition
from workflows_app.language.diagnostics import Diagnostic, Operation

Json = dict[str, Any]
SEND = ToolInfo(
    name="send",
    input_schema={
        "type": "object",
        "properties": {
            "to": {"type": "string"},
            "times": {"type": "integer"},
            "text": {"type": "string"},
        },
        "required": ["to"],
        "additionalProperties": False,
    },
    output_schema={"type": "object", "properties": {"sent": {"type": "integer"}}},
)
TOOLS = StaticCatalogue(tools={"send": SEND})


def document(*nodes: Json, edges: Any = (), **header: Any) -> Json:
    return {"schema_version": 1, "name": "d", "nodes": [*nodes], "edges": [*edges]} | header


def send(node_id: str = "a", **inputs: Any) -> Json:
    given = {"to": {"value": "x"}} | inputs
    return {"id": node_id, "type": "tool", "tool": "send", "input": given}


def problems(written: Json, catalogue: Catalogue = TOOLS) -> tuple[Diagnostic, ...]:
    return compile_definition(written, catalogue=catalogue).diagnostics


def the_problem(written: Json, code: str) -> Diagnostic:
    (one,) = [it for it in problems(written) if it.code == code]
    return one


def repaired(written: Json, code: str) -> Json:
    """Return ``written`` after the best repair of its only problem of ``code``."""
    found: Json = patched(written, the_problem(written, code).repairs[0].patch)
    return found


def check_all(written: Json, catalogue: Catalogue) -> int:
    """Apply each repair of ``written`` by itself; return how many there were."""
    before = problems(written, catalogue)
    said = Counter((it.code, it.message) for it in before)
    applied = 0
    for problem in before:
        for repair in problem.repairs:
            after = problems(patched(written, repair.patch), catalogue)
            left = Counter((it.code, it.message) for it in after)
            key = (problem.code, problem.message)
            assert left[key] < said[key], (problem, repair, after)
            applied += 1
    return applied


# -- one by one ------------------------------------------------------------------------------------


def test_an_unknown_field_is_removed() -> None:
    written = document(send() | {"tolo": 1})

    assert repaired(written, "definition.field_invalid") == document(send())


def test_a_repeated_id_is_renamed_to_one_that_is_free() -> None:
    written = document(send("a"), send("a"), send("a_2"))

    assert repaired(written, "node.duplicate_id")["nodes"][1]["id"] == "a_3"


@pytest.mark.parametrize(
    ("source", "expected"),
    [
        ({"from": "steps.fetsh.sent"}, {"from": "steps.fetch.sent"}),
        ({"expression": "steps.fetsh.sent + 1"}, {"expression": "steps.fetch.sent + 1"}),
        ({"expression": 'steps["fetsh"].sent'}, {"expression": "steps.fetch.sent"}),
        ({"template": "{{ steps.fetsh.sent }}!"}, {"template": "{{ steps.fetch.sent }}!"}),
    ],
)
def test_a_slip_in_a_steps_name_is_put_right(source: Json, expected: Json) -> None:
    written = document(send("fetch"), send("b", times=source), edges=[["fetch", "b"]])

    fixed = repaired(written, "reference.unknown_step")

    assert fixed["nodes"][1]["input"]["times"] == expected


def test_a_name_that_could_mean_two_steps_is_left_to_people() -> None:
    written = document(
        send("fetch1"), send("fetch2"), send("b", times={"from": "steps.fetch.sent"}),
        edges=[["fetch1", "b"], ["fetch2", "b"]],
    )  # fmt: skip

    assert the_problem(written, "reference.unknown_step").repairs == ()


def test_only_a_step_that_can_be_read_is_proposed() -> None:
    written = document(send("b", times={"from": "steps.fetsh.sent"}), send("fetch"))

    assert the_problem(written, "reference.unknown_step").repairs == ()


def test_an_undeclared_input_is_renamed_or_declared() -> None:
    inputs = {"type": "object", "properties": {"address": {"type": "string"}}}
    written = document(send(text={"from": "inputs.adress"}), inputs=inputs)

    rename, declare = the_problem(written, "reference.unknown_input").repairs

    assert rename.label == "Write 'address' instead of 'adress'"
    assert declare.patch == (Operation(op="add", path="/inputs/properties/adress", value={}),)
    for repair in (rename, declare):
        assert problems(patched(written, repair.patch)) == ()


def test_a_required_input_is_bound_by_its_name() -> None:
    strings = {"to": {"type": "string"}, "other": {"type": "string"}}
    node = {"id": "a", "type": "tool", "tool": "send", "input": {"text": {"value": "hi"}}}
    written = document(node, inputs={"type": "object", "properties": strings})

    fixed = repaired(written, "tool.input_missing")

    assert fixed["nodes"][0]["input"]["to"] == {"from": "inputs.to"}


def test_a_required_input_is_bound_to_the_only_one_of_its_type() -> None:
    kinds = {"address": {"type": "string"}, "count": {"type": "integer"}}
    node = {"id": "b", "type": "tool", "tool": "send", "input": {"times": {"value": 1}}}
    written = document(
        send("a"), node, edges=[["a", "b"]], inputs={"type": "object", "properties": kinds}
    )

    fixed = repaired(written, "tool.input_missing")

    assert fixed["nodes"][1]["input"]["to"] == {"from": "inputs.address"}


def test_what_two_could_give_is_left_to_people() -> None:
    kinds = {"address": {"type": "string"}, "other": {"type": "string"}}
    node = {"id": "a", "type": "tool", "tool": "send", "input": {"times": {"value": 1}}}
    written = document(node, inputs={"type": "object", "properties": kinds})

    assert the_problem(written, "tool.input_missing").repairs == ()


@pytest.mark.parametrize(
    ("edges", "code", "left"),
    [
        ([["a", "b"], ["b", "nobody"]], "edge.dangling", [["a", "b"]]),
        ([["a", "b"], ["a", "b"]], "edge.duplicate", [["a", "b"]]),
        ([["a", "b"], ["b", "a"]], "graph.cycle", [["a", "b"]]),
    ],
)
def test_an_edge_that_cannot_be_is_removed(edges: Any, code: str, left: Any) -> None:
    written = document(send("a"), send("b"), edges=edges)

    assert len(repaired(written, code)["edges"]) == len(left)


def test_a_step_that_is_read_beside_is_put_before() -> None:
    written = document(
        send("a"), send("b", times={"from": "steps.a.sent"}), send("c"), edges=[["c", "b"]]
    )

    assert repaired(written, "reference.not_upstream")["edges"] == [["c", "b"], ["a", "b"]]


def test_no_edge_is_drawn_that_would_make_a_circle() -> None:
    written = document(send("a", times={"from": "steps.b.sent"}), send("b"), edges=[["a", "b"]])

    assert the_problem(written, "reference.not_upstream").repairs == ()


def test_what_is_told_of_a_repair_is_a_json_patch() -> None:
    told = the_problem(document(send() | {"tolo": 1}), "definition.field_invalid").to_json()

    assert told["repairs"] == [
        {"label": "Remove 'tolo'", "patch": [{"op": "remove", "path": "/nodes/0/tolo"}]}
    ]
    assert "subject" not in told


# -- for all ---------------------------------------------------------------------------------------


def test_every_repair_of_every_planted_fault_takes_it_away() -> None:
    applied = 0
    for module, catalogue in (
        (test_compile, test_compile.CATALOGUE),
        (test_construct_faults, CONSTRUCTS),
    ):
        applied += sum(check_all(written, catalogue) for written in _faulty(module))

    assert applied > 20


def _faulty(module: Any) -> list[Json]:
    return [written for written, _ in module.FAULTS.values()]


@pytest.mark.parametrize("seed", range(40))
def test_every_repair_of_a_corrupted_definition_takes_its_problem_away(seed: int) -> None:
    chance = Random(seed)
    written = seeded_definition(chance)
    for _ in range(3):
        _corrupt(written, chance)

    check_all(written, RANDOM)


def _corrupt(written: Json, chance: Random) -> None:
    """Do what people do: misspell, leave over, connect what does not go together."""
    nodes = _nodes(written)
    scopes = [it for it in _scopes(written) if it["nodes"]]
    node, scope = chance.choice(nodes), chance.choice(scopes)
    ids = [it["id"] for it in nodes]
    match chance.randrange(7):
        case 0:
            node["colour"] = "red"
        case 1:
            node["id"] = chance.choice(ids)
        case 2:
            scope.setdefault("edges", []).append([chance.choice(ids), chance.choice(ids)])
        case 3:
            scope.setdefault("edges", []).append([chance.choice(ids), "nobody"])
        case 4:
            read = chance.choice(ids)
            misspelt = read[:-1] + chance.choice("xyz")
            node["input"] = {"value": {"from": f"steps.{misspelt}"}}
        case 5:
            node["input"] = {"value": {"expression": f"steps.{chance.choice(ids)}"}}
        case 6:
            node["retry"], node["timeout"] = {"attempts": 1}, 5


def _scopes(part: Any) -> list[Json]:
    found = [part] if isinstance(part, dict) and isinstance(part.get("nodes"), list) else []
    below = part.values() if isinstance(part, dict) else part if isinstance(part, list) else ()
    return found + [one for item in below for one in _scopes(item)]


def _nodes(written: Json) -> list[Json]:
    return [node for scope in _scopes(written) for node in scope["nodes"]]


def test_a_thousand_wrong_names_are_not_all_compared() -> None:
    nodes = [send(f"n{at}", times={"from": f"steps.m{at}.sent"}) for at in range(300)]

    found = [it for it in problems(document(*nodes)) if it.code == "reference.unknown_step"]

    assert len(found) == 300
    assert {it.fix for it in found[20:]} == {"read an earlier step"}
    assert all(it.repairs == () for it in found[20:])
