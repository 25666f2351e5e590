"""Following an execution from ordinary code: its events in order, each once, until it ends."""

from __future__ import annotations

import time
from collections.abc import Iterator, Mapping
from contextlib import closing
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from executions_app.engine.statuses import FINAL, ExecutionStatus, NodeStatus
from executions_app.errors import ExecutionNotFound
from executions_app.models import Execution, StepRun
from executions_app.queries import events_after
from executions_app.streaming.hints import Hints
from executions_app.streaming.wire import to_wire

#: Nothing follows, until somebody acts.
AT_REST = frozenset({ExecutionStatus.SUSPENDED, ExecutionStatus.PAUSED})
#: Events read at a time.
BATCH = 500


class TimeIsUp(TimeoutError):
    """The execution did not end in the time the caller had; it goes on."""

    def __init__(self, execution_id: str, seconds: float) -> None:
        super().__init__(
            f"execution {execution_id!r} has not ended after {seconds:g} seconds; it goes on"
        )


class NothingDue(TimeoutError):
    """Nothing will move the execution on by itself, and there is no worker to wait for."""

    def __init__(self, execution_id: str, status: str) -> None:
        super().__init__(
            f"execution {execution_id!r} is {status} and nothing that is due would move it on; "
            "send it the event it waits for, or resume it"
        )


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
        """Whether nothing follows."""
        return self.status in FINAL


def follow(
    execution_id: str,
    *,
    after: int = 0,
    timeout_seconds: float | None = None,
    until_rest: bool = False,
) -> Iterator[dict[str, Any]]:
    """Yield the events after number ``after`` as they are sent to browsers, until the last.

    ``until_rest`` ends it also when the execution is suspended or paused.

    Raises:
        ExecutionNotFound: if there is no such execution, or it is deleted meanwhile.
        TimeIsUp: after ``timeout_seconds``.
    """
    for look in looks(
        execution_id,
        after=after,
        timeout_seconds=timeout_seconds,
        with_claims=False,
        until_rest=until_rest,
    ):
        yield from look.events


def looks(
    execution_id: str,
    *,
    after: int = 0,
    timeout_seconds: float | None = None,
    with_claims: bool = True,
    until_rest: bool = False,
) -> Iterator[Look]:
    """Yield what happens after event ``after`` until the execution has ended, or, with
    ``until_rest``, is suspended or paused.

    The last look is final and holds the last event.

    Raises:
        ExecutionNotFound: if there is no such execution, or it is deleted meanwhile.
        TimeIsUp: after ``timeout_seconds``.
    """
    ends = FINAL | AT_REST if until_rest else FINAL
    end = float("inf") if timeout_seconds is None else time.monotonic() + timeout_seconds
    with closing(Hints(execution_id)) as hints:
        while True:
            # The row first: its last event is then there when the events are read.
            row = Execution.objects.only("status", "stopping", "last_seq").filter(pk=execution_id)
            execution = row.first()
            if execution is None:
                raise ExecutionNotFound(execution_id)
            events = events_after(execution_id, after=after, limit=BATCH)
            after = events[-1].seq if events else after
            is_read = after >= execution.last_seq
            is_over = execution.status in ends and is_read
            yield Look(
                status=execution.status if is_over or execution.status not in ends else "running",
                is_stopping=bool(execution.stopping),
                events=tuple(to_wire(event) for event in events),
                claimed=_claimed(execution_id) if with_claims and not is_over else {},
            )
            if is_over:
                return
            left = end - time.monotonic()
            if left <= 0:
                raise TimeIsUp(execution_id, timeout_seconds or 0)
            if is_read and not hints.wait(left):
                raise NothingDue(execution_id, execution.status)


def _claimed(execution_id: str) -> Mapping[str, datetime]:
    rows = StepRun.objects.filter(
        execution_id=execution_id,
        claimed_at__isnull=False,
        status__in=(NodeStatus.SCHEDULED, NodeStatus.RETRYING),
    )
    return dict(rows.values_list("node_id", "claimed_at"))
