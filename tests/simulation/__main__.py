"""``python -m tests.simulation``: many seeds on two processes, or one seed told line by line."""

from __future__ import annotations

import argparse
import os
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Iterator
from concurrent.futures import ProcessPoolExecutor
from pathlib import Path
from typing import Any

GROUP = 20


def main() -> int:
    """Run what was asked for; return 1 if a seed went wrong."""
    parser = argparse.ArgumentParser(prog="python -m tests.simulation", description=__doc__)
    parser.add_argument("--seeds", type=int, default=200, help="how many seeds (200)")
    parser.add_argument("--first", type=int, default=0, help="the first of them (0)")
    parser.add_argument("--processes", type=int, default=os.cpu_count(), help="at once")
    parser.add_argument("--seed", type=int, help="this one seed only")
    parser.add_argument("--trace", action="store_true", help="tell everything that happens")
    asked = parser.parse_args()
    if asked.seed is not None:
        set_up_database()
        return _one(asked.seed, trace=asked.trace)
    return _many(asked.first, asked.seeds, asked.processes)


def set_up_database() -> None:
    """Give this process a new database of its own, in a file that it takes with it."""
    directory = tempfile.mkdtemp(prefix="celeriac-simulation-")
    os.environ["DATABASE_URL"] = f"sqlite:///{Path(directory) / 'simulation.sqlite3'}"
    os.environ["DJANGO_SETTINGS_MODULE"] = "config.settings.test"
    import django
    from django.core.management import call_command
    from django.db import connection

    django.setup()
    call_command("migrate", verbosity=0)
    with connection.cursor() as cursor:
        cursor.execute("PRAGMA synchronous=OFF")  # nothing here outlives the process anyway


def run_seeds(seeds: range) -> tuple[list[str], Counter[str]]:
    """Return what was wrong with ``seeds``, and how often each thing happened in them."""
    from tests.simulation.run import simulate

    reports = [simulate(seed) for seed in seeds]
    happened = sum((report.happened for report in reports), Counter[str]())
    return [str(report) for report in reports if report.wrong], happened


def simulate_many(first: int, count: int, processes: int | None) -> Iterator[Any]:
    """Yield for each group of seeds what :func:`run_seeds` says of it."""
    groups = [
        range(at, min(at + GROUP, first + count)) for at in range(first, first + count, GROUP)
    ]
    with ProcessPoolExecutor(processes, initializer=set_up_database) as pool:
        yield from pool.map(run_seeds, groups)


def _one(seed: int, *, trace: bool) -> int:
    from tests.simulation.run import simulate

    report = simulate(seed, tell=print if trace else None)
    print(report if report.wrong else f"seed {seed}: {report.steps} steps, all well")
    return int(bool(report.wrong))


def _many(first: int, count: int, processes: int | None) -> int:
    begun, done, wrong, happened = time.monotonic(), 0, 0, Counter[str]()
    for found, counted in simulate_many(first, count, processes):
        done = min(done + GROUP, count)
        happened += counted
        wrong += len(found)
        for report in found:
            print(f"\n{report}")
        print(f"\r{done:,} of {count:,} seeds, {wrong} wrong", end="", flush=True)
    print(f" in {time.monotonic() - begun:,.0f} s")
    print(", ".join(f"{what} {number:,}" for what, number in happened.most_common()))
    return int(bool(wrong))


if __name__ == "__main__":
    sys.exit(main())
