"""Workflows and their drafts: list, create, read, save, rename, delete.  One operation a class."""

from __future__ import annotations

from typing import Any

from django.db.models import Q
from django.db.models.functions import Lower
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.reverse import reverse

from workflows_app.api import examples, filters
from workflows_app.api.etag import etag_of, expected_revisions
from workflows_app.api.last_executions import last_executions
from workflows_app.api.lookup import workflow_of
from workflows_app.api.openapi import (
    IF_MATCH,
    PAGING_PARAMETERS,
    operation,
    page_example,
    page_of,
)
from workflows_app.api.views import ApiView
from workflows_app.api.workflow_shapes import (
    COMPILE_STATUSES,
    WorkflowBody,
    WorkflowPatch,
    WorkflowRowSerializer,
    WorkflowSerializer,
)
from workflows_app.models import Workflow
from workflows_app.operations.delete_workflow import delete_workflow
from workflows_app.operations.save_draft import create_draft, save_draft
from workflows_app.queries import workflows_for

TAG = "Workflows"
FILTERS: filters.Filters = {
    "source": filters.choice("Where it is made.", [value.value for value in Workflow.Source]),
    "status": filters.choice("What compiling its draft said.", COMPILE_STATUSES),
    "q": filters.text("Part of its name, or its whole id."),
    "archived": filters.flag("Those that were put away; if not sent, those that were not."),
    "sort": filters.choice("The last changed first, or by name.", ["updated", "name"]),
}
#: What no list shows.
_HEAVY = (
    *("definition", "diagnostics"),
    *("published__definition", "published__plan", "published__diagnostics"),
)


def workflow_answer(workflow: Workflow, *, status: int = 200) -> Response:
    """Return ``workflow`` with its draft, tagged with the draft's revision."""
    return Response(
        WorkflowSerializer(workflow).data, status=status, headers={"ETag": etag_of(workflow)}
    )


class ListWorkflows(ApiView):
    @operation(
        "workflows_list",
        summary="List workflows",
        description="Your workflows and those defined in code, without what is archived.",
        answers={
            200: (
                page_of("WorkflowPage", WorkflowRowSerializer),
                page_example(examples.WORKFLOW_ROW),
            )
        },
        filters=FILTERS,
        headers=PAGING_PARAMETERS,
        tag=TAG,
    )
    def get(self, request: Request) -> Response:
        asked = filters.read_filters(request, FILTERS, paged=True)
        rows = workflows_for(request.user).defer(*_HEAVY)
        rows = rows.filter(archived_at__isnull=not asked.get("archived", False))
        if "source" in asked:
            rows = rows.filter(source=asked["source"])
        if "status" in asked:
            rows = rows.filter(compile_status=asked["status"])
        if asked.get("q"):
            rows = rows.filter(Q(name__icontains=asked["q"]) | Q(pk=asked["q"]))
        ordering = ("-updated_at", "-id")
        if asked.get("sort") == "name":
            rows, ordering = rows.annotate(folded_name=Lower("name")), ("folded_name", "id")
        return self.page(
            rows,
            WorkflowRowSerializer,
            ordering=ordering,
            context_of=lambda page: {
                "last_executions": last_executions(request.user, [row.pk for row in page])
            },
        )


class CreateWorkflow(ApiView):
    @operation(
        "workflows_create",
        summary="Create a workflow",
        description="Saved even when it does not compile; it can run once it does.",
        takes=(WorkflowBody, {"definition": examples.DEFINITION}),
        answers={201: (WorkflowSerializer, examples.WORKFLOW)},
        tag=TAG,
    )
    def post(self, request: Request) -> Response:
        body = self.body(WorkflowBody)
        workflow = create_draft(definition=_renamed(body["definition"], body), owner=request.user)
        response = workflow_answer(workflow, status=201)
        response["Location"] = reverse("workflow", args=[workflow.pk])
        return response


class ReadWorkflow(ApiView):
    @operation(
        "workflows_read",
        summary="Read a workflow",
        answers={200: (WorkflowSerializer, examples.WORKFLOW)},
        errors=[404],
        tag=TAG,
    )
    def get(self, request: Request, workflow_id: str) -> Response:
        return workflow_answer(workflow_of(request, workflow_id))


class ReplaceDraft(ApiView):
    @operation(
        "workflows_save",
        summary="Save a workflow",
        description="Replaces the draft and compiles it. Without errors it is published too; "
        "with errors it is saved and the version published before goes on running.",
        takes=(WorkflowBody, {"definition": examples.DEFINITION}),
        answers={200: (WorkflowSerializer, examples.WORKFLOW)},
        headers=[IF_MATCH],
        errors=[404, 409],
        tag=TAG,
    )
    def put(self, request: Request, workflow_id: str) -> Response:
        workflow = workflow_of(request, workflow_id)
        body = self.body(WorkflowBody)
        saved = save_draft(
            workflow,
            definition=_renamed(body["definition"], body, stored=workflow),
            by=request.user,
            expected_revisions=expected_revisions(request),
        )
        return workflow_answer(saved)


class ChangeDraft(ApiView):
    @operation(
        "workflows_change",
        summary="Change a workflow",
        description="Like saving, with what is not sent left as it is.",
        takes=(WorkflowPatch, {"name": "Greet politely"}),
        answers={200: (WorkflowSerializer, examples.WORKFLOW)},
        headers=[IF_MATCH],
        errors=[404, 409],
        tag=TAG,
    )
    def patch(self, request: Request, workflow_id: str) -> Response:
        workflow = workflow_of(request, workflow_id)
        body = self.body(WorkflowPatch)
        expected = expected_revisions(request)
        if "definition" not in body and expected is None:
            # The change is made to the draft as read here, so only that one may be replaced.
            expected = frozenset({workflow.revision})
        saved = save_draft(
            workflow,
            definition=_renamed(body.get("definition", workflow.definition), body, stored=workflow),
            by=request.user,
            expected_revisions=expected,
        )
        return workflow_answer(saved)


class DeleteWorkflow(ApiView):
    @operation(
        "workflows_delete",
        summary="Delete a workflow",
        description="Its executions stay, and those that are running go on.",
        answers={204: (None, None)},
        headers=[IF_MATCH],
        errors=[403, 404, 409],
        tag=TAG,
    )
    def delete(self, request: Request, workflow_id: str) -> Response:
        delete_workflow(
            workflow_of(request, workflow_id), expected_revisions=expected_revisions(request)
        )
        return Response(status=204)


def _renamed(
    definition: dict[str, Any], body: dict[str, Any], *, stored: Workflow | None = None
) -> dict[str, Any]:
    """Return ``definition`` with the name and description of ``body``, where it has new ones.

    What is as it is stored was only sent back, so there the definition's own counts.
    """
    return definition | {
        key: body[key]
        for key in ("name", "description")
        if key in body and (stored is None or body[key] != getattr(stored, key))
    }
