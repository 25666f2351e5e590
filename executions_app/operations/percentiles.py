# ruff: noqa: S608 - every name put into a statement is a constant of ours; values are parameters
"""Half and nineteen of twenty: the middle and the slow end of durations, reckoned by the database.

By nearest rank, so each is a duration that there was, and the same on every database; PostgreSQL's
own would do, SQLite has none.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.db import connection

#: How durations are told: no clock here is better.
_DIGITS = 3


def seconds_between(earlier: str, later: str) -> str:
    """Return SQL for the seconds from column ``earlier`` to column ``later``."""
    if connection.vendor == "postgresql":
        return f"EXTRACT(EPOCH FROM ({later} - {earlier}))::double precision"
    return f"(julianday({later}) - julianday({earlier})) * 86400.0"


def percentiles(
    source: str, params: Sequence[Any], *, groups: str, value: str
) -> list[tuple[Any, float, float]]:
    """Return ``(group, half, most)`` for each value of column ``groups`` of the query ``source``.

    ``half`` of the values of column ``value`` are not above the first, and 95 % of them not above
    the second.  Rows without a value are not counted.
    """
    ranked = (
        f"SELECT {groups} AS place, {value} AS size, "
        f"ROW_NUMBER() OVER (PARTITION BY {groups} ORDER BY {value}) AS rank, "
        f"COUNT(*) OVER (PARTITION BY {groups}) AS many "
        f"FROM ({source}) AS given WHERE {value} IS NOT NULL"
    )
    statement = (
        "SELECT place, MIN(CASE WHEN rank * 2 >= many THEN size END), "
        "MIN(CASE WHEN rank * 20 >= many * 19 THEN size END) "
        f"FROM ({ranked}) AS ranked GROUP BY place"
    )
    with connection.cursor() as cursor:
        cursor.execute(statement, list(params))
        return [(place, _told(half), _told(most)) for place, half, most in cursor.fetchall()]


def _told(seconds: float) -> float:
    # A clock that went back between two readings is no negative duration.
    return max(round(float(seconds), _DIGITS), 0.0)
