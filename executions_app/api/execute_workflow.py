"""``POST /api/workflows/{id}/execute/``: start one."""

from __future__ import annotations

import re
from typing import Any

from drf_spectacular.utils import OpenApiParameter
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from executions_app.api import examples
from executions_app.api.shapes import Started, links_of
from executions_app.models import Execution
from executions_app.operations.start_execution import start_execution
from workflows_app.api.bodies import BodySerializer, JsonObject
from workflows_app.api.lookup import workflow_of
from workflows_app.api.openapi import operation
from workflows_app.api.views import ApiView
from workflows_app.authoring.errors import WorkflowError
from workflows_app.language.admission import MAX_PRIORITY

_KEY = re.compile(r"[\x20-\x7e]{1,255}")

IDEMPOTENCY_KEY = OpenApiParameter(
    "Idempotency-Key",
    {"type": "string", "minLength": 1, "maxLength": 255},
    OpenApiParameter.HEADER,
    description="Sent again with the same request, it starts nothing and answers with the "
    "execution that the first one started. A key is yours: others may use the same.",
)


class InvalidIdempotencyKey(WorkflowError):
    """The header cannot be kept as it is."""

    code = "idempotency.invalid"

    def __init__(self) -> None:
        super().__init__("send an Idempotency-Key of 1 to 255 printable ASCII characters, or none")


class ExecuteBody(BodySerializer):
    """What to run with."""

    input = serializers.JSONField(
        required=False, allow_null=True, help_text="Fits the workflow's input schema."
    )
    runtime_context = JsonObject(required=False)
    resource_id = serializers.CharField(required=False, allow_blank=True, max_length=200)
    priority = serializers.IntegerField(
        required=False,
        min_value=-MAX_PRIORITY,
        max_value=MAX_PRIORITY,
        help_text="Where the workflow bounds how many go on at a time: of those that wait the "
        "highest begins first. Instead of the workflow's own, which is 0 unless it says.",
    )


class ExecuteWorkflow(ApiView):
    """Starts the published version."""

    @operation(
        "workflows_execute",
        summary="Execute a workflow",
        tag="executions",
        takes=(ExecuteBody, {"input": {"order": 17}}),
        answers={202: (Started, examples.STARTED)},
        headers=[IDEMPOTENCY_KEY],
        errors=(404, 409),
    )
    def post(self, request: Request, workflow_id: str) -> Response:
        """Start an execution and answer before it is done; follow it at ``links.stream``.

        One that is ``pending`` waits for its turn, and begins by itself.
        """
        workflow = workflow_of(request, workflow_id)
        asked = self.body(ExecuteBody)
        execution = start_execution(
            workflow,
            input_data=asked.get("input"),
            owner=request.user,
            runtime_context=asked.get("runtime_context"),
            resource_id=asked.get("resource_id", ""),
            priority=asked.get("priority"),
            trigger=Execution.Trigger.API,
            idempotency_key=idempotency_key(request),
        )
        return accepted(execution)


def idempotency_key(request: Request) -> str | None:
    """Return the request's key, if it has one.

    Raises:
        InvalidIdempotencyKey: if it is empty, too long or not printable ASCII.
    """
    key: str | None = request.headers.get("Idempotency-Key")
    if key is not None and not _KEY.fullmatch(key):
        raise InvalidIdempotencyKey
    return key


def accepted(execution: Execution) -> Response:
    """Return 202 for an execution that was started."""
    location: dict[str, Any] = {"Location": links_of(execution.pk)["self"]}
    return Response(Started(execution).data, status=202, headers=location)
