"""``GET /api/executions/{id}/steps/``: every run of every step, however many there are."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

from rest_framework.request import Request
from rest_framework.response import Response

from executions_app.api import examples
from executions_app.api.lookup import execution_of
from executions_app.api.step_shape import StepShape, shown_runs
from executions_app.engine.statuses import NodeStatus
from executions_app.queries import with_step_previews
from executions_app.step_runs import in_status, of_key, runs_of
from workflows_app.api.filters import Filter, choice, read_filters, text
from workflows_app.api.openapi import PAGING_PARAMETERS, operation, page_example, page_of
from workflows_app.api.paging import CursorPaging
from workflows_app.api.views import ApiView

_STATUSES = [status.value for status in NodeStatus if status is not NodeStatus.PENDING]
FILTERS: Mapping[str, Filter] = MappingProxyType(
    {
        "key": text("Only the run of this key, or all of the step of this id.", max_length=300),
        "status": choice("Only in this state.", _STATUSES),
    }
)


class ListSteps(ApiView):
    """Lists the runs of an execution's steps."""

    @operation(
        "executions_steps",
        summary="List the steps of an execution",
        description="In the order in which they were reached, also what runs once for each item "
        "of a foreach.",
        tag="executions",
        answers={200: (page_of("StepPage", StepShape), page_example(examples.STEP))},
        filters=FILTERS,
        headers=PAGING_PARAMETERS,
        errors=(404,),
    )
    def get(self, request: Request, execution_id: str) -> Response:
        """Return one page."""
        asked = read_filters(request, FILTERS, paged=True)
        execution = execution_of(request, execution_id)
        runs = with_step_previews(runs_of(execution.pk))
        if "key" in asked:
            runs = of_key(runs, asked["key"])
        if "status" in asked:
            runs = in_status(runs, asked["status"])
        paging = CursorPaging(ordering=("id",))
        page = paging.paginate_queryset(runs, request, view=self)
        return paging.get_paginated_response(shown_runs(execution, page))
