"""Where an execution stands that waits for its turn, and what it waits for.  Reads only."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Final

from executions_app.engine.statuses import ExecutionStatus
from executions_app.models import Execution
from executions_app.recording.admission import limits_in_force
from executions_app.rows import lanes
from executions_app.rows.lanes import Lane

#: More than this many ahead are not counted.
MOST_COUNTED: Final = 10_000


class HeldBy(StrEnum):
    """What lets an execution that is asked for not begin."""

    LIMIT = "limit"  # as many as may have begun and not ended
    START_RATE = "start_rate"  # as many as may have begun in so short a time
    TURN = "turn"  # there is room: it, or one ahead of it, begins at once


@dataclass(frozen=True, slots=True, kw_only=True)
class PlaceInLine:
    """How an execution stands that waits."""

    lane: str
    """The value of the workflow's key; empty where all its executions are in one lane."""
    limit: int | None
    """How many of the lane may have begun and not ended."""
    running: int
    """How many have; more than the limit, where some were opened again."""
    start_limit: int | None
    """How many of the lane may begin in any ``start_seconds``."""
    start_seconds: float | None
    priority: int
    ahead: int
    """How many of the lane begin before it, counted up to 10,000."""
    next_start_at: datetime | None
    """Until when the start rate lets none begin."""
    reason: HeldBy


def place_in_line(execution: Execution) -> PlaceInLine | None:
    """Return where ``execution`` stands in its lane, or ``None`` if it does not wait in one."""
    if execution.status != ExecutionStatus.PENDING or execution.lane is None:
        return None
    lane = Lane(workflow_id=execution.workflow_id, value=execution.lane)
    _, published_id = lanes.is_awaited(lane)
    limits = limits_in_force(published_id)
    room = lanes.read_room(lane, limits)
    if room.is_full:
        reason = HeldBy.LIMIT
    elif room.next_start_at is not None:
        reason = HeldBy.START_RATE
    else:
        reason = HeldBy.TURN
    return PlaceInLine(
        lane=execution.lane,
        limit=limits.limit,
        running=room.taken,
        start_limit=limits.start_limit,
        start_seconds=limits.start_seconds,
        priority=execution.priority,
        ahead=lanes.count_ahead(execution.pk, most=MOST_COUNTED),
        next_start_at=room.next_start_at,
        reason=reason,
    )
