"""What an execution came to, as Python values.  Reads, changes nothing."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from executions_app.engine.statuses import NodeStatus
from executions_app.models import Execution, StepRun
from executions_app.queries import shown_status


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
    resume_payload: Any = None
    metadata: dict[str, Any] = field(default_factory=dict)


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
    suspend_payload: dict[str, Any] = field(default_factory=dict)
    resume_labels: dict[str, Any] = field(default_factory=dict)


def result_of(execution: Execution) -> ExecutionResult:
    """Return ``execution`` with all its steps, as the tables hold them now."""
    rows = StepRun.objects.filter(execution=execution).exclude(status=NodeStatus.PENDING)
    steps: dict[str, Any] = {"input": execution.input}
    for row in rows.order_by("scheduled_at", "position"):
        steps[row.node_id] = StepResult(
            status=shown_status(row),
            payload=row.input,
            output=row.output,
            error=row.error if row.status != NodeStatus.COMPLETED else None,
            attempts=row.attempt,
            started_at=row.started_at,
            ended_at=row.ended_at,
        )
    return ExecutionResult(
        execution_id=execution.pk,
        status=execution.status,
        result=execution.output,
        error=execution.error,
        steps=steps,
        state=execution.state,
    )
