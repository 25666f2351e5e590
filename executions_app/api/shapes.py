"""What answers about executions look like.  Reads values, makes no decisions."""

from __future__ import annotations

from enum import StrEnum
from typing import Any

from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from executions_app.engine.statuses import ExecutionStatus
from executions_app.models import Execution, StepRun
from executions_app.queries import shown_value
from executions_app.streaming.wire import execution_href, step_href

_ANY = {
    "description": "Any JSON. Over 64 KiB it is `{preview, bytes, truncated: true, href}`, and "
    "`href` answers the whole."
}


def one_of(states: type[StrEnum]) -> dict[str, Any]:
    """Return the schema of a status.

    Not a bare ``enum``: several things have a ``status``, and each would get a made-up name.
    """
    return {"type": "string", "oneOf": [{"enum": [state.value for state in states]}]}


@extend_schema_field(_ANY)
class ValueField(serializers.Field[Any, Any, Any, Any]):
    """A value of any size, or the preview that was read in its place."""

    def __init__(self, **options: Any) -> None:
        super().__init__(source="*", read_only=True, **options)

    def to_representation(self, row: Execution | StepRun) -> Any:
        """Return the value of the column that has this field's name."""
        if isinstance(row, StepRun):
            href = step_href(row.execution_id, row.node_id)
        else:
            href = execution_href(row.pk)
        return shown_value(row, str(self.field_name), href=href)


class Links(serializers.Serializer[Any]):
    """Where to go on."""

    self = serializers.CharField()
    events = serializers.CharField()
    stream = serializers.CharField()
    steps = serializers.CharField()


def links_of(execution_id: str) -> dict[str, str]:
    """Return the paths of :class:`Links`."""
    here = f"/api/executions/{execution_id}/"
    ends = {name: f"{here}{name}/" for name in ("events", "stream", "steps")}
    return {"self": here} | ends


class Started(serializers.Serializer[Execution]):
    """An execution that was just started."""

    execution_id = serializers.CharField(source="pk")
    status = serializers.SerializerMethodField()
    workflow = serializers.CharField(source="workflow_id")
    version = serializers.IntegerField(source="version.number")
    rerun_of = serializers.CharField(source="rerun_of_id", allow_null=True)
    links = serializers.SerializerMethodField()

    @extend_schema_field(Links)
    def get_links(self, execution: Execution) -> dict[str, str]:
        return links_of(execution.pk)

    @extend_schema_field(one_of(ExecutionStatus))
    def get_status(self, execution: Execution) -> str:
        return execution.status


class ExecutionSummary(serializers.Serializer[Execution]):
    """An execution in a list."""

    id = serializers.CharField()
    workflow = serializers.CharField(source="workflow_id")
    workflow_name = serializers.CharField(source="workflow.name")
    version = serializers.IntegerField(source="version.number")
    status = serializers.SerializerMethodField()
    stopping = serializers.CharField(help_text="`cancel` or `timeout` while it is being stopped.")
    trigger = serializers.ChoiceField(Execution.Trigger.values)
    owner = serializers.CharField(source="owner.username", default=None, allow_null=True)
    resource_id = serializers.CharField()
    rerun_of = serializers.CharField(source="rerun_of_id", allow_null=True)
    parent = serializers.CharField(
        source="parent_id", allow_null=True, help_text="The execution that it runs inside."
    )
    root = serializers.CharField(
        source="root_id", allow_null=True, help_text="The outermost one, whose log tells of it."
    )
    path = serializers.ListField(
        child=serializers.JSONField(), help_text="The way down from the root: ids and indexes."
    )
    last_seq = serializers.IntegerField(
        source="log_seq", help_text="The newest event this answer includes, of the root's log."
    )
    created_at = serializers.DateTimeField()
    started_at = serializers.DateTimeField(allow_null=True)
    ended_at = serializers.DateTimeField(allow_null=True)

    @extend_schema_field(one_of(ExecutionStatus))
    def get_status(self, execution: Execution) -> str:
        return execution.status


class WireEvent(serializers.Serializer[Any]):
    """One event; further fields belong to its type."""

    type = serializers.CharField()
    execution_id = serializers.CharField()
    seq = serializers.IntegerField()
    at = serializers.DateTimeField()
    step_id = serializers.CharField(required=False)
    step_name = serializers.CharField(required=False)
    path = serializers.ListField(child=serializers.CharField(), required=False)
    attempt = serializers.IntegerField(required=False)
