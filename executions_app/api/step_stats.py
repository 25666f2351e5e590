"""``GET /api/workflows/{id}/step-stats/``: how each step of a version did lately."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import Any

from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from executions_app.api import stats_examples as examples
from executions_app.operations.step_figures import step_figures_of
from executions_app.queries import executions_for
from workflows_app.api.filters import Filter, read_filters, whole_number
from workflows_app.api.lookup import version_of, workflow_of
from workflows_app.api.openapi import operation
from workflows_app.api.views import ApiView

LAST = 100
MAX_LAST = 1_000

FILTERS: Mapping[str, Filter] = MappingProxyType(
    {
        "version": whole_number("Instead of the published one.", least=1, most=2**31 - 1),
        "last": whole_number(
            f"Of how many executions, the newest; {LAST} if not sent.", least=1, most=MAX_LAST
        ),
    }
)


class StepFiguresShape(serializers.Serializer[Any]):
    """One step, all its rounds together."""

    step_id = serializers.CharField()
    step_name = serializers.CharField()
    kind = serializers.CharField()
    count = serializers.IntegerField(help_text="Runs that were reached.")
    completed = serializers.IntegerField()
    failed = serializers.IntegerField()
    p50_run_seconds = serializers.FloatField(
        allow_null=True, help_text="From its start to its end, with what it waited in between."
    )
    p95_run_seconds = serializers.FloatField(allow_null=True)
    p50_queue_seconds = serializers.FloatField(
        allow_null=True, help_text="Until a worker began it."
    )
    p95_queue_seconds = serializers.FloatField(allow_null=True)


class StepStatsShape(serializers.Serializer[Any]):
    """The steps of a version, in the document's order."""

    workflow = serializers.CharField()
    version = serializers.IntegerField(allow_null=True, help_text="Null if none was published.")
    executions = serializers.IntegerField(help_text="So many were looked at.")
    limit_reached = serializers.BooleanField(
        help_text="Whether fewer were looked at than asked for, because they have too many runs."
    )
    steps = StepFiguresShape(many=True)


class StepStats(ApiView):
    """Reckons with what the caller may see."""

    @operation(
        "workflows_step_stats",
        summary="Show how each step did lately",
        description="Of the newest executions of one version, those nested in others included.",
        tag="executions",
        answers={200: (StepStatsShape, examples.STEP_STATS)},
        filters=FILTERS,
        errors=(404,),
    )
    def get(self, request: Request, workflow_id: str) -> Response:
        """Return the figures."""
        asked = read_filters(request, FILTERS)
        workflow = workflow_of(request, workflow_id)
        version = version_of(workflow, asked["version"]) if "version" in asked else None
        version = version or workflow.published
        rows = executions_for(request.user).filter(workflow_id=workflow.pk, version=version)
        if version is None:
            rows = rows.none()
        figures = step_figures_of(rows, last=asked.get("last", LAST))
        found = {
            "workflow": workflow.pk,
            "version": None if version is None else version.number,
            "executions": figures.executions,
            "limit_reached": figures.limit_reached,
            "steps": figures.steps,
        }
        return Response(StepStatsShape(found).data)
