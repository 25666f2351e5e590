# ruff: noqa: S608 - every name put into a statement is a constant of ours; values are parameters
"""Lanes, by hand: which executions wait for which.  Reads and locks; decides nothing.

No place is stored anywhere.  One is taken by every execution of a lane that has begun and not
ended, so none can leak: whatever ends an execution gives its place back.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db import connection

from executions_app import database
from executions_app.rows.statements import EXECUTIONS, fetch
from workflows_app.language.admission import Admission
from workflows_app.models import Workflow

_WORKFLOWS = Workflow._meta.db_table
# As the partial indexes say it: a parameter would not be recognised.
_WAITS = "status = 'pending' AND lane IS NOT NULL"
_HOLDS = "NOT (status = 'pending') AND lane IS NOT NULL AND ended_at IS NULL"
_BEGAN = "lane IS NOT NULL AND started_at IS NOT NULL"
#: Who goes first.
_TURN = "priority DESC, created_at, id"
#: Lanes read at a time.
PAGE = 500


@dataclass(frozen=True, slots=True, kw_only=True)
class Lane:
    """Executions of one workflow that share its limits."""

    workflow_id: str
    value: str
    """The value of the workflow's key; empty where it has none."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Room:
    """What of a lane's limits is used, at one moment."""

    taken: int
    """Executions that have begun and not ended."""
    is_full: bool
    next_start_at: datetime | None
    """When the start rate lets the next one begin; ``None``: it does now."""

    @property
    def is_there(self) -> bool:
        """Whether one more may begin."""
        return not self.is_full and self.next_start_at is None


@dataclass(frozen=True, slots=True, kw_only=True)
class First:
    """An execution whose turn it is."""

    execution_id: str
    trigger: str


@dataclass(frozen=True, slots=True, kw_only=True)
class WaitingLane:
    """A lane in which somebody waits."""

    lane: Lane
    taken: int
    published_id: int | None
    """The version whose limits are in force."""


def lock_lane(lane: Lane) -> None:
    """Let nobody else decide about ``lane`` until the transaction ends.

    The lock has a name and no row, so starting an execution, inside whatever transaction of a
    caller's, locks nothing that others wait for.  An SQLite write transaction is alone anyway.
    """
    if connection.vendor == "postgresql":
        name = hashlib.sha256(f"{lane.workflow_id}\0{lane.value}".encode()).digest()[:8]
        fetch("SELECT pg_advisory_xact_lock(%s)", [int.from_bytes(name, "big", signed=True)])


def is_awaited(lane: Lane) -> tuple[bool, int | None]:
    """Return whether somebody waits in ``lane``, and the version whose limits are in force."""
    # Asked for the first one in order, because a planner that thinks many wait reads the table.
    ((waits, published_id),) = fetch(
        f"SELECT (SELECT id FROM {EXECUTIONS} WHERE workflow_id = %s AND lane = %s "
        f"AND {_WAITS} ORDER BY {_TURN} LIMIT 1) IS NOT NULL, "
        f"(SELECT published_id FROM {_WORKFLOWS} WHERE id = %s)",
        [lane.workflow_id, lane.value, lane.workflow_id],
    )
    return bool(waits), published_id


def read_room(lane: Lane, limits: Admission) -> Room:
    """Return what is used of ``limits``, by the database's own clock."""
    starts = limits.start_limit or 0
    now, at = database.clock()
    whose = "workflow_id = %s AND lane = %s"
    ((taken, earliest, read_at),) = fetch(
        f"SELECT (SELECT COUNT(*) FROM {EXECUTIONS} WHERE {whose} AND {_HOLDS}), "
        f"(SELECT started_at FROM {EXECUTIONS} WHERE {whose} AND {_BEGAN} "
        f"ORDER BY started_at DESC LIMIT %s OFFSET %s), {now}",
        [
            *(lane.workflow_id, lane.value),
            *(lane.workflow_id, lane.value, min(starts, 1), max(starts - 1, 0)),
            *at,
        ],
    )
    next_start_at = None
    if earliest is not None and limits.start_seconds is not None:
        next_start_at = database.as_time(earliest) + timedelta(seconds=limits.start_seconds)
        if next_start_at <= database.as_time(read_at):
            next_start_at = None
    is_full = limits.limit is not None and taken >= limits.limit
    return Room(taken=taken, is_full=is_full, next_start_at=next_start_at)


def lock_first(lane: Lane) -> First | None:
    """Return the execution whose turn it is, locked until the transaction ends.

    One that somebody else holds, as who cancels it, is passed over: a lane must not wait for a
    caller's transaction.
    """
    lock = " FOR UPDATE SKIP LOCKED" if connection.features.has_select_for_update else ""
    found = fetch(
        f"SELECT id, trigger FROM {EXECUTIONS} WHERE workflow_id = %s AND lane = %s AND {_WAITS} "
        f"ORDER BY {_TURN} LIMIT 1{lock}",
        [lane.workflow_id, lane.value],
    )
    return First(execution_id=found[0][0], trigger=found[0][1]) if found else None


def count_ahead(execution_id: str, *, most: int) -> int:
    """Return how many of its lane begin before a waiting execution, counted up to ``most``."""
    ((ahead,),) = fetch(
        f"SELECT COUNT(*) FROM (SELECT 1 FROM {EXECUTIONS} AS other, {EXECUTIONS} AS it "
        "WHERE it.id = %s AND other.workflow_id = it.workflow_id AND other.lane = it.lane "
        "AND other.status = 'pending' AND other.lane IS NOT NULL AND (other.priority > it.priority "
        "OR other.priority = it.priority AND (other.created_at, other.id) < (it.created_at, it.id))"
        " LIMIT %s) AS ahead",
        [execution_id, most],
    )
    return int(ahead)


def read_waiting_lanes(after: Lane | None = None) -> list[WaitingLane]:
    """Return up to a page of the lanes after ``after`` in which somebody waits.

    Steps from lane to lane along the index, so that it does not matter how many wait in each.
    """
    # Two steps, because SQLite does not seek to a pair of columns.
    here = (
        f"(SELECT lane FROM {EXECUTIONS} WHERE {_WAITS} "
        "AND workflow_id = lanes.workflow_id AND lane > lanes.lane ORDER BY lane LIMIT 1)"
    )
    beyond = (
        f"(SELECT {{name}} FROM {EXECUTIONS} WHERE {_WAITS} "
        "AND workflow_id > lanes.workflow_id ORDER BY workflow_id, lane LIMIT 1)"
    )
    rows = fetch(
        "WITH RECURSIVE lanes(workflow_id, lane, place) AS ("
        "SELECT CAST(%s AS text), CAST(%s AS text), 0 UNION ALL "
        f"SELECT CAST(CASE WHEN {here} IS NULL THEN {beyond.format(name='workflow_id')} "
        "ELSE lanes.workflow_id END AS text), "
        f"CAST(COALESCE({here}, {beyond.format(name='lane')}) AS text), place + 1 "
        "FROM lanes WHERE lanes.workflow_id IS NOT NULL AND place < %s) "
        "SELECT workflow_id, lane, "
        f"(SELECT COUNT(*) FROM {EXECUTIONS} AS held WHERE held.workflow_id = lanes.workflow_id "
        "AND held.lane = lanes.lane AND NOT (held.status = 'pending') "
        "AND held.lane IS NOT NULL AND held.ended_at IS NULL), "
        f"(SELECT published_id FROM {_WORKFLOWS} AS workflow "
        "WHERE workflow.id = lanes.workflow_id) "
        "FROM lanes WHERE place > 0 AND workflow_id IS NOT NULL ORDER BY place",
        ["" if after is None else after.workflow_id, "" if after is None else after.value, PAGE],
    )
    return [
        WaitingLane(lane=Lane(workflow_id=workflow_id, value=lane), taken=taken, published_id=pk)
        for workflow_id, lane, taken, pk in rows
    ]
