"""Bringing the workflows that code defines into the tables, in step with the code."""

from __future__ import annotations

import logging
from collections.abc import Iterator, Mapping
from typing import Any

from django.db import transaction
from django.db.models import F

from workflows_app.authoring.registry import registry
from workflows_app.authoring.workflow import Workflow as PythonWorkflow
from workflows_app.language.compile import Compiled
from workflows_app.language.outline import count_nodes
from workflows_app.language.plan import NodeKind
from workflows_app.models import Workflow, WorkflowVersion
from workflows_app.models.version import TEST_NUMBER
from workflows_app.operations.publish_version import publish_version

logger = logging.getLogger("celeriac.registry")

#: Rows asked for at a time.
_BATCH = 500


def sync_registry() -> list[str]:
    """Write every registered workflow that changed; return the ids of those that did.

    Safe to run in many processes at once.  A workflow that cannot be written is logged and does
    not keep the others out.
    """
    changed = []
    stored = {row.pk: row for row in _rows(list(registry.workflows))}
    for workflow_id, workflow in registry.workflows.items():
        try:
            compiled = registry.compiled[workflow_id]
            row = stored.get(workflow_id)
            if row is not None and _is_current(row, workflow, compiled):
                continue
            if _sync(workflow, compiled):
                changed.append(workflow_id)
        except Exception:
            logger.exception(
                "a workflow from code could not be registered",
                extra={"action": "registry.sync", "workflow_id": workflow_id},
            )
    return changed


def _rows(ids: list[str]) -> Iterator[Workflow]:
    """Yield the rows of ``ids`` that exist, with the hash of what each runs as."""
    for start in range(0, len(ids), _BATCH):
        rows = Workflow.objects.filter(pk__in=ids[start : start + _BATCH])
        yield from rows.annotate(running_hash=F("published__plan_hash"))


def _is_current(row: Workflow, workflow: PythonWorkflow, compiled: Compiled) -> bool:
    """Tell whether nothing about ``row`` is to be changed, which is what most starts find."""
    fresh = _columns(workflow, workflow.to_definition(), compiled)
    return (
        row.source == Workflow.Source.PYTHON
        and row.running_hash == compiled.plan_hash  # type: ignore[attr-defined]
        and all(getattr(row, name) == value for name, value in fresh.items())
    )


def _columns(
    workflow: PythonWorkflow, definition: Mapping[str, Any], compiled: Compiled
) -> dict[str, Any]:
    return {
        "name": workflow.name,
        "description": workflow.description,
        "definition": definition,
        "compile_status": compiled.status,
        "diagnostics": [item.to_json() for item in compiled.diagnostics],
        "node_count": count_nodes(definition),
        "archived_at": None,
        "deleted_at": None,
    }


def ensure_published(workflow: PythonWorkflow) -> WorkflowVersion:
    """Return the version that ``workflow``, as this process defines it, runs as.

    Raises:
        ValueError: if its id belongs to a workflow that somebody has drawn.
    """
    # Its own, because another workflow may have taken its id since.
    compiled = workflow.compiled or registry.compiled[workflow.id]
    found = WorkflowVersion.objects.filter(
        workflow_id=workflow.id, plan_hash=compiled.plan_hash, number__gt=TEST_NUMBER
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
    fresh = _columns(workflow, definition, compiled)
    stale = [name for name, value in fresh.items() if getattr(row, name) != value]
    if stale:
        for name in stale:
            setattr(row, name, fresh[name])
        row.revision += int(not created)
        row.save(update_fields=[*stale, "revision", "updated_at"])
    same = (
        WorkflowVersion.objects.filter(
            workflow=row, plan_hash=compiled.plan_hash, number__gt=TEST_NUMBER
        )
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
