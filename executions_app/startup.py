"""What is wired up once Django is ready: the engine behind ``create_run``, what lists of workflows
tell of executions, workers' threads, and the schedules that code defines.
"""

from __future__ import annotations

import logging
from typing import Any

from celery.signals import worker_init, worker_ready, worker_shutting_down
from django.db.models.signals import post_migrate

from workflows_app.api.last_executions import install_last_executions
from workflows_app.authoring.runs import install_run_factory

logger = logging.getLogger("celeriac.schedules")


def install() -> None:
    """Wire the engine up in this process."""
    from executions_app import rescuer
    from executions_app.api.latest_executions import latest_executions
    from executions_app.run import Run

    install_run_factory(Run)
    install_last_executions(latest_executions)
    worker_ready.connect(rescuer.start, weak=False, dispatch_uid="celeriac.rescuer.start")
    worker_shutting_down.connect(rescuer.stop, weak=False, dispatch_uid="celeriac.rescuer.stop")
    worker_init.connect(_arrive, weak=False, dispatch_uid="celeriac.arriving")
    worker_shutting_down.connect(_leave, weak=False, dispatch_uid="celeriac.leaving")
    # Connected after the receivers that bring code's workflows into the tables.
    post_migrate.connect(_after_migrating, weak=False, dispatch_uid="celeriac.schedules.sync")
    worker_init.connect(sync, weak=False, dispatch_uid="celeriac.schedules.sync")


def _arrive(**_: Any) -> None:
    """Be a worker of its own, also if forked by a process that is one."""
    from executions_app.runner import leaving

    leaving.forget()


def _leave(how: str = "", **_: Any) -> None:
    """Begin nothing new in this worker; called in a signal handler."""
    from celery import current_app

    from executions_app.runner import leaving

    # A cold stop has waited already, or is not to wait.
    is_warm = how.lower() == "warm"
    leaving.begin(seconds=current_app.conf.worker_soft_shutdown_timeout if is_warm else 0.0)


def sync(**_: Any) -> None:
    """Write code's schedules into the table, if it is there."""
    from django.db import DatabaseError, connection

    from executions_app.operations.sync_schedules import sync_schedules

    try:
        if "executions_app_schedule" in connection.introspection.table_names():
            sync_schedules()
    except DatabaseError:
        logger.exception(
            "code's schedules are written at the next start", extra={"action": "schedules.sync"}
        )
    finally:
        if not connection.in_atomic_block:
            connection.close()


def _after_migrating(sender: Any, **_: Any) -> None:
    if sender.name == "executions_app":
        sync()
