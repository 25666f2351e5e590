"""A container's progress as a JSON column.  Leaves out what is at its default."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import fields
from typing import Any

from rpds import HashTrieMap

from executions_app.engine.progress import Progress

_NOTHING = Progress()


def dump_progress(progress: Progress) -> dict[str, Any]:
    """Return ``progress`` as JSON."""
    data: dict[str, Any] = {}
    for item in fields(progress):
        value = getattr(progress, item.name)
        if value != getattr(_NOTHING, item.name):
            data[item.name] = value
    if "open" in data:
        data["open"] = {label: progress.open[label] for label in sorted(progress.open)}
    if "todo" in data:
        data["todo"] = list(progress.todo)
    return data


def parse_progress(data: Mapping[str, Any]) -> Progress:
    """Return the progress that :func:`dump_progress` wrote."""
    values = dict(data)
    if "open" in values:
        values["open"] = HashTrieMap.convert(values["open"])
    if "todo" in values:
        values["todo"] = tuple(values["todo"])
    return Progress(**values)
