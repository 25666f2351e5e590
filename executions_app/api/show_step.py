"""``GET /api/executions/{id}/steps/{step_id}/``: one step with nothing cut."""

from __future__ import annotations

from rest_framework.request import Request
from rest_framework.response import Response

from executions_app.api import examples
from executions_app.api.lookup import execution_of, step_of
from executions_app.api.shapes import StepShape
from workflows_app.api.filters import read_filters
from workflows_app.api.openapi import operation
from workflows_app.api.views import ApiView


class ShowStep(ApiView):
    """Shows one step of one execution."""

    @operation(
        "executions_step",
        summary="Show a step of an execution",
        tag="executions",
        answers={200: (StepShape, examples.STEP)},
        filters={},
        errors=(404,),
    )
    def get(self, request: Request, execution_id: str, step_id: str) -> Response:
        """Return the step."""
        read_filters(request, {})
        return Response(StepShape(step_of(execution_of(request, execution_id), step_id)).data)
