"""``GET /api/executions/stats/``: how many there were, how they ended, how long they took."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from executions_app import database
from executions_app.api import stats_examples as examples
from executions_app.api.execution_filters import FILTERS, narrowed
from executions_app.engine.statuses import ExecutionStatus
from executions_app.models import Execution
from executions_app.operations.execution_figures import LIMIT, Figures, figures_of
from executions_app.queries import executions_for
from workflows_app.api.filters import InvalidFilter, read_filters
from workflows_app.api.openapi import operation
from workflows_app.api.views import ApiView

WINDOW = timedelta(days=14)
LONGEST_WINDOW = timedelta(days=366)
_BY_STATUS = {
    "type": "object",
    "properties": {status.value: {"type": "integer"} for status in ExecutionStatus},
    "required": [status.value for status in ExecutionStatus],
}


class DayShape(serializers.Serializer[Any]):
    """The executions made on one day."""

    day = serializers.DateField(help_text="By UTC.")
    total = serializers.IntegerField()
    completed = serializers.IntegerField()
    failed = serializers.IntegerField()
    cancelled = serializers.IntegerField()
    p50_seconds = serializers.FloatField(allow_null=True)
    p95_seconds = serializers.FloatField(allow_null=True)


class StatsShape(serializers.Serializer[Figures]):
    """The executions made in a time."""

    created_after = serializers.SerializerMethodField()
    created_before = serializers.SerializerMethodField()
    total = serializers.IntegerField()
    by_status = serializers.SerializerMethodField()
    success_rate = serializers.FloatField(
        allow_null=True, help_text="Of what completed or failed, the part that completed."
    )
    p50_seconds = serializers.FloatField(
        allow_null=True, help_text="From start to end, of what completed or failed; half took less."
    )
    p95_seconds = serializers.FloatField(
        allow_null=True, help_text="Nineteen of twenty took less, or as long."
    )
    running = serializers.IntegerField(help_text="What has not ended, whenever it was made.")
    days = DayShape(many=True, help_text="Every day that was counted, the first one first.")
    limit = serializers.SerializerMethodField(help_text="So many are counted at most: the newest.")
    limit_reached = serializers.SerializerMethodField()
    counted_from = serializers.DateTimeField(
        allow_null=True, help_text="If the limit was reached: older ones are not counted."
    )

    @extend_schema_field({"type": "string", "format": "date-time"})
    def get_created_after(self, figures: Figures) -> str:
        return _moment(self.context["since"])

    @extend_schema_field({"type": "string", "format": "date-time"})
    def get_created_before(self, figures: Figures) -> str:
        return _moment(self.context["until"])

    @extend_schema_field(_BY_STATUS)
    def get_by_status(self, figures: Figures) -> Mapping[str, int]:
        return figures.by_status

    def get_limit(self, figures: Figures) -> int:
        return LIMIT

    def get_limit_reached(self, figures: Figures) -> bool:
        return figures.counted_from is not None


class ExecutionStats(ApiView):
    """Counts what the caller may see."""

    @operation(
        "executions_stats",
        summary="Count executions",
        description="Takes the filters of the list; without `created_after` it counts the last 14 "
        "days. A time is 366 days at most. Tests of steps count only if `trigger` asks for them.",
        tag="executions",
        answers={200: (StatsShape, examples.STATS)},
        filters=FILTERS,
    )
    def get(self, request: Request) -> Response:
        """Return the figures."""
        asked = read_filters(request, FILTERS)
        until = asked.pop("created_before", None) or database.now()
        since = asked.pop("created_after", None) or until - WINDOW
        if until - since > LONGEST_WINDOW:
            raise InvalidFilter(
                "created_after", f"send a time at most {LONGEST_WINDOW.days} days before the end"
            )
        rows = narrowed(executions_for(request.user), asked)
        if "trigger" not in asked:
            rows = rows.exclude(trigger=Execution.Trigger.TEST)
        figures = figures_of(rows, since=since, until=until)
        return Response(StatsShape(figures, context={"since": since, "until": until}).data)


def _moment(when: datetime) -> str:
    return serializers.DateTimeField().to_representation(when)
