"""What one execution looks like with everything inside it.  Reads values, makes no decisions."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from executions_app.api.reason_shape import ReasonShape
from executions_app.api.shapes import ExecutionSummary, Links, ValueField, links_of, one_of
from executions_app.api.step_shape import StepShape, surroundings
from executions_app.engine.preview import preview
from executions_app.engine.statuses import ExecutionStatus
from executions_app.models import Approval, Execution
from executions_app.operations.lineage import Lineage
from executions_app.queries import Snapshot
from executions_app.step_runs import Tally
from executions_app.streaming.wire import step_href
from executions_app.suspensions import Suspension
from workflows_app.api.bodies import JsonObject
from workflows_app.language.plan import NodeKind, face_of, node_of


class ChildShape(serializers.Serializer[Execution]):
    """An execution inside another."""

    id = serializers.CharField()
    key = serializers.CharField(source="parent_key", help_text="The run that it is the inside of.")
    workflow = serializers.CharField(source="workflow_id")
    status = serializers.SerializerMethodField()

    @extend_schema_field(one_of(ExecutionStatus))
    def get_status(self, execution: Execution) -> str:
        return execution.status


class RelatedShape(serializers.Serializer[Execution]):
    """An execution that came of another, or of which another came."""

    id = serializers.CharField()
    workflow = serializers.CharField(source="workflow_id")
    status = serializers.SerializerMethodField()
    trigger = serializers.ChoiceField(Execution.Trigger.values)
    created_at = serializers.DateTimeField()
    ended_at = serializers.DateTimeField(allow_null=True)

    @extend_schema_field(one_of(ExecutionStatus))
    def get_status(self, execution: Execution) -> str:
        return execution.status


class SuspendedShape(serializers.Serializer[Suspension]):
    """A run that waits for an answer, here or in a nested execution."""

    path = serializers.ListField(
        child=serializers.CharField(), help_text="As `resume` takes it for its `step`."
    )
    indexes = serializers.ListField(
        child=serializers.IntegerField(), help_text="The rounds around it, outermost first."
    )
    execution_id = serializers.CharField(help_text="The execution whose step it is.")
    step_id = serializers.SerializerMethodField()
    key = serializers.CharField()
    kind = serializers.CharField()
    labels = serializers.ListField(child=serializers.CharField())
    payload = serializers.SerializerMethodField(help_text="What it asks; large ones are cut.")
    form = serializers.SerializerMethodField(
        help_text="JSON Schema of the answer; null where anything will do."
    )
    task = serializers.SerializerMethodField(help_text="Of an approval: its id in /api/tasks/.")

    def get_step_id(self, asked: Suspension) -> str:
        return face_of(node_of(asked.key))

    @extend_schema_field({})
    def get_payload(self, asked: Suspension) -> Any:
        shown = preview(asked.payload)
        is_cut = shown is not asked.payload
        return shown | {"href": step_href(asked.execution_id, asked.key)} if is_cut else shown

    @extend_schema_field(JsonObject(allow_null=True))
    def get_form(self, asked: Suspension) -> Any:
        return asked.payload["form"] if asked.kind == NodeKind.APPROVAL else asked.form

    def get_task(self, asked: Suspension) -> int | None:
        found: int | None = self.context["tasks"].get((asked.execution_id, asked.key))
        return found


class TallyShape(serializers.Serializer[Tally]):
    """How the runs of one node inside repetitions stand, all rounds together."""

    node_id = serializers.CharField(help_text="A node's runs have it as their key, with rounds.")
    step_id = serializers.SerializerMethodField()
    counts = serializers.DictField(
        child=serializers.IntegerField(), help_text="Runs by status; none that is 0."
    )

    def get_step_id(self, tally: Tally) -> str:
        return face_of(tally.node_id)


class ExecutionRecord(ExecutionSummary):
    """An execution with its values; steps that were not reached are not among ``steps``."""

    deadline_at = serializers.DateTimeField(allow_null=True)
    lane = serializers.CharField(
        allow_null=True,
        help_text="Where it waited for its turn: the value of the workflow's concurrency key, "
        "empty if it has none; null if nothing bounded when it began.",
    )
    priority = serializers.IntegerField(help_text="Of those that wait the highest begins first.")
    stop_reason = serializers.CharField()
    stopped_by = serializers.CharField()
    input = ValueField()
    runtime_context = ValueField()
    state = ValueField()
    output = ValueField()
    error = ValueField()
    usage = serializers.DictField(
        child=serializers.IntegerField(), help_text="Tokens that steps reported, by kind."
    )
    links = serializers.SerializerMethodField()
    suspended = serializers.SerializerMethodField(help_text="What waits for an answer.")
    waiting_for = serializers.SerializerMethodField(
        help_text="Why it does not move, and what would move it on; twenty reasons at most."
    )
    children = serializers.SerializerMethodField(help_text="The executions directly inside it.")
    reruns = serializers.SerializerMethodField(help_text="The newest twenty.")
    failure_of = serializers.SerializerMethodField(help_text="The one whose failure started it.")
    on_failure = serializers.SerializerMethodField(help_text="The one that its failure started.")
    steps = serializers.SerializerMethodField()
    more_steps = serializers.SerializerMethodField(
        help_text="Whether there are runs beyond these thousand; `links.steps` lists all."
    )
    tallies = serializers.SerializerMethodField(
        help_text="With `runs=live`: how the runs inside loops and foreachs stand; else null."
    )

    @extend_schema_field(Links)
    def get_links(self, execution: Execution) -> dict[str, str]:
        return links_of(execution.pk)

    @extend_schema_field(SuspendedShape(many=True))
    def get_suspended(self, execution: Execution) -> Any:
        asked = self._found.suspensions
        return SuspendedShape(asked, many=True, context={"tasks": _tasks_of(asked)}).data

    @extend_schema_field(ReasonShape(many=True))
    def get_waiting_for(self, execution: Execution) -> Any:
        return ReasonShape(self._found.waiting_for, many=True).data

    @extend_schema_field(ChildShape(many=True))
    def get_children(self, execution: Execution) -> Any:
        return ChildShape(self._found.children, many=True).data

    @extend_schema_field(RelatedShape(many=True))
    def get_reruns(self, execution: Execution) -> Any:
        return RelatedShape(self._lineage.reruns, many=True).data

    @extend_schema_field(RelatedShape(allow_null=True))
    def get_failure_of(self, execution: Execution) -> Any:
        return _related(self._lineage.failure_of)

    @extend_schema_field(RelatedShape(allow_null=True))
    def get_on_failure(self, execution: Execution) -> Any:
        return _related(self._lineage.on_failure)

    @extend_schema_field(StepShape(many=True))
    def get_steps(self, execution: Execution) -> Any:
        context = {"around": surroundings(execution, self._found.children)}
        return StepShape(self._found.steps, many=True, context=context).data

    @extend_schema_field(TallyShape(many=True, allow_null=True))
    def get_tallies(self, execution: Execution) -> Any:
        found = self._found.tallies
        return None if found is None else TallyShape(found, many=True).data

    def get_more_steps(self, execution: Execution) -> bool:
        return self._found.more_steps

    @property
    def _lineage(self) -> Lineage:
        found: Lineage = self.context["lineage"]
        return found

    @property
    def _found(self) -> Snapshot:
        found: Snapshot = self.context["found"]
        return found


def record_of(found: Snapshot, *, lineage: Lineage | None = None) -> Any:
    """Return the record of an execution as JSON."""
    context = {"found": found, "lineage": lineage or Lineage()}
    return ExecutionRecord(found.execution, context=context).data


def _related(execution: Execution | None) -> Any:
    return None if execution is None else RelatedShape(execution).data


def _tasks_of(suspensions: Sequence[Suspension]) -> dict[tuple[str, str], int]:
    asking = {it.execution_id for it in suspensions if it.kind == NodeKind.APPROVAL}
    if not asking:
        return {}
    tasks = Approval.objects.filter(execution_id__in=asking, status=Approval.Status.OPEN)
    return {(it.execution_id, it.node_id): it.pk for it in tasks.only("execution_id", "node_id")}
