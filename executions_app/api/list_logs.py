"""``GET /api/executions/{id}/logs/``: the lines that steps and tools wrote for people."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

from rest_framework.request import Request
from rest_framework.response import Response

from executions_app.api import after_paging, examples
from executions_app.api.lookup import execution_of
from executions_app.api.shapes import WireEvent
from executions_app.queries import LOG_LEVELS, logs_after
from workflows_app.api.filters import Filter, choice, read_filters, text
from workflows_app.api.openapi import operation, page_example, page_of
from workflows_app.api.views import ApiView

FILTERS: Mapping[str, Filter] = MappingProxyType(
    {
        **after_paging.FILTERS,
        "level": choice("Only this level, and more urgent ones.", LOG_LEVELS),
        "step": text("Only lines of the step of this id, or of the run of this key."),
    }
)


class ListLogs(ApiView):
    """Lists an execution's log lines."""

    @operation(
        "executions_logs",
        summary="List the log lines of an execution",
        tag="executions",
        answers={200: (page_of("LogPage", WireEvent), page_example(examples.LOG))},
        filters=FILTERS,
        errors=(404,),
    )
    def get(self, request: Request, execution_id: str) -> Response:
        """Return one page, the oldest line first."""
        asked = read_filters(request, FILTERS)
        execution = execution_of(request, execution_id)
        key, root = execution.pk, execution.root_id
        level, step_id = asked.get("level", ""), asked.get("step", "")
        return after_paging.page(
            request,
            asked,
            lambda after, limit: logs_after(
                key, after=after, limit=limit, root_id=root, level=level, step_id=step_id
            ),
        )
