"""The processes of an installation as a run sees them: started, paused, stopped and killed by hand.

Refuses to restart any: :class:`tests.chaos.installation.Installation` does, where it is asked to.
"""

from __future__ import annotations

import contextlib
import json
import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from itertools import count
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[2]
_DIE_WITH_PARENT = ROOT / "config" / "embedded" / "die_with_parent.py"
START_SECONDS = 90.0
STOP_SECONDS = 40.0
_LOOK_SECONDS = 0.02


class Impatient(AssertionError):
    """A condition was waited for in vain."""

    def __init__(self, what: str, seconds: float) -> None:
        super().__init__(f"waited {seconds:g} s in vain: {what}")


def wait_until(condition: Callable[[], object], *, what: str, seconds: float = 60.0) -> float:
    """Return how many seconds it took until ``condition()`` was true.

    Raises:
        Impatient: if it is not after ``seconds``.
    """
    begun = time.monotonic()
    while not condition():
        if time.monotonic() > begun + seconds:
            raise Impatient(what, seconds)
        time.sleep(_LOOK_SECONDS)
    return time.monotonic() - begun


@dataclass(slots=True, eq=False)
class Process:
    """One process, the leader of a session of its own."""

    name: str
    pid: int
    log: Path
    log_start: int = 0
    """Where in the log this process began to write."""
    status: int | None = None
    """How it ended (negative: by which signal); ``None`` while it runs."""
    ended_at: float | None = None
    """When that was seen, in seconds since 1970."""

    @property
    def is_alive(self) -> bool:
        return self.status is None

    def text(self) -> str:
        """Return what it has written."""
        with self.log.open(errors="replace") as file:
            file.seek(self.log_start)
            return file.read()

    def send(self, number: signal.Signals, *, group: bool = True) -> None:
        """Send a signal to its whole group, or to it alone."""
        with contextlib.suppress(ProcessLookupError):
            (os.killpg if group else os.kill)(self.pid, number)

    def kill(self) -> None:
        """End it, and its children, as a power cut would."""
        self.send(signal.SIGKILL)
        self.wait()

    def stop(self, number: signal.Signals = signal.SIGTERM, seconds: float = STOP_SECONDS) -> int:
        """End it as a deployment would; return its exit status."""
        self.send(number, group=False)
        return self.wait(seconds)

    def pause(self) -> None:
        """Let it stand still, as a machine that is suspended does."""
        self.send(signal.SIGSTOP)

    def resume(self) -> None:
        """Let it go on, none the wiser."""
        self.send(signal.SIGCONT)

    def wait(self, seconds: float = STOP_SECONDS) -> int:
        """Return its exit status once it has ended.

        Raises:
            Impatient: if it has not after ``seconds``.
        """
        wait_until(lambda: self.status is not None, what=f"the end of {self.name}", seconds=seconds)
        assert self.status is not None
        return self.status


@dataclass(slots=True)
class Nursery:
    """The driver's end of :mod:`tests.chaos.nursery`."""

    directory: Path
    environment: Mapping[str, str]
    children: dict[int, Process] = field(default_factory=dict)
    _process: subprocess.Popen[bytes] = field(init=False)
    _lock: threading.Lock = field(default_factory=threading.Lock)
    _answers: dict[int, int] = field(default_factory=dict)
    _ends: dict[int, int] = field(default_factory=dict)
    """Of children whose start was not answered yet."""
    _numbers: Any = field(default_factory=lambda: count(1))

    def __post_init__(self) -> None:
        # Started on the main thread: the kernel ends it with the thread that did.
        with (self.directory / "nursery.log").open("ab") as log:
            self._process = subprocess.Popen(
                [
                    *(sys.executable, str(_DIE_WITH_PARENT), str(os.getpid())),
                    *(str(int(signal.SIGKILL)), sys.executable, "-m", "tests.chaos.nursery"),
                ],
                cwd=ROOT,
                env=dict(self.environment),
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=log,
            )
        threading.Thread(target=self._listen, name="nursery", daemon=True).start()

    def preload(self, *kinds: str) -> None:
        """Have imported what programs of ``kinds`` need, all if none is named: starts are quick."""
        self._order("preload", list(kinds))

    def start(
        self,
        name: str,
        kind: str,
        arguments: list[str],
        *,
        environment: Mapping[str, str] | None = None,
        user: str | None = None,
        orphan_signal: signal.Signals = signal.SIGKILL,
        directory: Path | None = None,
    ) -> Process:
        """Start a program: ``celery``, ``uvicorn``, or ``exec`` for any other.

        Its log is in ``directory``, or in that of the nursery.
        """
        log = (directory or self.directory) / f"{name}.log"
        log.touch()  # who looks before the process has opened it finds nothing in it
        log_start = log.stat().st_size
        more = {
            "log": str(log),
            "environment": dict(environment or {}),
            "user": user,
            "orphan_signal": int(orphan_signal),
        }
        pid = self._order(kind, arguments, **more)
        process = Process(name, pid, log, log_start)
        with self._lock:
            self.children[pid] = process
            if pid in self._ends:
                self._note_end(process, self._ends.pop(pid))
        return process

    def spawn(self, name: str, arguments: list[str], environment: Mapping[str, str]) -> Process:
        """Start a Python program of its own, with nothing imported and another environment."""
        command = [sys.executable, *arguments]
        return self.start(name, "exec", command, environment=environment)

    def deaths(self) -> dict[int, float]:
        """Return when each process that has ended did, in seconds since 1970."""
        with self._lock:
            return {
                pid: child.ended_at
                for pid, child in self.children.items()
                if child.ended_at is not None
            }

    def close(self) -> None:
        """End everything that is left."""
        for child in list(self.children.values()):
            if child.is_alive:
                child.send(signal.SIGKILL)
        self._process.kill()
        self._process.wait(timeout=STOP_SECONDS)

    def _order(self, kind: str, arguments: list[str], **more: Any) -> int:
        number = next(self._numbers)
        order = {"order": number, "kind": kind, "arguments": arguments, **more}
        with self._lock:
            assert self._process.stdin is not None
            self._process.stdin.write((json.dumps(order) + "\n").encode())
            self._process.stdin.flush()
        wait_until(
            lambda: number in self._answers or self._process.poll() is not None,
            what=f"{kind} to be started",
            seconds=START_SECONDS,
        )
        return self._answers.pop(number)

    def _listen(self) -> None:
        assert self._process.stdout is not None
        for line in self._process.stdout:
            said = json.loads(line)
            with self._lock:
                if "order" in said:
                    self._answers[said["order"]] = said["pid"]
                elif (child := self.children.get(said["ended"])) is not None:
                    self._note_end(child, said["status"])
                else:
                    self._ends[said["ended"]] = said["status"]

    def _note_end(self, child: Process, status: int) -> None:
        child.ended_at, child.status = time.time(), status
