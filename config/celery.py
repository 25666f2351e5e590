"""The Celery app, for ``celery -A config worker`` and ``celery -A config beat``.

Its settings are in ``config.celery_settings`` and are read at first use.  Refuses to define tasks.
"""

from __future__ import annotations

import os
from typing import Any

from celery import Celery
from celery.signals import beat_init, setup_logging, worker_init

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings.dev")

app = Celery("celeriac", task_cls="config.strict_messages:StrictTask")
app.config_from_object("config.celery_settings")
app.autodiscover_tasks()

#: How long a worker's thread or process keeps a database connection.
WORKER_CONNECTION_SECONDS = 600


@setup_logging.connect
def leave_logging_alone(**_: Any) -> None:
    """Keep Celery from replacing what ``config.logging`` has set up."""


@worker_init.connect
@beat_init.connect
def keep_database_connections(**_: Any) -> None:
    """Let this process keep its connections: its threads live long, unlike those of a request."""
    from django.db import connections

    for alias in connections:
        connections.settings[alias]["CONN_MAX_AGE"] = WORKER_CONNECTION_SECONDS


@worker_init.connect
def wait_longer_for_the_broker(**_: Any) -> None:
    """Give a worker five seconds: the server lets it wait for messages for one."""
    options = dict(app.conf.broker_transport_options)
    if "socket_timeout" in options:
        app.conf.broker_transport_options = {**options, "socket_timeout": 5}
