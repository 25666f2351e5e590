"""Stored JSON for a page, cut by the database.  Refuses to load a large value just to cut it."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import Any

from django.db.models import TextField
from django.db.models.functions import Cast, Length, Substr

from workflows_app.admin.rendering import json_text


@dataclass(frozen=True, slots=True, kw_only=True)
class StoredValue:
    """A value as text: indented where it is whole, as it is stored where it is cut."""

    text: str
    chars: int
    """Of the stored text, all of it."""
    is_cut: bool


def as_text(*columns: str, max_chars: int) -> dict[str, Any]:
    """Return the annotations from which :func:`stored_value` makes the values of ``columns``."""
    found: dict[str, Any] = {}
    for column in columns:
        text = Cast(column, TextField())
        found[f"{column}_text"] = Substr(text, 1, max_chars)
        found[f"{column}_chars"] = Length(text)
    return found


def stored_value(row: Any, column: str) -> StoredValue | None:
    """Return the value of ``column`` of a row read with :func:`as_text`, ``None`` for no value."""
    text, chars = getattr(row, f"{column}_text"), getattr(row, f"{column}_chars")
    if text is None:
        return None
    if chars > len(text):
        return StoredValue(text=text, chars=chars, is_cut=True)
    try:
        shown = json_text(json.loads(text))
    except (ValueError, RecursionError):
        shown = text
    return StoredValue(text=shown, chars=chars, is_cut=False)
