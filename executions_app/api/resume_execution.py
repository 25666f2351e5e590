"""``POST /api/executions/{id}/resume/``: answer what is suspended."""

from __future__ import annotations

from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from executions_app.api import examples
from executions_app.api.commands import NAMED, as_it_stands
from executions_app.api.lookup import execution_of
from executions_app.api.shapes import ExecutionSummary
from executions_app.api.step_field import StepField
from executions_app.operations.answer_task import resume_for
from workflows_app.api.bodies import BodySerializer, JsonObject
from workflows_app.api.openapi import operation
from workflows_app.api.views import ApiView


class ResumeBody(BodySerializer):
    """The answer, and which of several questions it is for."""

    data = serializers.JSONField(allow_null=True, help_text="Fits what the step asks for.")
    step = StepField(required=False, help_text=f"{NAMED} Needed when several wait.")
    label = serializers.CharField(
        required=False, max_length=500, help_text="The name it was suspended under, for its step."
    )
    foreach_index = serializers.IntegerField(
        required=False, min_value=0, max_value=10**6, help_text="Only this item; else all of them."
    )
    runtime_context = JsonObject(required=False, help_text="Keys of the context to set.")


class ResumeExecution(ApiView):
    """Resumes one execution."""

    @operation(
        "executions_resume",
        summary="Answer what is suspended",
        description="Whoever comes second is told so. Data that does not fit is refused and "
        "changes nothing. What is asked of certain people only they can answer.",
        tag="executions",
        takes=(ResumeBody, {"data": {"approved": True}, "step": "approve"}),
        answers={202: (ExecutionSummary, examples.RUNNING)},
        errors=(404, 409),
    )
    def post(self, request: Request, execution_id: str) -> Response:
        """Resume it and answer how it then stands."""
        key = execution_of(request, execution_id).pk
        resume_for(request.user, key, **self.body(ResumeBody))
        return as_it_stands(request, key)
