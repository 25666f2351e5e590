"""What the page of one execution shows, in a fixed number of queries and a bounded number of bytes.

Refuses to change anything: it only reads.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.db.models import QuerySet, TextField
from django.db.models.fields.json import KT
from django.db.models.functions import Cast, Substr
from django.utils import timezone

from executions_app.admin.stored_values import StoredValue, as_text, stored_value
from executions_app.admin.timeline import Span
from executions_app.engine.statuses import NodeStatus
from executions_app.models import Event, Execution, StepRun
from executions_app.queries import shown_status
from workflows_app.admin.rendering import json_text

STEPS_SHOWN = 200
EVENTS_SHOWN = 500
STEP_VALUE_CHARS = 10_000
EXECUTION_VALUE_CHARS = 100_000
EVENT_DATA_CHARS = 2_000
CAUSES_SHOWN = 10

#: The columns of an execution that may be large; its page reads them cut.
LARGE = ("input", "output", "runtime_context", "state")
_STEP_LARGE = ("input", "output", "suspend_payload", "resume_data")


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """One line of the table of steps."""

    row: StepRun
    status: str
    input: StoredValue | None
    output: StoredValue | None
    question: StoredValue | None
    """What it asked, when it was suspended."""
    answer: StoredValue | None
    causes: tuple[Cause, ...]
    duration: timedelta | None

    @property
    def waits_for(self) -> str:
        """The event, the moment, or both; empty for a step that does not wait."""
        row = self.row
        if row.status not in (NodeStatus.WAITING, NodeStatus.SUSPENDED):
            return ""
        event = f"for event {row.event}" if row.event else ""
        until = f"until {timezone.localtime(row.due_at):%Y-%m-%d %H:%M:%S}" if row.due_at else ""
        return f"{event} {until}".strip()

    @property
    def span(self) -> Span:
        """The step's times, for the timeline."""
        return Span(
            name=self.row.name,
            status=self.status,
            scheduled_at=self.row.scheduled_at,
            started_at=self.row.started_at or self.row.claimed_at,
            ended_at=self.row.ended_at,
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Cause:
    """One error of a chain, the outermost first."""

    name: str
    code: str
    message: str
    details: str
    """Indented JSON; empty when there are none."""


def for_page(executions: QuerySet[Execution]) -> QuerySet[Execution]:
    """Return ``executions`` with everything the page needs and no large value."""
    heavy = [
        *LARGE,
        "version__definition",
        "version__plan",
        "version__diagnostics",
        "workflow__definition",
        "workflow__diagnostics",
    ]
    return (
        executions.select_related("workflow", "version", "owner")
        .defer(*heavy)
        .annotate(**as_text(*LARGE, max_chars=EXECUTION_VALUE_CHARS))
    )


def steps_of(execution: Execution, *, page: int, now: datetime) -> tuple[list[Step], bool]:
    """Return the steps of ``page`` (from 1), in the document's order, and whether more follow."""
    first = (page - 1) * STEPS_SHOWN
    rows = (
        StepRun.objects.filter(execution_id=execution.pk)
        .exclude(status=NodeStatus.PENDING)
        .order_by("position", "pk")
        .defer(*_STEP_LARGE)
        .annotate(**as_text(*_STEP_LARGE, max_chars=STEP_VALUE_CHARS))
    )
    found = list(rows[first : first + STEPS_SHOWN + 1])
    return [_step(row, now=now) for row in found[:STEPS_SHOWN]], len(found) > STEPS_SHOWN


def events_of(execution: Execution) -> list[dict[str, Any]]:
    """Return the latest events, the newest first, each with its data cut to a line or two."""
    newest = Event.objects.filter(execution_id=execution.root_id or execution.pk).order_by("-seq")
    if execution.root_id:
        newest = newest.filter(source=execution.pk)
    return list(
        newest.values(
            "seq",
            "type",
            "at",
            step=KT("data__name"),
            node_id=KT("data__node_id"),
            attempt=KT("data__attempt"),
            level=KT("data__level"),
            message=KT("data__message"),
            failure=KT("data__error__message"),
            text=Substr(Cast("data", TextField()), 1, EVENT_DATA_CHARS),
        )[:EVENTS_SHOWN]
    )


def causes_of(error: Mapping[str, Any] | None) -> tuple[Cause, ...]:
    """Return ``error`` and what caused it, the outermost first."""
    return tuple(_causes(error))


def duration_of(execution: Execution, *, now: datetime) -> timedelta | None:
    """Return how long the execution took, or has been going on."""
    if execution.started_at is None:
        return None
    return (execution.ended_at or now) - execution.started_at


def values_of(execution: Execution) -> dict[str, StoredValue | None]:
    """Return the large values of an execution read through :func:`for_page`."""
    return {column: stored_value(execution, column) for column in LARGE}


def _step(row: StepRun, *, now: datetime) -> Step:
    started = row.started_at
    status = shown_status(row)
    end = row.ended_at or (now if status == NodeStatus.RUNNING else None)
    return Step(
        row=row,
        status=status,
        input=stored_value(row, "input"),
        output=stored_value(row, "output"),
        question=stored_value(row, "suspend_payload"),
        answer=stored_value(row, "resume_data"),
        causes=causes_of(row.error),
        duration=end - started if started and end else None,
    )


def _causes(error: Any) -> Iterator[Cause]:
    for _ in range(CAUSES_SHOWN):
        if not isinstance(error, Mapping):
            return
        details = error.get("details")
        yield Cause(
            name=str(error.get("name", "")),
            code=str(error.get("code", "")),
            message=str(error.get("message", "")),
            details=json_text(details, max_chars=STEP_VALUE_CHARS) if details else "",
        )
        error = error.get("cause")
