"""What is known when somebody travels in time: outputs given, recorded, or made up.  Writes
nothing.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Final

from executions_app.engine.statuses import NodeStatus
from executions_app.errors import InputInvalid, UnknownStep
from executions_app.models import Execution, StepRun
from executions_app.models.value_field import resolved
from executions_app.operations.given_values import given_json
from executions_app.operations.travel_way import Way, find_node
from executions_app.operations.unchanged import UNCHANGED
from workflows_app.authoring.datatypes import DataInvalid
from workflows_app.interface import find_step, find_version, get_plan, installed_catalogue
from workflows_app.language.plan import NodeKind, Plan, PlanNode, face_of, indexes_of, key_of
from workflows_app.language.schemas import apply_defaults, validate_value

NOTHING: Final[Any] = object()
_SETTLED = (NodeStatus.COMPLETED, NodeStatus.SKIPPED, NodeStatus.FAILED)


@dataclass(frozen=True, slots=True, kw_only=True)
class Values:
    """What somebody brings along into one execution."""

    outputs: Mapping[str, Any] = field(default_factory=dict)
    """Step id, or dotted path of ids -> output."""
    input_data: Any = UNCHANGED
    """For the step that is travelled to."""
    earlier: Execution | None = None
    """The execution whose outputs count where none are given."""
    is_new: bool = False
    """Whether nothing was ever recorded, so that what is missing is made up."""

    @property
    def has_input(self) -> bool:
        return self.input_data is not UNCHANGED

    def inside(self, node: PlanNode, key: str, *, is_new: bool) -> Values:
        """Return what of this is meant for the workflow nested in the run ``key``."""
        prefix = f"{face_of(node.id)}."
        outputs = {
            name.removeprefix(prefix): output
            for name, output in self.outputs.items()
            if name.startswith(prefix)
        }
        earlier = None
        if self.earlier is not None:
            children = Execution.objects.filter(parent_id=self.earlier.pk, parent_key=key)
            earlier = children.order_by("-created_at").first()
        return Values(outputs=outputs, input_data=self.input_data, earlier=earlier, is_new=is_new)

    def of(self, plan: Plan, node: PlanNode, key: str) -> Any:
        """Return the output given for a run, or ``NOTHING``."""
        for name in (key, node.id, face_of(node.id)):
            if name in self.outputs:
                return self.outputs[name]
        found = self._of_a_container(plan, node)
        return self._earlier(key) if found is NOTHING else found

    def _of_a_container(self, plan: Plan, node: PlanNode) -> Any:
        """Return what a container puts out when outputs are given for what stands inside it."""
        inside = {
            body.label: self.outputs[face_of(last)]
            for body in node.bodies
            for last in plan.terminals(body.id)
            if face_of(last) in self.outputs
        }
        if not inside:
            return NOTHING
        return inside if node.kind is NodeKind.BRANCH else next(iter(inside.values()))

    def _earlier(self, key: str) -> Any:
        if self.earlier is None:
            return NOTHING
        row = StepRun.objects.filter(execution=self.earlier, node_id=key, status__in=_SETTLED)
        found = row.values_list("status", "output", "kind").first()
        if found is None:
            return NOTHING
        status, output, _ = found
        # One that failed for good has no output to go on with.
        plan_node = get_plan(self.earlier.version_id).by_id.get(key.partition("[")[0])
        failed = status == NodeStatus.FAILED and (plan_node is None or plan_node.on_error == "fail")
        return NOTHING if failed else resolved(output, of=f"the output of step {key!r}")


def given_outputs(plan: Plan, way: Way, context: Mapping[str, Any] | None) -> dict[str, Any]:
    """Return the outputs that ``context`` gives, as JSON; the execution's own input is
    ``"input"``.

    Each is the output itself, or a step's result: ``{"status": ..., "output": ...}``.

    Raises:
        UnknownStep: if it names a step that is not there.
        InputInvalid: if an output cannot be stored.
    """
    found: dict[str, Any] = {}
    for name, value in (context or {}).items():
        if name != "input" and not _is_known(plan, way, name):
            raise UnknownStep(name, [face_of(node.id) for node in plan.nodes])
        output = getattr(value, "output", value)
        if isinstance(value, Mapping) and "status" in value and value.keys() <= _RESULT:
            output = value.get("output")
            output = {} if output is None else output
        found[name] = given_json(output, what="context")
    return found


_RESULT = frozenset(
    {
        *("status", "output", "payload", "error", "started_at", "ended_at", "startedAt"),
        *("endedAt", "attempts", "metadata", "suspend_payload", "resume_payload"),
    }
)


def _is_known(plan: Plan, way: Way, name: str) -> bool:
    if find_node(plan, name.partition("[")[0]) is not None:
        return True
    prefix = f"{face_of(way.node.id)}."
    if way.inner is None or not name.startswith(prefix):
        return False
    return _is_known(way.inner.plan, way.inner, name.removeprefix(prefix))


def check_input(way: Way, value: Any, *, workflow_id: str) -> None:
    """Refuse an input that the step would not take.

    Raises:
        InputInvalid: with the place of each problem.
    """
    node = way.node
    problems: list[tuple[str, str]] = []
    match node.kind:
        case NodeKind.STEP:
            step = find_step(node.ref, workflow_id=workflow_id)
            try:
                if step is not None:
                    step.input_type.parse(value)
            except DataInvalid as error:
                problems = error.problems
        case NodeKind.TOOL:
            tool = installed_catalogue().tool(node.ref)
            schema = dict(tool.input_schema) if tool is not None else {}
            problems = [(item.path, item.message) for item in validate_value(schema, value)]
        case NodeKind.WORKFLOW:
            version = find_version(node.ref, number=node.version)
            schema = get_plan(version.pk).inputs if version is not None else {}
            value = apply_defaults(schema, value) if schema else value
            problems = [(item.path, item.message) for item in validate_value(schema, value)]
    if problems:
        raise InputInvalid(problems, what="input")


def inner_keys(plan: Plan, node: PlanNode, key: str, outputs: Mapping[str, Any]) -> dict[str, Any]:
    """Return the runs inside a container whose outputs are given, as of its first round."""
    if node.kind not in (NodeKind.BRANCH, NodeKind.LOOP):
        return {}
    rounds = (*indexes_of(key), 0) if node.kind is NodeKind.LOOP else indexes_of(key)
    return {
        key_of(last, rounds): outputs[face_of(last)]
        for body in node.bodies
        for last in plan.terminals(body.id)
        if face_of(last) in outputs and len(plan.entries(body.id)) == 1
    }
