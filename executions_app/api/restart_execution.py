"""``POST /api/executions/{id}/restart/``: take up what was left."""

from __future__ import annotations

from rest_framework.request import Request
from rest_framework.response import Response

from executions_app.api import examples
from executions_app.api.commands import ReasonBody, as_it_stands, by
from executions_app.api.lookup import execution_of
from executions_app.api.shapes import ExecutionSummary
from executions_app.operations import restart
from workflows_app.api.openapi import operation
from workflows_app.api.views import ApiView


class RestartExecution(ApiView):
    """Restarts one execution."""

    @operation(
        "executions_restart",
        summary="Take up what was left",
        description="Sends what is due of a running or waiting execution to the workers again. "
        "Nothing that has completed runs again; one that has ended stays as it is.",
        tag="executions",
        takes=(ReasonBody, {"reason": "the queue was emptied by accident"}),
        answers={202: (ExecutionSummary, examples.RUNNING)},
        errors=(404, 409),
    )
    def post(self, request: Request, execution_id: str) -> Response:
        """Restart it and answer how it then stands."""
        key = execution_of(request, execution_id).pk
        restart.restart_execution(key, by=by(request), **self.body(ReasonBody))
        return as_it_stands(request, key)
