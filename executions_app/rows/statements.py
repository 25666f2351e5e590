# ruff: noqa: S608 - every name put into a statement is a constant of ours; values are parameters
"""Running a statement written by hand, and writing its values as the database wants them."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any

from django.db import connection

from executions_app.engine.progress import Progress
from executions_app.engine.progress_json import dump_progress
from executions_app.models import Event, Execution, Item, StepRun
from executions_app.models.stored_value import written

EXECUTIONS = Execution._meta.db_table
STEPS = StepRun._meta.db_table
EVENTS = Event._meta.db_table
ITEMS = Item._meta.db_table
#: Rows in one INSERT; SQLite takes 32,766 parameters a statement.
BATCH = 500
#: Texts from here on are sent to PostgreSQL as they are.
LARGE_CHARS = 32_768
#: Columns whose values may be in files.
VALUE_COLUMNS = frozenset({"input", "output", "value", "suspend_payload", "resume_data"})
#: Columns that keep the order of keys, and such that queries look into or people never see.
_ORDERED_COLUMNS = frozenset(
    {
        *VALUE_COLUMNS,
        *("error", "runtime_context", "state", "travel_answer"),
    }
)
JSON_COLUMNS = _ORDERED_COLUMNS | {"data", "usage", "progress", "labels"}


def fetch(sql: str, params: Sequence[Any]) -> list[tuple[Any, ...]]:
    """Return the rows of a query."""
    with connection.cursor() as cursor:
        cursor.execute(sql, _adapted(params))
        return cursor.fetchall()


def execute(sql: str, params: Sequence[Any]) -> int:
    """Run a statement; return how many rows it touched."""
    adapted = _adapted(params)
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql" and any(map(_is_large, adapted)):
            return _execute_apart(sql, adapted)
        cursor.execute(sql, adapted)
        return int(cursor.rowcount)


def _is_large(param: Any) -> bool:
    return isinstance(param, str) and len(param) > LARGE_CHARS


def _execute_apart(sql: str, params: list[Any]) -> int:
    """Run a statement whose parameters are sent beside it.

    Django writes them into its text, for which a large one is copied some ten times.
    """
    from django.db.backends.postgresql.base import ServerBindingCursor

    with connection.wrap_database_errors, ServerBindingCursor(connection.connection) as cursor:
        cursor.execute(sql, params)
        return int(cursor.rowcount)


def update(
    table: str,
    pk: Any,
    changes: Mapping[str, Any],
    condition: str = "",
    more: Sequence[Any] = (),
) -> int:
    """Write columns of one row, if it still fits ``condition``; return how many rows that was."""
    assignments = ", ".join(f"{name} = {placeholder(name)}" for name in changes)
    params = [
        _as_json_column(name, value) if name in JSON_COLUMNS and value is not None else value
        for name, value in changes.items()
    ]
    return execute(
        f"UPDATE {table} SET {assignments} WHERE id = %s{condition}", [*params, pk, *more]
    )


def json_text(value: Any) -> str:
    """Return ``value`` as a JSON column takes it."""
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"))


def placeholder(column: str) -> str:
    """Return the place of a value of ``column`` in a statement."""
    if column not in JSON_COLUMNS or connection.vendor != "postgresql":
        return "%s"
    return "%s::json" if column in _ORDERED_COLUMNS else "%s::jsonb"


def quoted(name: str) -> str:
    """Return ``name`` as an identifier, whatever it means to the database."""
    return connection.ops.quote_name(name)


def for_update() -> str:
    """Return what locks the rows of a query until the transaction ends."""
    # An SQLite write transaction is alone anyway (``transaction_mode = IMMEDIATE``).
    return " FOR UPDATE" if connection.features.has_select_for_update else ""


def _as_json_column(name: str, value: Any) -> str:
    if name in VALUE_COLUMNS:
        return written(value)
    return json_text(dump_progress(value) if isinstance(value, Progress) else value)


def _adapted(params: Iterable[Any]) -> list[Any]:
    adapt = connection.ops.adapt_datetimefield_value
    return [adapt(value) if isinstance(value, datetime) else value for value in params]
