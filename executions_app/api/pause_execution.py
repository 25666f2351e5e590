"""``POST /api/executions/{id}/pause/`` and ``.../unpause/``: hold it, and let it go on."""

from __future__ import annotations

from rest_framework.request import Request
from rest_framework.response import Response

from executions_app.api import examples
from executions_app.api.commands import ReasonBody, as_it_stands, by
from executions_app.api.lookup import execution_of
from executions_app.api.shapes import ExecutionSummary
from executions_app.operations import pause
from workflows_app.api.openapi import operation
from workflows_app.api.views import ApiView


class PauseExecution(ApiView):
    """Pauses one execution."""

    @operation(
        "executions_pause",
        summary="Pause an execution",
        description="What runs may finish; nothing else begins, timers included, here and in the "
        "executions inside it. A nested one is paused with its root. Pausing again changes "
        "nothing.",
        tag="executions",
        takes=(ReasonBody, {"reason": "the bank is closed"}),
        answers={202: (ExecutionSummary, examples.PAUSED)},
        errors=(404, 409),
    )
    def post(self, request: Request, execution_id: str) -> Response:
        """Pause it and answer how it then stands."""
        key = execution_of(request, execution_id).pk
        pause.pause_execution(key, by=by(request), **self.body(ReasonBody))
        return as_it_stands(request, key)


class UnpauseExecution(ApiView):
    """Lets one execution go on."""

    @operation(
        "executions_unpause",
        summary="Let a paused execution go on",
        description="What came due meanwhile is due at once.",
        tag="executions",
        takes=(ReasonBody, {}),
        answers={202: (ExecutionSummary, examples.RUNNING)},
        errors=(404, 409),
    )
    def post(self, request: Request, execution_id: str) -> Response:
        """Let it go on and answer how it then stands."""
        key = execution_of(request, execution_id).pk
        pause.unpause_execution(key, by=by(request), **self.body(ReasonBody))
        return as_it_stands(request, key)
