"""``python -m tests.chaos``: break an installation in every known way and see what holds.

Each group of faults with equal needs runs in a process of its own, on an installation of its own.
"""

from __future__ import annotations

import argparse
import json
import os
import random
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Sequence
from dataclasses import asdict
from itertools import groupby
from pathlib import Path
from typing import TYPE_CHECKING, Any

from tests.chaos.programs import ROOT

if TYPE_CHECKING:
    from tests.chaos.faults import Fault, Result

DATABASES = ("sqlite", "postgres")
#: What starting an installation may take, beside the faults themselves.
START_SECONDS = 180.0


def main(arguments: Sequence[str]) -> int:
    """Run what ``arguments`` say; return 0 if every target was met."""
    options = _parser().parse_args(arguments)
    _prepare()
    from tests.chaos.faults import BROKEN, catalogue

    faults = catalogue()
    for module, problem in BROKEN.items():
        print(f"the faults of {module} are left out: {problem}", file=sys.stderr)
    if options.list:
        for fault in faults.values():
            print(f"{fault.id:<5} {fault.smoke:>6} {fault.full:>7}  {fault.name}: {fault.target}")
        return 0
    wanted = options.only.split(",") if options.only else list(faults)
    if unknown := [name for name in wanted if name not in faults]:
        print(f"no such fault: {', '.join(unknown)}; --list shows all", file=sys.stderr)
        return 2
    databases = DATABASES if options.database == "both" else (options.database,)
    results: list[Result] = []
    for database in databases:
        chosen = [faults[name] for name in wanted if database in faults[name].databases]
        for result in _run(chosen, database, options):
            results.append(result)
            _show(result, options)
    if options.json:
        Path(options.json).write_text(
            json.dumps([result.to_json() for result in results], indent=1) + "\n"
        )
    if options.write:
        from tests.chaos import scoreboard

        scoreboard.write(results)
    bad = [result for result in results if not result.is_good]
    print(f"{len(results) - len(bad)} of {len(results)} targets met")
    return 1 if bad or (BROKEN and not options.only) else 0


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m tests.chaos", description=__doc__)
    parser.add_argument("--list", action="store_true", help="show every fault: smoke size, full")
    parser.add_argument("--only", default="", help="these faults: F1,F11")
    parser.add_argument("--database", choices=(*DATABASES, "both"), default="both")
    parser.add_argument("--smoke", action="store_true", help="sizes for seconds")
    parser.add_argument("--scale", type=float, default=1.0, help="a part of the full sizes")
    parser.add_argument("--seed", type=int, default=random.SystemRandom().randrange(10**6))
    parser.add_argument("--write", action="store_true", help="keep the results in docs/")
    parser.add_argument("--json", default="", help="a file for the results")
    parser.add_argument("--keep", action="store_true", help="keep the logs of what failed")
    return parser


def _prepare() -> None:
    """Let fault modules be imported, which know models; no database is asked here."""
    os.environ["DJANGO_SETTINGS_MODULE"] = "tests.chaos.settings"
    os.environ["STATE_DIR"] = tempfile.gettempdir()
    import django

    django.setup()


def _run(faults: Sequence[Fault], database: str, options: Any) -> Iterator[Result]:
    ordered = sorted(faults, key=lambda fault: repr(_needs(fault)))
    for _, group in groupby(ordered, key=lambda fault: repr(_needs(fault))):
        waiting = list(group)
        while waiting:
            done = list(_run_group(waiting, database, options))
            yield from done
            # The one that got no result took the process down, and has one now.
            waiting = waiting[len(done) :]


def _needs(fault: Fault) -> dict[str, Any]:
    return {**asdict(fault.needs), "proxies": sorted(fault.needs.proxies)}


def _run_group(faults: Sequence[Fault], database: str, options: Any) -> Iterator[Result]:
    from tests.chaos.faults import Result

    size = "smoke" if options.smoke else "full" if options.scale == 1 else f"{options.scale:g}"
    with tempfile.TemporaryDirectory(prefix="celeriac-chaos-results-") as directory:
        path = Path(directory) / "results"
        order = {
            "database": database,
            "needs": _needs(faults[0]),
            "faults": [{"id": fault.id, "size": _size(fault, options)} for fault in faults],
            "seed": options.seed,
            "size": size,
            "keep": options.keep,
            "results": str(path),
        }
        print(f"-- {database}: {', '.join(fault.id for fault in faults)}", flush=True)
        seconds = START_SECONDS + sum(fault.seconds for fault in faults)
        problem = _call([sys.executable, "-m", "tests.chaos.one_run", json.dumps(order)], seconds)
        lines = path.read_text().splitlines() if path.exists() else []
    found = [Result(**json.loads(line)) for line in lines]
    yield from found
    if problem and all(result.is_good for result in found) and len(found) < len(faults):
        yield _broken_off(faults[len(found)], database, size, options, problem)


def _call(command: list[str], seconds: float) -> str:
    """Return why ``command`` did not end well, empty if it did."""
    environment = {key: value for key, value in os.environ.items() if key != "STATE_DIR"}
    wrapper = [sys.executable, str(ROOT / "config/embedded/die_with_parent.py"), str(os.getpid())]
    try:
        done = subprocess.run(
            [*wrapper, "9", *command], cwd=ROOT, env=environment, timeout=seconds, check=False
        )
    except subprocess.TimeoutExpired:
        return f"not done after {seconds:g} s"
    return f"ended with status {done.returncode}" if done.returncode else ""


def _size(fault: Fault, options: Any) -> int:
    if options.smoke:
        return fault.smoke
    return max(1, round(fault.full * options.scale))


def _broken_off(fault: Fault, database: str, size: str, options: Any, problem: str) -> Result:
    from tests.chaos.faults import Result

    return Result(
        fault=fault.id,
        name=fault.name,
        database=database,
        target=fault.target,
        value=problem,
        tried=0,
        failed=1,
        seed=options.seed,
        seconds=0.0,
        date="",
        commit="",
        versions={},
        size=size,
        note=problem,
    )


def _show(result: Result, options: Any) -> None:
    mark = "ok  " if result.is_good else "BAD "
    print(
        f"{mark} {result.fault:<5} {result.name} ({result.database}): tried {result.tried}, "
        f"failed {result.failed}, {result.seconds:g} s; {result.value}",
        flush=True,
    )
    if not result.is_good:
        for text in (*result.missed, result.note):
            print(f"       {text}")
        part = "--smoke" if options.smoke else f"--scale {options.scale:g}"
        print(
            f"       again: python -m tests.chaos --only {result.fault} {part} "
            f"--database {result.database} --seed {result.seed} --keep",
            flush=True,
        )


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
