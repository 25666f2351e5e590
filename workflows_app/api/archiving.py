"""Putting workflows away, and taking them out again.  One operation a class."""

from __future__ import annotations

from rest_framework.request import Request
from rest_framework.response import Response

from workflows_app.api import examples
from workflows_app.api.compiling import NoBody
from workflows_app.api.lookup import workflow_of
from workflows_app.api.openapi import operation
from workflows_app.api.views import ApiView
from workflows_app.api.workflow_shapes import WorkflowSerializer
from workflows_app.api.workflows import TAG, workflow_answer
from workflows_app.operations.archive_workflow import archive_workflow, unarchive_workflow


class ArchiveWorkflow(ApiView):
    @operation(
        "workflows_archive",
        summary="Archive a workflow",
        description="It leaves the list, and nothing of it is started: neither by hand nor by its "
        "schedules. What runs goes on, and so do workflows that have it inside. Again changes "
        "nothing.",
        takes=(NoBody, {}),
        answers={200: (WorkflowSerializer, {**examples.WORKFLOW, "archived": True})},
        errors=[404, 409],
        tag=TAG,
    )
    def post(self, request: Request, workflow_id: str) -> Response:
        workflow = workflow_of(request, workflow_id)
        self.body(NoBody)
        return workflow_answer(archive_workflow(workflow))


class UnarchiveWorkflow(ApiView):
    @operation(
        "workflows_unarchive",
        summary="Take a workflow out of the archive",
        takes=(NoBody, {}),
        answers={200: (WorkflowSerializer, examples.WORKFLOW)},
        errors=[404, 409],
        tag=TAG,
    )
    def post(self, request: Request, workflow_id: str) -> Response:
        workflow = workflow_of(request, workflow_id)
        self.body(NoBody)
        return workflow_answer(unarchive_workflow(workflow))
