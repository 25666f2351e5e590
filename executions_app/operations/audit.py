"""Asking the tables whether two laws hold: nothing is forgotten, rows equal the fold of the log.

Reads only, and repairs nothing: a difference is a bug to find, not a value to overwrite.
"""

from __future__ import annotations

import itertools
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from django.db import transaction
from django.db.models import Exists, OuterRef, Q, QuerySet

from executions_app import database
from executions_app.engine.errors import IllegalTransition
from executions_app.engine.event_json import parse_event
from executions_app.engine.events import FINAL_TYPES, ExecutionReopened
from executions_app.engine.events import Event as Fact
from executions_app.engine.evolve import evolve
from executions_app.engine.progress_json import parse_progress
from executions_app.engine.state import ExecutionState, NodeState
from executions_app.engine.statuses import FINAL, UNSETTLED, ExecutionStatus, NodeStatus
from executions_app.models import Event, Execution, StepRun
from executions_app.recording.projection import COUNTED
from workflows_app.interface import get_plan

#: Columns that only an attempt that is due or in somebody's hands may fill.
_LEASE = ("due_at", "claimed_at", "wake_at")


def orphans() -> QuerySet[Execution]:
    """Return the executions that nothing will ever move on: one query, empty when all is well.

    An execution that has not ended needs an attempt that is due, a lease or a timer: an unsettled
    run whose ``wake_at`` says when a rescuer looks at it, however late; or a run that waits for an
    answer, an event or a nested execution; or somebody who has paused it.  One that waits for its
    turn is let in by who ends before it, else by a rescuer.
    """
    unsettled = StepRun.objects.filter(execution_id=OuterRef("pk"), status__in=UNSETTLED)
    moved_on = unsettled.filter(due_at__isnull=False, wake_at__isnull=False)
    listens = Q(status=NodeStatus.SUSPENDED) | Q(status=NodeStatus.WAITING) & ~Q(event="")
    inside = Execution.objects.filter(parent_id=OuterRef("pk"), ended_at=None)
    return (
        Execution.objects.exclude(status__in=FINAL)
        .exclude(status=ExecutionStatus.PAUSED)
        .exclude(status=ExecutionStatus.PENDING, lane__isnull=False)
        .filter(~Exists(moved_on), ~Exists(unsettled.filter(listens)), ~Exists(inside))
        .order_by("pk")
    )


@transaction.atomic
def differences(execution_id: str) -> list[str]:
    """Return how the rows of an execution differ from its log, one sentence each; empty is well.

    Holds the execution meanwhile, so that nobody writes between two of its reads.

    Raises:
        Execution.DoesNotExist: if there is no such execution.
    """
    root_id = Execution.objects.values_list("root_id", flat=True).get(pk=execution_id)
    root = database.locked(Execution.objects.filter(pk=root_id or execution_id)).get()
    family = [root, *Execution.objects.filter(root_id=root.pk).order_by("pk")]
    log = list(Event.objects.filter(execution_id=root.pk).order_by("seq"))
    found = list(_of_the_log(root, log))
    for execution in family:
        found += _of_one(execution, [fact for fact in log if _is_about(fact, execution)])
    return found


def _is_about(fact: Event, execution: Execution) -> bool:
    return fact.source == ("" if execution.root_id is None else execution.pk)


def _of_one(execution: Execution, log: Sequence[Event]) -> list[str]:
    rows = list(StepRun.objects.filter(execution_id=execution.pk).order_by("position"))
    try:
        folded = _folded(execution, [parse_event(fact.type, fact.data) for fact in log])
    except (IllegalTransition, KeyError) as error:
        return [f"the log of {execution.pk} does not fold: {error!r}"]
    return [
        *_of_the_execution(execution, folded),
        *_of_the_nodes({row.node_id: _node(row) for row in rows}, folded.nodes),
        *_of_the_leases(rows, has_ended=folded.status in FINAL),
        *_of_the_outputs(rows, log),
    ]


def _folded(execution: Execution, facts: Sequence[Fact]) -> ExecutionState:
    """Return what ``facts`` add up to, each read by the plan of the version it was made by."""
    moves = [fact for fact in facts if isinstance(fact, ExecutionReopened) and fact.version]
    version = next((move.left for move in moves), execution.version_id)
    state = ExecutionState()
    for fact in facts:
        if fact in moves and isinstance(fact, ExecutionReopened):
            version = fact.version
        assert version is not None
        state = evolve(get_plan(version), state, fact)
    return state


def _of_the_log(execution: Execution, log: Sequence[Event]) -> Iterator[str]:
    numbers = [fact.seq for fact in log]
    if numbers != list(range(1, execution.last_seq + 1)):
        yield f"the log is numbered {numbers!r}, last_seq is {execution.last_seq}"
    own = [fact for fact in log if not fact.source]
    for ending, after in itertools.pairwise(own):
        if ending.type in FINAL_TYPES and after.type != ExecutionReopened.type:
            yield f"the log ends at {ending.seq} and goes on with {after.type} at {after.seq}"
    if any(later.at < earlier.at for earlier, later in itertools.pairwise(log)):
        yield f"the log's times go backwards: {[fact.at.isoformat() for fact in log]!r}"


def _of_the_execution(execution: Execution, folded: ExecutionState) -> Iterator[str]:
    stored = {
        "status": ExecutionStatus(execution.status),
        "stopping": execution.stopping or None,
        **{name: getattr(execution, name) for name in COUNTED},
    }
    for name, value in stored.items():
        if value != getattr(folded, name):
            yield f"{name} of {execution.pk} is {value!r}, the log says {getattr(folded, name)!r}"
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
    is_waiting = row.status == NodeStatus.WAITING
    return NodeState(
        status=NodeStatus(row.status),
        met=row.met,
        attempt=row.attempt,
        is_timed=is_waiting and (row.due_at is not None or not row.event),
        progress=None if row.progress is None else parse_progress(row.progress),
    )


def _of_the_leases(rows: Sequence[StepRun], *, has_ended: bool) -> Iterator[str]:
    for row in rows:
        held = [name for name in _LEASE if getattr(row, name) is not None]
        if row.status in UNSETTLED:
            if ("due_at" in held) < ("wake_at" in held):
                yield f"node {row.node_id!r} is {row.status} and looked at without being due"
            if has_ended and row.wake_at is not None:
                yield f"node {row.node_id!r} is {row.status} and looked at after the end"
        elif held:
            yield f"node {row.node_id!r} is {row.status} and still has {held!r}"


def _of_the_outputs(rows: Sequence[StepRun], log: Sequence[Event]) -> Iterator[str]:
    told: dict[str, Any] = {}
    for fact in log:
        if fact.type == "step_completed":
            told[fact.data["node_id"]] = fact.data["output"]
        elif fact.type == ExecutionReopened.type:
            for key in (*fact.data["resets"], *fact.data["reopens"]):
                told.pop(key, None)
    for row in rows:
        said = told.get(row.node_id)
        cut = isinstance(said, dict) and said.get("truncated") is True
        # One that was cut may be in a file, which is not read for this.
        if row.node_id in told and not cut and said != row.output:
            yield f"node {row.node_id!r} has another output than the log says"
