"""What is due, found by looking at every minute.  Shares no code with what it judges: its cron
fields are sets of numbers, and the zone's clock is read minute by minute.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

MINUTE = timedelta(minutes=1)
HOUR = timedelta(hours=1)


@dataclass(frozen=True, slots=True)
class Rule:
    """A cron text of five fields, and the same spelled as sets."""

    cron: str
    minutes: frozenset[int]
    hours: frozenset[int]
    weekdays: frozenset[int] = frozenset(range(7))
    """Monday is 0."""
    days: frozenset[int] = frozenset(range(1, 32))
    means_so_often: bool = False

    def matches(self, wall: datetime) -> bool:
        return (
            wall.minute in self.minutes
            and wall.hour in self.hours
            and wall.weekday() in self.weekdays
            and wall.day in self.days
        )


@dataclass(frozen=True, slots=True)
class Minute:
    """A minute, and what the zone's clock shows in it."""

    at: datetime
    wall: datetime
    is_second_time: bool
    skipped: tuple[datetime, ...]
    """What the clock left out since the minute before."""


def minutes(*numbers: int) -> frozenset[int]:
    return frozenset(numbers)


EVERY_HOUR, EVERY_MINUTE = frozenset(range(24)), frozenset(range(60))
RULES = (
    Rule("30 2 * * *", minutes(30), frozenset({2})),
    Rule("0 0 * * *", minutes(0), frozenset({0})),
    Rule("15 1 * * *", minutes(15), frozenset({1})),
    Rule("0,20,40 1-3 * * *", minutes(0, 20, 40), frozenset({1, 2, 3})),
    Rule("45 0,2,23 * * SUN", minutes(45), frozenset({0, 2, 23}), weekdays=frozenset({6})),
    Rule("59 23 * * *", minutes(59), frozenset({23})),
    Rule("0 3 1,31 * *", minutes(0), frozenset({3}), days=frozenset({1, 31})),
    Rule("* * * * *", EVERY_MINUTE, EVERY_HOUR, means_so_often=True),
    Rule("*/15 * * * *", minutes(0, 15, 30, 45), EVERY_HOUR, means_so_often=True),
    Rule("0 * * * *", minutes(0), EVERY_HOUR, means_so_often=True),
    Rule("30 */2 * * *", minutes(30), frozenset(range(0, 24, 2)), means_so_often=True),
    Rule("*/20 2 * * *", minutes(0, 20, 40), frozenset({2}), means_so_often=True),
)


def jumps(zone: ZoneInfo, *, year: int) -> list[datetime]:
    """Return the minutes (UTC) of ``year`` at which the zone's offset is another than before."""
    found = []
    at, end = datetime(year, 1, 1, tzinfo=UTC), datetime(year + 1, 1, 1, tzinfo=UTC)
    while at < end:
        later = at + HOUR
        if _offset(later, zone) != _offset(at, zone):
            minute = at + MINUTE
            while _offset(minute, zone) == _offset(at, zone):
                minute += MINUTE
            found.append(minute)
        at = later
    return found


def due(rule: Rule, minutes: Iterable[Minute]) -> list[datetime]:
    """Return which of ``minutes`` ``rule`` is due at."""
    if rule.means_so_often:
        return [minute.at for minute in minutes if rule.matches(minute.wall)]
    return [
        minute.at
        for minute in minutes
        if (rule.matches(minute.wall) and not minute.is_second_time)
        or any(map(rule.matches, minute.skipped))
    ]


def clock(zone: ZoneInfo, *, after: datetime, before: datetime) -> Iterator[Minute]:
    """Yield each whole minute in (after, before]."""
    at = after + MINUTE
    wall = _naive(after.astimezone(zone))
    while at <= before:
        local = at.astimezone(zone)
        wall, expected = _naive(local), wall + MINUTE
        skipped = []
        while expected < wall:
            skipped.append(expected)
            expected += MINUTE
        yield Minute(at, wall, bool(local.fold), tuple(skipped))
        at += MINUTE


def days_of(rule: Rule, *, year: int) -> int:
    """Return how many days of ``year`` the rule has."""
    first = date(year, 1, 1)
    days = ((first + timedelta(days=n)) for n in range(366))
    return sum(
        day.year == year and day.weekday() in rule.weekdays and day.day in rule.days for day in days
    )


def _offset(at: datetime, zone: ZoneInfo) -> timedelta | None:
    return at.astimezone(zone).utcoffset()


def _naive(local: datetime) -> datetime:
    return local.replace(tzinfo=None, fold=0)
