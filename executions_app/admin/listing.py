"""The list of executions, quick however many there are.

Refuses to count, to sort by anything but time, and to skip rows: a page is read along an index,
from where the page before it ended.
"""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.contrib.admin.options import IncorrectLookupParameters
from django.contrib.admin.views.main import ChangeList
from django.contrib.auth import get_user_model
from django.db.models import Q, QuerySet
from django.http import HttpRequest
from django.utils.dateparse import parse_datetime

from executions_app.admin.filters import Found, search
from executions_app.models import Execution
from executions_app.queries import started_by_somebody

BEFORE, AFTER = "before", "after"
ORDER = ("-created_at", "-id")


class NewestFirst(ChangeList):
    """Pages are reached by the execution they begin before or after: ``?before=TIME,ID``."""

    found: Found | None = None
    newer_url: str | None
    older_url: str | None

    def get_ordering(self, request: HttpRequest, queryset: QuerySet[Any]) -> list[str]:
        return list(ORDER)

    def get_filters_params(self, params: Any = None) -> dict[str, Any]:
        kept = super().get_filters_params(params)
        return {name: value for name, value in kept.items() if name not in (BEFORE, AFTER)}

    def get_query_string(self, new_params: Any = None, remove: Any = None) -> str:
        """Return the address of the list as it is; another filter begins at the newest again."""
        return super().get_query_string(new_params, [*(remove or ()), BEFORE, AFTER])

    def get_queryset(self, request: HttpRequest, **options: Any) -> QuerySet[Execution]:
        name = get_user_model().USERNAME_FIELD
        term = self.query.strip()
        self.found = search(term) if term else None
        rows = super().get_queryset(request, **options).select_related(None)
        if not {"parent__exact", "trigger__exact"} & self.params.keys() and self.found is None:
            rows = started_by_somebody(rows)
        if self.found is not None and not self._is_split:
            rows = self.found.narrow(rows)
        return rows.select_related("workflow", "version", "owner").only(
            "status",
            "stopping",
            "trigger",
            "created_at",
            "started_at",
            "ended_at",
            "workflow__name",
            "version__number",
            "version__workflow_id",
            f"owner__{name}",
        )

    def get_results(self, request: HttpRequest) -> None:
        size = self.list_per_page
        before, after = _cursor(request, BEFORE), _cursor(request, AFTER)
        if after is not None:
            ascending = self.queryset.filter(_newer(*after)).order_by("created_at", "id")
            rows = self._read(ascending, limit=size + 1)
            more_newer, more_older = len(rows) > size, True
            rows = rows[:size][::-1]
        else:
            start = self.queryset.filter(_older(*before)) if before else self.queryset
            rows = self._read(start, limit=size + 1)
            more_newer, more_older = before is not None, len(rows) > size
            rows = rows[:size]
        self.result_list = rows
        # What is on the page is all that is counted; "select all" therefore means the page.
        self.result_count = self.full_result_count = len(rows)
        self.show_full_result_count = self.can_show_all = self.multi_page = False
        self.paginator = None
        self.show_admin_actions = True
        self.newer_url = self._page(AFTER, rows[0]) if more_newer and rows else None
        self.older_url = self._page(BEFORE, rows[-1]) if more_older and rows else None
        self.newest_url = self.get_query_string() if before or after else None

    @property
    def _is_split(self) -> bool:
        """Whether the search found several workflows, which are then read one by one."""
        return self.found is not None and len(self.found.workflow_ids) > 1

    def _read(self, rows: QuerySet[Execution], *, limit: int) -> list[Execution]:
        """Return the first ``limit`` of ``rows``."""
        if not self._is_split or self.found is None:
            return list(rows[:limit])
        # Each workflow's are read off the index in order; together they would have to be sorted.
        keys: list[str] = []
        for workflow_id in self.found.workflow_ids:
            keys += rows.filter(workflow_id=workflow_id).values_list("pk", flat=True)[:limit]
        return list(rows.filter(pk__in=keys)[:limit])

    def _page(self, direction: str, row: Execution) -> str:
        return self.get_query_string({direction: f"{row.created_at.isoformat()},{row.pk}"})


def _older(at: datetime, execution_id: str) -> Q:
    # The first condition repeats the second in the form that a planner finds the index by.
    return Q(created_at__lte=at) & (Q(created_at__lt=at) | Q(id__lt=execution_id))


def _newer(at: datetime, execution_id: str) -> Q:
    return Q(created_at__gte=at) & (Q(created_at__gt=at) | Q(id__gt=execution_id))


def _cursor(request: HttpRequest, name: str) -> tuple[datetime, str] | None:
    written = request.GET.get(name)
    if not written:
        return None
    time, _, execution_id = written.partition(",")
    try:
        at = parse_datetime(time)
    except ValueError:
        at = None
    if at is None or at.tzinfo is None or not execution_id:
        raise IncorrectLookupParameters(f"{name} is the address of no page")
    return at, execution_id
