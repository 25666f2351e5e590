"""``GET /api/executions/{id}/logs/``: the lines that steps and tools wrote for people."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from functools import partial
from types import MappingProxyType
from typing import Any

from django.http import HttpResponseBase
from rest_framework.request import Request

from executions_app.api import after_paging, examples
from executions_app.api.log_text import text_answer
from executions_app.api.lookup import execution_of
from executions_app.api.shapes import WireEvent
from executions_app.queries import LOG_LEVELS, logs_after
from workflows_app.api.filters import Filter, choice, choices, read_filters, text
from workflows_app.api.openapi import operation, page_example, page_of
from workflows_app.api.views import ApiView

FILTERS: Mapping[str, Filter] = MappingProxyType(
    {
        **after_paging.FILTERS,
        "level": choice("Only this level, and more urgent ones.", LOG_LEVELS),
        "levels": choices("Only these levels.", LOG_LEVELS),
        "step": text("Only lines of the step of this id, or of the run of this key."),
        "format": choice("As JSON; or as a text to download.", ["json", "text"]),
    }
)


class ListLogs(ApiView):
    """Lists an execution's log lines."""

    @operation(
        "executions_logs",
        summary="List the log lines of an execution",
        description="With `format=text` the answer is a file of plain text, of 10,000 lines or "
        "8 MiB at most; its last line says where it goes on.",
        tag="executions",
        answers={200: (page_of("LogPage", WireEvent), page_example(examples.LOG))},
        filters=FILTERS,
        errors=(404,),
    )
    def get(self, request: Request, execution_id: str) -> HttpResponseBase:
        """Return one page, the oldest line first; or all of them as a text."""
        asked = read_filters(request, FILTERS)
        execution = execution_of(request, execution_id)
        lines = partial(
            logs_after,
            execution.pk,
            root_id=execution.root_id,
            levels=_levels(asked),
            step_id=asked.get("step", ""),
        )

        def read(after: int, limit: int) -> Any:
            return lines(after=after, limit=limit)

        if asked.get("format") == "text":
            after, limit = asked.get("after", 0), asked.get("limit")
            return text_answer(execution, read, after=after, limit=limit)
        return after_paging.page(request, asked, read)


def _levels(asked: Mapping[str, Any]) -> Collection[str]:
    """Return the levels that were asked for; none means all."""
    least = LOG_LEVELS.index(asked["level"]) if "level" in asked else 0
    urgent = LOG_LEVELS[least:]
    named = asked.get("levels", urgent)
    found = [level for level in urgent if level in named]
    return () if len(found) == len(LOG_LEVELS) else found or ("none of them",)
