"""What a workflow, a version and a diagnostic look like in an answer.  Reads rows, never writes."""

from __future__ import annotations

from typing import Any

from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from workflows_app.api.bodies import BodySerializer, JsonObject
from workflows_app.api.last_executions import LastExecution
from workflows_app.api.named_choice import NamedChoice
from workflows_app.language.compile import Compiled
from workflows_app.language.diagnostics import Severity
from workflows_app.models import Workflow, WorkflowVersion

COMPILE_STATUSES = [status.value for status in Workflow.CompileStatus]


class CompileStatus(NamedChoice):
    """How a compile ended."""

    def __init__(self, **options: Any) -> None:
        super().__init__(COMPILE_STATUSES, type_name="CompileStatus", **options)


class OperationSerializer(serializers.Serializer[Any]):
    """One change to a definition, as in a JSON Patch (RFC 6902)."""

    op = NamedChoice(["add", "remove", "replace"], type_name="PatchOperation")
    path = serializers.CharField(help_text="JSON Pointer into the definition.")
    value = serializers.JSONField(required=False, allow_null=True)


class RepairSerializer(serializers.Serializer[Any]):
    """Changes after which the problem is gone."""

    label = serializers.CharField(help_text="What they do.")
    patch = OperationSerializer(many=True)


class DiagnosticSerializer(serializers.Serializer[Any]):
    """One problem of a definition."""

    code = serializers.CharField()
    severity = NamedChoice([value.value for value in Severity], type_name="Severity")
    message = serializers.CharField()
    path = serializers.CharField(help_text="JSON Pointer into the definition.")
    node_id = serializers.CharField(allow_null=True)
    fix = serializers.CharField(allow_null=True, help_text="What to do about it.")
    # What was compiled by earlier releases has none.
    repairs = RepairSerializer(
        many=True, default=list, help_text="What a machine can do about it, the best first."
    )


class CompileSummarySerializer(serializers.Serializer[Workflow]):
    """What compiling the draft said, without the diagnostics."""

    status = CompileStatus(source="compile_status")
    plan_hash = serializers.SerializerMethodField(
        help_text="Of the draft; null when it has errors."
    )
    version = serializers.SerializerMethodField(
        help_text="The published version, which new executions run; null when there is none."
    )

    def get_plan_hash(self, workflow: Workflow) -> str | None:
        # A draft without errors is published as it is saved.
        if workflow.compile_status == Workflow.CompileStatus.ERRORS or not workflow.published:
            return None
        return workflow.published.plan_hash

    def get_version(self, workflow: Workflow) -> int | None:
        return workflow.published.number if workflow.published else None


class CompileSerializer(CompileSummarySerializer):
    """What compiling the draft said."""

    diagnostics = DiagnosticSerializer(many=True)


class ValidationSerializer(serializers.Serializer[Any]):
    """What compiling a definition that is not saved said."""

    status = CompileStatus()
    diagnostics = DiagnosticSerializer(many=True)
    plan_hash = serializers.CharField(allow_null=True)
    version = serializers.IntegerField(allow_null=True, help_text="Always null: nothing is saved.")


def validation_of(compiled: Compiled) -> dict[str, Any]:
    """Return ``compiled`` as :class:`ValidationSerializer` answers it."""
    return {
        "status": compiled.status,
        "diagnostics": [item.to_json() for item in compiled.diagnostics],
        "plan_hash": compiled.plan_hash,
        "version": None,
    }


class WorkflowSummarySerializer(serializers.Serializer[Workflow]):
    """A workflow, without its draft."""

    id = serializers.CharField()
    name = serializers.CharField()
    description = serializers.CharField()
    source = NamedChoice([source.value for source in Workflow.Source], type_name="WorkflowSource")
    revision = serializers.IntegerField(help_text="Counts saves of the draft.")
    compile = CompileSummarySerializer(source="*")
    node_count = serializers.IntegerField(help_text="Of the draft, in all its bodies.")
    archived = serializers.SerializerMethodField(help_text="Whether it was put away.")
    owner = serializers.SerializerMethodField(help_text="User name; null for one from code.")
    created_at = serializers.DateTimeField()
    updated_at = serializers.DateTimeField()

    def get_archived(self, workflow: Workflow) -> bool:
        return workflow.archived_at is not None

    def get_owner(self, workflow: Workflow) -> str | None:
        return workflow.owner.get_username() if workflow.owner else None


class LastExecutionSerializer(serializers.Serializer[LastExecution]):
    """The newest execution of a workflow."""

    id = serializers.CharField()
    status = serializers.CharField()
    created_at = serializers.DateTimeField()
    ended_at = serializers.DateTimeField(allow_null=True)


class WorkflowRowSerializer(WorkflowSummarySerializer):
    """A workflow in a list; its last execution is looked up in the context."""

    last_execution = serializers.SerializerMethodField(
        help_text="The newest that the caller may see; null if there is none."
    )

    @extend_schema_field(LastExecutionSerializer(allow_null=True))
    def get_last_execution(self, workflow: Workflow) -> Any:
        last = self.context["last_executions"].get(workflow.pk)
        return None if last is None else LastExecutionSerializer(last).data


class WorkflowSerializer(WorkflowSummarySerializer):
    """A workflow with its draft."""

    definition = JsonObject(help_text="The draft, as last saved.")
    compile = CompileSerializer(source="*")


class VersionSummarySerializer(serializers.Serializer[WorkflowVersion]):
    """A version in a list."""

    number = serializers.IntegerField()
    plan_hash = serializers.CharField()
    published = serializers.SerializerMethodField(help_text="Whether new executions run it.")
    created_by = serializers.SerializerMethodField(help_text="User name, if that is known.")
    created_at = serializers.DateTimeField()

    def get_published(self, version: WorkflowVersion) -> bool:
        return bool(version.pk == self.context["workflow"].published_id)

    def get_created_by(self, version: WorkflowVersion) -> str | None:
        return version.created_by.get_username() if version.created_by else None


class VersionSerializer(VersionSummarySerializer):
    """A version with its definition."""

    definition = JsonObject()
    diagnostics = DiagnosticSerializer(many=True)


class DefinitionBody(BodySerializer):
    """A definition to look at."""

    definition = JsonObject()


class WorkflowBody(BodySerializer):
    """A definition to save; name and description, where given, are written into it."""

    ignored = frozenset(WorkflowSerializer().fields) - {"definition", "name", "description"}

    definition = JsonObject()
    name = serializers.CharField(max_length=200, required=False)
    description = serializers.CharField(max_length=10_000, required=False, allow_blank=True)


class WorkflowPatch(WorkflowBody):
    """Only what is to change."""

    definition = JsonObject(required=False)
