"""Running an execution in this process, one attempt after the other, and counting what each costs.

Needs a broker that nobody else reads.  Counts are exact whatever else the machine does; of times
only processor time is given.
"""

from __future__ import annotations

import time
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any
from unittest.mock import patch

from django.conf import settings
from django.db import connection
from redis import Redis

from executions_app.models import StepRun
from executions_app.tasks import execute_step

_WRITES = ("INSERT", "UPDATE", "DELETE")


@dataclass(slots=True)
class Cost:
    """What one attempt, from its claim to the last message after its commit, has cost."""

    statements: list[str] = field(default_factory=list)
    """Without ``BEGIN`` and ``COMMIT``, with the look whether the connection is alive."""
    commits: int = 0
    """Transactions that wrote something."""
    commands: Counter[str] = field(default_factory=Counter)
    """Redis commands by name: ``lpush`` tells a worker, ``publish`` tells browsers."""
    cpu_seconds: float = 0.0
    """Of this process; counting itself takes part of it."""


def run(execution_id: str, *, count: bool = True) -> list[Cost]:
    """Run ``execution_id`` to its end; return the cost of each attempt, in order.

    Without ``count`` only the processor time is taken.
    """
    costs: list[Cost] = []
    before: list[tuple[int, int]] = []
    while (due := _due(execution_id)) != before:
        for step_run_id, attempt in due:
            cost = Cost()
            with counting(cost) if count else _timing(cost):
                execute_step(step_run_id, attempt)
            costs.append(cost)
        before = due
    assert not due, f"execution {execution_id!r} does not get on: {due!r}"
    return costs


def _due(execution_id: str) -> list[tuple[int, int]]:
    rows = StepRun.objects.filter(execution_id=execution_id, claimed_at=None, due_at__isnull=False)
    return list(rows.order_by("position").values_list("pk", "attempt"))


@contextmanager
def counting(cost: Cost) -> Iterator[None]:
    """Add to ``cost`` what the block costs."""
    wrote = False

    def statement(execute: Any, sql: str, params: Any, many: bool, context: Any) -> Any:
        nonlocal wrote
        if not sql.startswith("BEGIN"):
            cost.statements.append(sql)
        if sql.lstrip().upper().startswith(_WRITES):
            cost.commits += not connection.in_atomic_block
            wrote = connection.in_atomic_block
        return execute(sql, params, many, context)

    def commit() -> None:
        nonlocal wrote
        cost.commits += wrote
        wrote = False
        real_commit()

    def is_usable() -> bool:
        cost.statements.append("SELECT 1")
        return real_is_usable()

    real_commit, real_is_usable = connection.commit, connection.is_usable
    client = Redis.from_url(settings.REDIS_URL)
    before = commands(client)
    with (
        connection.execute_wrapper(statement),
        patch.object(connection, "commit", commit),
        patch.object(connection, "is_usable", is_usable),
        _timing(cost),
    ):
        yield
    cost.commands = commands(client) - before
    client.close()


@contextmanager
def _timing(cost: Cost) -> Iterator[None]:
    began = time.thread_time()
    yield
    cost.cpu_seconds = time.thread_time() - began


def commands(client: Redis) -> Counter[str]:
    """Return how often each Redis command was called since the server started."""
    said: dict[str, dict[str, int]] = client.info("commandstats")  # type: ignore[assignment]
    return Counter(
        {
            name.removeprefix("cmdstat_"): values["calls"]
            for name, values in said.items()
            if name != "cmdstat_info"
        }
    )
