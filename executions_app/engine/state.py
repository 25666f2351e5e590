"""What an execution is, as a value, and how facts change it.  The only code that does.

A state may be partial: the journal loads the nodes around what changed and nothing else, so
``evolve`` looks at one node and its successors only.  A node that is absent is pending and has
met none of its needs.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from enum import StrEnum
from functools import reduce
from typing import assert_never

from rpds import HashTrieMap

from executions_app.engine.errors import IllegalTransition
from executions_app.engine.events import (
    Event,
    ExecutionCancelled,
    ExecutionCompleted,
    ExecutionFailed,
    ExecutionStarted,
    ExecutionStopping,
    LogWritten,
    StepCancelled,
    StepCompleted,
    StepFailed,
    StepRetrying,
    StepScheduled,
    StepSkipped,
    StepStarted,
)
from workflows_app.language.plan import Plan


class ExecutionStatus(StrEnum):
    PENDING = "pending"  # created, nothing recorded yet
    RUNNING = "running"  # at least one node is scheduled, running or waits for a retry
    COMPLETED = "completed"  # everything ran; has an output
    FAILED = "failed"  # a step failed for good, or time ran out; has an error
    CANCELLED = "cancelled"  # stopped by somebody


class NodeStatus(StrEnum):
    PENDING = "pending"  # has unmet needs
    SCHEDULED = "scheduled"  # a worker owes us an outcome
    RUNNING = "running"  # the log says that a worker began
    RETRYING = "retrying"  # the last attempt failed and another is due
    COMPLETED = "completed"  # has an output
    FAILED = "failed"  # has an error
    SKIPPED = "skipped"  # failed, and the definition does without it
    CANCELLED = "cancelled"  # was to run, and will not


S, E = NodeStatus, ExecutionStatus

#: A move that is not listed is a bug, not a case to handle.
NODE_MOVES: Mapping[NodeStatus, frozenset[NodeStatus]] = {
    S.PENDING: frozenset({S.SCHEDULED}),
    S.SCHEDULED: frozenset({S.RUNNING, S.FAILED, S.SKIPPED, S.CANCELLED}),
    S.RUNNING: frozenset({S.RETRYING, S.COMPLETED, S.FAILED, S.SKIPPED, S.CANCELLED}),
    S.RETRYING: frozenset({S.RETRYING, S.COMPLETED, S.FAILED, S.SKIPPED, S.CANCELLED}),
    S.COMPLETED: frozenset(),
    S.FAILED: frozenset(),
    S.SKIPPED: frozenset(),
    S.CANCELLED: frozenset(),
}

EXECUTION_MOVES: Mapping[ExecutionStatus, frozenset[ExecutionStatus]] = {
    E.PENDING: frozenset({E.RUNNING}),
    E.RUNNING: frozenset({E.COMPLETED, E.FAILED, E.CANCELLED}),
    E.COMPLETED: frozenset(),
    E.FAILED: frozenset(),
    E.CANCELLED: frozenset(),
}

#: A node in one of these counts as live: the execution cannot end while it has one.
LIVE = frozenset({S.SCHEDULED, S.RUNNING, S.RETRYING})
FINAL = frozenset({E.COMPLETED, E.FAILED, E.CANCELLED})


@dataclass(frozen=True, slots=True)
class NodeState:
    status: NodeStatus = NodeStatus.PENDING
    met: int = 0
    """How many of its needs have settled well."""
    attempt: int = 1
    """The current try, or the last one."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ExecutionState:
    status: ExecutionStatus = ExecutionStatus.PENDING
    live: int = 0
    """How many nodes are scheduled, running or waiting for a retry."""
    failed_position: int | None = None
    """The place in the document of the first node, by that order, that failed for good."""
    stopping: str | None = None
    """Why nothing new starts: ``cancel``, ``timeout``, or ``None``."""
    nodes: HashTrieMap[str, NodeState] = field(default_factory=HashTrieMap)
    """A persistent map, so that a fact costs the same however many nodes there are."""

    def node(self, node_id: str) -> NodeState:
        """Return the node's state; an absent node is pending and has met no need."""
        return self.nodes.get(node_id, _UNTOUCHED)


_UNTOUCHED = NodeState()


def evolve(plan: Plan, state: ExecutionState, event: Event) -> ExecutionState:
    """Return ``state`` with one more fact folded in.

    Raises:
        IllegalTransition: if the fact cannot follow from ``state``.
    """
    match event:
        case ExecutionStarted():
            begun = _move_execution(state, E.RUNNING)
            return replace(
                begun, nodes=HashTrieMap.convert(dict.fromkeys(plan.entries(), _UNTOUCHED))
            )
        case StepScheduled(node_id=node_id):
            return _move(state, node_id, S.SCHEDULED)
        case StepStarted(node_id=node_id):
            return _move(state, node_id, S.RUNNING)
        case StepRetrying(node_id=node_id, attempt=attempt):
            return _move(state, node_id, S.RETRYING, attempt=attempt + 1)
        case StepCompleted(node_id=node_id):
            return _feed(plan, _move(state, node_id, S.COMPLETED), node_id)
        case StepSkipped(node_id=node_id):
            return _feed(plan, _move(state, node_id, S.SKIPPED), node_id)
        case StepFailed(node_id=node_id, handled=True):
            return _feed(plan, _move(state, node_id, S.FAILED), node_id)
        case StepFailed(node_id=node_id):
            first = min(plan.position[node_id], _or_infinite(state.failed_position))
            return replace(_move(state, node_id, S.FAILED), failed_position=int(first))
        case StepCancelled(node_id=node_id):
            before = state.node(node_id)
            # An attempt that was due after a failed one will not run, so it does not count.
            made = before.attempt - 1 if before.status is S.RETRYING else before.attempt
            return _move(state, node_id, S.CANCELLED, attempt=made)
        case ExecutionStopping(cause=cause):
            if state.status is not E.RUNNING:
                raise IllegalTransition("execution", state.status, "stopping")
            return replace(state, stopping=cause)
        case ExecutionCompleted():
            return _move_execution(state, E.COMPLETED)
        case ExecutionFailed():
            return _move_execution(state, E.FAILED)
        case ExecutionCancelled():
            return _move_execution(state, E.CANCELLED)
        case LogWritten():
            return state
        case _:
            assert_never(event)


def replay(plan: Plan, events: Iterable[Event]) -> ExecutionState:
    """Return the state that ``events``, an execution's whole log, add up to."""
    return reduce(lambda state, event: evolve(plan, state, event), events, ExecutionState())


def _or_infinite(position: int | None) -> float:
    return float("inf") if position is None else position


def _move(
    state: ExecutionState, node_id: str, status: NodeStatus, *, attempt: int | None = None
) -> ExecutionState:
    before = state.node(node_id)
    if status not in NODE_MOVES[before.status]:
        raise IllegalTransition(f"node {node_id!r}", before.status, status)
    after = replace(before, status=status, attempt=attempt or before.attempt)
    return replace(
        state,
        live=state.live + (status in LIVE) - (before.status in LIVE),
        nodes=state.nodes.insert(node_id, after),
    )


def _feed(plan: Plan, state: ExecutionState, node_id: str) -> ExecutionState:
    """Tell the successors of ``node_id`` that one of their needs is met."""
    nodes = state.nodes
    for successor in plan.successors[node_id]:
        before = state.node(successor)
        nodes = nodes.insert(successor, replace(before, met=before.met + 1))
    return replace(state, nodes=nodes)


def _move_execution(state: ExecutionState, status: ExecutionStatus) -> ExecutionState:
    if status not in EXECUTION_MOVES[state.status]:
        raise IllegalTransition("execution", state.status, status)
    return replace(state, status=status)
