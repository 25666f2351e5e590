"""A program to be kept running, and one running instance of it.  Refuses to decide about restarts:
that is the supervisor's."""

from __future__ import annotations

import contextlib
import os
import signal
import subprocess
import sys
import threading
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path

_WRAPPER = Path(__file__).with_name("die_with_parent.py")


@dataclass(frozen=True, slots=True, kw_only=True)
class Program:
    """What to run, and how it ends."""

    name: str
    command: tuple[str, ...]
    directory: Path
    environment: Mapping[str, str] = field(default_factory=dict)
    """Added to our own environment."""

    stop_seconds: float = 10.0
    """How long it may take to end after SIGTERM before it is killed."""

    orphan_signal: signal.Signals = signal.SIGKILL
    """What it gets when we die without stopping it.  Killing is safe for everything that holds
    nothing but leases; a store is better asked to end."""


class Running:
    """A started :class:`Program`, in a process group of its own, its lines handed to a callable."""

    def __init__(self, program: Program, *, tell: Callable[[str], None]) -> None:
        """Start ``program``.  Call from the main thread: on Linux a child dies with the *thread*
        that started it.
        """
        self.program = program
        self._process = subprocess.Popen(
            [
                *(sys.executable, "-I", "-S", str(_WRAPPER)),
                *(str(os.getpid()), str(int(program.orphan_signal))),
                *program.command,
            ],
            cwd=program.directory,
            env={**os.environ, "PYTHONUNBUFFERED": "1", **program.environment},
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            # Ctrl-C at the terminal reaches us alone; we say when each child ends.
            process_group=0,
        )
        self._reader = threading.Thread(target=self._read, args=(tell,), daemon=True)
        self._reader.start()

    @property
    def pid(self) -> int:
        """The id of its process and of its process group."""
        return self._process.pid

    @property
    def returncode(self) -> int | None:
        """How it ended (negative: by which signal); ``None`` while it runs."""
        return self._process.poll()

    def ask_to_end(self) -> None:
        """Send SIGTERM to the program; its own children are its business."""
        if self.returncode is None:
            self._process.terminate()

    def wait(self, seconds: float) -> bool:
        """Return whether it has ended within ``seconds``."""
        try:
            self._process.wait(timeout=max(seconds, 0))
        except subprocess.TimeoutExpired:
            return False
        return True

    def clear_away(self) -> None:
        """Kill what is left of the process group, and read its last lines."""
        with contextlib.suppress(ProcessLookupError, PermissionError):
            os.killpg(self._process.pid, signal.SIGKILL)
        self._process.wait()
        self._reader.join(timeout=2)

    def _read(self, tell: Callable[[str], None]) -> None:
        output = self._process.stdout
        assert output is not None
        with output:
            for line in output:
                tell(line.decode(errors="replace").rstrip())
