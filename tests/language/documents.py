"""Short spellings of definitions for tests, and what is installed there."""

from __future__ import annotations

from itertools import pairwise
from typing import Any

from workflows_app.language.catalogue import StaticCatalogue, StepInfo, ToolInfo, WorkflowInfo
from workflows_app.language.compile import Compiled, compile_definition
from workflows_app.language.plan import Plan

NUMBER = {"type": "integer"}
TEXT = {"type": "string"}
ROW = {
    "type": "object",
    "properties": {"name": TEXT, "n": NUMBER},
    "required": ["name", "n"],
    "additionalProperties": False,
}
TABLE = {
    "type": "object",
    "properties": {
        "rows": {"type": "array", "items": ROW},
        "full": {"type": "boolean"},
        "title": TEXT,
    },
    "required": ["rows", "full", "title"],
    "additionalProperties": False,
}
#: Steps by what they take and give; ``any`` says nothing.
STEPS = {
    "any": StepInfo(id="any"),
    "add_one": StepInfo(id="add_one", input_schema=NUMBER, output_schema=NUMBER),
    "length": StepInfo(id="length", input_schema=TEXT, output_schema=NUMBER),
    "read": StepInfo(id="read", output_schema=TABLE),
    "name_of": StepInfo(id="name_of", input_schema=ROW, output_schema=TEXT),
    "list_of": StepInfo(
        id="list_of", input_schema=NUMBER, output_schema={"type": "array", "items": NUMBER}
    ),
    "sum_of": StepInfo(
        id="sum_of", input_schema={"type": "array", "items": NUMBER}, output_schema=NUMBER
    ),
}
CATALOGUE = StaticCatalogue(
    tools={"opaque": ToolInfo(name="opaque")},
    steps=STEPS,
    workflows={
        "child": WorkflowInfo(
            id="child", input_schema=ROW, output_schema=TABLE, versions=frozenset({1, 2})
        )
    },
    callables=frozenset({"w/lp", "w/f", "w/hook"}),
    queues=frozenset({"default"}),
)


def step(node_id: str, ref: str = "any", **extra: Any) -> dict[str, Any]:
    """Return a node that runs the step ``ref``."""
    return {"id": node_id, "type": "step", "step": ref} | extra


def body(*nodes: Any, edges: Any = (), **extra: Any) -> dict[str, Any]:
    """Return a scope."""
    return {"nodes": list(nodes), "edges": [list(edge) for edge in edges]} | extra


def chain(*nodes: Any, **extra: Any) -> dict[str, Any]:
    """Return a scope whose nodes follow each other."""
    ids = [node["id"] for node in nodes]
    return body(*nodes, edges=pairwise(ids), **extra)


def case(case_id: str, *nodes: Any, when: Any = "true", **extra: Any) -> dict[str, Any]:
    """Return a case of a branch; its nodes follow each other."""
    return {"id": case_id, "when": when, "body": chain(*nodes, **extra)}


def branch(node_id: str, *cases: Any, **extra: Any) -> dict[str, Any]:
    """Return a branch."""
    return {"id": node_id, "type": "branch", "cases": list(cases)} | extra


def loop(node_id: str, *nodes: Any, **extra: Any) -> dict[str, Any]:
    """Return a loop that ends after its second round, unless ``extra`` says otherwise."""
    condition = {} if {"while", "until"} & extra.keys() else {"while": "iteration < 2"}
    return {"id": node_id, "type": "loop", "body": chain(*nodes)} | condition | extra


def foreach(node_id: str, *nodes: Any, **extra: Any) -> dict[str, Any]:
    """Return a foreach; the nodes of its body follow each other."""
    return {"id": node_id, "type": "foreach", "body": chain(*nodes)} | extra


def document(*nodes: Any, edges: Any = None, **header: Any) -> dict[str, Any]:
    """Return a definition whose nodes follow each other, unless ``edges`` says otherwise."""
    scope = chain(*nodes) if edges is None else body(*nodes, edges=edges)
    return {"name": "w"} | scope | header


def compiled(*nodes: Any, **header: Any) -> Compiled:
    """Return what :func:`document` compiles to."""
    return compile_definition(document(*nodes, **header), catalogue=CATALOGUE)


def plan_of(*nodes: Any, **header: Any) -> Plan:
    """Return the plan of :func:`document`, which must have no problems at all."""
    result = compiled(*nodes, **header)
    assert result.diagnostics == ()
    assert result.plan is not None
    return result.plan


def found(result: Compiled) -> set[tuple[str, str]]:
    """Return the codes and places of what is wrong."""
    return {(item.code, item.path) for item in result.diagnostics}
