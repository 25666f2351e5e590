"""Asking the tables whether two laws hold: nothing is forgotten, rows equal the fold of the log.

Reads only, and repairs nothing: a difference is a bug to find, not a value to overwrite.
"""

from __future__ import annotations

import itertools
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from django.db import transaction
from django.db.models import Exists, OuterRef, QuerySet

from executions_app import database
from executions_app.engine.errors import IllegalTransition
from executions_app.engine.events import FINAL_TYPES, parse_event
from executions_app.engine.state import (
    FINAL,
    LIVE,
    ExecutionState,
    ExecutionStatus,
    NodeState,
    NodeStatus,
    replay,
)
from executions_app.models import Event, Execution, StepRun
from workflows_app.interface import get_plan

#: Columns that only an attempt that is due or in somebody's hands may fill.
_LEASE = ("due_at", "claimed_at", "wake_at")


def orphans() -> QuerySet[Execution]:
    """Return the executions that nothing will ever move on: one query, empty when all is well.

    An execution that has not ended needs an attempt that is due, a lease or a timer.  Each of
    these is a live step run whose ``wake_at`` says when a rescuer looks at it, however late.
    """
    moved_on = StepRun.objects.filter(
        execution_id=OuterRef("pk"), status__in=LIVE, due_at__isnull=False, wake_at__isnull=False
    )
    return Execution.objects.exclude(status__in=FINAL).filter(~Exists(moved_on)).order_by("pk")


@transaction.atomic
def differences(execution_id: str) -> list[str]:
    """Return how the rows of an execution differ from its log, one sentence each; empty is well.

    Holds the execution meanwhile, so that nobody writes between two of its reads.

    Raises:
        Execution.DoesNotExist: if there is no such execution.
    """
    execution = database.locked(Execution.objects.filter(pk=execution_id)).get()
    log = list(Event.objects.filter(execution_id=execution_id).order_by("seq"))
    rows = list(StepRun.objects.filter(execution_id=execution_id).order_by("position"))
    plan = get_plan(execution.version_id)
    try:
        folded = replay(plan, [parse_event(fact.type, fact.data) for fact in log])
    except (IllegalTransition, KeyError) as error:
        return [f"the log does not fold: {error!r}"]
    return [
        *_of_the_log(execution, log),
        *_of_the_execution(execution, folded),
        *_of_the_nodes({row.node_id: _node(row) for row in rows}, folded.nodes),
        *_of_the_leases(rows),
        *_of_the_outputs(rows, log),
    ]


def _of_the_log(execution: Execution, log: Sequence[Event]) -> Iterator[str]:
    numbers = [fact.seq for fact in log]
    if numbers != list(range(1, execution.last_seq + 1)):
        yield f"the log is numbered {numbers!r}, last_seq is {execution.last_seq}"
    endings = [fact.seq for fact in log if fact.type in FINAL_TYPES]
    if endings not in ([], [execution.last_seq]):
        yield f"the log ends at {endings!r} and goes on to {execution.last_seq}"
    if any(later.at < earlier.at for earlier, later in itertools.pairwise(log)):
        yield f"the log's times go backwards: {[fact.at.isoformat() for fact in log]!r}"


def _of_the_execution(execution: Execution, folded: ExecutionState) -> Iterator[str]:
    stored = {
        "status": ExecutionStatus(execution.status),
        "live": execution.live,
        "failed_position": execution.failed_position,
        "stopping": execution.stopping or None,
    }
    for name, value in stored.items():
        if value != getattr(folded, name):
            yield f"{name} is {value!r}, the log says {getattr(folded, name)!r}"
    if (execution.ended_at is not None) != (folded.status in FINAL):
        yield f"ended_at is {execution.ended_at!r}, the log says {folded.status.value}"


def _of_the_nodes(
    stored: Mapping[str, NodeState], folded: Mapping[str, NodeState]
) -> Iterator[str]:
    for node_id in sorted({*stored, *folded}):
        if stored.get(node_id) != folded.get(node_id):
            yield (
                f"node {node_id!r} is {stored.get(node_id)!r}, the log says {folded.get(node_id)!r}"
            )


def _node(row: StepRun) -> NodeState:
    return NodeState(status=NodeStatus(row.status), met=row.met, attempt=row.attempt)


def _of_the_leases(rows: Sequence[StepRun]) -> Iterator[str]:
    for row in rows:
        held = [name for name in _LEASE if getattr(row, name) is not None]
        if row.status in LIVE:
            missing = {"due_at", "wake_at"}.difference(held)
            if missing:
                yield f"node {row.node_id!r} is {row.status} without {sorted(missing)!r}"
        elif held:
            yield f"node {row.node_id!r} is {row.status} and still has {held!r}"


def _of_the_outputs(rows: Sequence[StepRun], log: Sequence[Event]) -> Iterator[str]:
    told: dict[str, Any] = {
        fact.data["node_id"]: fact.data["output"] for fact in log if fact.type == "step_completed"
    }
    for row in rows:
        said = told.get(row.node_id)
        cut = isinstance(said, dict) and said.get("truncated") is True
        if said != row.output and not cut:
            yield f"node {row.node_id!r} has another output than the log says"
