"""Executions as a table to keep, for spreadsheets.

Bounded, and says in its last row when there is more.  Refuses to let a name become a formula.

Source: https://owasp.org/www-community/attacks/CSV_Injection
"""

from __future__ import annotations

import csv
import io
from typing import Any

from django.db.models import QuerySet
from django.http import HttpResponse

from executions_app.models import Execution

#: One table holds so many at most, the newest.
MAX_ROWS = 10_000
COLUMNS = (
    *("id", "workflow", "workflow_name", "version", "status", "trigger", "owner", "resource_id"),
    *("created_at", "started_at", "ended_at", "seconds"),
)
_FIELDS = (
    *("pk", "workflow_id", "workflow__name", "version__number", "status", "trigger"),
    *("owner__username", "resource_id", "created_at", "started_at", "ended_at"),
)
_BEGIN_A_FORMULA = ("=", "+", "-", "@", "\t", "\r")


def csv_answer(rows: QuerySet[Execution]) -> HttpResponse:
    """Return ``rows``, the newest first, as a file to download; times are UTC."""
    found = list(rows.order_by("-created_at", "-id").values_list(*_FIELDS)[: MAX_ROWS + 1])
    text = io.StringIO()
    writer = csv.writer(text)
    writer.writerow(COLUMNS)
    for *fields, started, ended in found[:MAX_ROWS]:
        seconds = (ended - started).total_seconds() if started and ended else None
        writer.writerow([_cell(value) for value in (*fields, started, ended, seconds)])
    if len(found) > MAX_ROWS:
        writer.writerow([f"... there is more: narrow created_before; {MAX_ROWS:,} rows at most"])
    return HttpResponse(
        text.getvalue().encode(errors="replace"),
        content_type="text/csv; charset=utf-8",
        headers={"Content-Disposition": 'attachment; filename="executions.csv"'},
    )


def _cell(value: Any) -> Any:
    if value is None:
        return ""
    if hasattr(value, "isoformat"):
        return value.isoformat().replace("+00:00", "Z")
    if isinstance(value, str) and value.startswith(_BEGIN_A_FORMULA):
        return f"'{value}"
    return value
