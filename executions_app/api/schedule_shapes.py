"""What schedules look like in requests and answers.  Reads values; what they mean is decided by
:class:`workflows_app.authoring.schedule.Schedule`.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC
from typing import Any

from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from executions_app import database
from executions_app.models import Schedule, ScheduleFire
from workflows_app.api.bodies import BodySerializer, JsonObject
from workflows_app.api.named_choice import NamedChoice
from workflows_app.authoring.schedule import MAX_CATCH_UP, OVERLAPS, ScheduleInvalid
from workflows_app.authoring.schedule import Schedule as Rule
from workflows_app.authoring.upcoming import upcoming

NEXT_SHOWN = 5
_CATCH_UP = {
    "oneOf": [
        {"type": "string", "enum": ["none", "last"]},
        {"type": "integer", "minimum": 0, "maximum": MAX_CATCH_UP},
    ],
    "description": "How many missed slots are made up for.",
}


@extend_schema_field(_CATCH_UP)
class CatchUpField(serializers.Field[Any, Any, Any, Any]):
    """``none``, ``last`` or a number; the rule judges it."""

    def to_internal_value(self, data: Any) -> Any:
        """Return ``data`` as it is."""
        return data

    def to_representation(self, value: Any) -> Any:
        """Return ``value`` as it is."""
        return value


class UpcomingShape(serializers.Serializer[Any]):
    """A moment at which a schedule is due."""

    utc = serializers.CharField()
    local = serializers.CharField(help_text="As the clock of the schedule's zone shows it.")


class ScheduleShape(serializers.Serializer[Schedule]):
    """A schedule in a list."""

    id = serializers.CharField()
    workflow = serializers.CharField(source="workflow_id")
    workflow_name = serializers.CharField(source="workflow.name")
    source = NamedChoice(Schedule.Source.values, type_name="ScheduleSource")
    cron = serializers.SerializerMethodField()
    interval = serializers.IntegerField(
        source="interval_seconds", allow_null=True, help_text="Seconds."
    )
    timezone = serializers.CharField()
    starts_at = serializers.DateTimeField(allow_null=True)
    ends_at = serializers.DateTimeField(allow_null=True)
    jitter = serializers.IntegerField(source="jitter_seconds", help_text="Seconds.")
    catch_up = CatchUpField(source="catch_up_word")
    overlap = NamedChoice(OVERLAPS, type_name="Overlap")
    paused = serializers.SerializerMethodField()
    paused_at = serializers.DateTimeField(allow_null=True)
    paused_by = serializers.CharField()
    next_slot_at = serializers.DateTimeField(allow_null=True)
    next_fire_at = serializers.DateTimeField(
        allow_null=True, help_text="The slot and its jitter; null once the schedule has ended."
    )
    owner = serializers.CharField(source="owner.username", default=None, allow_null=True)
    created_at = serializers.DateTimeField()
    updated_at = serializers.DateTimeField()

    def get_cron(self, schedule: Schedule) -> str | None:
        return schedule.cron or None

    def get_paused(self, schedule: Schedule) -> bool:
        return schedule.paused_at is not None


class ScheduleRecord(ScheduleShape):
    """A schedule with what it hands on and when it is due next."""

    input = serializers.JSONField(allow_null=True)
    runtime_context = JsonObject()
    initial_state = JsonObject()
    next_fires = serializers.SerializerMethodField(
        help_text="The next five slots; none while it is paused."
    )

    @extend_schema_field(UpcomingShape(many=True))
    def get_next_fires(self, schedule: Schedule) -> Any:
        if schedule.paused_at is not None:
            return []
        found = upcoming(schedule.rule, after=database.now(), count=NEXT_SHOWN)
        return UpcomingShape(found, many=True).data


class FireShape(serializers.Serializer[ScheduleFire]):
    """What became of one slot."""

    slot = serializers.DateTimeField()
    outcome = NamedChoice(ScheduleFire.Outcome.values, type_name="FireOutcome")
    reason = serializers.CharField()
    execution = serializers.CharField(source="execution_id", allow_null=True)
    fired_at = serializers.DateTimeField(help_text="When it was decided.")


class TimingBody(BodySerializer):
    """When something is due: either ``cron`` or ``interval``."""

    cron = serializers.CharField(
        required=False,
        allow_null=True,
        max_length=200,
        help_text="5 fields; 6 begin with the second, 7 end with the year.",
    )
    interval = serializers.IntegerField(required=False, allow_null=True, help_text="Seconds.")
    timezone = serializers.CharField(
        required=False, max_length=100, help_text="An IANA name; UTC unless it is given."
    )
    starts_at = serializers.DateTimeField(required=False, allow_null=True, default_timezone=UTC)
    ends_at = serializers.DateTimeField(required=False, allow_null=True, default_timezone=UTC)


class SchedulePatch(TimingBody):
    """What is to change; ``cron`` takes the place of ``interval`` and the other way round."""

    ignored = frozenset(ScheduleRecord().fields) - {
        "workflow",
        "cron",
        "interval",
        "timezone",
        "starts_at",
        "ends_at",
        "jitter",
        "catch_up",
        "overlap",
        "input",
        "runtime_context",
        "initial_state",
    }

    workflow = serializers.CharField(required=False, max_length=200)
    jitter = serializers.IntegerField(required=False, help_text="Seconds, 3600 at most.")
    catch_up = CatchUpField(required=False)
    overlap = serializers.CharField(
        required=False, max_length=20, help_text=f"One of {', '.join(OVERLAPS)}."
    )
    input = serializers.JSONField(
        required=False, allow_null=True, help_text="Fits the workflow's input schema."
    )
    runtime_context = JsonObject(required=False)
    initial_state = JsonObject(required=False)


class ScheduleBody(SchedulePatch):
    """A new schedule."""

    workflow = serializers.CharField(max_length=200)


def rule_of(asked: Mapping[str, Any], *, stored: Schedule | None = None) -> Rule:
    """Return the rule that a body asks for; what it leaves out is as it is ``stored``.

    Raises:
        ScheduleInvalid: if the rule cannot be kept.
    """
    if stored is not None and asked.get("workflow", stored.workflow_id) != stored.workflow_id:
        raise ScheduleInvalid("workflow", "a schedule keeps its workflow; create another one")
    fields: dict[str, Any] = {}
    if stored is not None:
        kept = stored.rule
        fields = {name: getattr(kept, name) for name in Rule.__dataclass_fields__}
    for name, other in (("cron", "interval"), ("interval", "cron")):
        if asked.get(name) is not None and asked.get(other) is None:
            fields[other] = None
    written = dict(asked)
    written.pop("workflow", None)
    if "input" in written:
        written["input_data"] = written.pop("input")
    return Rule(**{**fields, **written})
