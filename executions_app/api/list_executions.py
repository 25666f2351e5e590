"""``GET /api/executions/``: what ran and runs, the newest first."""

from __future__ import annotations

from rest_framework.request import Request
from rest_framework.response import Response

from executions_app.api import examples
from executions_app.api.execution_filters import FILTERS, narrowed
from executions_app.api.shapes import ExecutionSummary
from executions_app.queries import executions_for, listed
from workflows_app.api.filters import read_filters
from workflows_app.api.openapi import PAGING_PARAMETERS, operation, page_example, page_of
from workflows_app.api.views import ApiView


class ListExecutions(ApiView):
    """Lists what the caller may see."""

    @operation(
        "executions_list",
        summary="List executions",
        tag="executions",
        answers={200: (page_of("ExecutionPage", ExecutionSummary), page_example(examples.SUMMARY))},
        filters=FILTERS,
        headers=PAGING_PARAMETERS,
    )
    def get(self, request: Request) -> Response:
        """Return one page."""
        asked = read_filters(request, FILTERS, paged=True)
        rows = narrowed(listed(executions_for(request.user)), asked)
        return self.page(rows, ExecutionSummary, ordering=("-created_at", "-id"))
