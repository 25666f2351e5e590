"""``GET /api/executions/{id}/steps/{key}/``: one run of a step with nothing cut."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

from rest_framework.request import Request
from rest_framework.response import Response

from executions_app.api import examples
from executions_app.api.lookup import execution_of, step_of
from executions_app.api.step_record import StepRecord, step_record
from workflows_app.api.filters import Filter, flag, read_filters
from workflows_app.api.openapi import operation
from workflows_app.api.views import ApiView

FILTERS: Mapping[str, Filter] = MappingProxyType(
    {"previews": flag("Answer large values as previews, as lists do.")}
)


class ShowStep(ApiView):
    """Shows one step of one execution."""

    @operation(
        "executions_step",
        summary="Show a step of an execution",
        description="By the run's key: the id of its step, and in a loop or a foreach the rounds "
        "from the outside in, as in `charge[5]`.",
        tag="executions",
        answers={200: (StepRecord, examples.STEP_RECORD)},
        filters=FILTERS,
        errors=(404,),
    )
    def get(self, request: Request, execution_id: str, step_id: str) -> Response:
        """Return the step."""
        asked = read_filters(request, FILTERS)
        execution = execution_of(request, execution_id)
        run = step_of(execution, step_id, previews=asked.get("previews", False))
        return Response(step_record(execution, run))
