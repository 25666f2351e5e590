# ruff: noqa: S608 - every name put into a statement is a constant of ours; values are parameters
"""Rows of step runs, by hand."""

from __future__ import annotations

import json
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from executions_app.engine.progress import Progress
from executions_app.engine.progress_json import parse_progress
from executions_app.models.stored_value import read
from executions_app.rows.statements import (
    BATCH,
    ITEMS,
    JSON_COLUMNS,
    STEPS,
    execute,
    fetch,
    for_update,
    json_text,
    placeholder,
    update,
)


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


def read_outputs(
    execution_id: str, node_ids: Sequence[str], *, forgiven: Collection[str] = ()
) -> dict[str, Any]:
    """Return the outputs of those of ``node_ids`` that have settled well, in the document's order.

    One that was skipped hands on ``None``, and so does one of the ``forgiven`` that failed.
    """
    found: list[tuple[Any, ...]] = []
    for start in range(0, len(node_ids), BATCH):
        part = node_ids[start : start + BATCH]
        found += fetch(
            f"SELECT position, node_id, output, status FROM {STEPS} WHERE execution_id = %s "
            f"AND node_id IN ({', '.join(['%s'] * len(part))}) "
            "AND status IN ('completed', 'skipped', 'failed')",
            [execution_id, *part],
        )
    return {
        node_id: None if output is None else read(output, of=f"the output of step {node_id!r}")
        for _, node_id, output, status in sorted(found, key=lambda row: row[0])
        if status != "failed" or node_id in forgiven
    }


def read_step_values(execution_id: str, key: str, *names: str) -> dict[str, Any] | None:
    """Return JSON columns of the run ``key``, or ``None`` if it has no row."""
    found = fetch(
        f"SELECT {', '.join(names)} FROM {STEPS} WHERE execution_id = %s AND node_id = %s",
        [execution_id, key],
    )
    if not found:
        return None
    values = zip(names, found[0], strict=True)
    return {
        name: None if value is None else read(value, of=f"the {name} of step {key!r}")
        for name, value in values
    }


def read_progress(execution_id: str, key: str) -> Progress | None:
    """Return how far the container run ``key`` has come, or ``None`` if it has not begun."""
    found = read_step_values(execution_id, key, "progress")
    return parse_progress(found["progress"]) if found and found["progress"] else None


def lock_steps(execution_id: str, node_ids: Iterable[str]) -> list[StepRow]:
    """Return the rows of those of ``node_ids`` that have one, locked in one order."""
    wanted = sorted(node_ids)
    rows = []
    for start in range(0, len(wanted), BATCH):
        part = wanted[start : start + BATCH]
        rows += fetch(
            f"SELECT {_STEP_COLUMNS} FROM {STEPS} WHERE execution_id = %s "
            f"AND node_id IN ({', '.join(['%s'] * len(part))}) ORDER BY id{for_update()}",
            [execution_id, *part],
        )
    return [_step(row) for row in rows]


def lock_steps_in(execution_id: str, *statuses: str) -> list[StepRow]:
    """Return the rows in one of ``statuses``, or all, locked in one order."""
    where = f"AND status IN ({', '.join(['%s'] * len(statuses))}) " if statuses else ""
    rows = fetch(
        f"SELECT {_STEP_COLUMNS} FROM {STEPS} WHERE execution_id = %s {where}"
        f"ORDER BY id{for_update()}",
        [execution_id, *statuses],
    )
    return [_step(row) for row in rows]


def lock_unclaimed_steps(execution_id: str) -> list[StepRow]:
    """Return the rows whose attempt nobody has begun, locked in one order."""
    rows = fetch(
        f"SELECT {_STEP_COLUMNS} FROM {STEPS} WHERE execution_id = %s AND claimed_at IS NULL "
        "AND (status IN ('scheduled', 'retrying', 'waiting', 'suspended') "
        f"OR status = 'running' AND due_at IS NOT NULL) ORDER BY id{for_update()}",
        [execution_id],
    )
    return [_step(row) for row in rows]


def insert_steps(rows: Sequence[Mapping[str, Any]]) -> dict[str, int]:
    """Write new step runs; return their ids by node id."""
    ids: dict[str, int] = {}
    for start in range(0, len(rows), BATCH):
        part = rows[start : start + BATCH]
        one = f"({', '.join(placeholder(name) for name in _NEW_STEP)})"
        ids |= {
            node_id: pk
            for pk, node_id in fetch(
                f"INSERT INTO {STEPS} ({', '.join(_NEW_STEP)}) "
                f"VALUES {', '.join([one] * len(part))} RETURNING id, node_id",
                [
                    json_text(row[name]) if name in JSON_COLUMNS else row[name]
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
    if update(STEPS, row.id, changes, *unchanged) == 0:
        raise Overtaken
    row.is_trusted = False


def delete_steps(execution_id: str, keys: Iterable[str]) -> None:
    """Forget runs; their history stays in the log."""
    wanted = sorted(keys)
    for start in range(0, len(wanted), BATCH):
        part = wanted[start : start + BATCH]
        for table in (ITEMS, STEPS):
            execute(
                f"DELETE FROM {table} WHERE execution_id = %s "
                f"AND node_id IN ({', '.join(['%s'] * len(part))})",
                [execution_id, *part],
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
