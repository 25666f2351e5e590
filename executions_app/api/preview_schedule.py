"""``POST /api/schedules/preview/``: when a schedule would be due.  Nothing is saved."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from executions_app import database
from executions_app.api import schedule_examples as examples
from executions_app.api.schedule_shapes import NEXT_SHOWN, TimingBody, UpcomingShape
from executions_app.api.schedules import TAG
from workflows_app.api.openapi import operation
from workflows_app.api.views import ApiView
from workflows_app.authoring.schedule import Schedule as Rule
from workflows_app.authoring.upcoming import upcoming

MAX_COUNT = 100
_INSTANT = timedelta(microseconds=1)


class PreviewBody(TimingBody):
    """A timing, and how many moments to answer."""

    count = serializers.IntegerField(
        required=False, default=NEXT_SHOWN, min_value=1, max_value=MAX_COUNT
    )


class PreviewShape(serializers.Serializer[Any]):
    """The moments at which it would be due."""

    timezone = serializers.CharField()
    fires = UpcomingShape(many=True)


class PreviewSchedule(ApiView):
    """Computes and forgets."""

    @operation(
        "schedules_preview",
        summary="Preview a schedule",
        description="The first moments after now; from `starts_at` on, where that is sent.",
        tag=TAG,
        takes=(PreviewBody, examples.PREVIEW_BODY),
        answers={200: (PreviewShape, examples.PREVIEW)},
    )
    def post(self, request: Request) -> Response:
        """Answer when it would be due, in UTC and by the zone's clock."""
        asked = self.body(PreviewBody)
        count = asked.pop("count")
        rule = Rule(**asked)
        # The beginning itself counts, so it is looked at from before.
        after = database.now() if rule.starts_at is None else rule.starts_at - _INSTANT
        fires = upcoming(rule, after=after, count=count)
        return Response(PreviewShape({"timezone": rule.timezone, "fires": fires}).data)
