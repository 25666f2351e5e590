"""Facts as JSON, as the log stores them.  Reads what older releases wrote, drops what it does not
know."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import fields
from datetime import datetime
from typing import Any

from executions_app.engine.events import EVENT_TYPES, Event
from executions_app.engine.failures import Failure, failure_from_json

_TIMES = frozenset({"started_at", "retry_at", "until"})
_TUPLES = frozenset({"bodies", "labels", "resets", "reopens", "only"})


def dump_event(event: Event) -> dict[str, Any]:
    """Return the fact's own fields as JSON; ``type`` is stored beside them."""
    data: dict[str, Any] = {}
    for item in fields(event):
        value = getattr(event, item.name)
        if isinstance(value, Failure):
            value = value.to_json()
        elif isinstance(value, datetime):
            value = value.isoformat()
        elif isinstance(value, Mapping):
            value = dict(value)
        elif isinstance(value, tuple):
            value = list(value)
        data["error" if item.name == "failure" else item.name] = value
    return data


def parse_event(type_name: str, data: Mapping[str, Any]) -> Event:
    """Return the fact that :func:`dump_event` wrote.

    Raises:
        KeyError: if ``type_name`` is in no release's catalogue.
    """
    kind = EVENT_TYPES[type_name]
    known = {item.name for item in fields(kind)}
    values: dict[str, Any] = {}
    for name, value in data.items():
        if name == "error" and "failure" in known:
            values["failure"] = failure_from_json(value) if value else None
        elif name in _TIMES and value is not None:
            values[name] = datetime.fromisoformat(value)
        elif name in _TUPLES:
            values[name] = tuple(value)
        elif name in known:
            values[name] = value
    return kind(**values)
