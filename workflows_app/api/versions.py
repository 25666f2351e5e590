"""Versions: list, read, compare, restore.  Nothing here changes one."""

from __future__ import annotations

from typing import Any

from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from workflows_app.api import examples
from workflows_app.api.compiling import NoBody
from workflows_app.api.definition_diff import differences
from workflows_app.api.etag import expected_revisions
from workflows_app.api.filters import Filter, Filters, read_filters, whole_number
from workflows_app.api.lookup import VersionNotFound, version_of, workflow_of
from workflows_app.api.named_choice import NamedChoice
from workflows_app.api.openapi import (
    IF_MATCH,
    PAGING_PARAMETERS,
    operation,
    page_example,
    page_of,
)
from workflows_app.api.views import ApiView
from workflows_app.api.workflow_shapes import (
    VersionSerializer,
    VersionSummarySerializer,
    WorkflowSerializer,
)
from workflows_app.api.workflows import workflow_answer
from workflows_app.models import Workflow, WorkflowVersion
from workflows_app.operations.restore_version import restore_version
from workflows_app.queries import versions_of

TAG = "Versions"
DRAFT = "draft"
_NUMBER = whole_number("", least=1, most=999_999_999)


def _read_against(value: str) -> str | int:
    if value == DRAFT:
        return DRAFT
    try:
        number: int = _NUMBER.read(value)
    except ValueError:
        raise ValueError(f"send the number of a version, or {DRAFT!r}") from None
    return number


AGAINST: Filters = {
    "against": Filter(
        read=_read_against,
        description="The number of the older version, or `draft`; without it the one before.",
    )
}


class SideSerializer(serializers.Serializer[Any]):
    version = serializers.IntegerField(allow_null=True, help_text="null for the draft, or nothing.")
    plan_hash = serializers.CharField(allow_null=True)


class ChangeSerializer(serializers.Serializer[Any]):
    op = NamedChoice(["add", "remove", "replace"], type_name="ChangeKind")
    path = serializers.CharField(help_text="JSON Pointer into the document that has the value.")
    node_id = serializers.CharField(allow_null=True)
    before = serializers.JSONField(allow_null=True)
    after = serializers.JSONField(allow_null=True)


class DifferenceSerializer(serializers.Serializer[Any]):
    """What changed, from one definition to another."""

    to = SideSerializer()
    same_plan = serializers.BooleanField(help_text="Whether both run alike.")
    changes = ChangeSerializer(many=True)
    truncated = serializers.BooleanField(help_text="Whether there are more changes than these.")

    def get_fields(self) -> dict[str, Any]:
        # "from" is a word of Python's.
        return {"from": SideSerializer(), **super().get_fields()}


class ListVersions(ApiView):
    @operation(
        "versions_list",
        summary="List the versions of a workflow",
        description="The newest first. A version is made when a save changes what runs.",
        answers={
            200: (
                page_of("VersionPage", VersionSummarySerializer),
                page_example(examples.VERSION_SUMMARY),
            )
        },
        filters={},
        headers=PAGING_PARAMETERS,
        errors=[404],
        tag=TAG,
    )
    def get(self, request: Request, workflow_id: str) -> Response:
        workflow = workflow_of(request, workflow_id)
        read_filters(request, {}, paged=True)
        rows = versions_of(workflow).defer("definition", "plan", "diagnostics")
        return self.page(
            rows,
            VersionSummarySerializer,
            ordering=("-number",),
            context={"workflow": workflow},
        )


class ReadVersion(ApiView):
    @operation(
        "versions_read",
        summary="Read a version",
        answers={200: (VersionSerializer, examples.VERSION)},
        errors=[404],
        tag=TAG,
    )
    def get(self, request: Request, workflow_id: str, number: int) -> Response:
        workflow = workflow_of(request, workflow_id)
        version = version_of(workflow, number)
        return Response(VersionSerializer(version, context={"workflow": workflow}).data)


class RestoreVersion(ApiView):
    @operation(
        "versions_restore",
        summary="Restore a version",
        description="Saves its definition as the draft, which compiles and publishes it.",
        takes=(NoBody, {}),
        answers={200: (WorkflowSerializer, examples.WORKFLOW)},
        headers=[IF_MATCH],
        errors=[404, 409],
        tag=TAG,
    )
    def post(self, request: Request, workflow_id: str, number: int) -> Response:
        version = version_of(workflow_of(request, workflow_id), number)
        self.body(NoBody)
        restored = restore_version(
            version, by=request.user, expected_revisions=expected_revisions(request)
        )
        return workflow_answer(restored)


class CompareVersions(ApiView):
    @operation(
        "versions_diff",
        summary="Compare two versions",
        description="What changed from the version given as `against` to this one.",
        answers={200: (DifferenceSerializer, examples.DIFFERENCE)},
        filters=AGAINST,
        errors=[404],
        tag=TAG,
    )
    def get(self, request: Request, workflow_id: str, number: int) -> Response:
        workflow = workflow_of(request, workflow_id)
        newer = _side(version_of(workflow, number))
        asked = read_filters(request, AGAINST)
        older = _other_side(workflow, asked.get("against"), number)
        changes, truncated = differences(older["definition"], newer["definition"])
        difference = {
            "from": older,
            "to": newer,
            "same_plan": older["plan_hash"] == newer["plan_hash"],
            "changes": changes,
            "truncated": truncated,
        }
        return Response(DifferenceSerializer(difference).data)


def _side(version: WorkflowVersion) -> dict[str, Any]:
    return {
        "version": version.number,
        "plan_hash": version.plan_hash,
        "definition": version.definition,
    }


def _other_side(workflow: Workflow, against: str | int | None, number: int) -> dict[str, Any]:
    nothing = {"version": None, "plan_hash": None, "definition": {}}
    if against == DRAFT:
        errors = workflow.compile_status == Workflow.CompileStatus.ERRORS
        published = None if errors else workflow.published
        return nothing | {
            "plan_hash": published.plan_hash if published else None,
            "definition": workflow.definition,
        }
    if isinstance(against, int):
        return _side(version_of(workflow, against))
    if number == 1:
        return nothing
    try:
        return _side(version_of(workflow, number - 1))
    except VersionNotFound:
        return nothing
