"""What the page of an execution shows of its surroundings: what is nested in it, what is asked,
and events that wait.  Reads only; refuses to load what a page cannot show.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.http import HttpRequest

from executions_app.admin.stored_values import StoredValue, as_text, stored_value
from executions_app.models import Approval, Execution, Signal
from executions_app.operations.find_tasks import tasks_for
from executions_app.suspensions import suspensions_of
from workflows_app.admin.rendering import json_text

SHOWN = 50
SIGNAL_CHARS = QUESTION_CHARS = 2_000


@dataclass(frozen=True, slots=True, kw_only=True)
class Inside:
    """Each list is cut after :data:`SHOWN`."""

    children: Sequence[Execution]
    tasks: Sequence[Approval]
    signals: Sequence[tuple[Signal, StoredValue | None]]
    """Events that came before anything waited for them, the earliest first."""


def inside_of(request: HttpRequest, execution: Execution) -> Inside:
    """Return what stands around and inside ``execution``."""
    nested = Execution.objects.filter(parent_id=execution.pk).order_by("created_at", "pk")
    return Inside(
        children=list(nested.only("status", "parent_key")[:SHOWN]),
        tasks=list(_tasks(request, execution)),
        signals=_signals(execution),
    )


def questions_of(execution: Execution) -> list[tuple[str, str]]:
    """Return what ``execution`` asks: how the step is named, and the question as text."""
    return [
        (".".join((*it.path[:-1], it.key)), json_text(it.payload, max_chars=QUESTION_CHARS))
        for it in suspensions_of(execution)[:SHOWN]
    ]


def _tasks(request: HttpRequest, execution: Execution) -> Any:
    asked = tasks_for(request.user).filter(execution_id=execution.pk)
    return asked.defer("form", "context", "answer").order_by("-created_at", "-id")[:SHOWN]


def _signals(execution: Execution) -> list[tuple[Signal, StoredValue | None]]:
    kept = Signal.objects.filter(execution_id=execution.pk).defer("data").order_by("id")
    rows = kept.annotate(**as_text("data", max_chars=SIGNAL_CHARS))[:SHOWN]
    return [(row, stored_value(row, "data")) for row in rows]
