"""Every Celery task.  Tasks translate: ids in, one call, nothing else."""

from __future__ import annotations

from celery import shared_task
from django.db import close_old_connections

from executions_app.dispatch import EXECUTE_STEP
from executions_app.operations.execute_attempt import execute_attempt


@shared_task(name=EXECUTE_STEP, ignore_result=True)
def execute_step(step_run_id: int, attempt: int) -> None:
    """Try one node once.  Safe to deliver twice: the second claim finds nothing to do."""
    # A connection that the database dropped between two tasks would fail this one.
    close_old_connections()
    execute_attempt(int(step_run_id), int(attempt))
