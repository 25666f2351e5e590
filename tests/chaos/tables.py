"""What a run does to the tables by hand: workflows to run, and an empty history to begin with."""

from __future__ import annotations

from typing import Any

from django.apps import apps
from django.contrib.auth.models import Group, User
from django.db import transaction

from tests.published import Node, published
from workflows_app.models import Connection, Workflow, WorkflowVersion


def node(node_id: str, step: str = "work", **options: Any) -> Node:
    """Return a node that runs the step ``chaos-<step>``."""
    return {"id": node_id, "type": "step", "step": f"chaos-{step}", **options}


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
