"""The functions of expressions about moments and durations, in UTC.  There is no ``now()``."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from datetime import UTC, datetime, timedelta
from typing import Any, Final

from workflows_app.language import expression_values as values
from workflows_app.language.expression_bounds import Meter

_MOMENT = re.compile(
    r"\d{4}-\d{2}-\d{2}[Tt]\d{2}:\d{2}:\d{2}(?:\.\d{1,9})?(?:[Zz]|[+-]\d{2}:\d{2})", re.ASCII
)
_DURATION = re.compile(r"-?(?:\d{1,15}(?:\.\d{1,9})?(?:h|ms|us|m|s))+", re.ASCII)
_PIECE = re.compile(r"(\d+(?:\.\d+)?)(h|ms|us|m|s)", re.ASCII)
_SECONDS: Final = {"h": 3600.0, "m": 60.0, "s": 1.0, "ms": 1e-3, "us": 1e-6}


def to_timestamp(meter: Meter, value: Any) -> datetime:
    """Return the moment an RFC 3339 text or a number of Unix seconds stands for."""
    if isinstance(value, datetime):
        return value
    try:
        if not isinstance(value, str):
            return datetime.fromtimestamp(value, UTC)
        if _MOMENT.fullmatch(value):
            # Python keeps six digits of a second; CEL allows nine.
            text = re.sub(r"(\.\d{6})\d+", r"\1", value.upper())
            return datetime.fromisoformat(text).astimezone(UTC)
    except (ValueError, OverflowError, OSError):
        pass
    raise values.failed(f"{value!r:.60} is no moment; write '2030-01-31T10:00:00Z'")


def to_duration(meter: Meter, value: Any) -> timedelta:
    """Return the duration that a text such as ``1h30m`` or ``1.5s`` stands for."""
    if isinstance(value, timedelta):
        return value
    if _DURATION.fullmatch(value):
        seconds = sum(float(n) * _SECONDS[unit] for n, unit in _PIECE.findall(value))
        try:
            return timedelta(seconds=-seconds if value[0] == "-" else seconds)
        except OverflowError:
            pass
    raise values.failed(f"{value!r:.60} is no duration; write '90s', '1h30m' or '250ms'")


def _field(read: Callable[[datetime], int]) -> Callable[[Meter, datetime], int]:
    return lambda meter, moment: read(moment.astimezone(UTC))


def _clock(
    of_moment: Callable[[datetime], int], unit_seconds: float
) -> Callable[[Meter, Any], int]:
    def run(meter: Meter, value: Any) -> int:
        if isinstance(value, timedelta):
            return int(value.total_seconds() / unit_seconds)
        return of_moment(value.astimezone(UTC))

    return run


_MOMENTS: Final = ("timestamp",)
_EITHER: Final = ("timestamp", "duration")

#: name -> (doc, kinds of each argument, body)
TIME_FUNCTIONS: Final[Mapping[str, tuple[str, tuple[tuple[str, ...], ...], Callable[..., Any]]]] = {
    "timestamp": (
        "Moment of an RFC 3339 text or of Unix seconds.",
        (("string", "int", "timestamp"),),
        to_timestamp,
    ),
    "duration": ("Duration of a text like '1h30m'.", (("string", "duration"),), to_duration),
    "getFullYear": ("Year of a moment.", (_MOMENTS,), _field(lambda m: m.year)),
    "getMonth": ("Month of a moment, from 0.", (_MOMENTS,), _field(lambda m: m.month - 1)),
    "getDate": ("Day of the month, from 1.", (_MOMENTS,), _field(lambda m: m.day)),
    "getDayOfMonth": ("Day of the month, from 0.", (_MOMENTS,), _field(lambda m: m.day - 1)),
    "getDayOfWeek": ("Weekday, Sunday is 0.", (_MOMENTS,), _field(lambda m: m.isoweekday() % 7)),
    "getDayOfYear": (
        "Day of the year, from 0.",
        (_MOMENTS,),
        _field(lambda m: m.timetuple().tm_yday - 1),
    ),
    "getHours": ("Hour of a moment, or whole hours.", (_EITHER,), _clock(lambda m: m.hour, 3600)),
    "getMinutes": ("Minute, or whole minutes.", (_EITHER,), _clock(lambda m: m.minute, 60)),
    "getSeconds": ("Second, or whole seconds.", (_EITHER,), _clock(lambda m: m.second, 1)),
    "getMilliseconds": (
        "Milliseconds of the second, or of all.",
        (_EITHER,),
        _clock(lambda m: m.microsecond // 1000, 0.001),
    ),
}
