"""Telling a workflow's own code how an execution ended or rests; starting what runs on failure.

The log says what is owed, so that nothing is told twice, and nothing is passed over when the
execution has gone on before anybody came to call.
"""

from __future__ import annotations

import logging
import uuid
from dataclasses import replace
from typing import Any

from django.db import transaction

from executions_app import database
from executions_app.database_retry import UNAVAILABLE, retried
from executions_app.engine.statuses import ExecutionStatus
from executions_app.errors import StartClaimed
from executions_app.models import Event, Execution
from executions_app.operations.hook import HookInfo, call_hook, info_of
from executions_app.result import result_of
from executions_app.streaming.log import log_of
from workflows_app.interface import PlanUnreadable, find_version, get_plan
from workflows_app.language.plan import Plan

logger = logging.getLogger("celeriac.hooks")

#: What hooks are told about.  Being paused is not: somebody did that, and knows.
_RESTS = frozenset(
    {"execution_completed", "execution_failed", "execution_cancelled", "execution_suspended"}
)
#: Executions looked at in one round.
BATCH = 100
_FAILURES = uuid.UUID("5b0d3c0e-9f0c-5b67-8d1b-0f3f6f1f7a41")


def owed_hooks() -> list[str]:
    """Return the executions whose hooks are due."""
    due = Execution.objects.filter(hooks_at__lte=database.now()).order_by("hooks_at")
    return list(due.values_list("pk", flat=True)[:BATCH])


def call_hooks(execution_id: str) -> bool:
    """Call what ``execution_id`` owes its hooks, once; tell whether it was ours to do.

    What a hook raises is logged and changes nothing.  The workflow for failures is started in the
    transaction that takes them off everybody's hands: a worker that dies then has lost no start.
    """
    version_id = Execution.objects.filter(pk=execution_id).values_list("version_id", flat=True)
    try:
        # First, so that they stay owed to a release that can read it.
        plan = get_plan(version_id.get())
    except Execution.DoesNotExist:  # deleted meanwhile
        return False
    except PlanUnreadable as error:
        logger.warning("hooks wait", extra={"action": "hook.unread", "error": str(error)})
        return False
    infos = _taken_over(execution_id, plan)
    for info in infos:
        _call(plan.hooks.get("on_finish"), info)
        if info.status == ExecutionStatus.FAILED:
            _call(plan.hooks.get("on_error"), info)
    return bool(infos)


@retried
@transaction.atomic
def _taken_over(execution_id: str, plan: Plan) -> list[HookInfo]:
    """Return what is to be told, having taken it over; start what runs on failure."""
    rests = _taken(execution_id)
    if not rests:
        return []
    execution = Execution.objects.get(pk=execution_id)
    now = info_of(execution, result_of(execution))
    infos = [_as_it_was(now, rest, is_last=rest is rests[-1]) for rest in rests]
    for info in infos:
        if info.status == ExecutionStatus.FAILED:
            _start_failure_workflow(plan.on_failure, execution, info)
    return infos


def _taken(execution_id: str) -> list[Event]:
    """Return the facts that hooks have not been told of, and take them off everybody's hands.

    Whoever takes them calls; a worker that dies then has called as much as it could.
    """
    owing = Execution.objects.filter(pk=execution_id, hooks_at__isnull=False)
    row = database.locked(owing.only("hooks_seq")).first()
    if row is None:
        return []
    log = log_of(execution_id)
    facts = Event.objects.filter(execution_id=log.root_id, source=log.source, type__in=_RESTS)
    rests = list(facts.filter(seq__gt=row.hooks_seq).order_by("seq"))
    seq = rests[-1].seq if rests else row.hooks_seq
    Execution.objects.filter(pk=execution_id).update(hooks_at=None, hooks_seq=seq)
    return rests


def _as_it_was(now: HookInfo, rest: Event, *, is_last: bool) -> HookInfo:
    """Return what is told of ``rest``, which the execution may have left behind since."""
    status = rest.type.removeprefix("execution_")
    if is_last and status == now.status:
        return now
    return replace(now, status=status, result=rest.data.get("output"), error=rest.data.get("error"))


def _call(place: str | None, info: HookInfo) -> None:
    if place is None:
        return
    try:
        call_hook(place, info)
    except Exception:
        logger.exception(
            "a hook failed; the execution stays as it is",
            extra={"action": "hook.failed", "run_id": info.run_id, "hook": place},
        )


def _start_failure_workflow(workflow_id: str | None, execution: Execution, info: HookInfo) -> None:
    """Start the workflow that is to run when this one fails: once, however often it fails."""
    if workflow_id is None:
        return
    from executions_app.operations.start_execution import start_execution

    version = find_version(workflow_id, nested_by=execution.owner_id)
    try:
        if version is None:
            raise LookupError(f"there is no published workflow {workflow_id!r}")
        start_execution(
            version.workflow,
            version=version,
            input_data=_described(execution, info),
            owner=execution.owner,
            runtime_context=execution.runtime_context,
            resource_id=execution.resource_id,
            trigger=Execution.Trigger.FAILURE,
            execution_id=failure_id(execution.pk),
        )
    except StartClaimed:
        return
    except UNAVAILABLE:
        raise
    except Exception:
        logger.exception(
            "the workflow for failures could not be started",
            extra={"action": "hook.failed", "run_id": execution.pk, "workflow": workflow_id},
        )


def _described(execution: Execution, info: HookInfo) -> dict[str, Any]:
    return {
        "execution_id": execution.pk,
        "workflow_id": execution.workflow_id,
        "error": info.error,
        "input": info.input_data,
    }


def failure_id(execution_id: str) -> str:
    """Return the id of what runs because ``execution_id`` failed: the same whenever it is asked."""
    readable = f"{execution_id}:on_failure"
    return readable if len(readable) <= 200 else str(uuid.uuid5(_FAILURES, execution_id))
