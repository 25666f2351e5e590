"""Taking up lanes in which somebody waits although there is room.

There are such when a process died between an ending and the next beginning, when a start rate lets
the next one begin, and when somebody publishes a version with other limits.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime

from executions_app.recording.admission import admit, limits_in_force
from executions_app.rows import lanes
from executions_app.rows.lanes import WaitingLane
from workflows_app.language.admission import Admission


def admit_waiting() -> int:
    """Let those begin whose turn it is, in all lanes; return how many that were."""
    return sum(admit(waiting.lane) for waiting, _ in _lanes_with_places())


def next_start_at() -> datetime | None:
    """Return when the next execution begins that only a start rate holds back, if one is."""
    rooms = [lanes.read_room(waiting.lane, limits) for waiting, limits in _lanes_with_places()]
    times = [room.next_start_at for room in rooms if room.next_start_at is not None]
    return min(times, default=None)


def _lanes_with_places() -> Iterator[tuple[WaitingLane, Admission]]:
    """Yield the lanes in which somebody waits and fewer go on than may."""
    page = lanes.read_waiting_lanes()
    while page:
        for waiting in page:
            limits = limits_in_force(waiting.published_id)
            if limits.limit is None or waiting.taken < limits.limit:
                yield waiting, limits
        page = lanes.read_waiting_lanes(page[-1].lane) if len(page) == lanes.PAGE else []
