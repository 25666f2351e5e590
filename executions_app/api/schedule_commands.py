"""Pause, resume and trigger a schedule.  Those from code are commanded by staff only: they belong
to nobody, and act for everybody.
"""

from __future__ import annotations

from rest_framework.exceptions import PermissionDenied
from rest_framework.request import Request
from rest_framework.response import Response

from executions_app.api import schedule_examples as examples
from executions_app.api.execute_workflow import accepted
from executions_app.api.schedule_shapes import ScheduleRecord
from executions_app.api.schedules import TAG, schedule_answer
from executions_app.api.shapes import Started
from executions_app.operations.find_schedules import get_schedule, may_command
from executions_app.operations.pause_schedule import pause_schedule, resume_schedule
from executions_app.operations.trigger_schedule import trigger_schedule
from workflows_app.api.openapi import operation
from workflows_app.api.views import ApiView


class PauseSchedule(ApiView):
    """Pauses one."""

    @operation(
        "schedules_pause",
        summary="Pause a schedule",
        description="Nothing of it starts until it is resumed, nor what it has queued. Pausing "
        "again changes nothing.",
        tag=TAG,
        answers={200: (ScheduleRecord, examples.PAUSED)},
        errors=(403, 404),
    )
    def post(self, request: Request, schedule_id: str) -> Response:
        """Pause it."""
        key = _commanded(request, schedule_id)
        pause_schedule(key, by=request.user.get_username())
        return schedule_answer(request, key)


class ResumeSchedule(ApiView):
    """Lets one go on."""

    @operation(
        "schedules_resume",
        summary="Resume a schedule",
        description="It goes on with its next slot after now; nothing is made up for. Resuming "
        "again changes nothing.",
        tag=TAG,
        answers={200: (ScheduleRecord, examples.RECORD)},
        errors=(403, 404),
    )
    def post(self, request: Request, schedule_id: str) -> Response:
        """Let it go on."""
        key = _commanded(request, schedule_id)
        resume_schedule(key)
        return schedule_answer(request, key)


class TriggerSchedule(ApiView):
    """Fires one now."""

    @operation(
        "schedules_trigger",
        summary="Fire a schedule now",
        description="Starts one execution with what the schedule holds, paused or not, beside "
        "whatever runs. Its slots stay as they are.",
        tag=TAG,
        answers={202: (Started, examples.TRIGGERED)},
        errors=(400, 403, 404, 409),
    )
    def post(self, request: Request, schedule_id: str) -> Response:
        """Start an execution."""
        key = _commanded(request, schedule_id)
        return accepted(trigger_schedule(key, by=request.user.get_username()))


def _commanded(request: Request, schedule_id: str) -> str:
    """Return the id of a schedule that the caller may command.

    Raises:
        ScheduleNotFound: if they may not even see it.
        PermissionDenied: if they may only see it.
    """
    schedule = get_schedule(request.user, schedule_id)
    if not may_command(request.user, schedule):
        raise PermissionDenied
    return schedule.pk
