"""Executions written by hand as the journal writes them: numbered under the lock of their row."""

from __future__ import annotations

import itertools
from datetime import UTC, datetime
from typing import Any

from django.contrib.auth.models import User
from django.db import transaction

from executions_app.models import Event, Execution
from workflows_app.models import Workflow, WorkflowVersion

_numbers = itertools.count(1)
_STATUS_AFTER = {
    "execution_started": "running",
    "execution_completed": "completed",
    "execution_failed": "failed",
    "execution_cancelled": "cancelled",
    "execution_suspended": "suspended",
    "execution_resumed": "running",
    "execution_reopened": "running",
}


def a_user(**fields: Any) -> User:
    """Return a new user."""
    return User.objects.create(username=f"user-{next(_numbers)}", **fields)


def an_execution(owner: User | None, *, events: int = 0, **fields: Any) -> Execution:
    """Return an execution of a new workflow; ``events`` of them are in its log."""
    workflow = Workflow.objects.create(
        name=fields.pop("workflow_name", "Fulfil an order"),
        owner=owner,
        definition={},
        compile_status="ok",
    )
    version = WorkflowVersion.objects.create(
        workflow=workflow, number=1, definition={}, plan={}, plan_hash="sha256:0"
    )
    fields = {"created_at": datetime.now(UTC), "status": "pending"} | fields
    execution = Execution.objects.create(workflow=workflow, version=version, owner=owner, **fields)
    if events:
        append(execution, "execution_started", trigger="api")
        for number in range(2, events + 1):
            append(execution, "log", message=f"line {number}", level="info")
    return execution


@transaction.atomic
def append(execution: Execution, kind: str, *, source: str = "", **data: Any) -> Event:
    """Add one event to the log, and to the execution what follows from it; ``source`` is the
    nested execution it is about."""
    row = Execution.objects.select_for_update().only("last_seq", "status").get(pk=execution.pk)
    row.last_seq += 1
    event = Event.objects.create(
        execution=row, seq=row.last_seq, type=kind, at=datetime.now(UTC), data=data, source=source
    )
    row.save(update_fields=["last_seq"])
    about = Execution.objects.filter(pk=source or row.pk)
    about.update(status=_STATUS_AFTER.get(kind, about.get().status))
    return event


def a_nested_execution(root: Execution, parent: Execution | None = None) -> Execution:
    """Return an execution inside ``parent``, or directly inside ``root``."""
    return an_execution(root.owner, root=root, parent=parent or root, status="running")
