"""What is wired up once Django is ready: the engine behind ``create_run``, and workers' threads."""

from __future__ import annotations

from celery.signals import worker_ready, worker_shutting_down

from workflows_app.authoring.runs import install_run_factory


def install() -> None:
    """Wire the engine up in this process."""
    from executions_app import rescuer
    from executions_app.run import Run

    install_run_factory(Run)
    worker_ready.connect(rescuer.start, weak=False, dispatch_uid="celeriac.rescuer.start")
    worker_shutting_down.connect(rescuer.stop, weak=False, dispatch_uid="celeriac.rescuer.stop")
