"""``GET /api/executions/{id}/events/``: the log, as the stream tells it."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

from rest_framework.request import Request
from rest_framework.response import Response

from executions_app.api import after_paging, examples
from executions_app.api.after_paging import page, tell_in
from executions_app.api.lookup import execution_of
from executions_app.api.shapes import WireEvent
from executions_app.queries import events_after
from workflows_app.api.filters import Filter, read_filters
from workflows_app.api.openapi import operation, page_example, page_of
from workflows_app.api.views import ApiView

FILTERS: Mapping[str, Filter] = MappingProxyType(
    {**after_paging.FILTERS, "full": after_paging.FULL, "format": after_paging.FORMAT}
)


class ListEvents(ApiView):
    """Lists what happened to an execution."""

    @operation(
        "executions_events",
        summary="List the events of an execution",
        description="Those of executions inside it are among them. A nested execution's own are "
        "taken out of the log of its root, and keep their numbers.",
        tag="executions",
        answers={200: (page_of("EventPage", WireEvent), page_example(examples.EVENT))},
        filters=FILTERS,
        errors=(404,),
    )
    def get(self, request: Request, execution_id: str) -> Response:
        """Return one page, the oldest event first."""
        asked = read_filters(request, FILTERS)
        execution = execution_of(request, execution_id)
        key, root = execution.pk, execution.root_id
        return page(
            request,
            asked,
            lambda after, limit: events_after(key, after=after, limit=limit, root_id=root),
            tell=tell_in(asked, key),
        )
