"""Letting executions that wait in a lane begin, in their order, as its limits allow.

The published version says how many may go on at a time and how often one may begin, whichever
version runs.  Places are counted, never kept (:mod:`executions_app.rows.lanes`).

Locks, in this order: the lane, in a transaction of its own; then the execution that begins.  Nobody
who holds an execution waits for a lane, so ending one asks for the next only after the commit.
"""

from __future__ import annotations

import logging
from datetime import timedelta
from functools import partial
from typing import Final

from django.db import transaction

from executions_app import database, dispatch, inline, rows
from executions_app.database_retry import known_to_fail, retried
from executions_app.engine.events import ExecutionStarted
from executions_app.recording.working_set import Recording
from executions_app.rows import lanes
from executions_app.rows.lanes import Lane
from executions_app.sync_points import Point, reach
from workflows_app.interface import get_plan
from workflows_app.language.admission import Admission

logger = logging.getLogger("celeriac.admission")

#: One call lets no more begin than this, so that nobody who ends an execution has to begin
#: thousands, as after a version without limits was published; a rescuer goes on.
MOST_AT_ONCE: Final = 100
#: A rescuer looks this often anyway, so what comes later needs no alarm.
_A_ROUND: Final = timedelta(seconds=1)
_NO_LIMITS: Final = Admission()


def limits_in_force(published_id: int | None) -> Admission:
    """Return what the published version of a workflow says about beginning."""
    return (get_plan(published_id).admission or _NO_LIMITS) if published_id else _NO_LIMITS


def admit(lane: Lane) -> int:
    """Let those begin whose turn it is, as far as there is room; return how many that were.

    Costs the same however many wait, or have ended.
    """
    begun = 0
    while begun < MOST_AT_ONCE:
        is_awaited, published_id = lanes.is_awaited(lane)
        if not is_awaited:
            break
        limits = limits_in_force(published_id)
        room = lanes.read_room(lane, limits)
        if room.next_start_at is not None and room.next_start_at <= database.now() + _A_ROUND:
            dispatch.alarm.set(room.next_start_at)
        if not room.is_there or not _begin_next(lane, limits):
            break
        begun += 1
    return begun


def after_commit_of(record: Recording) -> None:
    """Once ``record`` is committed, let those begin to whom it gives way."""
    lane = record.lane_that_moves
    if lane is not None and inline.active is not None:
        admit(lane)  # a test's own transaction may never commit
    elif lane is not None:
        transaction.on_commit(partial(_admit_next, lane))


@retried
def _begin_next(lane: Lane, limits: Admission) -> bool:
    with known_to_fail():
        return _begin_first(lane, limits)


def _begin_first(lane: Lane, limits: Admission) -> bool:
    lanes.lock_lane(lane)
    # Somebody else may have been quicker; from here on nobody is.
    if not lanes.read_room(lane, limits).is_there:
        return False
    first = lanes.lock_first(lane)
    found = first and rows.lock_execution(first.execution_id)
    if not first or not found:
        return False
    execution, now = found
    record = Recording(now)
    log = record.open_root(execution)
    log.add(ExecutionStarted(trigger=first.trigger, per_step=bool(log.state.stepping)))
    if log.plan.timeout_seconds is not None:
        # Its time is its own: what it waited does not count.
        log.columns["deadline_at"] = now + timedelta(seconds=log.plan.timeout_seconds)
    record.finish()
    return True


def _admit_next(lane: Lane) -> None:
    reach(Point.RECORDED)
    try:
        admit(lane)
    except Exception:  # what was committed stands, and a rescuer lets the next one begin
        logger.exception(
            "the next execution of a lane was not let in, a rescuer will do it",
            extra={"action": "admission.failed", "workflow_id": lane.workflow_id},
        )
