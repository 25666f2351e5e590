"""Finding executions: by workflow, and by what is typed into the search box.

Refuses to look into inputs and outputs, which no index covers.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
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
WORKFLOW_MATCHES = 20


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


@dataclass(frozen=True, slots=True)
class Found:
    """What a search is for: executions by their ids, or else whole workflows."""

    ids: list[str]
    workflow_ids: list[str]

    def narrow(self, queryset: QuerySet[Execution]) -> QuerySet[Execution]:
        """Return those of ``queryset`` that were found."""
        if self.ids:
            return queryset.filter(pk__in=self.ids)
        return of_workflows(queryset, self.workflow_ids)


def search(term: str) -> Found:
    """Return the executions whose id is ``term`` or begins with it; where there are none, the
    workflows whose id it is or whose name it is part of, those saved last first."""
    if Execution.objects.filter(pk=term).exists():
        return Found([term], [])
    # The lower bound lets a database that has no index for prefixes begin in the right place.
    begins = Execution.objects.filter(id__gte=term, id__startswith=term).order_by("id")
    ids = list(begins.values_list("pk", flat=True)[:MATCHES])
    if ids:
        return Found(ids, [])
    named = Workflow.objects.filter(Q(pk=term) | Q(name__icontains=term))
    newest = named.order_by("-updated_at", "id").values_list("pk", flat=True)
    return Found([], list(newest[:WORKFLOW_MATCHES]))


def of_workflows(queryset: QuerySet[Execution], workflow_ids: list[str]) -> QuerySet[Execution]:
    """Return those of ``queryset`` that belong to one of the workflows."""
    # One id is by far the most common, and an equality is read off the index already sorted.
    if len(workflow_ids) == 1:
        return queryset.filter(workflow_id=workflow_ids[0])
    return queryset.filter(workflow_id__in=workflow_ids)
