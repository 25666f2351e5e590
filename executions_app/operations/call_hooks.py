"""Telling a workflow's own code how an execution ended or rests; starting what runs on failure."""

from __future__ import annotations

import logging
from dataclasses import dataclass
from typing import Any

from executions_app import database
from executions_app.engine.statuses import FINAL, ExecutionStatus
from executions_app.models import Execution
from executions_app.result import ExecutionResult, result_of
from workflows_app.interface import find_callable, find_version, get_plan

logger = logging.getLogger("celeriac.hooks")

#: What ``on_finish`` is told about: executions that ended, and those that wait for an answer.
_TOLD = FINAL | {ExecutionStatus.SUSPENDED}
#: Executions looked at in one round.
BATCH = 100


@dataclass(frozen=True, slots=True, kw_only=True)
class HookInfo:
    """What a hook is told."""

    run_id: str
    workflow_id: str
    resource_id: str | None
    status: str
    result: Any
    error: dict[str, Any] | None
    steps: dict[str, Any]
    state: dict[str, Any]
    runtime_context: dict[str, Any]
    input_data: Any

    def get_init_data(self) -> Any:
        """Return the execution's input."""
        return self.input_data


def owed_hooks() -> list[str]:
    """Return the executions whose hooks are due."""
    due = Execution.objects.filter(hooks_at__lte=database.now()).order_by("hooks_at")
    return list(due.values_list("pk", flat=True)[:BATCH])


def call_hooks(execution_id: str) -> bool:
    """Call what ``execution_id`` owes its hooks, once; tell whether it was ours to do.

    What a hook raises is logged and changes nothing.
    """
    claimed = Execution.objects.filter(pk=execution_id, hooks_at__isnull=False)
    # Whoever takes the time away calls; a worker that dies then has called as much as it could.
    if not claimed.update(hooks_at=None):
        return False
    execution = Execution.objects.get(pk=execution_id)
    if execution.status not in _TOLD:
        return True  # it was resumed before we came, and is told about when it next rests
    plan = get_plan(execution.version_id)
    info = info_of(execution, result_of(execution))
    failed = execution.status == ExecutionStatus.FAILED
    _call(plan.hooks.get("on_finish"), info)
    if failed:
        _call(plan.hooks.get("on_error"), info)
        _start_failure_workflow(plan.on_failure, execution, info)
    return True


def info_of(execution: Execution, result: ExecutionResult) -> HookInfo:
    """Return what hooks of ``execution`` are told."""
    return HookInfo(
        run_id=execution.pk,
        workflow_id=execution.workflow_id,
        resource_id=execution.resource_id or None,
        status=result.status,
        result=result.result,
        error=result.error,
        steps=result.steps,
        state=result.state,
        runtime_context=execution.runtime_context,
        input_data=execution.input,
    )


def _call(place: str | None, info: HookInfo) -> None:
    if place is None:
        return
    try:
        hook = find_callable(place)
        if hook is None:
            raise LookupError(f"the hook {place!r} is not installed on this worker")
        hook(info)
    except Exception:
        logger.exception(
            "a hook failed; the execution stays as it is",
            extra={"action": "hook.failed", "run_id": info.run_id, "hook": place},
        )


def _start_failure_workflow(workflow_id: str | None, execution: Execution, info: HookInfo) -> None:
    if workflow_id is None:
        return
    from executions_app.operations.start_execution import start_execution

    version = find_version(workflow_id)
    try:
        if version is None:
            raise LookupError(f"there is no published workflow {workflow_id!r}")
        start_execution(
            version.workflow,
            version=version,
            input_data={
                "execution_id": execution.pk,
                "workflow_id": execution.workflow_id,
                "error": info.error,
                "input": info.input_data,
            },
            owner=execution.owner,
            runtime_context=execution.runtime_context,
            resource_id=execution.resource_id,
            trigger=Execution.Trigger.FAILURE,
            execution_id=f"{execution.pk[:180]}:on_failure",
        )
    except Exception:
        logger.exception(
            "the workflow for failures could not be started",
            extra={"action": "hook.failed", "run_id": execution.pk, "workflow": workflow_id},
        )
