"""``POST /api/executions/{id}/skip/``: go on without a step, with an output that somebody gives."""

from __future__ import annotations

from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from executions_app.api import examples
from executions_app.api.commands import NAMED, ReasonBody, as_it_stands, by
from executions_app.api.lookup import execution_of
from executions_app.api.shapes import ExecutionSummary
from executions_app.api.step_field import StepField
from executions_app.operations import skip
from workflows_app.api.openapi import operation
from workflows_app.api.views import ApiView


class SkipBody(ReasonBody):
    """Which step, and what it is to have put out."""

    step = StepField(help_text=NAMED)
    output = serializers.JSONField(allow_null=True, help_text="What the steps after it receive.")


class SkipStep(ApiView):
    """Skips one step of one execution."""

    @operation(
        "executions_skip",
        summary="Go on without a step",
        description="One that has failed, or that waits for somebody or something. The history "
        "says who gave the output.",
        tag="executions",
        takes=(SkipBody, {"step": "charge", "output": {"receipt": "by hand"}}),
        answers={202: (ExecutionSummary, examples.RUNNING)},
        errors=(404, 409),
    )
    def post(self, request: Request, execution_id: str) -> Response:
        """Skip it and answer how the execution then stands."""
        key = execution_of(request, execution_id).pk
        skip.skip_step(key, by=by(request), **self.body(SkipBody))
        return as_it_stands(request, key)
