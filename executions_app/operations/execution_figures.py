# ruff: noqa: S608 - every name put into a statement is a constant of ours; values are parameters
"""How many executions there were, how they ended and how long they took, day by day.

Counted by the database, and never by a sample: beyond :data:`LIMIT` the oldest are left out, which
the answer says.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from django.db import connection
from django.db.models import QuerySet

from executions_app import database
from executions_app.engine.statuses import FINAL, ExecutionStatus
from executions_app.models import Execution
from executions_app.operations.percentiles import percentiles, seconds_between

#: Executions that are counted at most: the newest.
LIMIT = 100_000
_INSTANT = timedelta(microseconds=1)
_LIVE = [status.value for status in ExecutionStatus if status not in FINAL]
#: What took its whole time: an execution that was cancelled might have taken any.
_RAN = (ExecutionStatus.COMPLETED.value, ExecutionStatus.FAILED.value)


@dataclass(frozen=True, slots=True, kw_only=True)
class DayFigures:
    """The executions made on one day, by UTC."""

    day: date
    total: int
    completed: int
    failed: int
    cancelled: int
    p50_seconds: float | None
    p95_seconds: float | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Figures:
    """The executions made in a time.  Durations are from start to end of what completed or failed;
    ``None`` where nothing did."""

    total: int
    by_status: Mapping[str, int]
    """Of each status there is."""
    success_rate: float | None
    """Of what completed or failed, the part that completed."""
    p50_seconds: float | None
    p95_seconds: float | None
    running: int
    """What has not ended, whenever it was made; counted up to :data:`LIMIT`."""
    days: tuple[DayFigures, ...]
    """Every day that was counted, also those on which nothing was made."""
    counted_from: datetime | None
    """When the oldest was made that was counted, if there were too many; else ``None``."""


def figures_of(rows: QuerySet[Execution], *, since: datetime, until: datetime) -> Figures:
    """Return the figures of those of ``rows`` that were made after ``since`` and before ``until``
    (aware)."""
    made = rows.filter(created_at__gt=since, created_at__lt=until)
    newest = made.order_by("-created_at", "-id").values(
        "created_at", "started_at", "ended_at", "status"
    )
    source, params = newest[:LIMIT].query.sql_with_params()
    counts, oldest = _counts(source, params)
    is_cut = counts.total() >= LIMIT and newest[LIMIT : LIMIT + 1].exists()
    by_status = _by_status(counts)
    completed, failed = by_status["completed"], by_status["failed"]
    half, most = _durations(source, params, "'all'").get("all", (None, None))
    counted_from = oldest if is_cut else None
    return Figures(
        total=counts.total(),
        by_status=by_status,
        success_rate=round(completed / (completed + failed), 4) if completed + failed else None,
        p50_seconds=half,
        p95_seconds=most,
        running=rows.filter(status__in=_LIVE).order_by().values("pk")[:LIMIT].count(),
        days=_days(
            counts,
            _durations(source, params, _day()),
            first=(counted_from or since + _INSTANT).date(),
            last=(until - _INSTANT).date(),
        ),
        counted_from=counted_from,
    )


def _day() -> str:
    if connection.vendor == "postgresql":
        return "to_char(created_at AT TIME ZONE 'UTC', 'YYYY-MM-DD')"
    return "substr(created_at, 1, 10)"


def _counts(source: str, params: Any) -> tuple[Counter[tuple[str, str]], datetime | None]:
    """Return how many there are by day and status, and when the oldest of them was made."""
    statement = (
        f"SELECT {_day()}, status, COUNT(*), MIN(created_at) "
        f"FROM ({source}) AS counted "
        "GROUP BY 1, 2"
    )
    with connection.cursor() as cursor:
        cursor.execute(statement, params)
        found = cursor.fetchall()
    counts = Counter({(day, status): count for day, status, count, _ in found})
    return counts, min((database.as_time(oldest) for *_, oldest in found), default=None)


def _durations(source: str, params: Any, groups: str) -> dict[str, tuple[float, float]]:
    ran = (
        f"SELECT {groups} AS place, "
        f"{seconds_between('started_at', 'ended_at')} AS seconds "
        f"FROM ({source}) AS counted WHERE status IN (%s, %s)"
    )
    found = percentiles(ran, [*params, *_RAN], groups="place", value="seconds")
    return {place: (half, most) for place, half, most in found}


def _by_status(counts: Counter[tuple[str, str]]) -> dict[str, int]:
    found = dict.fromkeys((status.value for status in ExecutionStatus), 0)
    for (_, status), count in counts.items():
        found[status] += count
    return found


def _days(
    counts: Counter[tuple[str, str]],
    durations: Mapping[str, tuple[float, float]],
    *,
    first: date,
    last: date,
) -> tuple[DayFigures, ...]:
    figures = []
    for number in range((last - first).days + 1):
        day = first + timedelta(days=number)
        name = day.isoformat()
        half, most = durations.get(name, (None, None))
        figures.append(
            DayFigures(
                day=day,
                total=sum(counts[name, status.value] for status in ExecutionStatus),
                completed=counts[name, "completed"],
                failed=counts[name, "failed"],
                cancelled=counts[name, "cancelled"],
                p50_seconds=half,
                p95_seconds=most,
            )
        )
    return tuple(figures)
