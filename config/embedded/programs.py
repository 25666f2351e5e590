"""The programs of a whole installation on one machine.  Refuses to start any: it describes them."""

from __future__ import annotations

import os
import signal
import sys
from pathlib import Path
from typing import Any

from config.embedded.broker import find_server, server_command
from config.embedded.program import Program
from config.settings.addresses import socket_path

#: Streams that are open when the web process ends would hold it for ever otherwise.
WEB_GRACE_SECONDS = 5
#: Beyond what its steps have: for giving back what has not ended by then.
WORKER_GRACE_SECONDS = 5.0


def redis_program(settings: Any) -> Program:
    """Return the embedded Redis-compatible server; its directories must exist.

    Raises:
        NoServerFound: if this platform has none.
    """
    socket = socket_path(settings.STATE_DIR)
    data_dir = settings.STATE_DIR / "redis"
    return Program(
        name="redis",
        command=tuple(server_command(find_server(), socket=socket, data_dir=data_dir)),
        directory=data_dir,
        stop_seconds=5.0,
        orphan_signal=signal.SIGTERM,
    )


def application_programs(settings: Any) -> list[Program]:
    """Return web, worker, beat and, unless its port is 0, Flower."""
    directory: Path = settings.BASE_DIR
    environment = {"DJANGO_SETTINGS_MODULE": os.environ["DJANGO_SETTINGS_MODULE"]}
    level = settings.LOGGING["root"]["level"].lower()
    python, celery = (sys.executable, "-m"), (sys.executable, "-m", "celery", "-q", "-A", "config")
    programs = [
        Program(
            name="web",
            command=(
                *(*python, "uvicorn", "config.asgi:application"),
                *("--host", settings.HOST, "--port", str(settings.PORT)),
                *("--timeout-graceful-shutdown", str(WEB_GRACE_SECONDS), "--lifespan", "off"),
                *("--no-server-header", "--no-use-colors", "--log-level", level),
            ),
            directory=directory,
            environment=environment,
            stop_seconds=WEB_GRACE_SECONDS + 2.0,
        ),
        Program(
            name="worker",
            command=(
                *(*celery, "worker", "--pool", settings.WORKER_POOL),
                *("--concurrency", str(settings.WORKER_CONCURRENCY), "--loglevel", level),
                *("--task-events", "--without-gossip", "--without-mingle"),
            ),
            directory=directory,
            environment=environment,
            stop_seconds=settings.WORKER_STOP_SECONDS + WORKER_GRACE_SECONDS,
        ),
        Program(
            name="beat",
            command=(*celery, "beat", "--loglevel", level, "--pidfile="),
            directory=directory,
            environment=environment,
        ),
    ]
    if settings.FLOWER_PORT:
        programs.append(
            Program(
                name="flower",
                command=(*celery, "flower", f"--conf={directory / 'config' / 'flower.py'}"),
                directory=directory,
                environment=environment,
            )
        )
    return programs
