"""What a run does to the tables by hand: workflows to run, and an empty history to begin with."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise
from typing import Any

from django.apps import apps
from django.contrib.auth.models import Group, User
from django.db import transaction

from workflows_app.interface import compile_document
from workflows_app.models import Connection, Workflow, WorkflowVersion
from workflows_app.operations.publish_version import publish_version

Node = dict[str, Any]


def node(node_id: str, step: str = "work", **options: Any) -> Node:
    """Return a node that runs the step ``chaos-<step>``."""
    return {"id": node_id, "type": "step", "step": f"chaos-{step}", **options}


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
        "name": "chaos",
        "nodes": list(nodes),
        "edges": [list(edge) for edge in edges],
        **document,
    }
    compiled = compile_document(definition)
    assert compiled.plan is not None, compiled.diagnostics
    workflow = Workflow.objects.create(
        name="chaos", owner=owner, definition=definition, compile_status=compiled.status
    )
    publish_version(workflow, compiled=compiled, definition=definition)
    return workflow


def chain(*nodes: Node) -> tuple[list[Node], list[list[str]]]:
    """Return ``nodes`` and the edges that put them in a row."""
    ids = [item["id"] for item in nodes]
    return list(nodes), [list(pair) for pair in pairwise(ids)]


def ten_steps(*, owner: User | None = None, step: str = "work") -> Workflow:
    """Return ten steps with two forks and two joins: s0 (a b c) s4 s5 (d e) s8 s9."""
    edges = [
        *(("s0", arm) for arm in "abc"),
        *((arm, "s4") for arm in "abc"),
        ("s4", "s5"),
        *(("s5", arm) for arm in "de"),
        *((arm, "s8") for arm in "de"),
        ("s8", "s9"),
    ]
    names = ["s0", "a", "b", "c", "s4", "s5", "d", "e", "s8", "s9"]
    return published([node(name, step) for name in names], edges, owner=owner)


def wipe() -> None:
    """Forget every execution, and every workflow but those of code."""
    Workflow.objects.update(published=None)
    models = apps.get_app_config("executions_app").get_models(include_auto_created=True)
    with transaction.atomic():  # keys are checked when it ends, so any order will do
        for model in (*models, WorkflowVersion, Workflow, Connection, Group):
            rows = model._default_manager.all()
            rows._raw_delete(rows.db)
