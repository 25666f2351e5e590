"""Cron texts of 5 to 7 fields as patterns of wall-clock times.  Knows no time zone and no clock;
refuses a text that can never match.

The calendar (lists, ranges, steps, names, ``L``, ``LW``, ``#``) is cronsim's.  What happens where a
zone's clock jumps is decided in ``workflows_app.authoring.slots``.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import lru_cache
from typing import Final

from cronsim import CronSim, CronSimError

MAX_CHARS: Final = 200
#: Years that a seventh field may name.
FIRST_YEAR: Final = 1970
LAST_YEAR: Final = 2199
_SECOND: Final = timedelta(seconds=1)
#: Where the search for a first match begins.
_SOME_YEAR: Final = 2000


class CronInvalid(ValueError):
    """The text is no cron expression; the message says what to write."""


@dataclass(frozen=True, slots=True, kw_only=True)
class CronPattern:
    """When a wall clock matches."""

    fields: str
    """Seconds, minutes, hours, days, months, weekdays."""
    years: frozenset[int] | None
    """``None``: every year."""
    follows_elapsed_time: bool
    """Whether minutes or hours begin with ``*``: then it means "every so often", not "at"."""

    def walls(self, start: datetime) -> Iterator[datetime]:
        """Yield the matching wall-clock times (naive, whole seconds) from ``start`` on, in order.

        Ends when nothing matches for 50 years, and with the year 2199.
        """
        dates = self._from(start)
        while (wall := next(dates, None)) is not None and wall.year <= LAST_YEAR:
            if self.years is None or wall.year in self.years:
                yield wall
                continue
            later = [year for year in self.years if year > wall.year]
            if not later:
                return
            # Year by year, a pattern of seconds would be walked through until then.
            dates = self._from(_new_year(min(later)))

    def _from(self, start: datetime) -> Iterator[datetime]:
        whole = start.replace(microsecond=0)
        first = whole if start == whole else whole + _SECOND
        # It yields what comes after the time it is given.
        yield from CronSim(self.fields, first - _SECOND)


@lru_cache(maxsize=1024)
def parse_cron(text: str) -> CronPattern:
    """Return the pattern that ``text`` spells.

    Five fields are minute, hour, day of month, month and day of week; six begin with the second;
    seven end with the year.

    Raises:
        CronInvalid: if it spells none, or one that can never match.

    Source: Debian's cron(5), as cronsim reads it.
    """
    fields = text.split()
    if len(text) > MAX_CHARS:
        raise CronInvalid(f"a cron text has at most {MAX_CHARS} characters")
    if not 5 <= len(fields) <= 7 or not text.isascii():
        raise CronInvalid(
            f"{text!r} is no cron text; write 5 to 7 fields: [second] minute hour day-of-month "
            "month day-of-week [year], such as '0 9 * * MON-FRI'"
        )
    years = _years(fields.pop(), text) if len(fields) == 7 else None
    if len(fields) == 5:
        fields.insert(0, "0")
    pattern = CronPattern(
        fields=" ".join(fields),
        years=years,
        follows_elapsed_time=fields[1].startswith("*") or fields[2].startswith("*"),
    )
    try:
        found = next(pattern.walls(_new_year(min(years or [_SOME_YEAR]))), None)
    except (CronSimError, ValueError, AssertionError) as error:
        # cronsim says "Bad minute" and the like.
        raise CronInvalid(
            f"{text!r} is no cron text: {str(error).lower() or 'bad field'}; see docs/schedules.md"
        ) from None
    if found is None:
        raise CronInvalid(f"{text!r} never matches: there is no such day; correct day and month")
    return pattern


def _new_year(year: int) -> datetime:
    return datetime(year, 1, 1)  # noqa: DTZ001 - a wall clock's, of no zone


def _years(field: str, text: str) -> frozenset[int] | None:
    if field == "*":
        return None
    years: set[int] = set()
    for part in field.split(","):
        base, _, step = part.partition("/")
        first, dash, last = base.partition("-")
        if base == "*":
            first, last, dash = str(FIRST_YEAR), str(LAST_YEAR), "-"
        numbers = [first, *([last] if dash else []), *([step] if "/" in part else [])]
        if not all(number.isdigit() and len(number) <= 4 for number in numbers):
            raise _bad_year(text)
        begin, stride = int(first), int(step or 1)
        end = int(last) if dash else (LAST_YEAR if step else begin)
        if not (FIRST_YEAR <= begin <= end <= LAST_YEAR and stride):
            raise _bad_year(text)
        years.update(range(begin, end + 1, stride))
    return frozenset(years)


def _bad_year(text: str) -> CronInvalid:
    return CronInvalid(
        f"{text!r} is no cron text: bad year; the seventh field is a year from {FIRST_YEAR} to "
        f"{LAST_YEAR}, such as '2027' or '2027-2029'"
    )
