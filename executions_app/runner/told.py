"""What a body says while it runs: lines for its log, and what it writes for those who follow.

Kept until somebody records it: now and then while the body runs, and with its outcome.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from executions_app.engine.events import Event, LogWritten, StepOutput
from executions_app.engine.preview import check_size
from executions_app.engine.redact import redact
from executions_app.engine.storable import readable
from workflows_app.authoring.datatypes import NotJson, to_json

#: Lines and outputs one attempt may write; more are counted and dropped.
MAX_TOLD = 10_000
#: What is written in quicker succession than this is recorded together.
PAUSE_SECONDS = 0.1


@dataclass(slots=True)
class Told:
    """What one attempt has said and nobody has recorded."""

    key: str
    attempt: int
    flush: Callable[[], None] = field(default=lambda: None)
    """Records what is there; called on the body's own thread."""
    usage: dict[str, int] = field(default_factory=dict)
    """Tokens that the body reported, by kind."""
    _facts: list[Event] = field(default_factory=list)
    _count: int = 0
    _flushed_at: float = 0.0
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def log(self, level: str, message: str, data: Mapping[str, Any]) -> None:
        """Keep one line."""
        self._keep(
            LogWritten(
                node_id=self.key,
                attempt=self.attempt,
                level=level,
                message=readable(message[:10_000]),
                fields=redact(_fields(data)),
            )
        )

    def write(self, kind: str, value: Any) -> None:
        """Keep one output; tokens in a ``finish`` chunk's usage are added up.

        Raises:
            OutputTooLarge, NotStorable: if it may not be stored.
        """
        self._keep(
            StepOutput(
                node_id=self.key, attempt=self.attempt, output=check_size(value), kind=kind
            )
        )
        self._count_tokens(value)

    def take(self) -> list[Event]:
        """Return what was kept, and forget it."""
        with self._lock:
            facts, self._facts = self._facts, []
            return facts

    @property
    def is_empty(self) -> bool:
        return not self._facts

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

    def _count_tokens(self, value: Any) -> None:
        payload = value.get("payload") if isinstance(value, Mapping) else None
        for holder in (value, payload):
            usage = holder.get("usage") if isinstance(holder, Mapping) else None
            if isinstance(usage, Mapping):
                for name, count in usage.items():
                    if isinstance(count, int) and not isinstance(count, bool):
                        self.usage[str(name)] = self.usage.get(str(name), 0) + count
                return


def _fields(data: Mapping[str, Any]) -> dict[str, Any]:
    """Return ``data`` as it can be stored; what has no JSON form is named by its text."""
    fields = {}
    for name, value in data.items():
        try:
            fields[str(name)] = to_json(value)
        except NotJson:
            fields[str(name)] = str(value)
    return dict(readable(fields))
