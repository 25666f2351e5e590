"""The runs of an execution's steps, and the executions inside it: which ones somebody asks for.

Reads only; refuses to decide who may look.
"""

from __future__ import annotations

from collections.abc import Sequence

from django.db.models import Q, QuerySet

from executions_app.engine.statuses import NodeStatus
from executions_app.models import Execution, StepRun
from workflows_app.interface import get_plan
from workflows_app.language.plan import NodeKind, indexes_of

#: Executions inside an execution that its record names.
MAX_CHILDREN = 1_000
#: A worker that has claimed one of these is running it.
BEGUN = (NodeStatus.SCHEDULED, NodeStatus.RETRYING)


def runs_of(execution_id: str) -> QuerySet[StepRun]:
    """Return the runs of an execution's steps that were reached."""
    # A join that was never reached has a row that only counts.
    return StepRun.objects.filter(execution_id=execution_id).exclude(status=NodeStatus.PENDING)


def of_key(runs: QuerySet[StepRun], key: str) -> QuerySet[StepRun]:
    """Return the run ``key``, or every run of the step that has this id."""
    return runs.filter(Q(node_id=key) | Q(node_id__startswith=f"{key}["))


def in_status(runs: QuerySet[StepRun], status: str) -> QuerySet[StepRun]:
    """Return the runs that people see in ``status``; a container that is held counts as running."""
    taken = Q(claimed_at__isnull=False, status__in=BEGUN)
    if status == NodeStatus.RUNNING:
        return runs.filter(Q(status=status) | taken)
    return runs.filter(status=status).exclude(taken)


def without_items(steps: QuerySet[StepRun], execution: Execution) -> QuerySet[StepRun]:
    """Return ``steps`` without what runs once for each item of a foreach."""
    if not StepRun.objects.filter(execution_id=execution.pk, kind=NodeKind.FOREACH).exists():
        return steps
    plan = get_plan(execution.version_id)
    inside = [
        plan.position[node.id]
        for node in plan.nodes
        if any(around.kind is NodeKind.FOREACH for around in plan.around[node.id])
    ]
    return steps.exclude(position__in=inside)


def children_of(execution: Execution, *, keys: Sequence[str] | None = None) -> list[Execution]:
    """Return the executions directly inside one, the earliest first, items that were begun at
    one moment in their order; those inside the runs ``keys`` if these are given."""
    rows = Execution.objects.filter(parent_id=execution.pk)
    if keys is not None:
        rows = rows.filter(parent_key__in=keys)
    names = ("status", "parent_key", "workflow_id", "created_at")
    found = rows.only(*names).order_by("created_at", "pk")[:MAX_CHILDREN]
    return sorted(found, key=lambda child: (child.created_at, indexes_of(child.parent_key)))
