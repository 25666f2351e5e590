"""Firing a schedule now, by hand: beside its slots, whether it is paused or not."""

from __future__ import annotations

from datetime import timedelta
from typing import Final

from django.db import transaction

from executions_app import database
from executions_app.models import Execution, ScheduleFire
from executions_app.operations.set_schedule import locked_schedule
from executions_app.operations.start_slot import start_for

_MILLISECOND: Final = timedelta(milliseconds=1)


def trigger_schedule(schedule_id: str, *, by: str = "") -> Execution:
    """Start a schedule's workflow once and return the execution; its slots stay as they are.

    Nothing is waited for or cancelled: whoever asks knows what runs.

    Raises:
        ScheduleNotFound: if there is no such schedule.
        WorkflowError: as when starting; nothing is started then.
    """
    with transaction.atomic():
        schedule = locked_schedule(schedule_id)
        now = database.now()
        slot = now.replace(microsecond=now.microsecond // 1000 * 1000)
        while ScheduleFire.objects.filter(schedule=schedule, slot=slot).exists():
            slot += _MILLISECOND
        execution = start_for(schedule, slot)
        ScheduleFire.objects.create(
            schedule=schedule,
            slot=slot,
            outcome=ScheduleFire.Outcome.STARTED,
            reason=f"triggered by {by}" if by else "triggered by hand",
            execution=execution,
            fired_at=now,
        )
    return execution
