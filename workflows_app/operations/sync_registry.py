"""Bringing the workflows that code defines into the tables, in step with the code."""

from __future__ import annotations

import logging

from django.db import transaction

from workflows_app.authoring.registry import registry
from workflows_app.authoring.workflow import Workflow as PythonWorkflow
from workflows_app.language.compile import Compiled
from workflows_app.language.plan import NodeKind
from workflows_app.models import Workflow, WorkflowVersion
from workflows_app.operations.publish_version import publish_version

logger = logging.getLogger("celeriac.registry")


def sync_registry() -> list[str]:
    """Write every registered workflow that changed; return the ids of those that did.

    Safe to run in many processes at once.  A workflow that cannot be written is logged and does
    not keep the others out.
    """
    changed = []
    for workflow_id, workflow in registry.workflows.items():
        try:
            if _sync(workflow, registry.compiled[workflow_id]):
                changed.append(workflow_id)
        except Exception:
            logger.exception(
                "a workflow from code could not be registered",
                extra={"action": "registry.sync", "workflow_id": workflow_id},
            )
    return changed


def ensure_published(workflow: PythonWorkflow) -> WorkflowVersion:
    """Return the version that ``workflow``, as this process defines it, runs as.

    Raises:
        ValueError: if its id belongs to a workflow that somebody has drawn.
    """
    # Its own, because another workflow may have taken its id since.
    compiled = workflow.compiled or registry.compiled[workflow.id]
    found = WorkflowVersion.objects.filter(
        workflow_id=workflow.id, plan_hash=compiled.plan_hash
    ).order_by("-number")
    known = (
        found.select_related("workflow")
        .defer("plan", "definition", "diagnostics", "workflow__definition")
        .first()
    )
    if known is not None:
        return known
    _publish_nested(compiled, seen=frozenset({workflow.id}))
    _sync(workflow, compiled)
    return found.get()


def _publish_nested(compiled: Compiled, *, seen: frozenset[str]) -> None:
    """Write the workflows from code that one runs inside itself, or when it fails, if they are
    not there."""
    if compiled.plan is None:
        return
    named = [node.ref for node in compiled.plan.nodes if node.kind is NodeKind.WORKFLOW]
    for workflow_id in (*named, compiled.plan.on_failure or ""):
        nested = registry.workflows.get(workflow_id)
        if nested is not None and nested.id not in seen:
            inner = nested.compiled or registry.compiled[nested.id]
            _publish_nested(inner, seen=seen | {nested.id})
            _sync(nested, inner)


@transaction.atomic
def _sync(workflow: PythonWorkflow, compiled: Compiled) -> bool:
    definition = workflow.to_definition()
    row, created = Workflow.objects.get_or_create(
        pk=workflow.id,
        defaults={
            "name": workflow.name,
            "source": Workflow.Source.PYTHON,
            "definition": definition,
            "compile_status": compiled.status,
        },
    )
    if row.source != Workflow.Source.PYTHON:
        raise ValueError(
            f"the id {workflow.id!r} belongs to a drawn workflow; give the one in code another id"
        )
    row = Workflow.objects.select_for_update(of=("self",)).get(pk=workflow.id)
    fresh = {
        "name": workflow.name,
        "description": workflow.description,
        "definition": definition,
        "compile_status": compiled.status,
        "diagnostics": [item.to_json() for item in compiled.diagnostics],
        "deleted_at": None,
    }
    stale = [name for name, value in fresh.items() if getattr(row, name) != value]
    if stale:
        for name in stale:
            setattr(row, name, fresh[name])
        row.revision += int(not created)
        row.save(update_fields=[*stale, "revision", "updated_at"])
    same = (
        WorkflowVersion.objects.filter(workflow=row, plan_hash=compiled.plan_hash)
        .order_by("-number")
        .first()
    )
    if same is not None and row.published_id != same.pk:
        # Code went back to an earlier plan, or processes of two releases start side by side.
        row.published = same
        row.save(update_fields=["published", "updated_at"])
        return True
    before = row.published_id
    publish_version(row, compiled=compiled, definition=definition)
    return bool(stale) or row.published_id != before
