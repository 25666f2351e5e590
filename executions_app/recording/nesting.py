"""Executions inside executions: their names, their limits, and how one begins."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

from django.conf import settings
from django.db.models import F

from executions_app.engine.events import ExecutionStarted
from executions_app.engine.failures import Failure
from executions_app.engine.progress import path_of
from executions_app.engine.storable import storable_bytes
from executions_app.models import Execution
from executions_app.recording.frame import Frame
from executions_app.rows import ExecutionRow
from workflows_app.interface import find_version, get_plan
from workflows_app.language.plan import Plan, PlanNode
from workflows_app.language.schemas import apply_defaults, validate_value

_NAMESPACE = uuid.UUID("6d0f6c9e-3c1b-5c62-9f56-8d5a3c3f9e11")


def root_of(execution_id: str) -> str:
    """Return the execution in whose log the facts of ``execution_id`` stand; itself, mostly."""
    found = Execution.objects.filter(pk=execution_id).values_list("root_id", flat=True).first()
    return found or execution_id


def prepared(execution: Execution, now: datetime) -> ExecutionRow:
    """Return the row of an execution that is about to begin, and set its times."""
    execution.created_at = now
    if execution.root_id is None:
        given = (execution.input, execution.runtime_context, execution.state)
        execution.recorded_bytes = sum(map(storable_bytes, given))
    plan = get_plan(execution.version_id)
    if plan.timeout_seconds is not None:
        execution.deadline_at = now + timedelta(seconds=plan.timeout_seconds)
    fields = ExecutionRow.__dataclass_fields__
    return ExecutionRow(**{name: getattr(execution, name) for name in fields})


def nested_id(parent_id: str, key: str, attempt: int, *, generation: int = 0) -> str:
    """Return the id of what runs inside the run ``key``: the same whenever it is asked."""
    name = f"{parent_id}/{key}/{attempt}" + (f"/{generation}" if generation else "")
    return str(uuid.uuid5(_NAMESPACE, name))


def open_nested(frame: Frame, node: PlanNode, key: str, value: Any) -> Failure | None:
    """Begin the execution inside the run ``key``, with ``value`` as its input; return why not."""
    attempt = frame.state.node(key).attempt
    failure = _refusal(frame)
    owner_id = frame.execution.owner_id
    version = None if failure else find_version(node.ref, number=node.version, nested_by=owner_id)
    if version is None:
        failure = failure or Failure(
            name="WorkflowUnknown",
            message=f"there is no published workflow {node.ref!r} to run here",
            code="workflow.unknown",
        )
    else:
        plan = get_plan(version.pk)
        value, problems = _checked(plan, value)
        if problems:
            failure = Failure(
                name="InputInvalid",
                message="Step input validation failed: \n" + "\n".join(problems),
                code="step.input_invalid",
            )
    if failure is not None or version is None:
        return failure
    parent, root = frame.execution, frame.recording.root
    frame.write_rows()
    values = handed_down(frame)
    child = Execution(
        pk=_free_id(frame.id, key, attempt),
        workflow_id=version.workflow_id,
        version_id=version.pk,
        owner_id=parent.owner_id,
        resource_id=values["resource_id"],
        trigger=Execution.Trigger.NESTED,
        root_id=root.id,
        parent_id=parent.id,
        parent_key=key,
        path=[*parent.path, *path_of(frame.plan, key)],
        input=value,
        runtime_context=values["runtime_context"],
        state=values["state"],
    )
    frame.count(child.input, child.runtime_context, child.state)
    row = prepared(child, frame.now)
    if node.timeout_seconds is not None:
        limit = frame.now + timedelta(seconds=node.timeout_seconds)
        child.deadline_at = min(filter(None, (child.deadline_at, limit)))
    inner = frame.recording.add_frame(row, child)
    inner.add(ExecutionStarted(trigger=Execution.Trigger.NESTED))
    Execution.objects.filter(pk=root.id).update(nested_count=F("nested_count") + 1)
    return None


def _refusal(frame: Frame) -> Failure | None:
    depth, around, limits = 1, frame, settings.LIMITS
    while around.execution.parent_id is not None:
        around, depth = frame.recording.frame(around.execution.parent_id), depth + 1
    if depth >= limits.depth:
        return Failure(
            name="DepthLimit",
            message=f"workflows may be nested {limits.depth} deep, and this would be deeper",
            code="depth.limit",
            details={"limit": limits.depth},
        )
    if frame.recording.root.unsaved is not None:
        return None
    root = Execution.objects.filter(pk=frame.recording.root.id)
    if (root.values_list("nested_count", flat=True).first() or 0) >= limits.nested:
        return Failure(
            name="ChildrenLimit",
            message=f"one execution may begin {limits.nested:,} nested ones, and has",
            code="children.limit",
            details={"limit": limits.nested},
        )
    return None


def _free_id(parent_id: str, key: str, attempt: int) -> str:
    """Return an id that no earlier try of this run has: after a time travel there was one."""
    generation = 0
    while Execution.objects.filter(
        pk=(found := nested_id(parent_id, key, attempt, generation=generation))
    ).exists():
        generation += 1
    return found


def _checked(plan: Plan, value: Any) -> tuple[Any, Sequence[str]]:
    if not plan.inputs:
        return value, ()
    value = apply_defaults(plan.inputs, {} if value is None else value)
    problems = validate_value(plan.inputs, value)
    return value, [f"- {item.path or '.'}: {item.message}" for item in problems]


def handed_down(frame: Frame) -> dict[str, Any]:
    """Return what a nested execution begins with, as it is in the one around it."""
    names = ("resource_id", "runtime_context", "state")
    if frame.unsaved is not None:
        return {name: getattr(frame.unsaved, name) for name in names}
    return dict(Execution.objects.values(*names).get(pk=frame.id))
