"""``GET /api/executions/``: what ran and runs, the newest first."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

from django.http import HttpResponseBase
from rest_framework.request import Request

from executions_app.api import examples
from executions_app.api.execution_csv import csv_answer
from executions_app.api.execution_filters import FILTERS, narrowed
from executions_app.api.shapes import ExecutionSummary
from executions_app.queries import executions_for, listed
from workflows_app.api.filters import Filter, choice, read_filters
from workflows_app.api.openapi import PAGING_PARAMETERS, operation, page_example, page_of
from workflows_app.api.views import ApiView

LIST_FILTERS: Mapping[str, Filter] = MappingProxyType(
    {**FILTERS, "format": choice("As JSON; or as a table to download.", ["json", "csv"])}
)


class ListExecutions(ApiView):
    """Lists what the caller may see."""

    @operation(
        "executions_list",
        summary="List executions",
        description="The newest first. With `format=csv` the answer is a file with 10,000 of them "
        "at most, in one; its last row says so if there are more.",
        tag="executions",
        answers={200: (page_of("ExecutionPage", ExecutionSummary), page_example(examples.SUMMARY))},
        filters=LIST_FILTERS,
        headers=PAGING_PARAMETERS,
    )
    def get(self, request: Request) -> HttpResponseBase:
        """Return one page, or the table."""
        asked = read_filters(request, LIST_FILTERS, paged=True)
        is_table = asked.pop("format", "json") == "csv"
        rows = narrowed(listed(executions_for(request.user)), asked)
        if is_table:
            return csv_answer(rows)
        return self.page(rows, ExecutionSummary, ordering=("-created_at", "-id"))
