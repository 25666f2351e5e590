"""Real worker processes for live tests: started, found, stopped, killed, cleared away.

Most are forked from a process that has imported what they need: a tenth of what starting costs.  As
the command line starts them they are in ``tests/config/test_up.py``, too.
"""

from __future__ import annotations

import signal
import socket
import sys
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from tests.chaos.programs import Nursery, Process

READY_SECONDS = 60.0
_COMMAND = (sys.executable, "-m", "celery", "-q", "-A", "config")
LOOK_SECONDS = 0.02


def wait_until(condition: Callable[[], object], *, what: str, seconds: float = 30.0) -> None:
    """Return once ``condition()`` is true.

    Raises:
        AssertionError: if it is not after ``seconds``, naming ``what`` was awaited.
    """
    until = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < until, f"waited {seconds:g} s in vain: {what}"
        time.sleep(LOOK_SECONDS)


@dataclass(slots=True)
class Worker:
    """One ``celery worker`` process, the leader of a process group of its own."""

    process: Process

    @property
    def log(self) -> Path:
        return self.process.log

    @property
    def name(self) -> str:
        """What the names begin with under which its threads claim attempts."""
        return f"{socket.gethostname()}:{self.process.pid}"

    @property
    def is_alive(self) -> bool:
        return self.process.is_alive

    @property
    def is_ready(self) -> bool:
        return " ready." in self.log.read_text()

    def signal(self, number: signal.Signals) -> None:
        """Send a signal to the whole group."""
        self.process.send(number)

    def kill(self) -> None:
        """End it as a power cut would."""
        self.process.kill()

    def ask_to_end(self) -> None:
        """Tell it that it should end, as a deployment does; does not wait."""
        self.process.send(signal.SIGTERM, group=False)


@dataclass(slots=True)
class Crew:
    """The workers of a test run.  Tests say how many they need; most find them running."""

    environment: Mapping[str, str]
    directory: Path
    pool: str = "threads"
    forks: bool = True
    """Whether workers are forked; if not, the command line starts them, and they import all."""
    workers: list[Worker] = field(default_factory=list)
    _started: int = 0

    def hire(self, number: int, *, may_die: bool = False) -> list[Worker]:
        """Return exactly ``number`` workers that are running and ready.

        With ``may_die`` one may have met its end already, over what it found to do.
        """
        self.workers = [worker for worker in self.workers if worker.is_alive]
        for worker in self.workers[number:]:
            worker.kill()
        del self.workers[number:]
        while len(self.workers) < number:
            self.workers.append(self._start())
        for worker in self.workers:
            wait_until(
                lambda worker=worker: worker.is_ready or not worker.is_alive,
                what=f"a worker to be ready, its log is {worker.log}",
                seconds=READY_SECONDS,
            )
            assert worker.is_alive or (may_die and worker.is_ready), worker.log.read_text()
        return self.workers

    def holding(self, claimed_by: str) -> Worker:
        """Return the worker that claims as ``claimed_by``."""
        process = claimed_by.partition("/")[0]
        return next(worker for worker in self.workers if worker.name == process)

    def dismiss(self) -> None:
        """End all of them."""
        for worker in self.workers:
            if worker.is_alive:
                worker.kill()
        self.workers.clear()

    def disband(self) -> None:
        """End all of them, and what others of the same environment would be forked from."""
        self.dismiss()
        if nursery := _nurseries.pop(frozenset(self.environment.items()), None):
            nursery.close()

    def log_text(self) -> str:
        """Return what all workers, also earlier ones, have written."""
        return "".join(path.read_text() for path in sorted(self.directory.glob("worker-*.log")))

    def _start(self) -> Worker:
        self._started += 1
        arguments = [
            *("worker", "--pool", self.pool, "--concurrency", "4", "--loglevel", "info"),
            *("--without-gossip", "--without-mingle"),
            *("-n", f"live{self._started}-{self.directory.name}@%h"),
        ]
        kind = "celery"
        if not self.forks:
            kind, arguments = "exec", [*_COMMAND, *arguments]
        nursery = _nursery(self.environment, self.directory)
        name = f"worker-{self._started}"
        return Worker(nursery.start(name, kind, arguments, directory=self.directory))


#: By environment; they end with this process, and all they have started with them.
_nurseries: dict[frozenset[tuple[str, str]], Nursery] = {}


def _nursery(environment: Mapping[str, str], directory: Path) -> Nursery:
    key = frozenset(environment.items())
    if key not in _nurseries:
        nursery = _nurseries[key] = Nursery(directory, environment)
        nursery.preload("celery")
    return _nurseries[key]
