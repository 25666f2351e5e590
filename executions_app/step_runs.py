"""The runs of an execution's steps, and the executions inside it: which ones somebody asks for.

Reads only; refuses to decide who may look.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from django.db.models import Case, Count, F, Q, QuerySet, Value, When

from executions_app.engine.statuses import UNSETTLED, NodeStatus
from executions_app.models import Execution, StepRun
from workflows_app.interface import get_plan
from workflows_app.language.plan import REPEATED, NodeKind, Plan, indexes_of

#: Executions inside an execution that its record names.
MAX_CHILDREN = 1_000
#: A worker that has claimed one of these is running it.
BEGUN = (NodeStatus.SCHEDULED, NodeStatus.RETRYING)
#: Of the items of foreachs, those that a record shows of what is at work or failed.
MAX_ITEMS = 200
#: Items that still matter to whoever watches.
_TELLING = (*sorted(UNSETTLED), NodeStatus.FAILED)


@dataclass(frozen=True, slots=True, kw_only=True)
class Tally:
    """How many runs of one node inside repetitions are in each state."""

    node_id: str
    counts: dict[str, int]


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
    inside = _positions_inside(execution, frozenset({NodeKind.FOREACH}))
    return steps.exclude(position__in=inside) if inside else steps


def telling_items(steps: QuerySet[StepRun], execution: Execution) -> QuerySet[StepRun]:
    """Return what runs once for each item of a foreach and is at work, or failed, as
    it was reached."""
    inside = _positions_inside(execution, frozenset({NodeKind.FOREACH}))
    return steps.filter(position__in=inside, status__in=_TELLING).order_by("pk")


def tallies(execution: Execution) -> list[Tally]:
    """Return how the runs inside an execution's repetitions stand, node by node, in the order of
    the document."""
    inside = _positions_inside(execution, REPEATED)
    shown = Case(
        When(status__in=BEGUN, claimed_at__isnull=False, then=Value(NodeStatus.RUNNING.value)),
        default=F("status"),
    )
    rows = runs_of(execution.pk).filter(position__in=inside).annotate(shown=shown)
    counted = rows.order_by("position").values("position", "shown").annotate(count=Count("pk"))
    found: dict[int, dict[str, int]] = {}
    for position, status, count in counted.values_list("position", "shown", "count"):
        found.setdefault(position, {})[status] = count
    return [Tally(node_id=inside[position], counts=found[position]) for position in sorted(found)]


def _positions_inside(execution: Execution, kinds: frozenset[NodeKind]) -> dict[int, str]:
    """Return the nodes inside containers of ``kinds``, by their place in the document."""
    if not StepRun.objects.filter(execution_id=execution.pk, kind__in=sorted(kinds)).exists():
        return {}
    plan: Plan = get_plan(execution.version_id)
    return {
        plan.position[node.id]: node.id
        for node in plan.nodes
        if any(around.kind in kinds for around in plan.around[node.id])
    }


def children_of(execution: Execution, *, keys: Sequence[str] | None = None) -> list[Execution]:
    """Return the executions directly inside one, the earliest first, items that were begun at
    one moment in their order; those inside the runs ``keys`` if these are given."""
    rows = Execution.objects.filter(parent_id=execution.pk)
    if keys is not None:
        rows = rows.filter(parent_key__in=keys)
    names = ("status", "parent_key", "workflow_id", "created_at")
    found = rows.only(*names).order_by("created_at", "pk")[:MAX_CHILDREN]
    return sorted(found, key=lambda child: (child.created_at, indexes_of(child.parent_key)))
