"""``/api/executions/bulk/``: one command for many executions, tried dry, followed, looked up."""

from __future__ import annotations

from typing import Any

from rest_framework.request import Request
from rest_framework.response import Response

from executions_app.api import bulk_examples as examples
from executions_app.api.bulk_shapes import BulkBody, BulkPreviewShape, BulkShape
from executions_app.api.execution_filters import FILTERS, narrowed
from executions_app.models import BulkCommand
from executions_app.operations.start_bulk import Selection, selected, start_bulk
from executions_app.queries import executions_for
from workflows_app.api.filters import read_filters, read_values
from workflows_app.api.openapi import PAGING_PARAMETERS, operation, page_example, page_of
from workflows_app.api.views import ApiView
from workflows_app.authoring.errors import WorkflowError

TAG = "executions"


class BulkNotFound(WorkflowError):
    """The caller has given no command to many executions that has this id."""

    code = "bulk.not_found"

    def __init__(self, bulk_id: str) -> None:
        super().__init__(
            f"there is no command {bulk_id!r} to many executions; /api/executions/bulk/ lists yours"
        )


class StartBulkCommand(ApiView):
    """Commands what the caller may see."""

    @operation(
        "executions_bulk",
        summary="Command many executions",
        description="Cancels, retries or deletes what a filter or a list of ids names. Which ones "
        "is settled at once; workers then do it, whatever happens to them. With `dry_run` the "
        "answer only says what would be done. 10,000 executions at most.",
        tag=TAG,
        takes=(BulkBody, examples.BODY),
        answers={
            200: (BulkPreviewShape, examples.PREVIEW),
            202: (BulkShape, examples.RUNNING),
        },
        errors=(409,),
    )
    def post(self, request: Request) -> Response:
        """Answer what would be done, or the command that does it."""
        asked = self.body(BulkBody)
        action, selection = asked["action"], _selected(request, asked)
        if asked.get("dry_run"):
            return Response(BulkPreviewShape(selection).data)
        reason = asked.get("reason", "")
        command = start_bulk(selection, action, owner=request.user, reason=reason)
        address = {"Location": f"/api/executions/bulk/{command.pk}/"}
        return Response(BulkShape(command).data, status=202, headers=address)


class ListBulkCommands(ApiView):
    """Lists the caller's own."""

    @operation(
        "executions_bulk_list",
        summary="List your commands to many executions",
        description="The newest first. Those that ended are kept for 30 days at least.",
        tag=TAG,
        answers={200: (page_of("BulkPage", BulkShape), page_example(examples.COMPLETED))},
        filters={},
        headers=PAGING_PARAMETERS,
    )
    def get(self, request: Request) -> Response:
        """Return one page."""
        read_filters(request, {}, paged=True)
        rows = BulkCommand.objects.filter(owner=request.user).defer("execution_ids")
        return self.page(rows, BulkShape, ordering=("-created_at", "-id"))


class ShowBulkCommand(ApiView):
    """Shows one of the caller's own."""

    @operation(
        "executions_bulk_retrieve",
        summary="Show how far a command to many executions has come",
        tag=TAG,
        answers={200: (BulkShape, examples.COMPLETED)},
        filters={},
        errors=(404,),
    )
    def get(self, request: Request, bulk_id: str) -> Response:
        """Return its progress."""
        read_filters(request, {})
        rows = BulkCommand.objects.filter(pk=bulk_id).defer("execution_ids")
        if not request.user.is_superuser:
            rows = rows.filter(owner=request.user)
        found = rows.first()
        if found is None:
            raise BulkNotFound(bulk_id)
        return Response(BulkShape(found).data)


def _selected(request: Request, asked: dict[str, Any]) -> Selection:
    rows = executions_for(request.user)
    if "ids" not in asked:
        rows = narrowed(rows, read_values(asked["filter"], FILTERS))
        return selected(rows, asked["action"])
    ids = set(asked["ids"])
    rows = rows.filter(pk__in=ids)
    return selected(rows, asked["action"], lost=len(ids) - rows.count())
