"""Worker processes of one contestant: started together, their use of the machine read, ended."""

from __future__ import annotations

import sys
import time
from collections import deque
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import psutil
from celery import Celery

from config.embedded.program import Program, Running

READY_SECONDS = 120.0
STOP_SECONDS = 15.0
_ROOT = Path(__file__).resolve().parents[2]
_LOG_LINES = 40


@dataclass(frozen=True, slots=True, kw_only=True)
class Layout:
    """How many worker processes of which kind."""

    pool: str
    workers: int
    concurrency: int

    def __str__(self) -> str:
        each = "" if self.pool == "solo" else f" of {self.concurrency}"
        return f"{self.workers} x {self.pool}{each}"


#: Spelt as on the command line.
LAYOUTS = {
    "solo": Layout(pool="solo", workers=2, concurrency=1),
    "threads": Layout(pool="threads", workers=2, concurrency=4),
    "one-threads": Layout(pool="threads", workers=1, concurrency=16),
    "prefork": Layout(pool="prefork", workers=1, concurrency=2),
}
REFERENCE = LAYOUTS["prefork"]


@dataclass(slots=True, kw_only=True)
class Team:
    """Running workers of one Celery app."""

    layout: Layout
    workers: Sequence[Running]
    said: deque[str]
    """The last lines they wrote."""

    def cpu_seconds(self) -> float:
        """Return the processor time all its processes have used."""
        times = [process.cpu_times() for process in self._processes()]
        return sum(item.user + item.system for item in times)

    def memory_mb(self) -> list[float]:
        """Return the resident memory of each process, in megabytes."""
        return [round(process.memory_info().rss / 1e6, 1) for process in self._processes()]

    def _processes(self) -> list[psutil.Process]:
        found = []
        for worker in self.workers:
            process = psutil.Process(worker.pid)
            found += [process, *process.children(recursive=True)]
        return found


@contextmanager
def running(
    app: Celery, name: str, layout: Layout, *, environment: Mapping[str, str] | None = None
) -> Iterator[Team]:
    """Run the workers of ``app``, which is found under ``name``, while the block runs.

    ``environment`` is added to our own.

    Raises:
        RuntimeError: if they end, or are not ready after :data:`READY_SECONDS`.
    """
    said: deque[str] = deque(maxlen=_LOG_LINES)
    workers = []
    try:
        for number in range(layout.workers):
            command = (
                *(sys.executable, "-m", "celery", "-q", "-A", name, "worker"),
                *("--pool", layout.pool, "--concurrency", str(layout.concurrency)),
                *("--hostname", f"{name.rpartition('.')[2]}-{number}@%h", "--loglevel", "warning"),
                *("--without-gossip", "--without-mingle", "--without-heartbeat"),
            )
            program = Program(
                name=name, command=command, directory=_ROOT, environment=environment or {}
            )
            workers.append(Running(program, tell=said.append))
        team = Team(layout=layout, workers=workers, said=said)
        _wait_until_ready(app, team)
        yield team
    finally:
        for worker in workers:
            worker.ask_to_end()
        until = time.monotonic() + STOP_SECONDS
        for worker in workers:
            worker.wait(until - time.monotonic())
            worker.clear_away()


def _wait_until_ready(app: Celery, team: Team) -> None:
    until = time.monotonic() + READY_SECONDS
    while len(app.control.ping(timeout=1.0, limit=team.layout.workers) or []) < team.layout.workers:
        ended = [worker.returncode for worker in team.workers if worker.returncode is not None]
        if ended or time.monotonic() > until:
            lines = "\n".join(team.said)
            why = f"a worker ended with {ended[0]}" if ended else "workers do not answer"
            raise RuntimeError(f"{why}; the last they said:\n{lines}")
