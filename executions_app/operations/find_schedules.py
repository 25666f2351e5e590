"""Finding schedules for somebody.  Refuses to tell a foreign id from one that never was."""

from __future__ import annotations

from typing import Any

from django.db.models import Q, QuerySet

from executions_app.models import Schedule
from workflows_app.authoring.errors import WorkflowError


class ScheduleNotFound(WorkflowError):
    """There is no such schedule, or it is somebody else's."""

    code = "schedule.not_found"

    def __init__(self, schedule_id: str) -> None:
        super().__init__(f"there is no schedule {schedule_id!r}; /api/schedules/ lists yours")


def schedules_for(user: Any) -> QuerySet[Schedule]:
    """Return the schedules ``user`` may see: their own, and those that code defines.

    A superuser sees all; somebody who is not logged in sees none.
    """
    rows = Schedule.objects.select_related("workflow", "owner").defer(
        "workflow__definition", "workflow__diagnostics"
    )
    if user is None or not user.is_authenticated or not user.is_active:
        return rows.none()
    if user.is_superuser:
        return rows
    return rows.filter(Q(owner_id=user.pk) | Q(owner=None, source=Schedule.Source.PYTHON))


def get_schedule(user: Any, schedule_id: str) -> Schedule:
    """Return one schedule.

    Raises:
        ScheduleNotFound: if ``user`` may see none of that id.
    """
    found = schedules_for(user).filter(pk=schedule_id).first()
    if found is None:
        raise ScheduleNotFound(schedule_id)
    return found


def may_command(user: Any, schedule: Schedule) -> bool:
    """Return whether ``user`` may pause, resume and trigger ``schedule``, which they may see.

    Those from code belong to nobody, as do their executions: staff look after both.
    """
    return bool(user.is_staff or user.is_superuser or schedule.owner_id == user.pk)
