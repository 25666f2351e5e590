"""What a step costs besides time: statements, commits, messages, bytes; and whether it grows."""

from __future__ import annotations

import os
import statistics
from collections import Counter
from collections.abc import Sequence
from datetime import datetime
from itertools import pairwise
from typing import Any

from django.conf import settings
from redis import Redis

from executions_app.models import StepRun
from tests.benchmarks import in_process, storage
from tests.benchmarks.contestants import Celeriac, PlainCelery

#: The first figures compared are those from this step on, when caches are warm.
FIRST_STEP = 10
#: Steps in each window of which the median is taken.
WINDOW = 40
SHORT_CHAIN = 100
PUBLISHES = "publish"
MESSAGES = "lpush"


def counted_in_process(length: int, width: int) -> dict[str, Any]:
    """Return what attempts cost at the start and at the end of a chain, and of a fan."""
    from tests.benchmarks.app import workflows

    chain = workflows.chains[length].create_run().start_async(input_data=0)
    in_chain = in_process.run(chain)
    fan = workflows.fans[width].create_run().start_async(input_data=0)
    # The join is no arm, and the last arm makes it due: neither is like the others.
    arms = in_process.run(fan)[: width - 1]
    uncounted = workflows.chains[SHORT_CHAIN].create_run().start_async(input_data=0)
    return {
        "chain": _both_ends(in_chain[FIRST_STEP:-1]),
        "fan": _both_ends(arms),
        "statements": in_chain[FIRST_STEP].statements,
        "cpu_ms_per_step": round(
            statistics.median(cost.cpu_seconds for cost in in_process.run(uncounted, count=False))
            * 1000,
            3,
        ),
    }


def _both_ends(costs: Sequence[in_process.Cost]) -> dict[str, Any]:
    return {"first": _typical(costs[:WINDOW]), "last": _typical(costs[-WINDOW:])}


def _typical(costs: Sequence[in_process.Cost]) -> dict[str, Any]:
    return {
        "statements": statistics.median(len(cost.statements) for cost in costs),
        "commits": statistics.median(cost.commits for cost in costs),
        "messages": statistics.median(cost.commands[MESSAGES] for cost in costs),
        "live_publishes": statistics.median(cost.commands[PUBLISHES] for cost in costs),
        "cpu_ms": round(statistics.median(cost.cpu_seconds for cost in costs) * 1000, 3),
    }


def growth(us: Celeriac, *, length: int, width: int) -> dict[str, Any]:
    """Return milliseconds per step at both ends of a chain, and per arm of a fan, on workers."""
    load = os.getloadavg()[0]
    chain, fan = us.chain(length), us.fan(width)
    return {
        "load": round(load, 1),
        "length": length,
        "chain": _pace(chain, skip=FIRST_STEP),
        "fan": _pace(fan, skip=0),
    }


def _pace(execution_id: str, *, skip: int) -> dict[str, float]:
    rows = StepRun.objects.filter(execution_id=execution_id).order_by("ended_at")
    ended: list[datetime] = list(rows.values_list("ended_at", flat=True))[skip:-1]
    gaps = [(after - before).total_seconds() * 1000 for before, after in pairwise(ended)]
    # A quarter each, so that one busy moment of the machine decides nothing.
    window = max(len(gaps) // 4, 1)
    return {
        "first_ms": round(statistics.median(gaps[:window]), 3),
        "last_ms": round(statistics.median(gaps[-window:]), 3),
    }


def counted_live(us: Celeriac, they: PlainCelery, *, length: int) -> dict[str, Any]:
    """Return what one chain costs in Redis commands and bytes while workers run it."""
    size, written = storage.used_bytes(), storage.commits_and_log_bytes()
    ours = _commands_of(lambda: us.chain(length))
    found: dict[str, Any] = {
        "steps": length,
        "bytes_per_step": round((storage.used_bytes() - size) / length),
        "commands_per_step": _per_step(ours, length),
    }
    after = storage.commits_and_log_bytes()
    if written and after:
        found["commits_per_step"] = round((after[0] - written[0]) / length, 2)
        found["log_bytes_per_step"] = round((after[1] - written[1]) / length)
    # A message of Celery's carries the rest of its chain, so a long one would measure that.
    short = min(length, SHORT_CHAIN)
    theirs = _commands_of(lambda: they.chain(short))
    return found | {"celery_commands_per_step": _per_step(theirs, short)}


def _commands_of(work: Any) -> Counter[str]:
    with Redis.from_url(settings.REDIS_URL) as client:
        before = in_process.commands(client)
        work()
        return in_process.commands(client) - before


def _per_step(commands: Counter[str], length: int) -> dict[str, float]:
    """Return commands a step by name, without what only passes the time."""
    return {
        name: round(count / length, 2)
        for name, count in commands.most_common()
        if count / length >= 0.1
    }
