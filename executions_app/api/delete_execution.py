"""``DELETE /api/executions/{id}/``: forget a finished one."""

from __future__ import annotations

from rest_framework.request import Request
from rest_framework.response import Response

from executions_app.api.lookup import execution_of
from executions_app.operations import delete
from workflows_app.api.openapi import operation
from workflows_app.api.views import ApiView


class DeleteExecution(ApiView):
    """Deletes one execution."""

    @operation(
        "executions_destroy",
        summary="Delete a finished execution",
        tag="executions",
        answers={204: (None, None)},
        errors=(403, 404, 409),
    )
    def delete(self, request: Request, execution_id: str) -> Response:
        """Delete it with its steps and its log."""
        delete.delete_execution(execution_of(request, execution_id).pk)
        return Response(status=204)
