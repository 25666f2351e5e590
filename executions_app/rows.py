# ruff: noqa: S608 - every name put into a statement is a constant of ours; values are parameters
"""The hot statements, by hand: what every step of every execution runs.  Everything else is ORM.

Written out because the ORM would take longer to build these few statements than the database to
run them.  They read and write a fixed number of small columns, never a value of another step.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import connection

from executions_app import database
from executions_app.engine.progress import Progress
from executions_app.models import Event, Execution, Item, StepRun
from executions_app.progress_json import dump_progress, parse_progress

_EXECUTIONS = Execution._meta.db_table
_STEPS = StepRun._meta.db_table
_EVENTS = Event._meta.db_table
_ITEMS = Item._meta.db_table
#: Rows in one INSERT; SQLite takes 32,766 parameters a statement.
_BATCH = 500
#: Columns that keep the order of keys, and such that queries look into or people never see.
_ORDERED_COLUMNS = frozenset(
    {
        *("input", "output", "error", "runtime_context", "state", "value"),
        *("suspend_payload", "resume_data", "travel_answer"),
    }
)
_JSON_COLUMNS = _ORDERED_COLUMNS | {"data", "usage", "progress", "labels"}


@dataclass(slots=True, kw_only=True)
class ExecutionRow:
    """What recording reads of an execution: nothing that grows with it, and no values."""

    id: str
    version_id: int
    status: str
    live: int
    timers: int
    listeners: int
    suspended: int
    containers: int
    doomed: int
    failed_position: int | None
    bailed_position: int | None
    begun: int
    stepping: int
    stopping: str
    stop_reason: str
    stopped_by: str
    last_seq: int
    root_id: str | None
    parent_id: str | None
    parent_key: str
    path: Any
    owner_id: int | None


@dataclass(slots=True, kw_only=True)
class StepRow:
    """What recording reads of a step run."""

    id: int
    node_id: str
    status: str
    attempt: int
    met: int
    queue: str
    epoch: int
    is_claimed: bool
    is_timed: bool = False
    progress: Progress | None = None
    due_at: datetime | None = None
    """Known only where this transaction has set it."""
    is_trusted: bool = False
    """Whether it stands for a row that was not read: writing it then checks that it is so."""


class Overtaken(Exception):
    """A row that was taken on trust has changed; read it and decide again."""


_EXECUTION_COLUMNS = ", ".join(ExecutionRow.__dataclass_fields__)
_STEP_FIELDS = (
    *("id", "node_id", "status", "attempt", "met", "queue", "epoch"),
    *("is_claimed", "is_timed", "progress"),
)
_STEP_COLUMNS = (
    "id, node_id, status, attempt, met, queue, epoch, claimed_at IS NOT NULL, "
    "status = 'waiting' AND (due_at IS NOT NULL OR event = ''), progress"
)
_NEW_STEP = (
    *("execution_id", "root_id", "version_id", "node_id", "position", "name", "kind", "internal"),
    *("status", "attempt", "met", "queue", "epoch", "claimed_by", "deaths", "sends"),
    *("scheduled_at", "due_at", "wake_at", "event", "labels"),
)


@dataclass(frozen=True, slots=True, kw_only=True)
class ExecutionValues:
    """What an attempt may look at besides the outputs of earlier steps."""

    workflow_id: str
    root_id: str | None
    parent_id: str | None
    owner_id: int | None
    resource_id: str
    stopping: str
    """Why nothing new may start, or nothing."""
    runtime_context: Any
    state: Any
    input: Any
    """``None`` where it was not asked for."""


def read_execution(execution_id: str, *, with_input: bool) -> ExecutionValues:
    """Return the values of an execution; its input, which may be large, only on request."""
    value = "input" if with_input else "NULL"
    ((*names, context, state, given),) = _fetch(
        "SELECT workflow_id, root_id, parent_id, owner_id, resource_id, stopping, "
        f"runtime_context, state, {value} FROM {_EXECUTIONS} WHERE id = %s",
        [execution_id],
    )
    workflow_id, root_id, parent_id, owner_id, resource_id, stopping = names
    return ExecutionValues(
        workflow_id=workflow_id,
        root_id=root_id,
        parent_id=parent_id,
        owner_id=owner_id,
        resource_id=resource_id,
        stopping=stopping,
        runtime_context=json.loads(context),
        state=json.loads(state),
        input=None if given is None else json.loads(given),
    )


def read_outputs(execution_id: str, node_ids: Sequence[str]) -> dict[str, Any]:
    """Return the outputs of those of ``node_ids`` that have settled, in the document's order.

    One that failed or was skipped, and that the definition does without, hands on ``None``.
    """
    found: list[tuple[Any, ...]] = []
    for start in range(0, len(node_ids), _BATCH):
        part = node_ids[start : start + _BATCH]
        found += _fetch(
            f"SELECT position, node_id, output FROM {_STEPS} WHERE execution_id = %s "
            f"AND node_id IN ({', '.join(['%s'] * len(part))}) "
            "AND status IN ('completed', 'skipped', 'failed')",
            [execution_id, *part],
        )
    return {
        node_id: None if output is None else json.loads(output)
        for _, node_id, output in sorted(found, key=lambda row: row[0])
    }


def lock_execution(execution_id: str) -> tuple[ExecutionRow, datetime] | None:
    """Return the execution's row, locked until the transaction ends, and the time at which it was.

    That time is the database's own, so that a log's times never go backwards, whichever processes
    write it.
    """
    now, at = database.clock()
    found = _fetch(
        f"SELECT {_EXECUTION_COLUMNS}, {now} FROM {_EXECUTIONS} WHERE id = %s{_for_update()}",
        [*at, execution_id],
    )
    if not found:
        return None
    *columns, locked_at = found[0]
    return _execution(columns), database.as_time(locked_at)


def read_nested(execution_id: str) -> ExecutionRow:
    """Return the row of a nested execution; whoever reads it holds its root."""
    (found,) = _fetch(
        f"SELECT {_EXECUTION_COLUMNS} FROM {_EXECUTIONS} WHERE id = %s", [execution_id]
    )
    return _execution(found)


def read_step_values(execution_id: str, key: str, *names: str) -> dict[str, Any] | None:
    """Return JSON columns of the run ``key``, or ``None`` if it has no row."""
    found = _fetch(
        f"SELECT {', '.join(names)} FROM {_STEPS} WHERE execution_id = %s AND node_id = %s",
        [execution_id, key],
    )
    if not found:
        return None
    values = zip(names, found[0], strict=True)
    return {name: None if value is None else json.loads(value) for name, value in values}


def read_progress(execution_id: str, key: str) -> Progress | None:
    """Return how far the container run ``key`` has come, or ``None`` if it has not begun."""
    found = read_step_values(execution_id, key, "progress")
    return parse_progress(found["progress"]) if found and found["progress"] else None


def insert_items(execution_id: str, key: str, items: Sequence[Any]) -> None:
    """Keep the items of the foreach run ``key``, each by its index."""
    one = f"(%s, %s, %s, {_placeholder('value')})"
    for start in range(0, len(items), _BATCH):
        part = items[start : start + _BATCH]
        params: list[Any] = []
        for index, value in enumerate(part, start=start):
            params += [execution_id, key, index, _json(value)]
        _execute(
            f"INSERT INTO {_ITEMS} (execution_id, node_id, {_quoted('index')}, value) "
            f"VALUES {', '.join([one] * len(part))}",
            params,
        )


def read_item(execution_id: str, key: str, index: int) -> Any:
    """Return one item of the foreach run ``key``."""
    ((value,),) = _fetch(
        f"SELECT value FROM {_ITEMS} WHERE execution_id = %s AND node_id = %s "
        f"AND {_quoted('index')} = %s",
        [execution_id, key, index],
    )
    return json.loads(value)


def lock_steps(execution_id: str, node_ids: Iterable[str]) -> list[StepRow]:
    """Return the rows of those of ``node_ids`` that have one, locked in one order."""
    wanted = sorted(node_ids)
    rows = []
    for start in range(0, len(wanted), _BATCH):
        part = wanted[start : start + _BATCH]
        rows += _fetch(
            f"SELECT {_STEP_COLUMNS} FROM {_STEPS} WHERE execution_id = %s "
            f"AND node_id IN ({', '.join(['%s'] * len(part))}) ORDER BY id{_for_update()}",
            [execution_id, *part],
        )
    return [_step(row) for row in rows]


def lock_steps_in(execution_id: str, *statuses: str) -> list[StepRow]:
    """Return the rows in one of ``statuses``, or all, locked in one order."""
    where = f"AND status IN ({', '.join(['%s'] * len(statuses))}) " if statuses else ""
    rows = _fetch(
        f"SELECT {_STEP_COLUMNS} FROM {_STEPS} WHERE execution_id = %s {where}"
        f"ORDER BY id{_for_update()}",
        [execution_id, *statuses],
    )
    return [_step(row) for row in rows]


def delete_steps(execution_id: str, keys: Iterable[str]) -> None:
    """Forget runs; their history stays in the log."""
    wanted = sorted(keys)
    for start in range(0, len(wanted), _BATCH):
        part = wanted[start : start + _BATCH]
        for table in (_ITEMS, _STEPS):
            _execute(
                f"DELETE FROM {table} WHERE execution_id = %s "
                f"AND node_id IN ({', '.join(['%s'] * len(part))})",
                [execution_id, *part],
            )


def lock_unclaimed_steps(execution_id: str) -> list[StepRow]:
    """Return the rows whose attempt nobody has begun, locked in one order."""
    rows = _fetch(
        f"SELECT {_STEP_COLUMNS} FROM {_STEPS} WHERE execution_id = %s AND claimed_at IS NULL "
        "AND (status IN ('scheduled', 'retrying', 'waiting', 'suspended') "
        f"OR status = 'running' AND due_at IS NOT NULL) ORDER BY id{_for_update()}",
        [execution_id],
    )
    return [_step(row) for row in rows]


def insert_steps(rows: Sequence[Mapping[str, Any]]) -> dict[str, int]:
    """Write new step runs; return their ids by node id."""
    ids: dict[str, int] = {}
    for start in range(0, len(rows), _BATCH):
        part = rows[start : start + _BATCH]
        one = f"({', '.join(_placeholder(name) for name in _NEW_STEP)})"
        ids |= {
            node_id: pk
            for pk, node_id in _fetch(
                f"INSERT INTO {_STEPS} ({', '.join(_NEW_STEP)}) "
                f"VALUES {', '.join([one] * len(part))} RETURNING id, node_id",
                [
                    _json(row[name]) if name in _JSON_COLUMNS else row[name]
                    for row in part
                    for name in _NEW_STEP
                ],
            )
        }
    return ids


def update_step(row: StepRow, changes: Mapping[str, Any]) -> None:
    """Write columns of one step run.

    Raises:
        Overtaken: if ``row`` was taken on trust and is no longer as it was.
    """
    unchanged = (
        (" AND epoch = %s AND status = %s AND claimed_at IS NOT NULL", [row.epoch, row.status])
        if row.is_trusted
        else ("", [])
    )
    if _update(_STEPS, row.id, changes, *unchanged) == 0:
        raise Overtaken
    row.is_trusted = False


def update_execution(execution_id: str, changes: Mapping[str, Any]) -> None:
    """Write columns of one execution."""
    _update(_EXECUTIONS, execution_id, changes)


def insert_events(
    execution_id: str, first_seq: int, at: datetime, events: Sequence[tuple[str, Any, str]]
) -> None:
    """Append ``(type, data, source)`` triples to the log, numbered densely from ``first_seq``."""
    one = f"(%s, %s, %s, %s, {_placeholder('data')}, %s)"
    for start in range(0, len(events), _BATCH):
        part = events[start : start + _BATCH]
        params: list[Any] = []
        for number, (kind, data, source) in enumerate(part, start=first_seq + start):
            params += [execution_id, number, kind, at, _json(data), source]
        _execute(
            f"INSERT INTO {_EVENTS} (execution_id, seq, type, at, data, source) "
            f"VALUES {', '.join([one] * len(part))}",
            params,
        )


def _step(values: Sequence[Any]) -> StepRow:
    row = dict(zip(_STEP_FIELDS, values, strict=True))
    progress = row["progress"]
    return StepRow(
        **{
            **row,
            "is_claimed": bool(row["is_claimed"]),
            "is_timed": bool(row["is_timed"]),
            "progress": None if progress is None else parse_progress(json.loads(progress)),
        }
    )


def _execution(columns: Sequence[Any]) -> ExecutionRow:
    row = dict(zip(ExecutionRow.__dataclass_fields__, columns, strict=True))
    return ExecutionRow(**{**row, "path": json.loads(row["path"])})


def _update(
    table: str,
    pk: Any,
    changes: Mapping[str, Any],
    condition: str = "",
    more: Sequence[Any] = (),
) -> int:
    assignments = ", ".join(f"{name} = {_placeholder(name)}" for name in changes)
    params = [
        _as_json_column(value) if name in _JSON_COLUMNS and value is not None else value
        for name, value in changes.items()
    ]
    return _execute(
        f"UPDATE {table} SET {assignments} WHERE id = %s{condition}", [*params, pk, *more]
    )


def _as_json_column(value: Any) -> str:
    return _json(dump_progress(value) if isinstance(value, Progress) else value)


def _quoted(name: str) -> str:
    return connection.ops.quote_name(name)


def _json(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"))


def _placeholder(column: str) -> str:
    if column not in _JSON_COLUMNS or connection.vendor != "postgresql":
        return "%s"
    return "%s::json" if column in _ORDERED_COLUMNS else "%s::jsonb"


def _for_update() -> str:
    # An SQLite write transaction is alone anyway (``transaction_mode = IMMEDIATE``).
    return " FOR UPDATE" if connection.features.has_select_for_update else ""


def _adapted(params: Iterable[Any]) -> list[Any]:
    adapt = connection.ops.adapt_datetimefield_value
    return [adapt(value) if isinstance(value, datetime) else value for value in params]


def _fetch(sql: str, params: Sequence[Any]) -> list[tuple[Any, ...]]:
    with connection.cursor() as cursor:
        cursor.execute(sql, _adapted(params))
        return cursor.fetchall()


def _execute(sql: str, params: Sequence[Any]) -> int:
    with connection.cursor() as cursor:
        cursor.execute(sql, _adapted(params))
        return int(cursor.rowcount)
