"""What a run of a step looks like by itself: with its attempts, and its node as executed."""

from __future__ import annotations

from typing import Any

from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from executions_app.api.step_shape import StepShape, shown_runs
from executions_app.models import Execution, StepRun
from executions_app.operations.attempts import Attempt, attempts_of, config_of
from workflows_app.api.bodies import JsonObject


class AttemptShape(serializers.Serializer[Attempt]):
    """One try."""

    number = serializers.IntegerField(
        help_text="From 1; from 1 again where a command had the step done again."
    )
    cause = serializers.CharField(
        allow_null=True, help_text="The command that had it done again, as `retry`."
    )
    due_at = serializers.DateTimeField(allow_null=True)
    started_at = serializers.DateTimeField(
        allow_null=True, help_text="Recorded of the first try, and of one that is at work."
    )
    ended_at = serializers.DateTimeField(allow_null=True)
    status = serializers.CharField()
    error = JsonObject(allow_null=True)
    retry_at = serializers.DateTimeField(allow_null=True, help_text="When the next was due.")
    worker = serializers.CharField(allow_null=True, help_text="Of one that is at work.")


class StepRecord(StepShape):
    """A run of a step with everything there is about it."""

    attempts = serializers.SerializerMethodField(help_text="The newest 200, the first one first.")
    config = serializers.SerializerMethodField(
        help_text="The node as executed, without its bodies, secrets masked."
    )

    @extend_schema_field(AttemptShape(many=True))
    def get_attempts(self, run: StepRun) -> Any:
        return AttemptShape(attempts_of(self._around.execution, run), many=True).data

    @extend_schema_field(JsonObject(allow_null=True))
    def get_config(self, run: StepRun) -> Any:
        return config_of(self._around.execution, run)


def step_record(execution: Execution, run: StepRun) -> Any:
    """Return ``run``, which is one of ``execution``, as JSON."""
    (shown,) = shown_runs(execution, [run], shape=StepRecord)
    return shown
