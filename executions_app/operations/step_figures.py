# ruff: noqa: S608 - every name put into a statement is a constant of ours; values are parameters
"""How the steps of a workflow did lately: how often, how they ended, how long they ran and waited
for a worker.

Of whole executions, the newest; never of part of one, so that no step looks rarer than it is.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from django.db.models import Count, Min, Q, QuerySet

from executions_app.engine.statuses import NodeStatus
from executions_app.models import Execution, StepRun
from executions_app.operations.percentiles import percentiles, seconds_between
from workflows_app.language.plan import face_of, node_of

#: Runs that are looked at, at most; executions that would be beyond are left out.
MAX_RUNS = 200_000
_ENDED = (NodeStatus.COMPLETED, NodeStatus.FAILED)


@dataclass(frozen=True, slots=True, kw_only=True)
class StepFigures:
    """One step, all its rounds together.  Seconds are ``None`` where nothing was measured."""

    step_id: str
    step_name: str
    kind: str
    count: int
    completed: int
    failed: int
    p50_run_seconds: float | None
    p95_run_seconds: float | None
    p50_queue_seconds: float | None
    p95_queue_seconds: float | None


@dataclass(frozen=True, slots=True, kw_only=True)
class StepsFigures:
    """The steps of some executions, in the document's order."""

    executions: int
    limit_reached: bool
    """Whether executions were left out, because they have too many runs."""
    steps: tuple[StepFigures, ...]


def step_figures_of(rows: QuerySet[Execution], *, last: int) -> StepsFigures:
    """Return the figures of the ``last`` of ``rows``, which are of one version."""
    newest = rows.order_by("-created_at", "-id").values_list("pk", "begun")
    sizes = list(newest[:last])
    keys = _within(sizes)
    if not keys:
        return StepsFigures(executions=0, limit_reached=bool(sizes), steps=())
    runs = StepRun.objects.filter(execution_id__in=keys, internal=False)
    # A join that was never reached has a row that only counts.
    runs = runs.exclude(status=NodeStatus.PENDING)
    counted = runs.order_by("position").values("position")
    found = counted.annotate(
        step=Min("node_id"),
        title=Min("name"),
        sort=Min("kind"),
        count=Count("pk"),
        completed=Count("pk", filter=Q(status=NodeStatus.COMPLETED)),
        failed=Count("pk", filter=Q(status=NodeStatus.FAILED)),
    )
    ran = _durations(runs.filter(status__in=_ENDED), "started_at", "ended_at")
    queued = _durations(runs, "scheduled_at", "started_at")
    return StepsFigures(
        executions=len(keys),
        limit_reached=len(keys) < len(sizes),
        steps=tuple(
            StepFigures(
                step_id=face_of(node_of(row["step"])),
                step_name=row["title"],
                kind=row["sort"],
                count=row["count"],
                completed=row["completed"],
                failed=row["failed"],
                p50_run_seconds=ran.get(row["position"], (None, None))[0],
                p95_run_seconds=ran.get(row["position"], (None, None))[1],
                p50_queue_seconds=queued.get(row["position"], (None, None))[0],
                p95_queue_seconds=queued.get(row["position"], (None, None))[1],
            )
            for row in found
        ),
    )


def _within(sizes: Sequence[tuple[str, int]]) -> list[str]:
    """Return the keys of the first executions that together have few enough runs."""
    keys, runs = [], 0
    for key, begun in sizes:
        runs += begun
        if runs > MAX_RUNS:
            break
        keys.append(key)
    return keys


def _durations(runs: QuerySet[StepRun], earlier: str, later: str) -> dict[int, tuple[float, float]]:
    source, params = runs.order_by().values("position", earlier, later).query.sql_with_params()
    seconds = seconds_between(earlier, later)
    timed = f"SELECT position, {seconds} AS seconds FROM ({source}) AS runs"
    found = percentiles(timed, params, groups="position", value="seconds")
    return {position: (half, most) for position, half, most in found}
