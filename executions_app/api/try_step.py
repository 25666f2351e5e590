"""``POST /api/workflows/{id}/test-step/``: run one node by itself."""

from __future__ import annotations

from typing import Any

from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from executions_app.api import place_examples as examples
from executions_app.api.execute_workflow import accepted
from executions_app.api.place import DataBody, seen_from
from executions_app.api.shapes import Started
from executions_app.operations.try_step import try_step
from executions_app.operations.unchanged import UNCHANGED
from workflows_app.api.bodies import JsonObject
from workflows_app.api.lookup import workflow_of
from workflows_app.api.openapi import operation
from workflows_app.api.views import ApiView
from workflows_app.language.sources import MAX_NODE_ID_LENGTH
from workflows_app.language.viewpoint import At


class TryBody(DataBody):
    """Which node, and what it receives."""

    node_id = serializers.CharField(max_length=MAX_NODE_ID_LENGTH)
    definition = JsonObject(
        required=False, help_text="As it is being written; without it, the draft as saved."
    )
    input = serializers.JSONField(
        required=False,
        allow_null=True,
        help_text="What the node receives, whole; without it, what its sources come to over the "
        "execution and the sample.",
    )


class TryStep(ApiView):
    """Runs one node."""

    @operation(
        "workflows_test_step",
        summary="Test one step",
        description="Runs one node, with its body, and nothing else, once: for real, with its "
        "effects. It is an execution of its own in the history, with the trigger `test` and the "
        "version 0, and counts in no figures.",
        tag="executions",
        takes=(TryBody, examples.TRY_BODY),
        answers={202: (Started, examples.TRIED)},
        errors=(404, 409),
    )
    def post(self, request: Request, workflow_id: str) -> Response:
        """Start it and answer before it is done; follow it at ``links.stream``."""
        workflow = workflow_of(request, workflow_id)
        asked: dict[str, Any] = self.body(TryBody)
        document = asked.get("definition", workflow.definition)
        seen = seen_from(request, {**asked, "definition": document, "at": At.OWN.value})
        execution = try_step(
            workflow,
            document=document,
            seen=seen,
            input_data=asked.get("input", UNCHANGED),
            owner=request.user,
        )
        return accepted(execution)
