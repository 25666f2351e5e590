"""Following an execution by looking at the table of events.  Needs no broker and no Redis."""

from __future__ import annotations

import time
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from executions_app.engine.state import FINAL, NodeStatus
from executions_app.errors import ExecutionNotFound
from executions_app.models import Execution, StepRun
from executions_app.queries import events_after
from executions_app.streaming.wire import to_wire

POLL_SECONDS = 0.2
#: Events read at a time.
BATCH = 500


class TimeIsUp(Exception):
    """The execution did not end in the time the caller had; it goes on."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Look:
    """What there is to see since the last look."""

    status: str
    is_stopping: bool
    events: tuple[dict[str, Any], ...]
    """As on the wire, in order, each once."""
    claimed: Mapping[str, datetime]
    """Steps a worker has begun, and when; their events may not say so yet."""

    @property
    def is_final(self) -> bool:
        return self.status in FINAL


def follow(
    execution_id: str,
    *,
    after: int = 0,
    timeout_seconds: float | None = None,
    poll_seconds: float = POLL_SECONDS,
) -> Iterator[Look]:
    """Yield what happens after event ``after`` until the execution has ended.

    The last look is final and holds the last event.

    Raises:
        ExecutionNotFound: if there is no such execution, or it is deleted meanwhile.
        TimeIsUp: after ``timeout_seconds``.
    """
    end = None if timeout_seconds is None else time.monotonic() + timeout_seconds
    while True:
        # The row first: its last event is then there when the events are read.
        row = Execution.objects.only("status", "stopping", "last_seq").filter(pk=execution_id)
        execution = row.first()
        if execution is None:
            raise ExecutionNotFound(execution_id)
        events = events_after(execution_id, after=after, limit=BATCH)
        after = events[-1].seq if events else after
        is_read = after >= execution.last_seq
        is_over = execution.status in FINAL and is_read
        yield Look(
            status=execution.status if is_over or execution.status not in FINAL else "running",
            is_stopping=bool(execution.stopping),
            events=tuple(to_wire(event) for event in events),
            claimed={} if is_over else _claimed(execution_id),
        )
        if is_over:
            return
        if end is not None and time.monotonic() >= end:
            raise TimeIsUp
        if is_read:
            time.sleep(poll_seconds)


def _claimed(execution_id: str) -> Mapping[str, datetime]:
    rows = StepRun.objects.filter(
        execution_id=execution_id,
        claimed_at__isnull=False,
        status__in=(NodeStatus.SCHEDULED, NodeStatus.RETRYING),
    )
    return dict(rows.values_list("node_id", "claimed_at"))
