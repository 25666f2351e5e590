"""Rows for the tests of schedules: workflows that end at once or wait for a worker, and schedules
whose clock is the test's.
"""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

from django.contrib.auth import get_user_model
from django.contrib.auth.models import AbstractBaseUser

from executions_app.models import Execution, Schedule, ScheduleFire
from executions_app.operations.cancel import cancel_execution
from executions_app.operations.set_schedule import create_schedule, set_next
from workflows_app.authoring.schedule import Schedule as Rule
from workflows_app.models import Workflow
from workflows_app.operations.save_draft import create_draft

NOON = datetime(2026, 5, 4, 12, tzinfo=UTC)
MINUTE = timedelta(minutes=1)


def quick(**changes: Any) -> dict[str, Any]:
    """A definition that doubles ``n`` and ends while it is started."""
    inputs = {"type": "object", "properties": {"n": {"type": "integer"}}, "required": ["n"]}
    node = {"id": "twice", "type": "map", "fields": {"n": {"expression": "inputs.n * 2"}}}
    return {"schema_version": 1, "name": "Quick", "inputs": inputs, "nodes": [node], **changes}


def lasting() -> dict[str, Any]:
    """A definition whose only step waits for a worker, so that its executions go on."""
    node = {"id": "say", "type": "tool", "tool": "log", "input": {"message": {"value": "hello"}}}
    return {"schema_version": 1, "name": "Lasting", "nodes": [node]}


def a_user(name: str = "ada", **fields: Any) -> AbstractBaseUser:
    return get_user_model().objects.create_user(name, password="x", **fields)


def a_workflow(definition: dict[str, Any] | None = None, *, owner: Any = None) -> Workflow:
    return create_draft(definition=definition or lasting(), owner=owner)


def a_schedule(
    workflow: Workflow | None = None, *, since: datetime = NOON, owner: Any = None, **rule: Any
) -> Schedule:
    """A schedule whose first slot is the first after ``since``; every minute unless said."""
    if workflow is None:
        owner = owner or a_user()
        workflow = a_workflow(owner=owner)
    if "interval" not in rule:
        rule.setdefault("cron", "* * * * *")
    written = Rule(**rule)
    schedule = create_schedule(written, workflow=workflow, owner=owner or workflow.owner)
    set_next(schedule, written, after=since)
    schedule.save()
    return schedule


def told(schedule: Schedule) -> list[tuple[float, str]]:
    """Return (minutes after noon, outcome) of every slot, the earliest first."""
    fires = ScheduleFire.objects.filter(schedule=schedule).order_by("slot")
    return [((fire.slot - NOON) / MINUTE, fire.outcome) for fire in fires]


def reasons(schedule: Schedule) -> list[str]:
    fires = ScheduleFire.objects.filter(schedule=schedule).order_by("slot")
    return list(fires.values_list("reason", flat=True))


def executions(schedule: Schedule) -> list[Execution]:
    rows = Execution.objects.filter(pk__startswith=f"sched_{schedule.pk}_")
    return sorted(rows, key=lambda row: row.pk)


def end(execution: Execution) -> None:
    """Let an execution be over."""
    cancel_execution(execution.pk)
    execution.refresh_from_db()
    assert execution.status == "cancelled"
