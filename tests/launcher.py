"""``manage.py up`` as a process of its own, with real children and real signals."""

from __future__ import annotations

import os
import random
import signal
import socket
import subprocess
import sys
import threading
import time
import urllib.request
from collections.abc import Callable
from pathlib import Path

import psutil
from django.conf import settings

PATIENCE_SECONDS = 60.0


def serves(port: int) -> bool:
    with socket.socket() as probe:
        return probe.connect_ex(("127.0.0.1", port)) == 0


def free_port() -> int:
    """Return a port nobody uses, below those the system gives to outgoing connections."""
    while serves(port := random.randrange(20_000, 30_000)):
        pass
    return port


def until(true: Callable[[], bool], what: str) -> None:
    deadline = time.monotonic() + PATIENCE_SECONDS
    while not true():
        assert time.monotonic() < deadline, f"waited in vain until {what}"
        time.sleep(0.05)


class Launcher:
    """One run of the command over a state directory."""

    def __init__(self, state_dir: Path, **environment: str) -> None:
        self.port, self.flower_port = free_port(), free_port()
        outside = ("DJANGO_SETTINGS_MODULE", "DATABASE_URL", "REDIS_URL", "BROKER_URL")
        bare = {name: value for name, value in os.environ.items() if name not in outside}
        ours = {
            "STATE_DIR": str(state_dir),
            "PORT": str(self.port),
            "FLOWER_PORT": str(self.flower_port),
            "WORKER_CONCURRENCY": "2",
        }
        self.process = subprocess.Popen(
            [sys.executable, "manage.py", "up"],
            env=bare | ours | environment,
            cwd=settings.BASE_DIR,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            start_new_session=True,
        )
        self.lines: list[str] = []
        self._reader = threading.Thread(target=self._read, daemon=True)
        self._reader.start()

    @property
    def output(self) -> str:
        return "\n".join(self.lines)

    def up(self) -> Launcher:
        """Return once everything runs."""
        try:
            until(lambda: "Ctrl-C stops everything" in self.output or self.ended, "it is up")
            until(lambda: "ready." in self.output or self.ended, "the worker is ready")
            assert not self.ended, self.output
        except AssertionError:
            self.process.kill()  # its children end with it; nobody else would end them
            raise
        return self

    @property
    def ended(self) -> bool:
        return self.process.poll() is not None

    def children(self) -> list[psutil.Process]:
        return psutil.Process(self.process.pid).children(recursive=True)

    def end(self, number: signal.Signals = signal.SIGINT) -> int:
        """Return the exit status after ``number``; the output is complete then."""
        self.process.send_signal(number)
        status = self.process.wait(timeout=PATIENCE_SECONDS)
        self._reader.join(timeout=PATIENCE_SECONDS)
        return status

    def get(self, path: str) -> bytes:
        with urllib.request.urlopen(f"http://127.0.0.1:{self.port}{path}", timeout=20) as answer:
            return bytes(answer.read())

    def _read(self) -> None:
        assert self.process.stdout is not None
        self.lines.extend(line.rstrip("\n") for line in self.process.stdout)
