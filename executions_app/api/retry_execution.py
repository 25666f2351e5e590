"""``POST /api/executions/{id}/retry/``: run again what failed."""

from __future__ import annotations

from typing import Any

from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from executions_app.api import examples
from executions_app.api.commands import NAMED, ReasonBody, as_it_stands, by
from executions_app.api.lookup import execution_of
from executions_app.api.shapes import ExecutionSummary
from executions_app.api.step_field import StepField
from executions_app.operations import retry
from executions_app.operations.retry import PlannedRun, RetryPlan
from workflows_app.api.openapi import operation
from workflows_app.api.views import ApiView
from workflows_app.language.plan import face_of, node_of

_MOST_PLANNED = 1_000


class RetryBody(ReasonBody):
    """Which of the steps that failed; all of them, if it is empty."""

    step = StepField(required=False, help_text=NAMED)
    dry_run = serializers.BooleanField(
        required=False, default=False, help_text="Only say what would run again; do nothing."
    )


class PlannedRunShape(serializers.Serializer[PlannedRun]):
    """A run, and the execution it is of."""

    execution_id = serializers.CharField()
    key = serializers.CharField()
    step_id = serializers.SerializerMethodField()
    name = serializers.CharField()

    def get_step_id(self, run: PlannedRun) -> str:
        return face_of(node_of(run.key))


class RetryPlanShape(serializers.Serializer[Any]):
    """What a retry would do; of many runs the first thousand."""

    again_count = serializers.IntegerField()
    kept_count = serializers.IntegerField()
    again = PlannedRunShape(many=True, help_text="These at least: what follows may run too.")
    kept = PlannedRunShape(many=True, help_text="They keep what they came to.")


def _planned(plan: RetryPlan) -> Any:
    return RetryPlanShape(
        {
            "again_count": len(plan.again),
            "kept_count": len(plan.kept),
            "again": plan.again[:_MOST_PLANNED],
            "kept": plan.kept[:_MOST_PLANNED],
        }
    ).data


class RetryExecution(ApiView):
    """Retries one execution."""

    @operation(
        "executions_retry",
        summary="Run what failed again",
        description="In the same execution: what went well is kept and never runs again.",
        tag="executions",
        takes=(RetryBody, {"step": "charge", "reason": "the card works now"}),
        answers={
            200: (RetryPlanShape, examples.RETRY_PLAN),
            202: (ExecutionSummary, examples.RUNNING),
        },
        errors=(404, 409),
    )
    def post(self, request: Request, execution_id: str) -> Response:
        """Retry it and answer how it then stands."""
        key = execution_of(request, execution_id).pk
        asked = self.body(RetryBody)
        if asked.pop("dry_run"):
            return Response(_planned(retry.plan_retry(key, step=asked.get("step"))))
        retry.retry_execution(key, by=by(request), **asked)
        return as_it_stands(request, key)
