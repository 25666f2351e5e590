"""Definitions as published workflows, for tests that run them on workers."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise
from typing import Any

from django.contrib.auth.models import User

from workflows_app.interface import compile_document
from workflows_app.models import Workflow
from workflows_app.operations.publish_version import publish_version

Node = dict[str, Any]


def published(
    nodes: Sequence[Node],
    edges: Sequence[Sequence[str]] = (),
    *,
    owner: User | None = None,
    **document: Any,
) -> Workflow:
    """Return a workflow whose published version is the definition given."""
    definition = {
        "schema_version": 1,
        "name": "published",
        "nodes": list(nodes),
        "edges": [list(edge) for edge in edges],
        **document,
    }
    compiled = compile_document(definition)
    assert compiled.plan is not None, compiled.diagnostics
    workflow = Workflow.objects.create(
        name=definition["name"],
        owner=owner,
        definition=definition,
        compile_status=compiled.status,
    )
    publish_version(workflow, compiled=compiled, definition=definition)
    return workflow


def chain(*nodes: Node) -> tuple[list[Node], list[list[str]]]:
    """Return ``nodes`` and the edges that put them in a row."""
    ids = [item["id"] for item in nodes]
    return list(nodes), [list(pair) for pair in pairwise(ids)]
