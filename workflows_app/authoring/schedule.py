"""A schedule as authors write it: when a workflow starts by itself, and with what.

Refuses, at construction, what could not be kept later: a cron text that never matches, an unknown
zone, an interval of no length.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import cache
from typing import Any, Final, Literal, get_args
from zoneinfo import available_timezones

from workflows_app.authoring.cron import FIRST_YEAR, LAST_YEAR, CronInvalid, parse_cron
from workflows_app.authoring.errors import WorkflowError

Overlap = Literal["skip", "queue", "allow", "cancel_other"]
CatchUp = Literal["none", "last"] | int

OVERLAPS: Final[tuple[str, ...]] = get_args(Overlap)
MAX_CATCH_UP: Final = 1_000
MAX_INTERVAL: Final = timedelta(days=3_660)
MAX_JITTER: Final = timedelta(hours=1)
#: Slots of an interval without a beginning are counted from here.
EPOCH: Final = datetime(1970, 1, 1, tzinfo=UTC)
_ID: Final = re.compile(r"[A-Za-z0-9._:\-]{1,100}")


class ScheduleInvalid(WorkflowError):
    """The schedule cannot be kept as it is written."""

    code = "schedule.invalid"

    def __init__(self, field: str, message: str) -> None:
        super().__init__(f"{field}: {message}", details={"field": field})
        self.field = field


@dataclass(frozen=True, slots=True, kw_only=True)
class Schedule:
    """When a workflow starts by itself.  Either ``cron`` or ``interval`` is given."""

    cron: str | None = None
    """5 fields; 6 begin with the second, 7 end with the year."""
    interval: float | timedelta | None = None
    """Whole seconds of real time between starts, counted from ``starts_at``, else from 1970."""
    timezone: str = "UTC"
    """The IANA zone whose wall clock ``cron`` reads."""
    input_data: Any = None
    runtime_context: Mapping[str, Any] | None = None
    initial_state: Mapping[str, Any] | None = None
    catch_up: CatchUp = "last"
    """How many missed slots are made up for: ``"none"``, ``"last"``, or so many of the latest."""
    overlap: Overlap = "skip"
    """What a slot does while an earlier one's execution goes on."""
    jitter: float | timedelta = 0
    """Each slot is late by up to this many seconds, always by the same for the same slot."""
    starts_at: datetime | None = None
    """No slot is earlier."""
    ends_at: datetime | None = None
    """No slot is at this time or later."""
    id: str | None = None
    """Tells several schedules of one workflow apart."""

    def __post_init__(self) -> None:
        if (self.cron is None) == (self.interval is None):
            raise ScheduleInvalid("cron", "give either cron='0 9 * * *' or interval=3600")
        if self.cron is not None:
            _check_cron(self.cron)
        else:
            _check_seconds("interval", self.interval, least=1, most=MAX_INTERVAL)
        if not isinstance(self.timezone, str) or self.timezone not in _zones():
            raise ScheduleInvalid(
                "timezone",
                f"there is no time zone {self.timezone!r}; write an IANA name such as "
                "'Europe/Berlin' or 'UTC'",
            )
        _check_catch_up(self.catch_up)
        if self.overlap not in OVERLAPS:
            raise ScheduleInvalid(
                "overlap", f"{self.overlap!r} is not one of {', '.join(map(repr, OVERLAPS))}"
            )
        _check_seconds("jitter", self.jitter, least=0, most=MAX_JITTER)
        for name in ("runtime_context", "initial_state"):
            if not isinstance(getattr(self, name), Mapping | None):
                raise ScheduleInvalid(name, f"write a mapping, not {getattr(self, name)!r}")
        _check_times(self.starts_at, self.ends_at)
        if self.id is not None and not (isinstance(self.id, str) and _ID.fullmatch(self.id)):
            raise ScheduleInvalid("id", f"{self.id!r}: use 1 to 100 of A-Z a-z 0-9 . _ : -")

    @property
    def interval_seconds(self) -> int | None:
        """Whole seconds between slots, 1 or more; ``None`` for a cron text."""
        return None if self.interval is None else int(_as_timedelta(self.interval).total_seconds())

    @property
    def jitter_seconds(self) -> int:
        """Whole seconds by which a slot is late at most, 0 or more."""
        return int(_as_timedelta(self.jitter).total_seconds())

    @property
    def made_up_for(self) -> int:
        """How many missed slots are made up for: 0 for ``"none"``, 1 for ``"last"``."""
        return {"none": 0, "last": 1}.get(self.catch_up, self.catch_up)  # type: ignore[arg-type]

    @property
    def timing(self) -> tuple[Any, ...]:
        """What decides the slots: two schedules that agree in it have the same."""
        return (self.cron, self.interval_seconds, self.timezone, self.starts_at, self.ends_at)


def check_schedules(given: Schedule | Iterable[Schedule] | None) -> tuple[Schedule, ...]:
    """Return the schedules of one workflow, each with an id of its own.

    A single schedule may do without an id.

    Raises:
        ScheduleInvalid: if something else is among them, or two share an id.
    """
    if given is None:
        return ()
    schedules = (given,) if isinstance(given, Schedule) else tuple(given)
    seen: set[str | None] = set()
    for schedule in schedules:
        if not isinstance(schedule, Schedule):
            raise ScheduleInvalid("schedule", f"write Schedule(...), not {schedule!r}")
        if schedule.id in seen:
            raise ScheduleInvalid(
                "id", f"two schedules have the id {schedule.id!r}; give each an id of its own"
            )
        seen.add(schedule.id)
    return schedules


def _check_cron(text: Any) -> None:
    if not isinstance(text, str):
        raise ScheduleInvalid("cron", f"write a text such as '0 9 * * *', not {text!r}")
    try:
        parse_cron(text)
    except CronInvalid as error:
        raise ScheduleInvalid("cron", str(error)) from None


def _check_seconds(name: str, value: Any, *, least: int, most: timedelta) -> None:
    is_number = isinstance(value, int | float | timedelta) and not isinstance(value, bool)
    try:
        seconds = _as_timedelta(value).total_seconds() if is_number else -1.0
    except (OverflowError, ValueError):  # NaN, or longer than the calendar
        seconds = -1.0
    if not least <= seconds <= most.total_seconds() or seconds != int(seconds):
        raise ScheduleInvalid(
            name,
            f"{value!r}: write whole seconds from {least} to {most.total_seconds():.0f}, or a "
            "timedelta",
        )


def _check_catch_up(value: Any) -> None:
    is_count = isinstance(value, int) and not isinstance(value, bool)
    if not (value in ("none", "last") if not is_count else 0 <= value <= MAX_CATCH_UP):
        raise ScheduleInvalid(
            "catch_up", f"{value!r}: write 'none', 'last' or a number from 0 to {MAX_CATCH_UP}"
        )


def _check_times(starts_at: Any, ends_at: Any) -> None:
    for name, value in (("starts_at", starts_at), ("ends_at", ends_at)):
        if value is None:
            continue
        if not isinstance(value, datetime) or value.utcoffset() is None:
            raise ScheduleInvalid(
                name,
                f"write an aware datetime such as datetime(2027, 1, 1, tzinfo=UTC), not {value!r}",
            )
        if not FIRST_YEAR < value.year <= LAST_YEAR:
            raise ScheduleInvalid(name, f"write a year from {FIRST_YEAR + 1} to {LAST_YEAR}")
    if starts_at is not None and ends_at is not None and starts_at >= ends_at:
        raise ScheduleInvalid("ends_at", "write a time after starts_at")


def _as_timedelta(value: float | timedelta) -> timedelta:
    return value if isinstance(value, timedelta) else timedelta(seconds=value)


@cache
def _zones() -> frozenset[str]:
    # A list of names, because ZoneInfo would look for whatever file it is asked for.
    return frozenset(available_timezones())
