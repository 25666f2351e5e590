"""What bodies did, in the order in which they did it, in whichever process.

Bodies write, tests read, in a file that only grows.  Times are those of the clock that runs the
execution.
"""

from __future__ import annotations

import json
import os
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from django.conf import settings

from executions_app import inline
from workflows_app.authoring.datatypes import to_json


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """One line: a body began or ended, or a callable was asked."""

    kind: str
    """``begin``, ``end``, or ``asked`` for conditions, mappings and the like."""
    step: str
    run: str
    """The execution it ran in, which for nested workflows is not the one that was started."""
    at: float
    """Seconds since 1970."""
    process: int
    saw: dict[str, Any]


@dataclass(frozen=True, slots=True, kw_only=True)
class Call:
    """One time a body ran, with what it saw."""

    step: str
    run: str
    process: int
    began_at: float
    ended_at: float | None
    """``None`` while it runs, and for ever when its process died."""
    input: Any
    resume_data: Any
    suspend_data: Any
    state: dict[str, Any]
    retry_count: int
    index: int | None
    iteration: int | None
    restart: bool
    cancelled: bool
    resource_id: str | None
    key: str


def path() -> Path:
    """Return where the diary is; the same for a test run and its workers."""
    return Path(settings.STATE_DIR) / "diary.jsonl"


def write(kind: str, step: str, run: str, **saw: Any) -> None:
    """Add a line."""
    line = json.dumps([kind, step, run, now(), os.getpid(), to_json(saw)])
    # One write in append mode: whole even when processes write at once, kept when they die.
    descriptor = os.open(path(), os.O_WRONLY | os.O_APPEND | os.O_CREAT)
    os.write(descriptor, f"{line}\n".encode())
    os.close(descriptor)


def read() -> list[Entry]:
    """Return every line so far."""
    if not path().exists():
        return []
    lines = path().read_text().splitlines()
    names = ("kind", "step", "run", "at", "process", "saw")
    return [Entry(**dict(zip(names, json.loads(line), strict=True))) for line in lines]


def clear() -> None:
    """Begin a new diary."""
    path().unlink(missing_ok=True)


def calls(entries: list[Entry]) -> Iterator[Call]:
    """Yield the times bodies ran, in the order in which they began."""
    ends: dict[str, float] = {
        entry.saw["call"]: entry.at for entry in entries if entry.kind == "end"
    }
    for entry in entries:
        if entry.kind == "begin":
            saw = {name: value for name, value in entry.saw.items() if name != "call"}
            yield Call(
                step=entry.step,
                run=entry.run,
                process=entry.process,
                began_at=entry.at,
                ended_at=ends.get(entry.saw["call"]),
                **saw,
            )


def now() -> float:
    """Return the time by the clock that runs the execution, in seconds since 1970."""
    return time.time() if inline.active is None else inline.active.now().timestamp()
