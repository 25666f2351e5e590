"""``POST /api/executions/{id}/time-travel/``: go on from a step once more."""

from __future__ import annotations

from typing import Any

from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from executions_app.api import examples
from executions_app.api.commands import NAMED, ReasonBody, as_it_stands, by
from executions_app.api.lookup import execution_of
from executions_app.api.shapes import ExecutionSummary
from executions_app.api.step_field import StepField
from executions_app.operations import time_travel
from workflows_app.api.bodies import JsonObject
from workflows_app.api.named_choice import NamedChoice
from workflows_app.api.openapi import operation
from workflows_app.api.views import ApiView


class TimeTravelBody(ReasonBody):
    """Where to go on, and what is to be different."""

    step = StepField(help_text=NAMED)
    input = serializers.JSONField(
        required=False, allow_null=True, help_text="What the step receives; else what it did then."
    )
    context = JsonObject(required=False, help_text="Outputs of earlier steps to use, by step.")
    initial_state = JsonObject(required=False, help_text="In place of the shared state.")
    resume_data = serializers.JSONField(
        required=False, allow_null=True, help_text="Answers the first question that comes up."
    )
    per_step = serializers.BooleanField(
        required=False, help_text="Whether to pause after one step."
    )
    version = NamedChoice(["pinned", "latest"], type_name="WhichVersion", required=False)


class TimeTravel(ApiView):
    """Lets one execution go on from a step."""

    @operation(
        "executions_time_travel",
        summary="Go on from a step once more",
        description="The step and what follows it run again, in the same execution; what came "
        "before is kept. Not while it runs.",
        tag="executions",
        takes=(TimeTravelBody, {"step": "charge", "input": {"order": 18}}),
        answers={202: (ExecutionSummary, examples.RUNNING)},
        errors=(404, 409),
    )
    def post(self, request: Request, execution_id: str) -> Response:
        """Go on from there and answer how it then stands."""
        key = execution_of(request, execution_id).pk
        asked: dict[str, Any] = self.body(TimeTravelBody)
        if "input" in asked:
            asked["input_data"] = asked.pop("input")
        time_travel.time_travel(key, by=by(request), **asked)
        return as_it_stands(request, key)
