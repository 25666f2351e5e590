"""Workers that die at a named place between two writes, so often, as a file says at the time.

The file named by ``CHAOS_CRASHES`` is looked at whenever a point is reached; without the variable
nothing listens.  Refuses to die more often than it was told, over all processes.
"""

from __future__ import annotations

import fcntl
import json
import os
import random
import signal
from dataclasses import asdict, dataclass
from pathlib import Path

from executions_app import sync_points
from executions_app.sync_points import Point

PLAN = "CHAOS_CRASHES"
#: What the kernel's own kill looks like to a shell.
EXIT_STATUS = 137


@dataclass(frozen=True, slots=True, kw_only=True)
class Crash:
    """Where to die, and how often."""

    point: str
    """The value of a :class:`Point`."""
    chance: float = 1.0
    at_most: int = 1
    """How many processes may die of it in all."""
    stands_still: bool = False
    """Whether it stops there instead, as a machine that is suspended, until it is told to go on."""


@dataclass(frozen=True, slots=True)
class CrashPlan:
    """The file, as the run that writes it sees it."""

    path: Path

    def order(self, crash: Crash) -> None:
        """Have workers die from now on, counted from none."""
        self._count_file.unlink(missing_ok=True)
        written = self.path.with_suffix(".new")
        written.write_text(json.dumps(asdict(crash)))
        written.replace(self.path)

    def withdraw(self) -> None:
        """Let everybody live."""
        self.path.unlink(missing_ok=True)

    @property
    def count(self) -> int:
        """How many have died of the last order."""
        return self._count_file.stat().st_size if self._count_file.exists() else 0

    def take(self, at_most: int) -> bool:
        """Count one more death and return true, unless there were enough."""
        descriptor = os.open(self._count_file, os.O_WRONLY | os.O_APPEND | os.O_CREAT, 0o644)
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX)
            if os.fstat(descriptor).st_size >= at_most:
                return False
            os.write(descriptor, b".")
            return True
        finally:
            os.close(descriptor)

    @property
    def _count_file(self) -> Path:
        return self.path.with_suffix(".count")


def install() -> None:
    """Listen to the points in this process, if the environment names a file."""
    if path := os.environ.get(PLAN):
        plan = CrashPlan(Path(path))
        sync_points.listen(lambda point: _look(plan, point))


def _look(plan: CrashPlan, point: Point) -> None:
    try:
        crash = Crash(**json.loads(plan.path.read_text()))
    except (OSError, ValueError):
        return
    if point.value != crash.point or random.random() >= crash.chance:
        return
    if plan.take(crash.at_most):
        if crash.stands_still:
            os.kill(os.getpid(), signal.SIGSTOP)
        else:
            os._exit(EXIT_STATUS)
