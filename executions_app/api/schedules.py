"""Schedules: list, create, show, change, delete, and what became of their slots."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

from rest_framework.request import Request
from rest_framework.response import Response

from executions_app.api import schedule_examples as examples
from executions_app.api.schedule_shapes import (
    FireShape,
    ScheduleBody,
    SchedulePatch,
    ScheduleRecord,
    ScheduleShape,
    rule_of,
)
from executions_app.models import Schedule, ScheduleFire
from executions_app.operations.find_schedules import get_schedule, schedules_for
from executions_app.operations.set_schedule import (
    change_schedule,
    create_schedule,
    delete_schedule,
)
from workflows_app.api.filters import Filter, choice, flag, read_filters, text
from workflows_app.api.lookup import workflow_of
from workflows_app.api.openapi import PAGING_PARAMETERS, operation, page_example, page_of
from workflows_app.api.views import ApiView

TAG = "schedules"
FILTERS: Mapping[str, Filter] = MappingProxyType(
    {
        "workflow": text("Only of the workflow of this id."),
        "paused": flag("Only those that are paused, or those that are not."),
    }
)
FIRE_FILTERS: Mapping[str, Filter] = MappingProxyType(
    {"outcome": choice("Only those that came to this.", ScheduleFire.Outcome.values)}
)


def schedule_answer(request: Request, schedule_id: str, *, status: int = 200) -> Response:
    """Return a schedule as it stands now."""
    schedule = get_schedule(request.user, schedule_id)
    return Response(ScheduleRecord(schedule).data, status=status)


class ListSchedules(ApiView):
    """Lists what the caller may see."""

    @operation(
        "schedules_list",
        summary="List schedules",
        description="Yours and those defined in code, the newest first.",
        tag=TAG,
        answers={200: (page_of("SchedulePage", ScheduleShape), page_example(examples.SCHEDULE))},
        filters=FILTERS,
        headers=PAGING_PARAMETERS,
    )
    def get(self, request: Request) -> Response:
        """Return one page."""
        rows = schedules_for(request.user).defer("input", "runtime_context", "initial_state")
        asked = read_filters(request, FILTERS, paged=True)
        if "workflow" in asked:
            rows = rows.filter(workflow_id=asked["workflow"])
        if "paused" in asked:
            rows = rows.filter(paused_at__isnull=not asked["paused"])
        return self.page(rows, ScheduleShape, ordering=("-created_at", "-id"))


class CreateSchedule(ApiView):
    """Makes a new one."""

    @operation(
        "schedules_create",
        summary="Create a schedule",
        description="Its executions run for you, with your connections.",
        tag=TAG,
        takes=(ScheduleBody, examples.BODY),
        answers={201: (ScheduleRecord, examples.RECORD)},
        errors=(404,),
    )
    def post(self, request: Request) -> Response:
        """Save it; it is due after now."""
        asked = self.body(ScheduleBody)
        workflow = workflow_of(request, asked["workflow"])
        schedule = create_schedule(rule_of(asked), workflow=workflow, owner=request.user)
        response = schedule_answer(request, schedule.pk, status=201)
        response["Location"] = f"/api/schedules/{schedule.pk}/"
        return response


class ShowSchedule(ApiView):
    """Shows one."""

    @operation(
        "schedules_read",
        summary="Read a schedule",
        tag=TAG,
        answers={200: (ScheduleRecord, examples.RECORD)},
        errors=(404,),
    )
    def get(self, request: Request, schedule_id: str) -> Response:
        """Return it with its next five slots."""
        return schedule_answer(request, schedule_id)


class ChangeSchedule(ApiView):
    """Changes one."""

    @operation(
        "schedules_change",
        summary="Change a schedule",
        description="What is not sent stays as it is. Another timing is counted from now.",
        tag=TAG,
        takes=(SchedulePatch, {"cron": "30 9 * * MON-FRI"}),
        answers={200: (ScheduleRecord, examples.RECORD)},
        errors=(404, 409),
    )
    def patch(self, request: Request, schedule_id: str) -> Response:
        """Save what is sent."""
        stored = get_schedule(request.user, schedule_id)
        rule = rule_of(self.body(SchedulePatch), stored=stored)
        change_schedule(stored.pk, rule)
        return schedule_answer(request, stored.pk)


class DeleteSchedule(ApiView):
    """Deletes one."""

    @operation(
        "schedules_delete",
        summary="Delete a schedule",
        description="Its history goes with it; its executions stay, and go on.",
        tag=TAG,
        answers={204: (None, None)},
        errors=(404, 409),
    )
    def delete(self, request: Request, schedule_id: str) -> Response:
        """Delete it."""
        delete_schedule(get_schedule(request.user, schedule_id).pk)
        return Response(status=204)


class ListFires(ApiView):
    """Lists what became of a schedule's slots."""

    @operation(
        "schedules_fires",
        summary="List the fires of a schedule",
        description="The latest slot first; the last thousand are kept.",
        tag=TAG,
        answers={200: (page_of("FirePage", FireShape), page_example(examples.FIRE))},
        filters=FIRE_FILTERS,
        headers=PAGING_PARAMETERS,
        errors=(404,),
    )
    def get(self, request: Request, schedule_id: str) -> Response:
        """Return one page."""
        schedule: Schedule = get_schedule(request.user, schedule_id)
        rows = ScheduleFire.objects.filter(schedule=schedule)
        for name, value in read_filters(request, FIRE_FILTERS, paged=True).items():
            rows = rows.filter(**{name: value})
        return self.page(rows, FireShape, ordering=("-slot", "-id"))
