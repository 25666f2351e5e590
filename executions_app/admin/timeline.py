"""When each step waited and ran, as bars.  Pure: places are numbers, the template draws them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

#: The length of the whole timeline, in units of the drawing.
UNITS = 1000
#: A bar too short to be seen is drawn this long.
SHORTEST = 3


@dataclass(frozen=True, slots=True, kw_only=True)
class Span:
    """One step's times, all aware; ``None`` for what has not happened."""

    name: str
    status: str
    scheduled_at: datetime | None
    started_at: datetime | None
    ended_at: datetime | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Bar:
    """One line of the timeline; starts and widths in units, from 0 to :data:`UNITS`."""

    name: str
    status: str
    wait_start: int
    wait_width: int
    run_start: int
    run_width: int
    """0 for a step that has not begun."""
    ran_for: timedelta | None


def timeline(
    spans: Sequence[Span], *, begin: datetime, end: datetime | None, now: datetime
) -> list[Bar]:
    """Return a bar for every span that has begun to wait, in the given order.

    The whole reaches from ``begin`` to ``end``, or to ``now`` while it goes on.
    """
    until = end or now
    length = max((until - begin).total_seconds(), 0.001)

    def place(at: datetime) -> int:
        share = (at - begin).total_seconds() / length
        return round(min(max(share, 0), 1) * UNITS)

    bars = []
    for span in spans:
        waited_from = span.scheduled_at or span.started_at
        if waited_from is None:
            continue
        stopped = span.ended_at or until
        wait_start, wait_end = place(waited_from), place(span.started_at or stopped)
        run_start, run_width = wait_end, 0
        if span.started_at is not None:
            run_width = max(place(stopped) - wait_end, SHORTEST)
            run_start = min(wait_end, UNITS - run_width)
        bars.append(
            Bar(
                name=span.name,
                status=span.status,
                wait_start=wait_start,
                wait_width=max(wait_end - wait_start, 0),
                run_start=run_start,
                run_width=run_width,
                ran_for=stopped - span.started_at if span.started_at else None,
            )
        )
    return bars
