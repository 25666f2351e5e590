"""The moments at which a schedule is due, in UTC.  Pure: the same question has the same answer in
every process, so that any number of clocks may ask it.

Where a zone's clock jumps:

- A cron text whose minutes and hours do not begin with ``*`` means a time of day.  A time that does
  not exist is due once, when the gap ends; a time that comes twice is due the first time.
- One whose minutes or hours begin with ``*`` means "every so often": it is due whenever the wall
  clock matches.  Nothing is due inside a gap, and what comes twice is due twice.
- An interval knows no wall clock.

Source: Debian's cron(8) on daylight saving time.
"""

from __future__ import annotations

import hashlib
import heapq
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from itertools import islice, takewhile
from typing import Final
from zoneinfo import ZoneInfo

from workflows_app.authoring.cron import LAST_YEAR, CronPattern, parse_cron
from workflows_app.authoring.schedule import EPOCH, Schedule

_DAY: Final = timedelta(days=1)
_SECOND: Final = timedelta(seconds=1)
_INSTANT: Final = timedelta(microseconds=1)
_NO_TIME: Final = timedelta(0)
_LAST: Final = datetime(LAST_YEAR + 1, 1, 1, tzinfo=UTC)


def slots(
    schedule: Schedule, *, after: datetime, before: datetime | None = None, limit: int = 1
) -> list[datetime]:
    """Return at most ``limit`` slots later than ``after`` and not later than ``before``, in order.

    Fewer, or none, where the schedule ends.
    """
    if schedule.starts_at is not None:
        after = max(after, schedule.starts_at.astimezone(UTC) - _INSTANT)
    found = _all_after(schedule, after.astimezone(UTC))
    if before is not None:
        found = takewhile(lambda slot: slot <= before, found)
    if schedule.ends_at is not None:
        ends_at = schedule.ends_at
        found = takewhile(lambda slot: slot < ends_at, found)
    return list(islice(found, limit))


def next_slot(schedule: Schedule, *, after: datetime) -> datetime | None:
    """Return the first slot later than ``after``; ``None`` if there is none any more."""
    found = slots(schedule, after=after)
    return found[0] if found else None


def delay_of(slot: datetime, *, schedule_id: str, jitter_seconds: int) -> timedelta:
    """Return by how much ``slot`` is late: from 0 to ``jitter_seconds``, drawn by hashing both."""
    if not jitter_seconds:
        return _NO_TIME
    said = f"{schedule_id} {slot.astimezone(UTC).isoformat()}".encode()
    drawn = int.from_bytes(hashlib.sha256(said).digest()[:8])
    return timedelta(seconds=drawn % (jitter_seconds + 1))


def _all_after(schedule: Schedule, after: datetime) -> Iterator[datetime]:
    if schedule.cron is None:
        return _interval(schedule, after)
    pattern, zone = parse_cron(schedule.cron), ZoneInfo(schedule.timezone)
    if pattern.follows_elapsed_time:
        return _whenever(pattern, zone, after)
    return _at_times(pattern, zone, after)


def _interval(schedule: Schedule, after: datetime) -> Iterator[datetime]:
    step = timedelta(seconds=schedule.interval_seconds or 1)
    begin = (schedule.starts_at or EPOCH).astimezone(UTC)
    slot = begin + max(0, (after - begin) // step + 1) * step
    while True:
        yield slot
        if slot > _LAST - step:
            return
        slot += step


def _at_times(pattern: CronPattern, zone: ZoneInfo, after: datetime) -> Iterator[datetime]:
    """Yield the moments of a time of day: one for each, however often the clock shows it."""
    last = after
    for wall in pattern.walls(_wall(after, zone)):
        slot = _moments(wall, zone)[0] or _end_of_gap(wall, zone)
        if slot > last:
            last = slot
            yield slot


def _whenever(pattern: CronPattern, zone: ZoneInfo, after: datetime) -> Iterator[datetime]:
    """Yield every moment at which the clock matches.

    Walls come in order, and so do their first moments, and their second ones; the two rows are
    merged.
    """
    second: list[datetime] = []
    for wall in pattern.walls(_wall(after, zone) - _soon_repeated(after, zone)):
        first, again = _moments(wall, zone)
        # Inside a gap there is no first moment, and nothing waits there either.
        while second and first is not None and second[0] < first:
            yield heapq.heappop(second)
        if first is not None and first > after:
            yield first
        if again is not None and again != first and again > after:
            heapq.heappush(second, again)
    yield from sorted(second)


def _wall(moment: datetime, zone: ZoneInfo) -> datetime:
    return moment.astimezone(zone).replace(tzinfo=None)


def _moments(wall: datetime, zone: ZoneInfo) -> tuple[datetime | None, datetime | None]:
    """Return when the clock shows ``wall`` the first and the second time: mostly the same moment,
    and ``None`` twice inside a gap."""
    offset = zone.utcoffset(wall)
    if offset is not None and offset == zone.utcoffset(wall.replace(fold=1)):
        moment = wall.replace(tzinfo=UTC) - offset  # near no jump: as good, and much quicker
        return moment, moment
    return _moment(wall, zone, fold=0), _moment(wall, zone, fold=1)


def _moment(wall: datetime, zone: ZoneInfo, *, fold: int) -> datetime | None:
    """Return when the clock shows ``wall``, the first or second time; ``None`` inside a gap."""
    moment = wall.replace(tzinfo=zone, fold=fold).astimezone(UTC)
    return moment if _wall(moment, zone) == wall else None


def _end_of_gap(wall: datetime, zone: ZoneInfo) -> datetime:
    """Return the moment at which the clock jumped over ``wall``."""
    # Inside a gap the two folds are taken with the offsets before and after the jump (PEP 495),
    # so one lies behind it and the other in front.
    late = wall.replace(tzinfo=zone, fold=0).astimezone(UTC)
    early = wall.replace(tzinfo=zone, fold=1).astimezone(UTC)
    before = early.astimezone(zone).utcoffset()
    while late - early > _SECOND:
        middle = early + (late - early) // 2 // _SECOND * _SECOND
        if middle.astimezone(zone).utcoffset() == before:
            early = middle
        else:
            late = middle
    return late


def _soon_repeated(moment: datetime, zone: ZoneInfo) -> timedelta:
    """Return how much of the wall clock before ``moment`` comes again within a day; mostly zero."""
    now, tomorrow = moment.astimezone(zone), (moment + _DAY).astimezone(zone)
    return max((now.utcoffset() or _NO_TIME) - (tomorrow.utcoffset() or _NO_TIME), _NO_TIME)
