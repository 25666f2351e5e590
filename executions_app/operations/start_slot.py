"""Starting the execution of one slot.  Its id is made of the schedule and the slot, so that a slot
has one execution whoever asks.
"""

from __future__ import annotations

import logging
from datetime import UTC, datetime, timedelta
from typing import Final

from django.db import InterfaceError, OperationalError, transaction

from executions_app.models import Execution, Schedule, ScheduleFire
from executions_app.operations.start_execution import start_execution
from workflows_app.authoring.errors import WorkflowError
from workflows_app.models import Workflow
from workflows_app.queries import workflows_for

logger = logging.getLogger("celeriac.schedules")

MAX_REASON_CHARS: Final = 2_000
_EPOCH: Final = datetime(1970, 1, 1, tzinfo=UTC)
_MILLISECOND: Final = timedelta(milliseconds=1)


def execution_id_of(schedule_id: str, slot: datetime) -> str:
    """Return the id of the execution that a slot starts."""
    return f"sched_{schedule_id}_{(slot - _EPOCH) // _MILLISECOND}"


def start_for(schedule: Schedule, slot: datetime) -> Execution:
    """Return the started execution of ``slot``, for the schedule's owner.

    Raises:
        WorkflowError: as when starting; also if the owner may no longer run the workflow.
    """
    return start_execution(
        _workflow_of(schedule),
        input_data=schedule.input,
        owner=schedule.owner,
        runtime_context=schedule.runtime_context,
        initial_state=schedule.initial_state,
        trigger=Execution.Trigger.SCHEDULE,
        execution_id=execution_id_of(schedule.pk, slot),
    )


def settle(fire: ScheduleFire, *, reason: str = "") -> ScheduleFire:
    """Start what ``fire`` stands for and save what became of it: started, or failed and why.

    Never raises for what one schedule asks in vain; only a database that is away is passed on.
    """
    try:
        with transaction.atomic():
            fire.execution = start_for(fire.schedule, fire.slot)
        fire.outcome, fire.reason = ScheduleFire.Outcome.STARTED, reason
    except WorkflowError as error:
        fire.outcome = ScheduleFire.Outcome.FAILED
        fire.reason = f"{error.code}: {error}"[:MAX_REASON_CHARS]
    except (OperationalError, InterfaceError):
        raise
    except Exception:
        logger.exception(
            "a schedule could not start its workflow",
            extra={"action": "schedule.failed", "schedule_id": fire.schedule_id},
        )
        fire.outcome = ScheduleFire.Outcome.FAILED
        fire.reason = "server.error: something broke here; it has been logged"
    fire.save()
    return fire


def _workflow_of(schedule: Schedule) -> Workflow:
    # Asked each time: a schedule must not outlive its owner's right to run the workflow.
    if schedule.owner is None:
        rows = Workflow.objects.filter(deleted_at=None)
    else:
        rows = workflows_for(schedule.owner)
    workflow = rows.filter(pk=schedule.workflow_id).first()
    if workflow is None:
        raise WorkflowError(
            f"workflow {schedule.workflow_id!r} was deleted, or the schedule's owner may no longer "
            "run it; delete the schedule, or make the workflow anew",
            code="workflow.not_executable",
        )
    return workflow
