"""``POST /api/executions/{id}/rerun/``: once more, as a new execution."""

from __future__ import annotations

from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from executions_app.api import examples
from executions_app.api.commands import NAMED
from executions_app.api.execute_workflow import IDEMPOTENCY_KEY, accepted, idempotency_key
from executions_app.api.lookup import execution_of
from executions_app.api.shapes import Started
from executions_app.api.step_field import StepField
from executions_app.operations import rerun
from workflows_app.api.bodies import BodySerializer
from workflows_app.api.named_choice import NamedChoice
from workflows_app.api.openapi import operation
from workflows_app.api.views import ApiView


class RerunBody(BodySerializer):
    """What is different this time; nothing, if it is empty."""

    input = serializers.JSONField(
        required=False, allow_null=True, help_text="In place of the earlier input."
    )
    from_step = StepField(
        required=False, help_text=f"Where to begin; earlier outputs are taken over. {NAMED}"
    )
    version = NamedChoice(
        ["pinned", "latest"], type_name="WhichVersion", required=False, default="pinned"
    )


class RerunExecution(ApiView):
    """Runs an execution's workflow again."""

    @operation(
        "executions_rerun",
        summary="Run an execution again",
        tag="executions",
        takes=(RerunBody, {"version": "latest", "from_step": "charge"}),
        answers={202: (Started, examples.RERUN)},
        headers=[IDEMPOTENCY_KEY],
        errors=(404, 409),
    )
    def post(self, request: Request, execution_id: str) -> Response:
        """Start a new execution that links to this one."""
        earlier = execution_of(request, execution_id)
        asked = self.body(RerunBody)
        execution = rerun.rerun_execution(
            earlier,
            input_data=asked.get("input", rerun.UNCHANGED),
            from_step=asked.get("from_step"),
            version=asked["version"],
            owner=request.user,
            idempotency_key=idempotency_key(request),
        )
        return accepted(execution)
