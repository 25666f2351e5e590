"""What commands to many executions look like, asked and answered."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from executions_app.api.execution_filters import FILTERS
from executions_app.engine.statuses import ExecutionStatus
from executions_app.models import BulkCommand
from executions_app.operations.start_bulk import LIMIT, Selection, sample_of
from workflows_app.api.bodies import BodySerializer, JsonObject
from workflows_app.api.named_choice import NamedChoice

_COUNTS = {
    "type": "object",
    "properties": {status.value: {"type": "integer"} for status in ExecutionStatus},
}


class BulkAction(NamedChoice):
    """What is done with each."""

    def __init__(self, **options: Any) -> None:
        super().__init__(BulkCommand.Action.values, type_name="BulkAction", **options)


@extend_schema_field(
    {
        "type": "object",
        "properties": {
            name: {**known.schema, "description": known.description}
            for name, known in FILTERS.items()
        },
        "additionalProperties": False,
    }
)
class FilterField(JsonObject):
    """The filters of the list of executions; read where they are used."""


class BulkBody(BodySerializer):
    """What is to be done, and with which executions: either ``filter`` or ``ids``."""

    action = BulkAction()
    filter = FilterField(
        required=False, help_text="As in the list of executions; `{}` is all that it shows."
    )
    ids = serializers.ListField(
        child=serializers.CharField(max_length=200),
        required=False,
        allow_empty=False,
        max_length=LIMIT,
    )
    dry_run = serializers.BooleanField(required=False, help_text="Only say what would be done.")
    reason = serializers.CharField(
        required=False, allow_blank=True, max_length=2_000, help_text="For the history."
    )

    def validate(self, attrs: dict[str, Any]) -> dict[str, Any]:
        """Return ``attrs``.

        Raises:
            rest_framework.exceptions.ValidationError: unless one of the two is there.
        """
        if ("filter" in attrs) == ("ids" in attrs):
            raise serializers.ValidationError("send either filter or ids", "one_of_two")
        return attrs


class BulkPreviewShape(serializers.Serializer[Selection]):
    """What a command would do; nothing was done."""

    would = serializers.IntegerField(help_text="Executions that it fits now.")
    not_applicable = serializers.IntegerField(
        help_text="Others that are named; ids that lead nowhere are among them."
    )
    by_status = serializers.SerializerMethodField(help_text="All that are named and there.")
    sample = serializers.SerializerMethodField(help_text="Ten at most that it fits, the newest.")
    limit = serializers.SerializerMethodField(help_text="So many one command may be for.")
    too_many = serializers.BooleanField(source="is_too_many")

    @extend_schema_field(_COUNTS)
    def get_by_status(self, selection: Selection) -> Mapping[str, int]:
        return selection.by_status

    def get_sample(self, selection: Selection) -> list[str]:
        return list(sample_of(selection))

    def get_limit(self, selection: Selection) -> int:
        return LIMIT


class BulkErrorShape(serializers.Serializer[Any]):
    """One that failed."""

    execution_id = serializers.CharField()
    code = serializers.CharField()
    message = serializers.CharField()


class BulkShape(serializers.Serializer[BulkCommand]):
    """A command to many executions, and how far it has come."""

    id = serializers.CharField()
    action = BulkAction()
    reason = serializers.CharField()
    status = NamedChoice(BulkCommand.Status.values, type_name="BulkStatus")
    total = serializers.IntegerField(
        help_text="All that were named; in the end, the sum of the next three."
    )
    done = serializers.IntegerField()
    failed = serializers.IntegerField()
    not_applicable = serializers.IntegerField(
        help_text="Those that it did not fit, when it was asked for or when it came to them."
    )
    errors = BulkErrorShape(many=True, help_text="The first twenty that failed.")
    created_at = serializers.DateTimeField()
    ended_at = serializers.DateTimeField(allow_null=True)
