"""Every Celery task.  Tasks translate: ids in, one call, nothing else."""

from __future__ import annotations

from celery import Task, shared_task
from celery.exceptions import Ignore

from executions_app.database import refresh_connection
from executions_app.dispatch import CALL_HOOKS, EXECUTE_STEP, WORK_BULK
from executions_app.engine.outcomes import Broke
from executions_app.operations import fire_schedules as schedules
from executions_app.operations.call_hooks import call_hooks as call_hooks_of
from executions_app.operations.execute_attempt import execute_attempt
from executions_app.operations.work_bulk import work_bulk as work_bulk_of


@shared_task(name=EXECUTE_STEP, ignore_result=True, bind=True)
def execute_step(self: Task, step_run_id: int, attempt: int) -> None:
    """Try one node once.  Safe to deliver twice: the second claim finds nothing to do."""
    # A connection that the database dropped between two tasks would fail this one.
    refresh_connection()
    outcome = execute_attempt(int(step_run_id), int(attempt))
    if isinstance(outcome, Broke):
        # Recorded already, so nothing is raised for Celery to handle; Flower is told all the same,
        # by the code alone, because messages may hold what is not everybody's.
        self.send_event("task-failed", exception=outcome.failure.code, traceback="")
        raise Ignore


@shared_task(name=CALL_HOOKS, ignore_result=True)
def call_hooks(execution_id: str) -> None:
    """Call the hooks of an execution that ended.  Safe to deliver twice."""
    refresh_connection()
    call_hooks_of(str(execution_id))


@shared_task(name=WORK_BULK, ignore_result=True)
def work_bulk(bulk_id: str) -> None:
    """Work off a piece of a command to many executions.  Safe to deliver twice."""
    refresh_connection()
    work_bulk_of(str(bulk_id))


@shared_task(name="executions.fire_schedules", ignore_result=True)
def fire_schedules() -> None:
    """Fire the schedules that are due.  Safe to deliver twice: the second finds none."""
    refresh_connection()
    schedules.fire_schedules()
