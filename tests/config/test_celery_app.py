"""The Celery app is told what durability needs."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

from django.conf import settings

from config import app

PRINT = "import json; from config import app; c = app.conf; print(json.dumps({}))"


def conf_of(expression: str, tmp_path: Path, **environment: str) -> Any:
    """Return ``expression`` about the app's settings ``c``, in a process with ``environment``."""
    answer = subprocess.run(
        [sys.executable, "-c", PRINT.format(expression)],
        env={
            "PATH": os.environ["PATH"],
            "DJANGO_SETTINGS_MODULE": "config.settings.dev",
            "STATE_DIR": str(tmp_path),
            **environment,
        },
        cwd=settings.BASE_DIR,
        capture_output=True,
        text=True,
        check=True,
    )
    return json.loads(answer.stdout)


def test_messages_are_hints_and_are_json_only() -> None:
    assert app.conf.task_ignore_result
    assert app.conf.result_backend is None
    assert app.conf.accept_content == ["json"]
    assert app.conf.task_serializer == "json"


def test_a_message_stays_until_its_task_ends_and_does_not_come_back_for_a_lost_worker() -> None:
    assert not app.conf.task_acks_late
    assert not app.conf.task_reject_on_worker_lost
    assert app.conf.task_acks_on_failure
    assert app.conf.task_acks_on_timeout
    assert app.conf.worker_prefetch_multiplier == 1


def test_tests_are_never_eager() -> None:
    assert not app.conf.task_always_eager


def test_each_queue_is_reached_under_its_own_name_and_the_first_is_the_default(
    tmp_path: Path,
) -> None:
    queues, default = conf_of(
        "[[[q.name, q.exchange.name, q.routing_key] for q in c.task_queues], c.task_default_queue]",
        tmp_path,
        WORKFLOW_QUEUES="slow,fast",
    )

    assert queues == [["slow", "slow", "slow"], ["fast", "fast", "fast"]]
    assert default == "slow"


def test_rabbitmq_gets_queues_that_survive_it(tmp_path: Path) -> None:
    arguments, cancels = conf_of(
        "[c.task_queues[0].queue_arguments, c.worker_cancel_long_running_tasks_on_connection_loss]",
        tmp_path,
        BROKER_URL="amqp://guest@rabbit//",
    )

    assert arguments == {"x-queue-type": "quorum"}
    assert cancels


def test_encrypted_redis_is_verified(tmp_path: Path) -> None:
    requirement = conf_of(
        "int(c.broker_use_ssl['ssl_cert_reqs'])", tmp_path, REDIS_URL="rediss://cache:6379/0"
    )

    assert requirement == 2


def test_a_worker_reuses_its_database_connections() -> None:
    assert app.conf.get("CELERY_DB_REUSE_MAX") == 200
