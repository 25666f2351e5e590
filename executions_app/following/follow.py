"""Following an execution from ordinary code: its events in order, each once, until it ends."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import closing
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from typing import Any, TypeVar

from executions_app.database_retry import insisting
from executions_app.engine.statuses import FINAL, ExecutionStatus, NodeStatus
from executions_app.errors import ExecutionNotFound
from executions_app.models import Event, Execution, StepRun
from executions_app.streaming.hints import Hints
from executions_app.streaming.log import Log, log_of
from executions_app.streaming.wire import to_wire

T = TypeVar("T")
#: Nothing follows, until somebody acts.
AT_REST = frozenset({ExecutionStatus.SUSPENDED, ExecutionStatus.PAUSED})
#: Events read at a time.
BATCH = 500
#: A database that is away may come back for so long before a follower hears of it.
PATIENCE_SECONDS = 30.0


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


@dataclass(frozen=True, slots=True, kw_only=True)
class Glance:
    """How an execution stands, and events that nobody has seen yet."""

    status: str
    is_stopping: bool
    events: Sequence[Event]
    """In order, each once."""
    last_seq: int
    """The number of the last one seen."""
    is_read: bool
    """Whether there were no more than these."""
    is_over: bool
    """Whether nothing follows by itself."""


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
    for glance in glances(
        execution_id, after=after, timeout_seconds=timeout_seconds, until_rest=until_rest
    ):
        rests = glance.status in (FINAL | AT_REST if until_rest else FINAL)
        yield Look(
            status=glance.status if glance.is_over or not rests else "running",
            is_stopping=glance.is_stopping,
            events=tuple(to_wire(event) for event in glance.events),
            claimed=_claimed(execution_id) if with_claims and not glance.is_over else {},
        )


def glances(
    execution_id: str,
    *,
    after: int = 0,
    timeout_seconds: float | None = None,
    until_rest: bool = False,
) -> Iterator[Glance]:
    """Yield what :func:`looks` does, as rows of the log.

    Whoever is given the last one and has the execution go on is given what follows.

    Raises:
        ExecutionNotFound: if there is no such execution, or it is deleted meanwhile.
        TimeIsUp: after ``timeout_seconds``.
    """
    end = float("inf") if timeout_seconds is None else time.monotonic() + timeout_seconds
    log = patiently(partial(log_of, execution_id))
    with closing(Hints(log.root_id)) as hints:
        while True:
            glance = patiently(partial(glance_at, log, after=after, until_rest=until_rest))
            after = glance.last_seq
            yield glance
            if glance.is_over and not patiently(partial(log.after, after, limit=1)):
                return
            left = end - time.monotonic()
            if left <= 0:
                raise TimeIsUp(execution_id, timeout_seconds or 0)
            if glance.is_read and not glance.is_over and not hints.wait(left):
                if patiently(partial(log.after, after, limit=1)):
                    continue  # another reader has moved it on meanwhile
                raise NothingDue(execution_id, glance.status)


def patiently(read: Callable[[], T]) -> T:
    """Return what ``read`` returns; a database that is away is asked again for half a minute."""
    return insisting(read, seconds=PATIENCE_SECONDS)


def glance_at(log: Log, *, after: int, until_rest: bool = False) -> Glance:
    """Return how an execution stands, and a page of what follows event ``after``.

    Raises:
        ExecutionNotFound: if there is no such execution.
    """
    # The row first: its last event is then there when the events are read.
    row = Execution.objects.filter(pk=log.execution_id).values_list("status", "stopping").first()
    if row is None:
        raise ExecutionNotFound(log.execution_id)
    status, stopping = row
    events = log.after(after, limit=BATCH)
    is_read = len(events) < BATCH
    return Glance(
        status=status,
        is_stopping=bool(stopping),
        events=events,
        last_seq=events[-1].seq if events else after,
        is_read=is_read,
        is_over=is_read and status in (FINAL | AT_REST if until_rest else FINAL),
    )


def _claimed(execution_id: str) -> Mapping[str, datetime]:
    rows = StepRun.objects.filter(
        execution_id=execution_id,
        claimed_at__isnull=False,
        status__in=(NodeStatus.SCHEDULED, NodeStatus.RETRYING),
    )
    return dict(rows.values_list("node_id", "claimed_at"))
