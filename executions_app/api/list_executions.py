"""``GET /api/executions/``: what ran and runs, the newest first."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from types import MappingProxyType
from typing import Any

from django.db.models import QuerySet
from rest_framework.request import Request
from rest_framework.response import Response

from executions_app.api import examples
from executions_app.api.shapes import ExecutionSummary
from executions_app.engine.statuses import ExecutionStatus
from executions_app.models import Execution
from executions_app.queries import executions_for, listed, matching, started_by_somebody
from workflows_app.api.filters import Filter, choice, moment, read_filters, text, whole_number
from workflows_app.api.openapi import PAGING_PARAMETERS, operation, page_example, page_of
from workflows_app.api.views import ApiView

FILTERS: Mapping[str, Filter] = MappingProxyType(
    {
        "workflow": text("Only of the workflow of this id."),
        "status": choice("Only in this state.", [status.value for status in ExecutionStatus]),
        "trigger": choice("Only started in this way.", Execution.Trigger.values),
        "version": whole_number("Only of this version.", least=1, most=2**31 - 1),
        "created_after": moment("Only those made later."),
        "created_before": moment("Only those made earlier."),
        "resource_id": text("Only those of this resource."),
        "parent": text("Only those directly inside this execution; else only outermost ones."),
        "q": text("The beginning of an id, or part of the workflow's name.", max_length=100),
    }
)

Rows = QuerySet[Execution]
_NARROW: Mapping[str, Callable[[Rows, Any], Rows]] = MappingProxyType(
    {
        "workflow": lambda rows, value: rows.filter(workflow_id=value),
        "status": lambda rows, value: rows.filter(status=value),
        "trigger": lambda rows, value: rows.filter(trigger=value),
        "version": lambda rows, value: rows.filter(version__number=value),
        "created_after": lambda rows, value: rows.filter(created_at__gt=value),
        "created_before": lambda rows, value: rows.filter(created_at__lt=value),
        "resource_id": lambda rows, value: rows.filter(resource_id=value),
        "parent": lambda rows, value: rows.filter(parent_id=value),
        "q": matching,
    }
)


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
        rows = listed(executions_for(request.user))
        asked = read_filters(request, FILTERS, paged=True)
        if "parent" not in asked and asked.get("trigger") != Execution.Trigger.NESTED:
            rows = started_by_somebody(rows)
        for name, value in asked.items():
            rows = _NARROW[name](rows, value)
        return self.page(rows, ExecutionSummary, ordering=("-created_at", "-id"))
