"""Pausing a schedule and letting it go on.  Both last, and both may be repeated.

Refuses to make up for a pause: what was due meanwhile is not due any more.
"""

from __future__ import annotations

from django.db import transaction

from executions_app import database
from executions_app.models import Schedule, ScheduleFire
from executions_app.operations.set_schedule import locked_schedule, set_next


def pause_schedule(schedule_id: str, *, by: str = "") -> Schedule:
    """Start nothing of a schedule from now on, nor what it has queued; return it.

    Raises:
        ScheduleNotFound: if there is no such schedule.
    """
    with transaction.atomic():
        schedule = locked_schedule(schedule_id)
        if schedule.paused_at is None:
            schedule.paused_at, schedule.paused_by = database.now(), by
            schedule.save(update_fields=["paused_at", "paused_by", "updated_at"])
            ScheduleFire.objects.filter(
                schedule=schedule, outcome=ScheduleFire.Outcome.QUEUED
            ).update(
                outcome=ScheduleFire.Outcome.SKIPPED,
                reason="the schedule was paused while it waited",
                fired_at=schedule.paused_at,
            )
    return schedule


def resume_schedule(schedule_id: str) -> Schedule:
    """Let a schedule go on with its next slot after now; return it.

    Raises:
        ScheduleNotFound: if there is no such schedule.
    """
    with transaction.atomic():
        schedule = locked_schedule(schedule_id)
        if schedule.paused_at is not None:
            schedule.paused_at, schedule.paused_by = None, ""
            set_next(schedule, schedule.rule, after=database.now())
            schedule.save(
                update_fields=[
                    "paused_at",
                    "paused_by",
                    "next_slot_at",
                    "next_fire_at",
                    "updated_at",
                ]
            )
    return schedule
