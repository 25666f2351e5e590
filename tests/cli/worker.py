"""A worker for tests: tries what is due in this process, the way Celery's task does."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from django.db import connections

from executions_app.models import Execution, StepRun
from executions_app.operations.execute_attempt import execute_attempt


def work_off(execution_id: str) -> None:
    """Run every attempt of ``execution_id`` that is due, until none is."""
    while due := list(
        StepRun.objects.filter(
            execution_id=execution_id, due_at__isnull=False, claimed_at__isnull=True
        ).values_list("pk", "attempt")
    ):
        for step_run_id, attempt in due:
            execute_attempt(step_run_id, attempt)


@contextmanager
def beside(work: Callable[[], None]) -> Iterator[None]:
    """Run ``work`` on another thread, with its own connection to the database."""
    failures: list[BaseException] = []

    def run() -> None:
        try:
            work()
        except BaseException as error:  # shown by the test, whatever it is
            failures.append(error)
        finally:
            connections.close_all()

    thread = threading.Thread(target=run)
    thread.start()
    try:
        yield
    finally:
        thread.join()
    assert failures == []


def newest() -> str:
    """Return the id of the execution that was started last."""
    return Execution.objects.order_by("-created_at").values_list("pk", flat=True)[0]
