# ruff: noqa: S608 - every name put into a statement is a constant of ours; values are parameters
"""Rows of the log, and of the items of a foreach, by hand."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from executions_app.models.stored_value import read, written
from executions_app.rows.statements import (
    BATCH,
    EVENTS,
    ITEMS,
    execute,
    fetch,
    json_text,
    placeholder,
    quoted,
)


def insert_events(
    execution_id: str, first_seq: int, at: datetime, events: Sequence[tuple[str, Any, str]]
) -> None:
    """Append ``(type, data, source)`` triples to the log, numbered densely from ``first_seq``."""
    one = f"(%s, %s, %s, %s, {placeholder('data')}, %s)"
    for start in range(0, len(events), BATCH):
        part = events[start : start + BATCH]
        params: list[Any] = []
        for number, (kind, data, source) in enumerate(part, start=first_seq + start):
            params += [execution_id, number, kind, at, json_text(data), source]
        execute(
            f"INSERT INTO {EVENTS} (execution_id, seq, type, at, data, source) "
            f"VALUES {', '.join([one] * len(part))}",
            params,
        )


def insert_items(execution_id: str, key: str, items: Sequence[Any]) -> None:
    """Keep the items of the foreach run ``key``, each by its index."""
    one = f"(%s, %s, %s, {placeholder('value')})"
    for start in range(0, len(items), BATCH):
        part = items[start : start + BATCH]
        params: list[Any] = []
        for index, value in enumerate(part, start=start):
            params += [execution_id, key, index, written(value)]
        execute(
            f"INSERT INTO {ITEMS} (execution_id, node_id, {quoted('index')}, value) "
            f"VALUES {', '.join([one] * len(part))}",
            params,
        )


def read_item(execution_id: str, key: str, index: int) -> Any:
    """Return one item of the foreach run ``key``."""
    ((value,),) = fetch(
        f"SELECT value FROM {ITEMS} WHERE execution_id = %s AND node_id = %s "
        f"AND {quoted('index')} = %s",
        [execution_id, key, index],
    )
    return read(value, of=f"item {index} of step {key!r}")
