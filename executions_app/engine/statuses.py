"""What an execution and a node may be, and how either may change.  Refuses everything else."""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum


class ExecutionStatus(StrEnum):
    PENDING = "pending"  # waits in its lane to begin, or was never asked for
    RUNNING = "running"  # at least one node is scheduled, running or waits for a retry
    WAITING = "waiting"  # nothing runs; a timer or an event moves it on
    SUSPENDED = "suspended"  # nothing runs; somebody has to answer
    PAUSED = "paused"  # somebody said that nothing new shall start for now
    COMPLETED = "completed"  # everything ran; has an output
    FAILED = "failed"  # a step failed for good, or time ran out; has an error
    CANCELLED = "cancelled"  # stopped by somebody


class NodeStatus(StrEnum):
    PENDING = "pending"  # has unmet needs
    SCHEDULED = "scheduled"  # a worker owes us an outcome
    RUNNING = "running"  # the log says that it began; a container's bodies are at work
    RETRYING = "retrying"  # the last attempt failed and another is due
    WAITING = "waiting"  # a timer, an event or a nested execution moves it on
    SUSPENDED = "suspended"  # somebody has to answer
    COMPLETED = "completed"  # has an output
    FAILED = "failed"  # has an error
    SKIPPED = "skipped"  # failed, and the definition or somebody does without it
    CANCELLED = "cancelled"  # was to run, and will not


S, E = NodeStatus, ExecutionStatus

_ENDINGS = frozenset({S.COMPLETED, S.FAILED, S.SKIPPED, S.CANCELLED})

#: A move that is not listed is a bug, not a case to handle.
NODE_MOVES: Mapping[NodeStatus, frozenset[NodeStatus]] = {
    S.PENDING: frozenset({S.SCHEDULED}),
    S.SCHEDULED: frozenset({S.RUNNING, S.WAITING, S.SUSPENDED}) | _ENDINGS,
    # A loop that has finished an iteration owes a decision again.
    S.RUNNING: frozenset({S.SCHEDULED, S.RETRYING, S.WAITING, S.SUSPENDED}) | _ENDINGS,
    S.RETRYING: frozenset({S.RETRYING, S.WAITING, S.SUSPENDED}) | _ENDINGS,
    S.WAITING: frozenset({S.RUNNING, S.WAITING, S.SUSPENDED}) | _ENDINGS,
    S.SUSPENDED: frozenset({S.RUNNING, S.WAITING, S.SUSPENDED}) | _ENDINGS,
    S.COMPLETED: frozenset(),
    S.FAILED: frozenset(),
    S.SKIPPED: frozenset(),
    S.CANCELLED: frozenset(),
}

_ENDED = frozenset({E.COMPLETED, E.FAILED, E.CANCELLED})

EXECUTION_MOVES: Mapping[ExecutionStatus, frozenset[ExecutionStatus]] = {
    E.PENDING: frozenset({E.RUNNING, E.CANCELLED}),
    E.RUNNING: frozenset({E.WAITING, E.SUSPENDED, E.PAUSED}) | _ENDED,
    E.WAITING: frozenset({E.RUNNING, E.SUSPENDED, E.PAUSED}) | _ENDED,
    E.SUSPENDED: frozenset({E.RUNNING, E.WAITING, E.PAUSED}) | _ENDED,
    E.PAUSED: frozenset({E.RUNNING}) | _ENDED,
    # Only a command of somebody's opens what had ended.
    E.COMPLETED: frozenset({E.RUNNING}),
    E.FAILED: frozenset({E.RUNNING}),
    E.CANCELLED: frozenset({E.RUNNING}),
}

#: A worker has, or is to have, a node in one of these.
LIVE = frozenset({S.SCHEDULED, S.RUNNING, S.RETRYING})
#: A node in one of these has begun and not settled.
UNSETTLED = LIVE | {S.WAITING, S.SUSPENDED}
FINAL = _ENDED
