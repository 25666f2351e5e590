"""Where the time of a step goes: attempts run in this process, under the profiler, twice.

Once by the clock, which shows what waits for the database, the disk and the broker; once by the
processor time of this process, which shows what Python does.
"""

from __future__ import annotations

import argparse
import cProfile
import io
import pstats
import re
import statistics
import sys
import time

import django
from django.core.management import call_command

_ROWS = 45
_OURS = re.compile(r"(executions_app|workflows_app|config)/")


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--steps", type=int, default=200)
    options = parser.parse_args()
    django.setup()
    call_command("migrate", verbosity=0)
    print(profile(steps=options.steps))


def profile(*, steps: int) -> str:
    """Return the time of a step, and the functions that took most of it, by cumulative time."""
    from tests.benchmarks import in_process
    from tests.benchmarks.app import workflows

    def attempts() -> list[in_process.Cost]:
        costs = []
        while len(costs) < steps:
            run = workflows.chains[100].create_run().start_async(input_data=0)
            costs += in_process.run(run, count=False)
        return costs

    attempts()  # fills caches
    began = time.perf_counter()
    costs = attempts()
    elapsed = (time.perf_counter() - began) / len(costs) * 1000
    cpu = statistics.median(cost.cpu_seconds for cost in costs) * 1000
    reports = []
    for what, timer in (("by the clock", time.perf_counter), ("processor", time.thread_time)):
        profiler = cProfile.Profile(timer)
        profiler.enable()
        profiled = len(attempts())
        profiler.disable()
        reports.append(f"--- {what}\n\n{_report(profiler, profiled)}")
    return (
        f"{cpu:.2f} ms of processor time a step, {elapsed:.2f} ms with waiting "
        f"(and with finding what is due)\n\n{''.join(reports)}"
    )


def _report(profiler: cProfile.Profile, steps: int) -> str:
    """Return our functions, then all, with microseconds a step instead of seconds."""
    stats = pstats.Stats(profiler, stream=io.StringIO())
    found = sorted(stats.stats.items(), key=lambda item: -item[1][3])  # type: ignore[attr-defined]
    lines = [f"{'us a step':>10} {'own':>8} {'calls':>6}  function"]
    for only_ours in (True, False):
        chosen = [item for item in found if not only_ours or _OURS.search(item[0][0])]
        for (file, line, name), (_, calls, own, cumulative, _) in chosen[:_ROWS]:
            place = re.sub(r".*/(site-packages|lib/python[\d.]+)/", "", file)
            lines.append(
                f"{cumulative / steps * 1e6:10.0f} {own / steps * 1e6:8.0f} "
                f"{calls / steps:6.1f}  {place.removeprefix(sys.path[0])}:{line} {name}"
            )
        lines.append("")
    return "\n".join(lines)


if __name__ == "__main__":
    main()
