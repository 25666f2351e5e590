"""What the Celery app is told.  Refuses everything that would make the broker a place of record.

A message is a hint that a row is due: workers claim the row in the database, so a message that is
lost, doubled, late or out of order changes nothing.  Hence no result backend, no countdowns, no
retries by Celery.
"""

from __future__ import annotations

import ssl
from typing import Any

from django.conf import settings
from kombu import Exchange, Queue

broker_url: str = settings.BROKER_URL
_on_redis = broker_url.startswith(("redis", "rediss", "sentinel"))

# --- messages ----------------------------------------------------------------------------------
task_serializer = "json"
accept_content = ["json"]
result_accept_content = ["json"]
event_serializer = "json"
enable_utc = True
timezone = "UTC"

# --- no results --------------------------------------------------------------------------------
task_ignore_result = True
result_backend = None
task_store_errors_even_if_ignored = False

# --- delivery ----------------------------------------------------------------------------------
# A message is a hint, so nothing is won by keeping it until its step has ended: the claim and the
# rescuer cover a worker's death.  Kept messages cost more than they give: kombu cannot give them
# back over a connection that is gone, and takes the whole worker down when Redis dies.
task_acks_late = False
#: Our rescuer sends lost work again and counts how often it killed its worker; the broker would
#: hand a deadly message on for ever.
task_reject_on_worker_lost = False
#: A failure is recorded in the database before the task ends, so its message must go.
task_acks_on_failure = True
task_acks_on_timeout = True
worker_prefetch_multiplier = 1
task_publish_retry = True
#: Telling the broker may fail fast: an attempt nobody was told of is found by the rescuer.
task_publish_retry_policy = {
    "max_retries": 1,
    "interval_start": 0,
    "interval_step": 0.1,
    "interval_max": 0.2,
}

# --- queues ------------------------------------------------------------------------------------
_arguments = None if _on_redis else {"x-queue-type": "quorum"}
task_queues = [
    # Explicit, because Celery would give each queue the routing key of the default one.
    Queue(name, Exchange(name, type="direct"), routing_key=name, queue_arguments=_arguments)
    for name in settings.WORKFLOW_QUEUES
]
task_default_queue: str = settings.WORKFLOW_QUEUES[0]
task_create_missing_queues = False

# --- the connection to the broker --------------------------------------------------------------
broker_connection_retry_on_startup = True
broker_connection_max_retries = None
#: On Redis a cancelled task would wait for the visibility timeout; RabbitMQ redelivers at once.
worker_cancel_long_running_tasks_on_connection_loss = not _on_redis
broker_transport_options: dict[str, Any] = (
    {
        "global_keyprefix": "celeriac:",
        # Only a second net under the rescuer, which needs LEASE_SECONDS and not the broker.  The
        # claim makes early redelivery harmless, so this is a matter of noise: a step that runs
        # longer than this costs one message, refused at the claim, each time it passes.
        "visibility_timeout": 300,
        "unacked_restore_interval": 5,
        "unacked_restore_throttle": 1,
        # Without these a publish to a peer that vanished would wait for ever.  It waits three
        # times, and somebody waits for the request; workers have more time (config/celery.py).
        "socket_timeout": 1.5,
        "socket_connect_timeout": 5,
        "socket_keepalive": True,
        "health_check_interval": 15,
    }
    if _on_redis
    else {"confirm_publish": True}
)
if broker_url.startswith("rediss"):
    broker_use_ssl = {"ssl_cert_reqs": ssl.CERT_REQUIRED}

# --- workers -----------------------------------------------------------------------------------
worker_pool: str = settings.WORKER_POOL
worker_concurrency: int = settings.WORKER_CONCURRENCY
#: Also how long steps may run on after a plain SIGTERM: see executions_app.runner.leaving.
worker_soft_shutdown_timeout = float(settings.WORKER_STOP_SECONDS)
#: Waiting while idle would only save countdowns, and we send none.
worker_enable_soft_shutdown_on_idle = False
worker_hijack_root_logger = False
worker_redirect_stdouts = False
#: ``-E`` turns events on where Flower runs.
worker_send_task_events = False
worker_enable_remote_control = True
#: Celery's Django support closes the connection around each task unless this is set; the name is
#: looked up exactly so.  A connection is then replaced every 200 tasks.
CELERY_DB_REUSE_MAX = 200

# --- beat --------------------------------------------------------------------------------------
#: Schedules are rows that a worker fires; beat only ticks.  A tick that is lost, doubled or late
#: changes nothing, so any number of beats may run.
SCHEDULE_TICK_SECONDS = 10.0
beat_schedule: dict[str, Any] = {
    "fire-schedules": {
        "task": "executions.fire_schedules",
        "schedule": SCHEDULE_TICK_SECONDS,
        # Ticks nobody took must not pile up for days.  Generous, because the worker compares with
        # its own clock.
        "options": {"expires": 600},
    }
}
beat_schedule_filename = str(settings.STATE_DIR / "celerybeat-schedule")
