"""``POST /api/executions/{id}/retry/``: run again what failed."""

from __future__ import annotations

from rest_framework.request import Request
from rest_framework.response import Response

from executions_app.api import examples
from executions_app.api.commands import NAMED, ReasonBody, as_it_stands, by
from executions_app.api.lookup import execution_of
from executions_app.api.shapes import ExecutionSummary
from executions_app.api.step_field import StepField
from executions_app.operations import retry
from workflows_app.api.openapi import operation
from workflows_app.api.views import ApiView


class RetryBody(ReasonBody):
    """Which of the steps that failed; all of them, if it is empty."""

    step = StepField(required=False, help_text=NAMED)


class RetryExecution(ApiView):
    """Retries one execution."""

    @operation(
        "executions_retry",
        summary="Run what failed again",
        description="In the same execution: what went well is kept and never runs again.",
        tag="executions",
        takes=(RetryBody, {"step": "charge", "reason": "the card works now"}),
        answers={202: (ExecutionSummary, examples.RUNNING)},
        errors=(404, 409),
    )
    def post(self, request: Request, execution_id: str) -> Response:
        """Retry it and answer how it then stands."""
        key = execution_of(request, execution_id).pk
        retry.retry_execution(key, by=by(request), **self.body(RetryBody))
        return as_it_stands(request, key)
