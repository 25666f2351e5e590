"""One database, both contestants, interleaved: every figure of the benchmark, as JSON on stdout.

Run by ``python -m tests.benchmarks`` with the stores' addresses in the environment.
"""

from __future__ import annotations

import argparse
import json
import os
import random
import signal
import statistics
import sys
import time
from collections.abc import Callable, Mapping
from typing import Any

import django

from tests.benchmarks.stopwatch import Figures

WORKLOADS = ("w1", "w2", "w3", "w4")
CHAIN, EXECUTIONS, SHORT_CHAIN, FAN = 100, 200, 5, 500
LONG_CHAIN, COUNTED_CHAIN = 2_000, 1_000
LATENCIES = 50


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--rounds", type=int, required=True)
    parser.add_argument("--only", default=",".join(WORKLOADS))
    parser.add_argument("--layout", required=True)
    parser.add_argument("--quick", action="store_true")
    parser.add_argument("--asynchronous-commit", action="store_true")
    options = parser.parse_args()
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))
    django.setup()
    let_commits_wait(not options.asynchronous_commit)
    only = options.only.split(",")
    json.dump(
        run(rounds=options.rounds, only=only, layout=options.layout, quick=options.quick),
        sys.stdout,
    )


def run(*, rounds: int, only: list[str], layout: str, quick: bool) -> dict[str, Any]:
    """Return everything that was measured on the database of this process's settings."""
    from django.core.management import call_command

    from config import app
    from tests.benchmarks import costs, plain_celery, storage, teams
    from tests.benchmarks.contestants import Celeriac, PlainCelery

    call_command("migrate", verbosity=0)
    found: dict[str, Any] = {"database": storage.server_version(), "quick": quick}
    say("counting in this process")
    found["counts"] = costs.counted_in_process(CHAIN if quick else LONG_CHAIN, FAN)
    forget_messages()
    say("starting workers")
    # Where Celery finds Django's settings it looks after connections around each task.
    without_django = {"DJANGO_SETTINGS_MODULE": ""}
    plain_workers = teams.running(
        plain_celery.app, plain_celery.__name__, teams.REFERENCE, environment=without_django
    )
    with (
        plain_workers as their_team,
        teams.running(app, "config", teams.LAYOUTS[layout]) as our_team,
    ):
        us, they = Celeriac(), PlainCelery()
        sides = {"celery": (they, their_team), "us": (us, our_team)}
        found["layouts"] = {"celery": str(their_team.layout), "us": str(our_team.layout)}
        found["memory_idle_mb"] = {name: team.memory_mb() for name, (_, team) in sides.items()}
        for contestant, _ in sides.values():
            for _ in range(our_team.layout.workers * our_team.layout.concurrency):
                contestant.chain(SHORT_CHAIN)
        found["round_trips"] = storage.round_trips()
        found["workloads"] = {
            name: interleaved(name, sides, rounds=rounds, latencies=10 if quick else LATENCIES)
            for name in only
        }
        say("a long chain and a wide fan")
        found["growth"] = costs.growth(us, length=CHAIN if quick else LONG_CHAIN, width=FAN)
        found["live"] = costs.counted_live(us, they, length=CHAIN if quick else COUNTED_CHAIN)
        found["memory_after_mb"] = {name: team.memory_mb() for name, (_, team) in sides.items()}
        us.close()
    return found


def interleaved(
    name: str, sides: Mapping[str, Any], *, rounds: int, latencies: int
) -> dict[str, Any]:
    """Return the figures of workload ``name``: each round both contestants, in turns first.

    One round before the first is thrown away: it fills caches.
    """
    figures = {side: Figures() for side in sides}
    loads = []
    for number in range(rounds + 1):
        order = list(sides) if number % 2 else list(reversed(sides))
        for side in order:
            contestant, team = sides[side]
            load, cpu = os.getloadavg()[0], team.cpu_seconds()
            values = _WORKLOADS[name](contestant, latencies)
            used = team.cpu_seconds() - cpu
            if number:
                loads.append(load)
                figures[side].add(values, cpu_seconds=used)
            say(f"{name} {side} {statistics.median(values):.4g} (load {load:.1f})")
    return {"load": [round(load, 1) for load in loads]} | {
        side: item.to_json() for side, item in figures.items()
    }


def _w1(contestant: Any, _: int) -> list[float]:
    return [_seconds(lambda: contestant.chain(CHAIN)) / CHAIN * 1000]


def _w2(contestant: Any, _: int) -> list[float]:
    seconds = _seconds(lambda: contestant.many(EXECUTIONS, SHORT_CHAIN))
    return [EXECUTIONS * SHORT_CHAIN / seconds]


def _w3(contestant: Any, _: int) -> list[float]:
    return [_seconds(lambda: contestant.fan(FAN))]


def _w4(contestant: Any, latencies: int) -> list[float]:
    from tests.benchmarks import first_lines

    values = []
    for _ in range(latencies):
        time.sleep(0.02 + random.random() * 0.04)
        began = time.time()
        contestant.start_first_line()
        values.append((first_lines.read(timeout_seconds=60) - began) * 1000)
        contestant.after_first_line()
    return values


_WORKLOADS = {"w1": _w1, "w2": _w2, "w3": _w3, "w4": _w4}


def _seconds(work: Callable[[], object]) -> float:
    began = time.perf_counter()
    work()
    return time.perf_counter() - began


def forget_messages() -> None:
    """Empty the broker of messages for attempts that this process has run itself."""
    from django.conf import settings
    from redis import Redis

    with Redis.from_url(settings.REDIS_URL) as client:
        client.flushdb()


def let_commits_wait(waiting: bool) -> None:
    """Set ``synchronous_commit`` for every later connection, where the database is PostgreSQL."""
    from django.db import connection

    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            value = "on" if waiting else "off"
            cursor.execute(f"ALTER DATABASE postgres SET synchronous_commit = {value}")
        connection.close()


def say(line: str) -> None:
    """Tell whoever waits how far it is."""
    print(f"  {line}", file=sys.stderr, flush=True)


if __name__ == "__main__":
    main()
