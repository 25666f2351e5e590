"""``POST /api/executions/{id}/cancel/``: nothing new of it starts."""

from __future__ import annotations

from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from executions_app.api import examples
from executions_app.api.lookup import execution_of
from executions_app.api.shapes import ExecutionSummary
from executions_app.operations import cancel
from workflows_app.api.bodies import BodySerializer
from workflows_app.api.openapi import operation
from workflows_app.api.views import ApiView


class CancelBody(BodySerializer):
    """Why."""

    reason = serializers.CharField(required=False, allow_blank=True, max_length=2_000)


class CancelExecution(ApiView):
    """Cancels one execution."""

    @operation(
        "executions_cancel",
        summary="Cancel an execution",
        description="What runs may finish; until then `status` is `running` and `stopping` is "
        "`cancel`. Cancelling again changes nothing.",
        tag="executions",
        takes=(CancelBody, {"reason": "ordered twice"}),
        answers={202: (ExecutionSummary, examples.CANCELLED)},
        errors=(404, 409),
    )
    def post(self, request: Request, execution_id: str) -> Response:
        """Cancel it and answer how it then stands."""
        key = execution_of(request, execution_id).pk
        reason = self.body(CancelBody).get("reason", "")
        cancel.cancel_execution(key, reason=reason, by=request.user.get_username())
        return Response(ExecutionSummary(execution_of(request, key)).data, status=202)
