"""Finding executions: by workflow, and by what is typed into the search box.

Refuses to look into inputs and outputs, which no index covers.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from django.contrib import admin
from django.db.models import Q, QuerySet
from django.http import HttpRequest

from executions_app.models import Execution
from workflows_app.admin.visibility import staff_workflows
from workflows_app.models import Workflow

#: How many workflows are suggested while typing; the others are found by their full name or id.
SUGGESTED = 200
#: A search that fits more is to be made narrower.
MATCHES = 200


class WorkflowFilter(admin.ListFilter):
    """A box with suggestions that takes a workflow's id or its whole name."""

    title = "workflow"
    template = "admin/executions_app/execution/workflow_filter.html"
    parameter_name = "workflow"

    def __init__(self, request: HttpRequest, params: Any, model: Any, model_admin: Any) -> None:
        super().__init__(request, params, model, model_admin)
        self.value: str = params.pop(self.parameter_name, [""])[-1].strip()
        recent = staff_workflows(request.user).order_by("-updated_at", "id")
        self.suggested = recent.select_related(None).values("id", "name")[:SUGGESTED]

    def has_output(self) -> bool:
        return True

    def expected_parameters(self) -> list[str]:
        return [self.parameter_name]

    def queryset(
        self, request: HttpRequest, queryset: QuerySet[Execution]
    ) -> QuerySet[Execution] | None:
        if not self.value:
            return None
        named = Workflow.objects.filter(Q(pk=self.value) | Q(name=self.value))
        return of_workflows(queryset, list(named.values_list("pk", flat=True)[:MATCHES]))

    def choices(self, changelist: Any) -> Iterator[dict[str, Any]]:
        """Yield what the box needs to keep the other filters, and the way to empty it."""
        yield {
            "value": self.value,
            "suggested": self.suggested,
            "kept": [
                (name, value)
                for name, values in changelist.filter_params.items()
                if name not in (self.parameter_name, "before", "after", "p")
                for value in values
            ],
            "all_url": changelist.get_query_string(remove=[self.parameter_name]),
        }


def search_executions(queryset: QuerySet[Execution], *, term: str) -> QuerySet[Execution]:
    """Return those of ``queryset`` whose id begins with ``term``; where there are none, those of
    workflows whose id it is or whose name it is part of."""
    term = term.strip()
    # The lower bound lets a database that has no index for prefixes begin in the right place.
    begins = Execution.objects.filter(id__gte=term, id__startswith=term).order_by("id")
    ids = list(begins.values_list("pk", flat=True)[:MATCHES])
    if ids:
        return queryset.filter(pk__in=ids)
    named = Workflow.objects.filter(Q(pk=term) | Q(name__icontains=term)).order_by("-updated_at")
    return of_workflows(queryset, list(named.values_list("pk", flat=True)[:MATCHES]))


def of_workflows(queryset: QuerySet[Execution], workflow_ids: list[str]) -> QuerySet[Execution]:
    """Return those of ``queryset`` that belong to one of the workflows."""
    # One id is by far the most common, and an equality is read off the index already sorted.
    if len(workflow_ids) == 1:
        return queryset.filter(workflow_id=workflow_ids[0])
    return queryset.filter(workflow_id__in=workflow_ids)
