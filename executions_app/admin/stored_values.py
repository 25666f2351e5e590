"""Stored JSON for a page, cut by the database.  Refuses to load a large value just to cut it."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import Any

from executions_app.models.value_functions import ValueBytes, ValueStart
from workflows_app.admin.rendering import json_text


@dataclass(frozen=True, slots=True, kw_only=True)
class StoredValue:
    """A value as text: indented where it is whole, as it is stored where it is cut."""

    text: str
    size_bytes: int
    """Of the whole."""
    is_cut: bool


def as_text(*columns: str, max_chars: int) -> dict[str, Any]:
    """Return the annotations from which :func:`stored_value` makes the values of ``columns``."""
    found: dict[str, Any] = {}
    for column in columns:
        found[f"{column}_text"] = ValueStart(column, chars=max_chars)
        found[f"{column}_bytes"] = ValueBytes(column)
    return found


def stored_value(row: Any, column: str) -> StoredValue | None:
    """Return the value of ``column`` of a row read with :func:`as_text`, ``None`` for no value."""
    text, size_bytes = getattr(row, f"{column}_text"), getattr(row, f"{column}_bytes")
    if text is None:
        return None
    if size_bytes > len(text.encode()):
        return StoredValue(text=text, size_bytes=size_bytes, is_cut=True)
    try:
        shown = json_text(json.loads(text))
    except (ValueError, RecursionError):
        shown = text
    return StoredValue(text=shown, size_bytes=size_bytes, is_cut=False)
