"""Keeps programs running: what dies is started again, later each time it dies young.

Refuses to work from any thread but the main one (see :class:`Running`).
"""

from __future__ import annotations

import time
from collections.abc import Iterable
from dataclasses import dataclass

from config.embedded.log_lines import LogLines
from config.embedded.program import Program, Running

FIRST_PAUSE_SECONDS = 0.5
LONGEST_PAUSE_SECONDS = 30.0
#: Who has lived so long is not starting badly; its next death is paused for as a first one.
GROWN_UP_SECONDS = 30.0


@dataclass(slots=True)
class _Kept:
    running: Running
    started_at: float
    pause_seconds: float = FIRST_PAUSE_SECONDS
    restart_at: float | None = None


class Supervisor:
    """The programs that are kept running, in the order in which they were started."""

    def __init__(self, lines: LogLines) -> None:
        self._lines = lines
        self._kept: dict[str, _Kept] = {}

    def start(self, program: Program) -> None:
        """Start ``program`` and keep it running from now on."""
        self._kept[program.name] = _Kept(self._run(program), time.monotonic())

    def is_running(self, name: str) -> bool:
        """Return whether ``name`` runs at this moment."""
        kept = self._kept.get(name)
        return kept is not None and kept.running.returncode is None

    def pids(self) -> dict[str, int]:
        """Return the process ids by name."""
        return {name: kept.running.pid for name, kept in self._kept.items()}

    def look(self) -> None:
        """Notice who has died, and start again whose pause is over.  Call a few times a second."""
        now = time.monotonic()
        for name, kept in self._kept.items():
            if kept.restart_at is None:
                if (code := kept.running.returncode) is not None:
                    self._note_death(name, kept, code, now)
            elif now >= kept.restart_at:
                kept.running = self._run(kept.running.program)
                kept.started_at, kept.restart_at = now, None

    def stop(self, names: Iterable[str]) -> None:
        """End the programs ``names`` together: politely, and by force after their time is over."""
        leaving = [self._kept[name] for name in names if name in self._kept]
        for kept in leaving:
            kept.running.ask_to_end()
        asked_at = time.monotonic()
        for kept in leaving:
            program = kept.running.program
            left_seconds = asked_at + program.stop_seconds - time.monotonic()
            if not kept.running.wait(left_seconds):
                self._tell(program.name, f"did not end within {program.stop_seconds:g} s: killed")
            kept.running.clear_away()
            # Only now: interrupted before, it is still there for :meth:`kill`.
            del self._kept[program.name]

    def kill(self) -> None:
        """End everything by force, now."""
        for kept in self._kept.values():
            kept.running.clear_away()
        self._kept.clear()

    def _note_death(self, name: str, kept: _Kept, code: int, now: float) -> None:
        kept.running.clear_away()
        if now - kept.started_at >= GROWN_UP_SECONDS:
            kept.pause_seconds = FIRST_PAUSE_SECONDS
        kept.restart_at = now + kept.pause_seconds
        how = f"signal {-code}" if code < 0 else f"status {code}"
        self._tell(name, f"ended with {how}: starting again in {kept.pause_seconds:g} s")
        kept.pause_seconds = min(kept.pause_seconds * 2, LONGEST_PAUSE_SECONDS)

    def _run(self, program: Program) -> Running:
        return Running(program, tell=self._lines.teller(program.name))

    def _tell(self, name: str, line: str) -> None:
        self._lines.teller(name)(line)
