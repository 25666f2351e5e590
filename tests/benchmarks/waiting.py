"""What waits and what goes round: 10,000 executions at rest, and long containers, on real workers.

Run by ``python -m tests.benchmarks --constructs`` with the stores' addresses in the environment;
prints a Markdown table.
"""

from __future__ import annotations

import argparse
import random
import signal
import statistics
import sys
import time
from collections.abc import Sequence

import django

from tests.benchmarks.measure import say
from tests.benchmarks.teams import Layout, Team

ONE_WORKER = Layout(pool="solo", workers=1, concurrency=1)
STARTS = 30
END_SECONDS = 1_200.0


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--waiting", type=int, default=10_000)
    parser.add_argument("--items", type=int, default=10_000)
    parser.add_argument("--rounds", type=int, default=1_000)
    options = parser.parse_args()
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))
    django.setup()
    from django.core.management import call_command

    from config import app
    from tests.benchmarks import storage, teams

    call_command("migrate", verbosity=0)
    lines = [f"{storage.server_version()}, one worker process.", "", "| what | figure |", "|-|-|"]
    with teams.running(app, "config", ONE_WORKER) as team:
        lines += [f"| {what} | {figure} |" for what, figure in at_rest(team, options.waiting)]
        lines += [f"| {what} | {figure} |" for what, figure in rounds(options)]
    print("\n".join(lines))


def at_rest(team: Team, count: int) -> list[tuple[str, str]]:
    """Return what ``count`` executions that sleep or are suspended cost those that do not."""
    from tests.benchmarks.app import workflows

    first_starts(5)
    idle, before = team.memory_mb(), first_starts(STARTS)
    say(f"starting {count:,} executions that wait")
    half = count // 2
    for workflow in (workflows.sleeper, workflows.asker):
        for _ in range(half):
            workflow.create_run().start_async(input_data=0)
    wait_until_at_rest(2 * half)
    after = first_starts(STARTS)
    run = workflows.asker.create_run()
    run.start_async(input_data=0)
    wait_until_at_rest(2 * half + 1)
    began = time.perf_counter()
    run.resume_async(resume_data=1)
    answered = run.wait(timeout=60)
    assert answered.result == 1
    resumed = (time.perf_counter() - began) * 1000
    return [
        (
            f"memory of the worker, with 0 and with {count:,} at rest",
            f"{sum(idle):.0f} MB, {sum(team.memory_mb()):.0f} MB",
        ),
        ("start to first line, median, with none at rest", f"{statistics.median(before):.1f} ms"),
        (
            f"start to first line, median, with {count:,} at rest",
            f"{statistics.median(after):.1f} ms",
        ),
        ("one of them resumed, to its end", f"{resumed:.0f} ms"),
    ]


def rounds(options: argparse.Namespace) -> list[tuple[str, str]]:
    """Return how long the first and the last rounds of long containers take."""
    from tests.benchmarks.app import workflows

    found = []
    for name, workflow, given, count in (
        ("foreach, concurrency 10", workflows.each, list(range(options.items)), options.items),
        ("loop", workflows.until, options.rounds, options.rounds),
    ):
        say(f"{name}: {count:,} rounds")
        run = workflow.create_run()
        began = time.perf_counter()
        run.start_async(input_data=given)
        run.wait(timeout=END_SECONDS)
        seconds = time.perf_counter() - began
        early, late = pace(run.id, count)
        found += [
            (f"{name}: {count:,} rounds", f"{seconds:.1f} s, {seconds / count * 1000:.2f} ms each"),
            (
                f"{name}: a round in the first tenth, in the last",
                f"{early:.2f} ms, {late:.2f} ms ({late / early:.2f} x)",
            ),
        ]
    return found


def pace(execution_id: str, count: int) -> tuple[float, float]:
    """Return milliseconds a round, in the first and in the last tenth but the very ends."""
    from executions_app.models import Event

    ends = list(
        Event.objects.filter(execution_id=execution_id, type="step_completed")
        .exclude(data__has_key="internal")
        .order_by("seq")
        .values_list("at", flat=True)
    )
    tenth = count // 10
    return _each(ends[5 : tenth + 5]), _each(ends[-tenth - 5 : -5])


def _each(times: Sequence[object]) -> float:
    return (times[-1] - times[0]).total_seconds() * 1000 / (len(times) - 1)


def first_starts(count: int) -> list[float]:
    """Return for each of ``count`` starts the milliseconds until the first line of its step."""
    from tests.benchmarks import first_lines
    from tests.benchmarks.app import workflows

    values = []
    for _ in range(count):
        time.sleep(0.02 + random.random() * 0.04)
        began = time.time()
        run = workflows.first_line.create_run()
        run.start_async(input_data=0)
        values.append((first_lines.read(timeout_seconds=60) - began) * 1000)
        run.wait(timeout=60)
    return values


def wait_until_at_rest(count: int) -> None:
    """Return when ``count`` executions wait or are suspended.

    Raises:
        TimeoutError: if that takes longer than :data:`END_SECONDS`.
    """
    from executions_app.models import Execution

    until = time.monotonic() + END_SECONDS
    while Execution.objects.filter(status__in=("waiting", "suspended")).count() < count:
        if time.monotonic() > until:
            raise TimeoutError(f"fewer than {count:,} executions came to rest")
        time.sleep(0.2)


if __name__ == "__main__":
    main()
