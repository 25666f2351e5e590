"""Python source of a workflow.  Made anew each time, and never run here."""

from __future__ import annotations

from typing import Any

from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from workflows_app.api.filters import Filters, read_filters, whole_number
from workflows_app.api.lookup import version_of, workflow_of
from workflows_app.api.openapi import operation
from workflows_app.api.views import ApiView
from workflows_app.operations.export_source import export_source, source_id

TAG = "Workflows"
FILTERS: Filters = {
    "version": whole_number("A published version; without it the draft.", least=1, most=999_999_999)
}
EXAMPLE = {
    "python": "from workflows_app.authoring import create_workflow, use_tool\n"
    "\n"
    'note = use_tool("log", id="note")\n'
    "\n"
    'workflow = create_workflow(id="greet", name="Greet").then(note).commit()\n',
    "workflow_id": "greet",
    "version": None,
}


class SourceSerializer(serializers.Serializer[Any]):
    """A workflow as a Python module."""

    python = serializers.CharField(
        help_text="For a workflows.py. Run, it builds a workflow that compiles to the same plan."
    )
    workflow_id = serializers.CharField(help_text="The id that the workflow has in it.")
    version = serializers.IntegerField(allow_null=True, help_text="null for the draft.")


class ReadSource(ApiView):
    @operation(
        "workflows_source",
        summary="Export a workflow as Python",
        description="A draft that cannot be read as a definition has no source: that is a 409 "
        "with the diagnostics.",
        answers={200: (SourceSerializer, EXAMPLE)},
        filters=FILTERS,
        errors=[404, 409],
        tag=TAG,
    )
    def get(self, request: Request, workflow_id: str) -> Response:
        workflow = workflow_of(request, workflow_id)
        number = read_filters(request, FILTERS).get("version")
        definition = None if number is None else version_of(workflow, number).definition
        answer = {
            "python": export_source(workflow, definition=definition),
            "workflow_id": source_id(workflow),
            "version": number,
        }
        return Response(SourceSerializer(answer).data)
