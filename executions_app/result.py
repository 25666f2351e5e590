"""What an execution came to, as Python values.  Reads, changes nothing."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from executions_app.engine.statuses import FINAL, NodeStatus
from executions_app.models import Execution, StepRun
from executions_app.queries import shown_status
from executions_app.suspensions import Suspension, paths_of, suspensions_of
from workflows_app.interface import get_plan
from workflows_app.language.plan import (
    BODY_SUFFIX,
    NodeKind,
    Plan,
    face_of,
    indexes_of,
    node_of,
)


@dataclass(frozen=True, slots=True, kw_only=True)
class StepResult:
    """One step of an execution."""

    status: str
    payload: Any = None
    """The input of the last attempt."""
    output: Any = None
    error: dict[str, Any] | None = None
    attempts: int = 0
    started_at: datetime | None = None
    ended_at: datetime | None = None
    suspend_payload: Any = None
    suspended_at: datetime | None = None
    resume_payload: Any = None
    resumed_at: datetime | None = None
    metadata: dict[str, Any] = field(default_factory=dict)
    steps: dict[str, Any] = field(default_factory=dict)
    """Of a nested workflow, its own steps."""
    execution_id: str | None = None
    """Of a nested workflow, its own execution."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ExecutionResult:
    """An execution as it stands."""

    execution_id: str
    status: str
    result: Any = None
    error: dict[str, Any] | None = None
    steps: dict[str, Any] = field(default_factory=dict)
    """Step id -> :class:`StepResult`, in the order in which they began; and ``"input"``."""
    state: dict[str, Any] = field(default_factory=dict)
    suspended: list[list[str]] = field(default_factory=list)
    """The paths of the steps that wait for an answer."""
    suspend_payload: dict[str, Any] = field(default_factory=dict)
    """Step id -> what it asks; for a nested workflow what is asked inside."""
    resume_labels: dict[str, Any] = field(default_factory=dict)
    """Label -> ``{"step_id", "foreach_index"?}``."""
    usage: dict[str, int] = field(default_factory=dict)
    """Tokens that steps reported, by kind."""


def result_of(execution: Execution) -> ExecutionResult:
    """Return ``execution`` with all its steps, as the tables hold them now."""
    waiting = [] if execution.status in FINAL else suspensions_of(execution)
    return ExecutionResult(
        execution_id=execution.pk,
        status=execution.status,
        result=execution.output,
        error=execution.error,
        steps={"input": execution.input} | _steps(execution),
        state=execution.state,
        suspended=paths_of(waiting),
        suspend_payload=_payloads(waiting),
        resume_labels=_labels(waiting),
        usage=execution.usage,
    )


def _steps(execution: Execution) -> dict[str, StepResult]:
    plan = get_plan(execution.version_id)
    rows = StepRun.objects.filter(execution=execution).exclude(status=NodeStatus.PENDING)
    steps: dict[str, StepResult] = {}
    for row in _last_runs(plan, rows.order_by("scheduled_at", "position", "pk")):
        metadata, nested = _metadata(plan, row), _nested(row)
        steps[node_of(row.node_id)] = StepResult(
            status=shown_status(row),
            payload=row.input,
            output=row.output,
            error=row.error if row.status != NodeStatus.COMPLETED else None,
            attempts=row.attempt,
            started_at=row.started_at,
            ended_at=row.ended_at,
            suspend_payload=row.suspend_payload,
            suspended_at=row.suspended_at,
            resume_payload=row.resume_data,
            resumed_at=row.resumed_at,
            metadata=metadata,
            steps=_steps(nested) if nested else {},
            execution_id=nested.pk if nested else None,
        )
    return steps


def _last_runs(plan: Plan, rows: Iterable[StepRun]) -> list[StepRun]:
    """Return one run of each step: of one in a loop the last round's, of a foreach itself."""
    last: dict[str, StepRun] = {}
    for row in rows:
        node_id = node_of(row.node_id)
        node = plan.by_id.get(node_id)
        if node is None or node_id.endswith(BODY_SUFFIX):
            continue
        if any(it.kind is NodeKind.FOREACH for it in plan.around[node_id]):
            continue
        before = last.get(node_id)
        if before is None or indexes_of(row.node_id) >= indexes_of(before.node_id):
            last[node_id] = row
    return list(last.values())


def _metadata(plan: Plan, row: StepRun) -> dict[str, Any]:
    rounds = indexes_of(row.node_id)
    return {"iteration_count": rounds[-1] + 1} if rounds else {}


def _nested(row: StepRun) -> Execution | None:
    if row.kind != NodeKind.WORKFLOW:
        return None
    children = Execution.objects.filter(parent_id=row.execution_id, parent_key=row.node_id)
    return children.order_by("-created_at", "-pk").first()


def _payloads(waiting: Iterable[Suspension]) -> dict[str, Any]:
    payloads: dict[str, Any] = {}
    for item in waiting:
        asked = {} if item.payload is None else item.payload
        for inner in reversed(item.path[1:]):
            asked = {inner: asked}
        payloads.setdefault(item.path[0], asked)
    return payloads


def _labels(waiting: Iterable[Suspension]) -> dict[str, Any]:
    return {
        label: {"step_id": face_of(item.path[0])}
        | ({"foreach_index": item.indexes[-1]} if item.indexes else {})
        for item in waiting
        for label in item.labels
    }
