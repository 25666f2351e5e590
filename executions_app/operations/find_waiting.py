"""What waits for somebody: questions they may answer, and what their own executions wait for.

Reads only, a page at a time: rows of two tables in one order, the newest first.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from django.db.models import Count, F, Q, QuerySet
from django.db.models.functions import Coalesce

from executions_app.engine.statuses import NodeStatus
from executions_app.models import Approval, Execution, StepRun
from executions_app.operations.find_tasks import mine, tasks_for
from executions_app.queries import EXECUTION_VALUES, with_previews
from workflows_app.language.plan import NodeKind

APPROVAL: Final = "approval"
EVENT: Final = "event"
STEP: Final = "step"
#: Of what waits since the same moment the earlier kind comes first.
KINDS: Final = (APPROVAL, EVENT, STEP)

_HEAVY = (
    *(f"execution__{name}" for name in EXECUTION_VALUES),
    "execution__workflow__definition",
    "execution__workflow__diagnostics",
)


@dataclass(frozen=True, slots=True, order=True)
class Position:
    """Where something stands in the order, so that a page can begin after it."""

    since: datetime
    kind: str
    pk: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Waiting:
    """One thing that waits."""

    position: Position
    row: Approval | StepRun

    @property
    def kind(self) -> str:
        return self.position.kind


@dataclass(frozen=True, slots=True, kw_only=True)
class WaitingPage:
    """Some of what waits, the newest first."""

    rows: Sequence[Waiting]
    has_newer: bool
    has_older: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class WaitingCounts:
    """How much waits."""

    approval: int
    step: int
    event: int

    @property
    def count(self) -> int:
        """What people are asked; an event comes from elsewhere."""
        return self.approval + self.step


def count_waiting(user: Any) -> WaitingCounts:
    """Return how much waits for ``user``, in two statements."""
    asked = mine(tasks_for(user).filter(status=Approval.Status.OPEN), user)
    runs = _held_runs(user).aggregate(
        step=Count("pk", filter=_IS[STEP]), event=Count("pk", filter=_IS[EVENT])
    )
    return WaitingCounts(approval=asked.count(), **runs)


def find_waiting(
    user: Any,
    *,
    size: int,
    kind: str | None = None,
    workflow_id: str | None = None,
    after: Position | None = None,
    before: Position | None = None,
) -> WaitingPage:
    """Return at most ``size`` of what waits for ``user``: the newest, those ``after`` a position,
    or those just ``before`` it."""
    found: list[Waiting] = []
    for each in KINDS if kind is None else (kind,):
        rows = _rows_of(each, user)
        if workflow_id is not None:
            rows = rows.filter(execution__workflow_id=workflow_id)
        place = before or after
        if place is not None:
            rows = rows.filter(_beyond(each, place, newer=before is not None))
        order = ("since", "pk") if before else ("-since", "-pk")
        found += [
            Waiting(position=Position(row.since, each, row.pk), row=row)
            for row in rows.order_by(*order)[: size + 1]
        ]
    # Newest first; of the same moment by kind, and of the same kind the latest row first.
    found.sort(key=lambda it: (-_ticks(it.position.since), it.kind, -it.position.pk))
    is_more = len(found) > size
    if before is not None:
        return WaitingPage(rows=found[-size:], has_newer=is_more, has_older=True)
    return WaitingPage(rows=found[:size], has_newer=after is not None, has_older=is_more)


def _rows_of(kind: str, user: Any) -> Any:
    if kind == APPROVAL:
        asked = mine(tasks_for(user).filter(status=Approval.Status.OPEN), user)
        return with_previews(asked.annotate(since=F("created_at")), ("context",))
    runs = _held_runs(user).filter(_IS[kind]).select_related("execution__workflow")
    since = Coalesce("suspended_at", "started_at", "scheduled_at", "execution__created_at")
    runs = runs.annotate(since=since).defer("input", "output", "error", "resume_data", *_HEAVY)
    return with_previews(runs, ("suspend_payload",))


_IS: Final = {
    STEP: Q(status=NodeStatus.SUSPENDED, kind__in=(NodeKind.STEP, NodeKind.TOOL)),
    EVENT: Q(kind=NodeKind.WAIT, status__in=(NodeStatus.WAITING, NodeStatus.SUSPENDED)),
}


def _held_runs(user: Any) -> QuerySet[StepRun]:
    """Return the runs that wait for somebody or something in the executions of ``user``."""
    if user is None or not user.is_authenticated or not user.is_active:
        return StepRun.objects.none()
    own = Q(owner_id=user.pk)
    if user.is_staff:
        own |= Q(owner__isnull=True)
    going_on = Execution.objects.filter(own, ended_at__isnull=True)
    holding = going_on.filter(Q(suspended__gt=0) | Q(listeners__gt=0)).order_by()
    return StepRun.objects.filter(execution_id__in=holding.values("pk")).filter(
        _IS[STEP] | _IS[EVENT]
    )


def _beyond(kind: str, place: Position, *, newer: bool) -> Q:
    """Return which rows of ``kind`` come after ``place``, or before it."""
    beyond = Q(since__gt=place.since) if newer else Q(since__lt=place.since)
    at_once = Q(since=place.since)
    if kind == place.kind:
        return beyond | at_once & (Q(pk__gt=place.pk) if newer else Q(pk__lt=place.pk))
    comes = kind < place.kind if newer else kind > place.kind
    return beyond | at_once if comes else beyond


def _ticks(when: datetime) -> int:
    return round(when.timestamp() * 1_000_000)
