"""What a body says while it runs: lines for its log, and what it writes for those who follow.

Kept until somebody records it: now and then while the body runs, and with its outcome.  Refuses to
lose the order, and to keep more than a bounded number.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

from django.conf import settings

from executions_app.engine.events import Event, LogWritten, StepOutput
from executions_app.engine.preview import check_size, preview
from executions_app.engine.redact import redact
from executions_app.engine.storable import readable, storable_bytes
from workflows_app.authoring.datatypes import NotJson, to_json
from workflows_app.authoring.writer import OUTPUT

#: Lines and outputs one attempt may write; more are counted and dropped.
MAX_TOLD = 10_000
#: One output while a step runs, whatever the limit of values: everybody who follows reads it.
MAX_CHUNK_BYTES = 1_000_000
#: What is written in quicker succession than this is recorded together.
PAUSE_SECONDS = 0.1
#: The kind of a chunk with which a model's answer ends; its usage is added up.
_FINISH = "finish"
_LEVELS = frozenset({"debug", "info", "warning", "error", "critical"})


class ToldTooMuch(Exception):
    """What a body writes is more than may be recorded of its execution."""

    code = "execution.too_large"
    retryable = False

    def __init__(self, limit_bytes: int) -> None:
        super().__init__(
            f"with what the step has written, more than {limit_bytes:,} bytes would be recorded of "
            "the execution, which is the limit; write less"
        )
        self.details = {"limit_bytes": limit_bytes}


@dataclass(slots=True)
class Told:
    """What one attempt has said and nobody has recorded."""

    key: str
    attempt: int
    flush: Callable[[], None] = field(default=lambda: None)
    """Records what is there; called on the body's own thread, and on the heartbeat's."""
    input: Any = None
    """What the body received, once it is known."""
    has_input: bool = False
    room_bytes: int = field(default_factory=lambda: settings.LIMITS.execution_bytes)
    """So much may still be recorded of the execution."""
    usage: dict[str, int] = field(default_factory=dict)
    """Tokens that the body reported, by kind."""
    _facts: list[Event] = field(default_factory=list)
    _count: int = 0
    _without_room: int = 0
    _flushed_at: float = 0.0
    _lock: threading.Lock = field(default_factory=threading.Lock)
    _recording: threading.Lock = field(default_factory=threading.Lock)

    def log(self, level: str, message: str, data: Mapping[str, Any]) -> None:
        """Keep one line; those for which the execution has no room are counted and dropped."""
        line = LogWritten(
            node_id=self.key,
            attempt=self.attempt,
            level=level if level in _LEVELS else "info",
            message=readable(message[:10_000]),
            fields=preview(redact(_fields(data))),
        )
        self.room_bytes -= storable_bytes(line.message) + storable_bytes(line.fields)
        if self.room_bytes < 0:
            with self._lock:
                self._without_room += 1
            return
        self._keep(line)

    def write(self, kind: str, value: Any) -> None:
        """Keep one output; tokens in a ``finish`` chunk's usage are added up.

        Raises:
            OutputTooLarge, NotStorable: if it may not be stored.
            ToldTooMuch: if the execution has no room for it any more.
        """
        output = check_size(value, limit_bytes=min(MAX_CHUNK_BYTES, settings.LIMITS.value_bytes))
        self.room_bytes -= storable_bytes(output)
        if self.room_bytes < 0:
            raise ToldTooMuch(settings.LIMITS.execution_bytes)
        kind = "" if kind == OUTPUT else readable(kind)
        self._keep(StepOutput(node_id=self.key, attempt=self.attempt, output=output, kind=kind))
        self._count_tokens(kind, value)

    def received(self, value: Any) -> None:
        """Keep what the body is about to be called with."""
        self.input, self.has_input = value, True

    @contextmanager
    def some(self) -> Iterator[list[Event]]:
        """Hand out what was kept, to be recorded in the block; it is kept again if that fails.

        Nothing is handed out while somebody else is at it, so that nothing overtakes anything.
        """
        if not self._recording.acquire(blocking=False):
            yield []
            return
        try:
            with self._handed_out() as facts:
                yield facts
        finally:
            self._recording.release()

    @contextmanager
    def rest(self) -> Iterator[list[Event]]:
        """Hand out what is left, with a line about what was too much; as :meth:`some`, but waits
        for whoever is at it."""
        with self._recording, self._handed_out() as facts:
            dropped = max(self._count - MAX_TOLD, 0) + self._without_room
            yield [*facts, *([self._too_much(dropped)] if dropped > 0 else [])]

    @property
    def is_empty(self) -> bool:
        return not self._facts

    @contextmanager
    def _handed_out(self) -> Iterator[list[Event]]:
        with self._lock:
            facts, self._facts = self._facts, []
        try:
            yield facts
        except BaseException:
            with self._lock:
                self._facts[:0] = facts
            raise

    def _keep(self, fact: Event) -> None:
        with self._lock:
            self._count += 1
            if self._count > MAX_TOLD:
                return
            self._facts.append(fact)
        now = time.monotonic()
        if now - self._flushed_at >= PAUSE_SECONDS:
            self._flushed_at = now
            self.flush()

    def _too_much(self, dropped: int) -> Event:
        return LogWritten(
            node_id=self.key,
            attempt=self.attempt,
            level="warning",
            message=f"the step wrote {dropped:,} lines and outputs more than an attempt keeps, "
            "or than its execution has room for; they were dropped",
            fields={"dropped": dropped, "kept": MAX_TOLD},
        )

    def _count_tokens(self, kind: str, value: Any) -> None:
        if not isinstance(value, Mapping) or _FINISH not in (kind, value.get("type")):
            return
        for name, count in _usage_of(value).items():
            if isinstance(count, int) and not isinstance(count, bool) and count >= 0:
                self.usage[str(name)] = self.usage.get(str(name), 0) + count


def _usage_of(chunk: Mapping[str, Any]) -> Mapping[str, Any]:
    """Return the usage in a ``finish`` chunk, wherever its library puts it."""
    payload = chunk.get("payload")
    output = payload.get("output") if isinstance(payload, Mapping) else None
    for holder in (chunk, payload, output):
        for name in ("usage", "totalUsage", "total_usage"):
            found = holder.get(name) if isinstance(holder, Mapping) else None
            if isinstance(found, Mapping):
                return found
    return {}


def _fields(data: Mapping[str, Any]) -> dict[str, Any]:
    """Return ``data`` as it can be stored; what has no JSON form is named by its text."""
    fields = {}
    for name, value in data.items():
        try:
            fields[str(name)] = to_json(value)
        except NotJson:
            fields[str(name)] = str(value)
    return dict(readable(fields))
