"""A whole installation in a directory of its own: stores, web, workers, beats, all real processes.

:meth:`Installation.open` starts the stores and sets this process up as a part of it, so that what
it asks through Django is asked of the very database that the workers use.  Everything ends with
the process that opened it, however that ends.
"""

from __future__ import annotations

import os
import random
import signal
import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from tests.chaos import copies
from tests.chaos.crash_points import PLAN, CrashPlan
from tests.chaos.marks import DIRECTORY, Marks
from tests.chaos.programs import Nursery, Process, wait_until
from tests.chaos.proxy import Proxy
from tests.chaos.stores import Postgres, Valkey, free_port, postgres_url, valkey_url

SETTINGS = "tests.chaos.settings"
#: A worker that was kept running is back so soon; the next one that dies as quickly, later.
_KEEP_SECONDS = 0.05
_AGAIN_SECONDS = 1.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Needs:
    """What a fault wants to run on.  Equal ones may share an installation."""

    workers: int = 3
    pool: str = "threads"
    concurrency: int = 8
    web: bool = False
    beats: int = 0
    proxies: frozenset[str] = frozenset()
    """Which of ``database`` and ``broker`` our processes reach through a proxy."""
    environment: tuple[tuple[str, str], ...] = ()
    """Of all processes: names and values, as ``("LEASE_SECONDS", "15")``."""


@dataclass(slots=True)
class Installation:
    """See the module; ``database`` is ``sqlite`` or ``postgres``."""

    directory: Path
    database: str
    needs: Needs = field(default_factory=Needs)
    nursery: Nursery = field(init=False)
    broker: Valkey = field(init=False)
    postgres: Postgres | None = field(init=False, default=None)
    proxies: dict[str, Proxy] = field(init=False, default_factory=dict)
    workers: list[Process] = field(init=False, default_factory=list)
    beats: list[Process] = field(init=False, default_factory=list)
    web: Process | None = field(init=False, default=None)
    web_port: int = field(init=False, default_factory=free_port)
    marks: Marks = field(init=False)
    crashes: CrashPlan = field(init=False)
    _started: int = 0
    _lock: Any = field(default_factory=threading.RLock)

    # -- from nothing to something that runs -----------------------------------------------------

    def open(self) -> Installation:
        """Start the stores, migrate, and set Django up in this process."""
        marks = self.directory / "marks"
        marks.mkdir(parents=True)
        self.marks, self.crashes = Marks(marks), CrashPlan(self.directory / "crashes.json")
        self._choose_addresses()
        self.broker.start()
        if self.postgres is not None:
            self.postgres.start()
        import django

        django.setup()
        from django.core.management import call_command
        from django.db import connections

        call_command("migrate", interactive=False, verbosity=0)
        connections.close_all()
        self.nursery.preload()
        return self

    def _choose_addresses(self) -> None:
        # Before anything runs, so that every environment can name them.
        ports = {"broker": free_port(), "database": free_port()}
        through = dict(ports)
        for name in sorted(self.needs.proxies):
            self.proxies[name] = Proxy(f"127.0.0.1:{ports[name]}", name=name)
            through[name] = self.proxies[name].port
        os.environ |= {
            "DJANGO_SETTINGS_MODULE": SETTINGS,
            "STATE_DIR": str(self.directory),
            "PYTHONUNBUFFERED": "1",
            "BROKER_URL": "",
            # The command line cannot ask for prefork where the settings name another pool.
            "WORKER_POOL": self.needs.pool,
            DIRECTORY: str(self.marks.directory),
            copies.FILE: str(self.directory / "copies"),
            **dict(self.needs.environment),
            **self._addresses(ports),
        }
        theirs = {**self._addresses(through), PLAN: str(self.crashes.path)}
        self.nursery = Nursery(self.directory, {**os.environ, **theirs})
        self.broker = Valkey(self.nursery, self.directory, ports["broker"])
        if self.database == "postgres":
            self.postgres = Postgres(self.nursery, ports["database"])

    def _addresses(self, ports: dict[str, int]) -> dict[str, str]:
        database = f"sqlite:///{self.directory / 'celeriac.sqlite3'}"
        if self.database == "postgres":
            database = postgres_url(ports["database"])
        return {"DATABASE_URL": database, "REDIS_URL": valkey_url(ports["broker"])}

    def start(self) -> Installation:
        """Start what :attr:`needs` names; return once all of it is ready."""
        if self.needs.web:
            self.start_web()
        self.hire(self.needs.workers)
        for _ in range(self.needs.beats):
            self.start_beat()
        return self

    def close(self) -> None:
        """End everything."""
        from django.db import connections

        connections.close_all()
        if self.postgres is not None:
            self.postgres.close()
        self.nursery.close()
        for proxy in self.proxies.values():
            proxy.close()

    # -- workers ---------------------------------------------------------------------------------

    def start_worker(self, *, more: tuple[str, ...] = ()) -> Process:
        """Start one more worker and return it at once."""
        with self._lock:
            self._started += 1
            name = f"worker-{self._started}"
        arguments = [
            *("worker", "--pool", self.needs.pool, "--concurrency", str(self.needs.concurrency)),
            *("--loglevel", "info", "--without-gossip", "--without-mingle", "-n", f"{name}@%h"),
            *more,
        ]
        # Lets prefork hand running tasks back, as the launcher does.
        environment = {"REMAP_SIGTERM": "SIGQUIT"} if self.needs.pool == "prefork" else {}
        worker = self.nursery.start(name, "celery", arguments, environment=environment)
        self.workers.append(worker)
        return worker

    def hire(self, number: int) -> list[Process]:
        """Return exactly ``number`` workers that run and are ready."""
        with self._lock:
            self.workers = [worker for worker in self.workers if worker.is_alive]
            for worker in self.workers[number:]:
                worker.kill()
            del self.workers[number:]
            while len(self.workers) < number:
                self.start_worker()
            workers = list(self.workers)
        for worker in workers:
            wait_until(
                lambda worker=worker: is_ready(worker) or not worker.is_alive,
                what=f"{worker.name} to be ready, its log is {worker.log}",
                seconds=90,
            )
        return workers

    @contextmanager
    def kept(self, number: int | None = None) -> Iterator[None]:
        """Replace workers that end by new ones at once, as a supervisor does, while the block runs;
        afterwards there are so many, and all are ready."""
        number = number or self.needs.workers
        over = threading.Event()

        def keep() -> None:
            pause = _KEEP_SECONDS
            while not over.wait(pause):
                with self._lock:
                    dead = [worker for worker in self.workers if not worker.is_alive]
                    pause = _KEEP_SECONDS if all(map(is_ready, dead)) else _AGAIN_SECONDS
                    self.workers = [worker for worker in self.workers if worker.is_alive]
                    while len(self.workers) < number and not over.is_set():
                        self.start_worker()

        keeper = threading.Thread(target=keep, name="keeper", daemon=True)
        keeper.start()
        try:
            yield
        finally:
            over.set()
            keeper.join(timeout=60)
        self.hire(number)

    def a_worker(self, rng: random.Random) -> Process | None:
        """Return one of the workers that run and are ready, if there is one."""
        with self._lock:
            found = [worker for worker in self.workers if worker.is_alive and is_ready(worker)]
        return rng.choice(found) if found else None

    def kill_a_worker(self, rng: random.Random) -> Process | None:
        """Kill one that is ready, with all its children; return it."""
        worker = self.a_worker(rng)
        if worker is not None:
            worker.kill()
        return worker

    # -- web and beats ---------------------------------------------------------------------------

    def start_web(self) -> Process:
        """Start the web process; return it once it answers."""
        arguments = [
            *("config.asgi:application", "--host", "127.0.0.1", "--port", str(self.web_port)),
            *("--timeout-graceful-shutdown", "5", "--lifespan", "off", "--no-use-colors"),
            *("--log-level", "warning"),
        ]
        self.web = self.nursery.start("web", "uvicorn", arguments)
        wait_until(lambda: _serves(self.web_port), what="the web process to serve", seconds=60)
        return self.web

    @property
    def web_url(self) -> str:
        """Where the API is, without a slash at its end."""
        return f"http://127.0.0.1:{self.web_port}"

    def start_beat(self) -> Process:
        """Start one more beat."""
        name = f"beat-{len(self.beats) + 1}"
        schedule = str(self.directory / name)
        arguments = ["beat", "--loglevel", "info", "--pidfile=", "-s", schedule]
        self.beats.append(self.nursery.start(name, "celery", arguments))
        return self.beats[-1]

    # -- between two faults ----------------------------------------------------------------------

    def make_whole(self) -> None:
        """Bring back what a fault may have left: stores, workers, the crash plan, other settings;
        forget every execution, mark and message."""
        from tests.chaos.tables import wipe

        self.heal()
        if self.broker.process is None or not self.broker.process.is_alive:
            self.broker.start()
        if self.postgres is not None and not self.postgres.is_answering():
            self.postgres.restart()
        self.broker.flush()
        wipe()
        self.marks.clear()
        self.hire(self.needs.workers)
        if self.needs.web and (self.web is None or not self.web.is_alive):
            self.start_web()

    def heal(self) -> None:
        """Let nobody stand still or die any more, and no network fail."""
        self.crashes.withdraw()
        copies.order(1)
        for proxy in self.proxies.values():
            proxy.heal()
        for child in list(self.nursery.children.values()):
            if child.is_alive:
                child.send(signal.SIGCONT)

    def logs(self, pattern: str = "worker-*.log") -> str:
        """Return what all such processes, also earlier ones, have written."""
        found = sorted(self.directory.glob(pattern))
        return "".join(path.read_text(errors="replace") for path in found)

    until = staticmethod(wait_until)


def is_ready(worker: Process) -> bool:
    """Return whether a worker has said that it is."""
    return " ready." in worker.text()


def worker_name(worker: Process) -> str:
    """Return how the names begin under which the threads of ``worker`` claim."""
    return f"{socket.gethostname()}:{worker.pid}/"


def _serves(port: int) -> bool:
    try:
        socket.create_connection(("127.0.0.1", port), timeout=1).close()
    except OSError:
        return False
    return True
