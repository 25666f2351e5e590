"""Asking a workflow's own code, its ``on_start``, whether an execution may start.

Refuses to start what it raises on.
"""

from __future__ import annotations

from django.db import transaction

from executions_app.engine.statuses import ExecutionStatus
from executions_app.errors import StartClaimed, StartRefused
from executions_app.models import Execution
from executions_app.operations.hook import call_hook, info_of
from executions_app.result import ExecutionResult
from workflows_app.language.plan import Plan


def ask_on_start(plan: Plan, execution: Execution) -> None:
    """Call the ``on_start`` of the workflow, if it has one, for ``execution``, not saved yet.

    Raises:
        StartClaimed: if the execution was started before; the hook is not asked again.
        StartRefused: if the hook raises, or is not installed here.
    """
    place = plan.hooks.get("on_start")
    if place is None:
        return
    if Execution.objects.filter(pk=execution.pk).exists():
        raise StartClaimed(execution.pk)
    pending = ExecutionResult(
        execution_id=execution.pk,
        status=ExecutionStatus.PENDING,
        steps={"input": execution.input},
        state=execution.state,
    )
    try:
        with transaction.atomic():  # what it wrote before it refused is taken back
            call_hook(place, info_of(execution, pending))
    except Exception as error:
        raise StartRefused(execution.workflow_id, str(error) or repr(error)) from error
