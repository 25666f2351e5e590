"""``POST /api/executions/{id}/send-event/``: tell it that something happened."""

from __future__ import annotations

from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from executions_app.api import examples
from executions_app.api.commands import as_it_stands, by
from executions_app.api.lookup import execution_of
from executions_app.api.shapes import ExecutionSummary
from executions_app.operations import send_event
from workflows_app.api.bodies import BodySerializer
from workflows_app.api.openapi import operation
from workflows_app.api.views import ApiView


class EventBody(BodySerializer):
    """What happened."""

    event = serializers.CharField(
        max_length=200, trim_whitespace=False, help_text="As `wait_for_event` names it."
    )
    data = serializers.JSONField(required=False, allow_null=True, default=None)


class SendEvent(ApiView):
    """Sends one event to one execution."""

    @operation(
        "executions_send_event",
        summary="Send an event to an execution",
        description="The wait that was reached first goes on, here or in an execution inside it. "
        "An event that comes early is kept until something waits for it.",
        tag="executions",
        takes=(EventBody, {"event": "payment-received", "data": {"amount": 12.5}}),
        answers={202: (ExecutionSummary, examples.RUNNING)},
        errors=(404, 409),
    )
    def post(self, request: Request, execution_id: str) -> Response:
        """Send it and answer how the execution then stands."""
        key = execution_of(request, execution_id).pk
        send_event.send_event(key, by=by(request), **self.body(EventBody))
        return as_it_stands(request, key)
