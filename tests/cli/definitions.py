"""Workflows that need no worker: mappings are evaluated while the execution starts."""

from __future__ import annotations

from typing import Any

from workflows_app.models import Workflow
from workflows_app.operations.save_draft import create_draft


def double(**changes: Any) -> dict[str, Any]:
    """Return a definition that doubles its input at once; ``{"n": "x"}`` is refused."""
    inputs = {"type": "object", "properties": {"n": {"type": "integer"}}, "required": ["n"]}
    node = {"id": "twice", "type": "map", "fields": {"n": {"expression": "inputs.n * 2"}}}
    return {"schema_version": 1, "name": "Double", "inputs": inputs, "nodes": [node], **changes}


def failing() -> dict[str, Any]:
    """Return a definition that fails at once."""
    node = {"id": "bad", "type": "map", "fields": {"n": {"expression": "1 / 0"}}}
    return {"schema_version": 1, "name": "Failing", "nodes": [node]}


def waiting() -> dict[str, Any]:
    """Return a definition whose first step waits for a worker."""
    nodes = [
        {"id": "say", "type": "tool", "tool": "log", "name": "Say it"},
        {"id": "then", "type": "map", "fields": {"said": {"from": "steps.say.message"}}},
    ]
    nodes[0]["input"] = {"message": {"value": "hello"}}
    return {
        "schema_version": 1,
        "name": "Waiting",
        "nodes": nodes,
        "edges": [["say", "then"]],
    }


def saved(definition: dict[str, Any], workflow_id: str, *, owner: Any = None) -> Workflow:
    """Return ``definition`` saved and published."""
    workflow = create_draft(definition=definition, owner=owner, workflow_id=workflow_id)
    assert workflow.published is not None, workflow.diagnostics
    return workflow
