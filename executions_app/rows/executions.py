# ruff: noqa: S608 - every name put into a statement is a constant of ours; values are parameters
"""Rows of executions, by hand."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from executions_app import database
from executions_app.models.stored_value import read
from executions_app.rows.statements import (
    EXECUTIONS,
    fetch,
    for_update,
    update,
)


@dataclass(slots=True, kw_only=True)
class ExecutionRow:
    """What recording reads of an execution: nothing that grows with it, and no values."""

    id: str
    workflow_id: str
    version_id: int
    lane: str | None
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
    recorded_bytes: int
    """Of a root: of all values recorded of it and inside it."""
    root_id: str | None
    parent_id: str | None
    parent_key: str
    path: Any
    owner_id: int | None


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
    recorded_bytes: int
    """Of a root, by now; 0 of an execution inside another."""
    runtime_context: Any
    state: Any
    input: Any
    """``None`` where it was not asked for."""


_EXECUTION_COLUMNS = ", ".join(ExecutionRow.__dataclass_fields__)


def read_execution(execution_id: str, *, with_input: bool) -> ExecutionValues:
    """Return the values of an execution; its input, which may be large, only on request."""
    value = "input" if with_input else "NULL"
    ((*names, context, state, given),) = fetch(
        "SELECT workflow_id, root_id, parent_id, owner_id, resource_id, stopping, recorded_bytes, "
        f"runtime_context, state, {value} FROM {EXECUTIONS} WHERE id = %s",
        [execution_id],
    )
    workflow_id, root_id, parent_id, owner_id, resource_id, stopping, recorded_bytes = names
    return ExecutionValues(
        workflow_id=workflow_id,
        root_id=root_id,
        parent_id=parent_id,
        owner_id=owner_id,
        resource_id=resource_id,
        stopping=stopping,
        recorded_bytes=recorded_bytes,
        runtime_context=json.loads(context),
        state=json.loads(state),
        input=None if given is None else read(given, of="the execution's input"),
    )


def lock_execution(execution_id: str) -> tuple[ExecutionRow, datetime] | None:
    """Return the execution's row, locked until the transaction ends, and the time at which it was.

    That time is the database's own, so that a log's times never go backwards, whichever processes
    write it.
    """
    now, at = database.clock()
    found = fetch(
        f"SELECT {_EXECUTION_COLUMNS}, {now} FROM {EXECUTIONS} WHERE id = %s{for_update()}",
        [*at, execution_id],
    )
    if not found:
        return None
    *columns, locked_at = found[0]
    return _execution(columns), database.as_time(locked_at)


def read_nested(execution_id: str) -> ExecutionRow:
    """Return the row of a nested execution; whoever reads it holds its root."""
    (found,) = fetch(f"SELECT {_EXECUTION_COLUMNS} FROM {EXECUTIONS} WHERE id = %s", [execution_id])
    return _execution(found)


def update_execution(execution_id: str, changes: Mapping[str, Any]) -> None:
    """Write columns of one execution."""
    update(EXECUTIONS, execution_id, changes)


def _execution(columns: Sequence[Any]) -> ExecutionRow:
    row = dict(zip(ExecutionRow.__dataclass_fields__, columns, strict=True))
    return ExecutionRow(**{**row, "path": json.loads(row["path"])})
