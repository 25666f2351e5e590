"""``GET /api/executions/{id}/``: one execution with its values and its steps."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

from rest_framework.request import Request
from rest_framework.response import Response

from executions_app.api import examples
from executions_app.api.record_shape import ExecutionRecord, record_of
from executions_app.operations.lineage import lineage_of
from executions_app.queries import snapshot
from workflows_app.api.filters import Filter, choice, flag, read_filters
from workflows_app.api.openapi import operation
from workflows_app.api.views import ApiView

FILTERS: Mapping[str, Filter] = MappingProxyType(
    {
        "full": flag("Answer large values whole, as long as all together are below 32 MiB."),
        "runs": choice(
            "With `all`, also what runs once for each item of a foreach; with `live`, of that what "
            "is at work or failed, two hundred runs at most, and `tallies` of all.",
            ["all", "live"],
        ),
    }
)


class ShowExecution(ApiView):
    """Shows one execution."""

    @operation(
        "executions_retrieve",
        summary="Show an execution",
        description="With the events of `stream/` that follow `last_seq`, this is a full account: "
        "none is missing. It has a thousand runs at most; `steps/` lists them all.",
        tag="executions",
        answers={200: (ExecutionRecord, examples.RECORD)},
        filters=FILTERS,
        errors=(404,),
    )
    def get(self, request: Request, execution_id: str) -> Response:
        """Return the record."""
        asked = read_filters(request, FILTERS)
        found = snapshot(
            request.user,
            execution_id,
            full=asked.get("full", False),
            runs=asked.get("runs", ""),
        )
        lineage = lineage_of(request.user, found.execution)
        return Response(record_of(found, lineage=lineage))
