"""Which slots of a schedule are fired when somebody looks at the clock late.  Pure.

A slot is on time for some seconds after it is due, and is then always fired.  Of those that were
missed, as many of the latest are made up for as the schedule says; the rest is only told of.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from workflows_app.authoring.schedule import Schedule
from workflows_app.authoring.slots import delay_of, slots

#: Three ticks of the clock: one that comes this late has missed nothing.
ON_TIME: Final = timedelta(seconds=30)
#: After a long silence only so many missed slots are told one by one.
MISSED_TOLD: Final = 100
_FIRST_LOOK: Final = timedelta(minutes=10)
_INSTANT: Final = timedelta(microseconds=1)
#: More than a look back of any bearable length holds.
_ALL: Final = 10_000_000


@dataclass(frozen=True, slots=True, kw_only=True)
class DueSlots:
    """What to do at a tick; both lists in order."""

    fired: Sequence[datetime]
    missed: Sequence[datetime]
    """Not made up for; all earlier than those that are fired."""
    has_earlier: bool
    """Whether more was missed before these."""


def due_slots(schedule: Schedule, *, schedule_id: str, first: datetime, now: datetime) -> DueSlots:
    """Return what is due at ``now`` of the slots from ``first`` on."""
    wanted = schedule.made_up_for + MISSED_TOLD
    found, is_whole = _latest(schedule, first=first, now=now, wanted=wanted)
    fire_times: list[tuple[datetime, datetime]] = []
    for slot in found:
        at = slot + delay_of(slot, schedule_id=schedule_id, jitter_seconds=schedule.jitter_seconds)
        if at > now:  # later slots wait for it, so that order is kept
            break
        fire_times.append((slot, at))
    on_time = sum(now - at <= ON_TIME for _, at in fire_times)
    cut = len(fire_times) - min(len(fire_times), max(on_time, schedule.made_up_for))
    ready = [slot for slot, _ in fire_times]
    told = ready[max(0, cut - MISSED_TOLD) : cut]
    return DueSlots(
        fired=ready[cut:],
        missed=told,
        has_earlier=cut > len(told) or not is_whole,
    )


def _latest(
    schedule: Schedule, *, first: datetime, now: datetime, wanted: int
) -> tuple[list[datetime], bool]:
    """Return the slots in [first, now], or more than ``wanted`` of the latest; and whether they
    are all.

    Looks back further and further, so that years of silence of a schedule that is due every second
    are not walked through.
    """
    span = _FIRST_LOOK + ON_TIME + timedelta(seconds=schedule.jitter_seconds)
    while True:
        begin = max(first, now - span)
        found = slots(schedule, after=begin - _INSTANT, before=now, limit=_ALL)
        if begin == first or len(found) > wanted:
            return found, begin == first
        span *= 8
