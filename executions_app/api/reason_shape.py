"""What a reason looks like why an execution waits."""

from __future__ import annotations

from typing import Any

from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from executions_app.waiting_reasons import Code, Reason
from workflows_app.api.bodies import JsonObject

_PATH = {"type": "array", "items": {"oneOf": [{"type": "string"}, {"type": "integer"}]}}


class ReasonShape(serializers.Serializer[Reason]):
    """One thing that an execution waits for."""

    code = serializers.SerializerMethodField(help_text="Stable: programs may go by it.")
    message = serializers.CharField(
        help_text="For people: what it waits for, and what would move it on."
    )
    execution_id = serializers.CharField(help_text="The one asked about, or one inside it.")
    step_id = serializers.CharField(allow_null=True)
    key = serializers.CharField(allow_null=True, help_text="The run that waits.")
    path = serializers.SerializerMethodField(
        help_text="The way down to it from the execution asked about: ids and indexes."
    )
    since = serializers.DateTimeField(allow_null=True)
    until = serializers.DateTimeField(
        allow_null=True, help_text="When it goes on by itself, or gives up."
    )
    details = serializers.SerializerMethodField(help_text="Fields of the code's own.")

    @extend_schema_field({"type": "string", "oneOf": [{"enum": [code.value for code in Code]}]})
    def get_code(self, reason: Reason) -> str:
        return reason.code.value

    @extend_schema_field(_PATH)
    def get_path(self, reason: Reason) -> list[str | int]:
        return list(reason.path)

    @extend_schema_field(JsonObject())
    def get_details(self, reason: Reason) -> dict[str, Any]:
        return dict(reason.details)
