"""What a question to people looks like in answers.  Reads values, makes no decisions."""

from __future__ import annotations

from typing import Any

from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from executions_app.models import Approval
from workflows_app.api.bodies import JsonObject
from workflows_app.api.named_choice import NamedChoice
from workflows_app.language.plan import face_of, node_of


class TaskShape(serializers.Serializer[Approval]):
    """A question to people, in a list."""

    id = serializers.IntegerField()
    title = serializers.CharField()
    status = NamedChoice(Approval.Status.values, type_name="TaskStatus")
    can_answer = serializers.SerializerMethodField(help_text="Whether the caller may answer now.")
    workflow = serializers.CharField(source="execution.workflow_id")
    workflow_name = serializers.CharField(source="execution.workflow.name")
    execution = serializers.CharField(source="execution_id")
    step_id = serializers.SerializerMethodField()
    key = serializers.CharField(source="node_id", help_text="The run that asks.")
    owner = serializers.CharField(
        source="owner.username", default=None, allow_null=True, help_text="The execution's."
    )
    assignees = serializers.ListField(
        child=serializers.CharField(),
        help_text="User names, or `group:` and a group's name; none: the owner.",
    )
    created_at = serializers.DateTimeField()
    deadline_at = serializers.DateTimeField(
        allow_null=True, help_text="When nobody's answer counts any more."
    )
    remind_at = serializers.DateTimeField(allow_null=True)
    reminded_at = serializers.DateTimeField(allow_null=True)
    answered_at = serializers.DateTimeField(allow_null=True)
    answered_by = serializers.CharField()

    def get_can_answer(self, task: Approval) -> bool:
        may: bool = task.can_answer  # type: ignore[attr-defined]
        return may and task.status == Approval.Status.OPEN

    def get_step_id(self, task: Approval) -> str:
        return face_of(node_of(task.node_id))


class TaskRecord(TaskShape):
    """A question with what it shows and the form of its answer."""

    context = JsonObject(help_text="What those who are asked are shown.")
    form = JsonObject(help_text="JSON Schema of the answer.")
    answer = serializers.SerializerMethodField()
    comment = serializers.CharField()

    @extend_schema_field({})
    def get_answer(self, task: Approval) -> Any:
        return task.answer
