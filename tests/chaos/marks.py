"""What bodies leave behind: one line in a file that only grows, for each beginning and effect.

Needs no database and survives the death of its process.  Refuses to know what a run is about.
"""

from __future__ import annotations

import os
import time
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from workflows_app.authoring import StepContext

DIRECTORY = "CHAOS_MARKS"


@dataclass(frozen=True, slots=True)
class Mark:
    """One line."""

    execution_id: str
    step_id: str
    retry_count: int
    is_restart: bool
    pid: int
    idempotency_key: str
    at: float
    """Seconds since 1970, of this machine."""

    @property
    def run(self) -> tuple[str, int]:
        """What a body is begun for: a run of a node, which its idempotency key names, and a try."""
        return self.idempotency_key, self.retry_count


def write(kind: str, ctx: StepContext) -> None:
    """Add a line to the marks of ``kind``: ``starts`` or ``effects``."""
    fields = (
        *(ctx.run_id, ctx.step_id, ctx.retry_count, int(ctx.restart)),
        *(os.getpid(), ctx.idempotency_key, f"{time.time():.6f}"),
    )
    # One write in append mode: whole even when processes write at once, kept when they die.
    path = Path(os.environ[DIRECTORY]) / kind
    descriptor = os.open(path, os.O_WRONLY | os.O_APPEND | os.O_CREAT, 0o644)
    try:
        os.write(descriptor, ("\t".join(map(str, fields)) + "\n").encode())
    finally:
        os.close(descriptor)


def may_go(ctx: StepContext) -> bool:
    """Return whether the run has let this body, or all bodies, go on."""
    directory = Path(os.environ[DIRECTORY])
    return (directory / "go").exists() or (directory / f"go-{ctx.run_id}").exists()


@dataclass(frozen=True, slots=True)
class Marks:
    """The marks of one installation."""

    directory: Path

    def starts(self) -> list[Mark]:
        """Return each beginning of a body, in order."""
        return self._read("starts")

    def effects(self) -> list[Mark]:
        """Return each effect a body had, in order."""
        return self._read("effects")

    def go(self, execution_id: str = "") -> None:
        """Let the holding bodies of an execution, or of all, go on."""
        (self.directory / (f"go-{execution_id}" if execution_id else "go")).touch()

    def clear(self) -> None:
        """Forget everything."""
        for path in self.directory.iterdir():
            path.unlink()

    def _read(self, kind: str) -> list[Mark]:
        path = self.directory / kind
        if not path.exists():
            return []
        return [_parsed(line.split("\t")) for line in path.read_text().splitlines()]


def _parsed(fields: list[str]) -> Mark:
    execution_id, step_id, retry_count, restart, pid, key, at = fields
    return Mark(execution_id, step_id, int(retry_count), restart == "1", int(pid), key, float(at))


def repeats(starts: Iterable[Mark]) -> Counter[tuple[str, int]]:
    """Return how often the body of each run began more than once for the same try."""
    counted = Counter(mark.run for mark in starts)
    return Counter({run: count - 1 for run, count in counted.items() if count > 1})


def recoveries(starts: Iterable[Mark], deaths: Mapping[int, float]) -> list[float]:
    """Return, for each body that began again after its process died, the seconds in between.

    ``deaths`` says by process when it died (seconds since 1970).
    """
    by_run: defaultdict[tuple[str, int], list[Mark]] = defaultdict(list)
    for mark in starts:
        by_run[mark.run].append(mark)
    found = []
    for run in by_run.values():
        for earlier, later in pairwise(run):
            died_at = deaths.get(earlier.pid)
            if died_at is not None and earlier.at <= died_at <= later.at:
                found.append(later.at - died_at)
    return sorted(found)


def overlaps(
    starts: Iterable[Mark], effects: Iterable[Mark], deaths: Mapping[int, float]
) -> list[str]:
    """Return the runs whose body began again while an earlier one lived, one sentence each."""
    ends: defaultdict[tuple[tuple[str, int], int], list[float]] = defaultdict(list)
    for mark in effects:
        ends[mark.run, mark.pid].append(mark.at)
    begun: dict[tuple[str, int], Mark] = {}
    found = []
    for mark in starts:
        before = begun.get(mark.run)
        if before is not None:
            ended = [*ends[before.run, before.pid], deaths.get(before.pid, float("inf"))]
            if not any(before.at <= at <= mark.at for at in ended):
                found.append(f"{mark.idempotency_key} began at {mark.at} while {before.pid} ran it")
        begun[mark.run] = mark
    return found


def percentile(values: Iterable[float], part: float) -> float:
    """Return the value below which ``part`` (0 to 1) of ``values`` lie; 0 if there are none."""
    ordered = sorted(values)
    return ordered[min(len(ordered) - 1, int(len(ordered) * part))] if ordered else 0.0
