"""Source from a definition, executed, builds a workflow of the same plan hash."""

from __future__ import annotations

import ast
import json
import logging
import subprocess
import sys
from collections.abc import Iterator
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings

from tests.language.random_definitions import ALL_KINDS, BODIES, CHILD_DEFINITION, definitions
from tests.source.variations import HOSTILE, PLACE, varied
from workflows_app.authoring import Workflow, create_step, create_workflow, workflow_from_definition
from workflows_app.authoring.registry import RegistryCatalogue, registry
from workflows_app.language.catalogue import ToolInfo
from workflows_app.language.compile import compile_definition
from workflows_app.language.python_source import SourceUnavailable, python_source
from workflows_app.operations.import_document import recognise

SAMPLES = sorted((Path(__file__).parents[2] / "workflows_app" / "samples").glob("*.json"))
ENOUGH = settings(
    max_examples=60,
    deadline=None,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large],
)


@pytest.fixture(autouse=True, scope="module")
def _known_names() -> Iterator[None]:
    before = {
        name: getattr(registry, name)
        for name in ("workflows", "compiled", "_steps", "find_tool", "queues")
    }
    # The samples' own stay: one of them runs inside another.
    registry.workflows = {
        name: it for name, it in registry.workflows.items() if name.startswith("sample-")
    }
    registry.compiled, registry._steps = dict(registry.compiled), dict(registry._steps)
    registry.find_tool = lambda name: ToolInfo(name=name)
    registry.queues = frozenset()
    for name, body in BODIES.items():
        registry.add_step(create_step(body, id=name))
    workflow_from_definition(CHILD_DEFINITION)
    create_workflow(id="made").map(lambda ctx: True, id="elsewhere").commit()
    assert registry.callable_at(PLACE)
    logging.disable(logging.WARNING)  # every workflow here is defined again and again
    yield
    logging.disable(logging.NOTSET)
    for name, value in before.items():
        setattr(registry, name, value)


def executed(source: str) -> Workflow:
    namespace: dict[str, Any] = {}
    exec(compile(source, "exported", "exec"), namespace)
    workflow = namespace["workflow"]
    assert isinstance(workflow, Workflow)
    return workflow


def hash_of(document: dict[str, Any]) -> str:
    compiled = compile_definition(document, catalogue=RegistryCatalogue(registry))
    assert compiled.plan_hash, compiled.diagnostics
    return compiled.plan_hash


def twin_hashes(document: dict[str, Any]) -> tuple[str, str | None]:
    workflow = executed(python_source(document, workflow_id="twin"))
    assert workflow.compiled is not None
    return hash_of(document), workflow.compiled.plan_hash


def scoped(*nodes: dict[str, Any], edges: Any = (), **header: Any) -> dict[str, Any]:
    return {"name": "d", **header, "nodes": list(nodes), "edges": [list(edge) for edge in edges]}


def step(node_id: str, **fields: Any) -> dict[str, Any]:
    return {"id": node_id, "type": "step", "step": "add_one", **fields}


@pytest.mark.parametrize("path", SAMPLES, ids=lambda path: path.stem)
def test_samples_come_back(path: Path) -> None:
    document = recognise(json.loads(path.read_text())).definition

    ours, twin = twin_hashes(document)

    assert ours == twin


@ENOUGH
@given(definitions(kinds=ALL_KINDS))
def test_random_definitions_come_back(document: dict[str, Any]) -> None:
    ours, twin = twin_hashes(document)

    assert ours == twin


@ENOUGH
@given(varied())
def test_definitions_come_back_however_they_are_written(document: dict[str, Any]) -> None:
    ours, twin = twin_hashes(document)

    assert ours == twin


@ENOUGH
@given(varied())
def test_exporting_what_was_exported_changes_nothing(document: dict[str, Any]) -> None:
    source = python_source(document, workflow_id="twin")

    again = python_source(executed(source).to_definition(), workflow_id="twin")

    assert again == source


@pytest.mark.parametrize("path", SAMPLES, ids=lambda path: path.stem)
def test_source_is_formatted(path: Path) -> None:
    document = recognise(json.loads(path.read_text())).definition
    source = python_source(document, workflow_id="twin")

    command = [sys.executable, "-m", "ruff", "format", "--isolated", "--line-length=100", "-"]
    formatted = subprocess.run(command, input=source, capture_output=True, text=True, check=True)

    assert source == formatted.stdout


@ENOUGH
@given(varied())
def test_nothing_of_the_document_becomes_code(document: dict[str, Any]) -> None:
    tree = ast.parse(python_source(document, workflow_id="twin"))

    assert all(isinstance(part, ast.ImportFrom | ast.Assign | ast.Expr) for part in tree.body)
    for node in ast.walk(tree):
        match node:
            case ast.Name(id=name):
                assert name.isascii()
                assert not name.startswith("__")
            case ast.Attribute(attr=name):
                assert hasattr(Workflow, name)
            case ast.Call(func=func):
                assert isinstance(func, ast.Name | ast.Attribute)
            case ast.Lambda() | ast.JoinedStr() | ast.Subscript() | ast.ListComp():
                pytest.fail(f"{ast.dump(node)} is nothing that is ever written")


@pytest.mark.parametrize("text", HOSTILE)
def test_hostile_texts_stay_data(text: str) -> None:
    document = scoped(
        step("a", name=text[:200], description=text, input={text: {"value": {text: [text]}}}),
        {"id": "b", "type": "map", "name": text[:200], "fields": {text: {"from": "steps.a"}}},
        edges=[("a", "b")],
        configs={text: text},
    ) | {"name": text[:200]}

    workflow = executed(python_source(document, workflow_id="twin"))
    again = workflow.to_definition()

    assert again["nodes"] == document["nodes"]
    assert (again["name"], again["configs"]) == (document["name"], document["configs"])


@pytest.mark.parametrize(
    "ids",
    [
        ["class", "match", "None", "list", "workflow", "scope", "use_step"],
        ["a-b", "a_b", "a.b", "a:b", "A_B"],
        ["1", "2x", "_", "__import__", "__name__", "x" * 200],
    ],
)
def test_ids_that_are_no_names_get_safe_ones(ids: list[str]) -> None:
    document = scoped(*map(step, ids), edges=list(pairwise(ids)))

    workflow = executed(python_source(document, workflow_id="twin"))

    assert [node["id"] for node in workflow.to_definition()["nodes"]] == ids


@pytest.mark.parametrize(
    ("ids", "edges", "written"),
    [
        ("ab", ["ab"], [".then(a)", ".then(b)"]),
        ("abc", ["ab", "ac"], [".then(a)", ".parallel([b, c])"]),
        ("abcd", ["ac", "ad", "bc", "bd"], [".parallel([a, b])", ".parallel([c, d])"]),
        ("abcd", ["ab", "bd", "ad", "ac", "cd"], [".graph({a: [], b: [a], c: [a], d: [a, b, c]})"]),
        (
            "abcde",
            ["ab", "ac", "bd", "ce", "de"],
            [".then(a)", ".graph({b: [], c: [], d: [b]})", ".then(e)"],
        ),
        ("abc", ["ab"], [".graph({a: [], b: [a], c: []})"]),
        ("bac", ["ab", "bc"], [".graph({b: [a], a: []})", ".then(c)"]),
        ("ba", ["ab"], [".graph({b: [a], a: []})"]),
    ],
)
def test_graphs_are_written_as_somebody_would(
    ids: str, edges: list[str], written: list[str]
) -> None:
    document = scoped(*map(step, ids), edges=edges)

    source = python_source(document, workflow_id="twin")

    calls = source[source.index("workflow = ") :]
    assert "".join(line.strip() for line in calls.splitlines()).count("".join(written)) == 1
    ours, twin = twin_hashes(document)
    assert ours == twin


def test_containers_are_written_as_somebody_would() -> None:
    document = scoped(
        {"id": "each", "type": "foreach", "concurrency": 3, "body": {"nodes": [step("each:body")]}},
        {
            "id": "size",
            "type": "branch",
            "cases": [
                {"id": "big", "when": "input.n > 1", "body": {"nodes": [step("big")]}},
                {"id": "other", "when": "true", "body": {"nodes": [step("tiny")]}},
                {"id": "none", "when": "true", "body": {"nodes": []}},
            ],
        },
        {"id": "nap", "type": "sleep", "seconds": 5},
        edges=[("each", "size"), ("size", "nap")],
    )

    source = python_source(document, workflow_id="twin")

    assert (
        source
        == '''"""A workflow, exported from its definition."""

from workflows_app.authoring import create_workflow, scope, use_step

each = use_step("add_one", id="each")

big = use_step("add_one", id="big")

tiny = use_step("add_one", id="tiny")

workflow = (
    create_workflow(id="twin", name="d")
    .foreach(each, concurrency=3)
    .branch(
        [("input.n > 1", big), ("true", scope(id="other").then(tiny)), ("true", scope(id="none"))],
        id="size",
    )
    .sleep(5, id="nap")
    .commit()
)
'''
    )


@pytest.mark.parametrize("length", [100, 3_000])
def test_long_rows_can_still_be_read_by_python(length: int) -> None:
    ids = [f"step_{number}" for number in range(length)]
    document = scoped(*map(step, ids), edges=list(pairwise(ids)))

    ours, twin = twin_hashes(document)

    assert ours == twin


@pytest.mark.parametrize(
    ("document", "code"),
    [
        ({"name": "d"}, "definition.empty"),
        (scoped({"id": "a", "type": "nothing"}), "node.type_unknown"),
        (scoped(step("a"), step("a")), "node.duplicate_id"),
        (scoped(step("a"), edges=["ab"]), "edge.dangling"),
        (scoped(step("a"), step("b"), edges=["ab", "ba"]), "graph.cycle"),
        (scoped(step("a", colour="red")), "definition.field_invalid"),
    ],
)
def test_what_is_no_definition_has_no_source(document: dict[str, Any], code: str) -> None:
    with pytest.raises(SourceUnavailable) as caught:
        python_source(document, workflow_id="twin")

    assert [item.code for item in caught.value.diagnostics] == [code]


def test_what_names_unknown_things_has_a_source_nevertheless() -> None:
    document = scoped({"id": "a", "type": "step", "step": "nowhere"})

    assert 'use_step("nowhere", id="a")' in python_source(document, workflow_id="twin")


def test_code_is_named_by_its_place() -> None:
    add_one = create_step(BODIES["add_one"], id="mine")
    original = (
        create_workflow(id="original", on_start=lambda ctx: None)
        .branch([(lambda ctx: True, add_one)])
        .map({"n": lambda ctx: 1})
        .sleep(lambda ctx: 0)
        .commit()
    )

    copy = executed(python_source(original.to_definition(), workflow_id="copy"))

    assert copy.compiled is not None
    assert original.compiled is not None
    assert copy.callables == {}
    assert copy.to_definition()["hooks"] == {"on_start": "original/on_start"}
    assert copy.compiled.plan_hash == original.compiled.plan_hash


def test_an_agent_is_written_too() -> None:
    document = scoped(
        {"id": "ask", "type": "agent", "agent": "helper", "prompt": {"template": "Hi"}}
    )

    source = python_source(document, workflow_id="twin")

    assert 'use_agent("helper", id="ask", prompt=template("Hi"))' in source
