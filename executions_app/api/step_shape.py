"""What a run of a step looks like in answers: what it is, where it stands, what it waits for."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from executions_app.api.shapes import ValueField, one_of
from executions_app.engine.progress import holders, path_of
from executions_app.engine.statuses import NodeStatus
from executions_app.models import Execution, StepRun
from executions_app.queries import shown_status
from executions_app.step_runs import children_of
from workflows_app.interface import get_plan
from workflows_app.language.plan import REPEATED, NodeKind, Plan, face_of, indexes_of, node_of

Path = list[str | int]
_PATH = {"type": "array", "items": {"oneOf": [{"type": "string"}, {"type": "integer"}]}}
_HELD = (NodeStatus.WAITING, NodeStatus.SUSPENDED)


@dataclass
class Surroundings:
    """What the shape of a run needs to know about its execution, read when it is needed."""

    execution: Execution
    children: Mapping[str, str] = field(default_factory=dict)
    """Key of a run -> the execution inside it."""

    @cached_property
    def plan(self) -> Plan:
        return get_plan(self.execution.version_id)

    def path(self, key: str) -> Path:
        """Return the way to the run ``key``, from the root's step down."""
        if not indexes_of(key) or node_of(key) not in self.plan.by_id:
            return [*self.execution.path, face_of(node_of(key))]
        return [*self.execution.path, *path_of(self.plan, key)]

    def round_in(self, key: str, kind: NodeKind) -> int | None:
        """Return which round the run ``key`` is of, if the nearest repetition is a ``kind``."""
        indexes = indexes_of(key)
        if not indexes or node_of(key) not in self.plan.by_id:
            return None
        around = (it.node.kind for it in holders(self.plan, key) if it.node.kind in REPEATED)
        return indexes[-1] if next(around, None) is kind else None


def surroundings(execution: Execution, children: Sequence[Execution]) -> Surroundings:
    """Return what the shapes of the runs of ``execution`` need to know."""
    return Surroundings(execution, {child.parent_key: child.pk for child in children})


def shown_runs(
    execution: Execution, runs: Sequence[StepRun], *, shape: type[StepShape] | None = None
) -> Any:
    """Return ``runs``, which are some of ``execution``, as JSON."""
    nesting = [run.node_id for run in runs if run.kind == NodeKind.WORKFLOW]
    children = children_of(execution, keys=nesting) if nesting else []
    context = {"around": surroundings(execution, children)}
    return (shape or StepShape)(runs, many=True, context=context).data


class StepShape(serializers.Serializer[StepRun]):
    """A run of a step that was reached."""

    step_id = serializers.SerializerMethodField()
    key = serializers.CharField(
        source="node_id", help_text="The step and its rounds: `charge`, or `charge[5]` in a loop."
    )
    path = serializers.SerializerMethodField(help_text="The way down to it: ids and indexes.")
    index = serializers.SerializerMethodField(help_text="Of a foreach: which item, from 0.")
    iteration = serializers.SerializerMethodField(help_text="Of a loop: which round, from 1.")
    step_name = serializers.CharField(source="name")
    kind = serializers.CharField()
    internal = serializers.BooleanField(help_text="Plumbing that people need not see.")
    status = serializers.SerializerMethodField()
    attempt = serializers.IntegerField(help_text="1 for the first.")
    scheduled_at = serializers.DateTimeField(allow_null=True)
    started_at = serializers.DateTimeField(allow_null=True)
    ended_at = serializers.DateTimeField(allow_null=True)
    due_at = serializers.DateTimeField(allow_null=True, help_text="When the attempt may begin.")
    until = serializers.SerializerMethodField(
        help_text="When a wait is over, or nobody's answer counts any more; null for never."
    )
    event = serializers.SerializerMethodField(help_text="The event that it waits for.")
    suspend_payload = ValueField()
    suspended_at = serializers.DateTimeField(allow_null=True)
    labels = serializers.ListField(
        child=serializers.CharField(), help_text="Names by which it may be resumed."
    )
    resume_data = ValueField()
    resumed_at = serializers.DateTimeField(allow_null=True)
    completed_count = serializers.SerializerMethodField(help_text="Of a repetition: rounds done.")
    total_count = serializers.SerializerMethodField(help_text="Of a foreach: its items.")
    nested = serializers.SerializerMethodField(help_text="The execution inside it.")
    input = ValueField()
    output = ValueField()
    error = ValueField()

    def get_step_id(self, run: StepRun) -> str:
        return face_of(node_of(run.node_id))

    @extend_schema_field(_PATH)
    def get_path(self, run: StepRun) -> Path:
        return self._around.path(run.node_id)

    def get_index(self, run: StepRun) -> int | None:
        return self._around.round_in(run.node_id, NodeKind.FOREACH)

    def get_iteration(self, run: StepRun) -> int | None:
        index = self._around.round_in(run.node_id, NodeKind.LOOP)
        return None if index is None else index + 1

    @extend_schema_field(one_of(NodeStatus))
    def get_status(self, run: StepRun) -> str:
        return shown_status(run)

    @extend_schema_field({"type": "string", "format": "date-time", "nullable": True})
    def get_until(self, run: StepRun) -> Any:
        return serializers.DateTimeField().to_representation(run.due_at) if _is_timed(run) else None

    def get_event(self, run: StepRun) -> str | None:
        return (run.event or None) if run.status in _HELD else None

    def get_completed_count(self, run: StepRun) -> int | None:
        is_repeated = run.kind in REPEATED and run.progress is not None
        return int(run.progress.get("done", 0)) if is_repeated else None

    def get_total_count(self, run: StepRun) -> int | None:
        is_foreach = run.kind == NodeKind.FOREACH and run.progress is not None
        return int(run.progress.get("total", 0)) if is_foreach else None

    def get_nested(self, run: StepRun) -> str | None:
        return self._around.children.get(run.node_id)

    @property
    def _around(self) -> Surroundings:
        around: Surroundings = self.context["around"]
        return around


def _is_timed(run: StepRun) -> bool:
    return run.status in _HELD and run.due_at is not None
