"""Log lines as a text to keep: a line for each, in order, as they are read in a terminal.

Bounded, and says at its end where it goes on.  Refuses to let a message look like several lines.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from typing import Any
from urllib.parse import quote

from django.http import HttpResponse

from executions_app.models import Event, Execution
from executions_app.streaming.wire import to_wire

#: One text holds so much at most.
MAX_LINES = 10_000
MAX_BYTES = 8 * 1024 * 1024
_PAGE = 500
#: What would move a terminal's cursor, or colour what follows.
_CONTROLS = dict.fromkeys({*range(32), *range(127, 160)} - {ord("\t"), ord("\n")}, "\ufffd")


def text_answer(
    execution: Execution, read: Callable[[int, int], list[Event]], *, after: int, limit: int | None
) -> HttpResponse:
    """Return what ``read(after, limit)`` gives, page by page, as a file to download."""
    text = "".join(_written(read, after=after, limit=min(limit or MAX_LINES, MAX_LINES)))
    name = quote(f"execution-{execution.pk}.log".replace(":", "_"), safe="-._")
    return HttpResponse(
        text.encode(errors="replace"),
        content_type="text/plain; charset=utf-8",
        headers={"Content-Disposition": f'attachment; filename="{name}"'},
    )


def line_of(event: Event) -> str:
    """Return one line of the log: time, level, step, message, fields."""
    told = to_wire(event)
    attempt = told.get("attempt", 1)
    step = str(event.data.get("node_id") or "-")
    parts = [
        *(str(told["at"]), str(told.get("level", "info")).upper().ljust(8)),
        step if attempt == 1 else f"{step}#{attempt}",
        _shown(told.get("message", "")),
    ]
    if fields := told.get("fields"):
        parts.append(_json(fields))
    # What follows a line break is set in, so that no message can pass for a line of its own.
    return "\n    ".join(" ".join(parts).splitlines()).translate(_CONTROLS) + "\n"


def _written(read: Callable[[int, int], list[Event]], *, after: int, limit: int) -> Iterator[str]:
    size_bytes = lines = 0
    while rows := read(after, _PAGE):
        for row in rows:
            line = line_of(row)
            size_bytes += len(line.encode(errors="replace"))
            if lines >= limit or (lines and size_bytes > MAX_BYTES):
                yield f"... there is more: ?format=text&after={after}\n"
                return
            yield line
            lines, after = lines + 1, row.seq


def _shown(value: Any) -> str:
    return value if isinstance(value, str) else _json(value)


def _json(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"))
