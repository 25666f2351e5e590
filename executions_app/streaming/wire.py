"""An event as clients see it, in the stream and in the list alike.  Refuses to know of HTTP or SSE.

``{"type", "execution_id", "seq", "at", "source"?, "step_id"?, "step_name"?, "path"?, "attempt"?,
...}``, where the rest are the fact's own fields.  ``source`` is the nested execution it is about;
``path`` the way down to the step: ids, and indexes of rounds.  A large value is
``{"preview", "bytes", "truncated", "href"}``.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any
from urllib.parse import quote

from executions_app.engine.preview import PREVIEW_BYTES
from executions_app.models import Event
from workflows_app.language.plan import face_of, node_of

#: What the row calls a thing, and what the wire calls it.
RENAMED = {"node_id": "step_id", "name": "step_name"}
#: Fields that are left out where there is nothing to say.
OPTIONAL = frozenset(
    {"step_id", "step_name", "attempt", "internal", "bailed", "supplied", "within"}
)
#: A value that was cut when its event was written.
_PREVIEW_KEYS = frozenset({"preview", "bytes", "truncated"})
_PREVIEW_CHARS = 1_000


def to_wire(event: Event, *, whole: bool = False) -> dict[str, Any]:
    """Return ``event`` as JSON, with previews of values over 64 KiB unless ``whole``."""
    told: dict[str, Any] = {
        "type": event.type,
        "execution_id": event.execution_id,
        "seq": event.seq,
        "at": event.at.isoformat().replace("+00:00", "Z"),
    }
    if event.source:
        told["source"] = event.source
    return told | _own_fields(event, taken=told, whole=whole)


def execution_href(execution_id: str) -> str:
    """Return the path under which the API answers an execution with nothing cut."""
    return f"/api/executions/{execution_id}/?full=1"


def step_href(execution_id: str, step_id: str) -> str:
    """Return the path under which the API answers one step with nothing cut."""
    return f"/api/executions/{execution_id}/steps/{quote(step_id, safe='')}/"


def event_href(execution_id: str, seq: int) -> str:
    """Return the path under which the API answers one event with nothing cut."""
    return f"/api/executions/{execution_id}/events/?after={seq - 1}&full=1"


def _own_fields(event: Event, *, taken: Mapping[str, Any], whole: bool) -> dict[str, Any]:
    own: dict[str, Any] = {}
    for name, value in event.data.items():
        wired = RENAMED.get(name, name)
        if wired in taken or (wired in OPTIONAL and not value):
            continue
        own[wired] = value if whole and not _is_preview(value) else shown(value, event)
    key = event.data.get("node_id")
    if key:
        own["step_id"] = face_of(node_of(key))
        own.setdefault("path", [key])
    return own


def shown(value: Any, event: Event) -> Any:
    """Return ``value`` or its preview, which may have been cut when the event was written.

    Total: what is in the log can be told, else one event would silence the stream for good.
    """
    if value is None or isinstance(value, bool | int | float):
        return value
    if _is_preview(value):
        return value | _whereabouts(event)
    text = json.dumps(value, ensure_ascii=False, separators=(",", ":"))
    size_bytes = len(text.encode(errors="surrogatepass"))
    if size_bytes <= PREVIEW_BYTES:
        return value
    cut = {"preview": text[:_PREVIEW_CHARS], "bytes": size_bytes, "truncated": True}
    return cut | _whereabouts(event)


def _is_preview(value: Any) -> bool:
    return isinstance(value, dict) and value.keys() == _PREVIEW_KEYS and value["truncated"] is True


def _whereabouts(event: Event) -> dict[str, str]:
    """Return where the whole of a value is; that of a log line's fields is nowhere."""
    if event.type == "log":
        return {}
    if event.type == "step_output":
        return {"href": event_href(event.execution_id, event.seq)}
    step_id = event.data.get("node_id")
    about = event.source or event.execution_id
    if step_id and not event.type.startswith("execution_"):
        return {"href": step_href(about, step_id)}
    return {"href": execution_href(about)}
