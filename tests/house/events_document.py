"""``docs/events.md``: every event with its fields, read from the catalogue of facts."""

from __future__ import annotations

import ast
import inspect
import itertools
from collections.abc import Mapping
from dataclasses import fields
from typing import Any

from executions_app.engine import events, step_events
from executions_app.engine.events import EVENT_TYPES, FINAL_TYPES
from executions_app.engine.preview import PREVIEW_BYTES
from executions_app.engine.step_events import NodeFact
from executions_app.runner.heartbeat import ANNOUNCE_AFTER_SECONDS
from executions_app.streaming.stream import KEEP_ALIVE_SECONDS
from executions_app.streaming.stream_slots import MAX_STREAMS

#: Fields that every event about a step has, explained once.
_OF_EVERY_STEP = frozenset({"node_id", "attempt"})
#: What a field is called for those who listen.
_TOLD_AS = {"failure": "error", "node_id": "step_id"}
#: Meanings of fields whose name says it all to a reader of the code, and not to one of this page.
_SAID: Mapping[str, str] = {
    "failure": "The failure: `name`, `message`, `code`, `details`, `cause`.",
    "fields": "Values beside the message, by name; secrets are masked.",
    "level": "`debug`, `info`, `warning`, `error` or `critical`.",
    "message": "The line.",
    "node_id": "The step that wrote it, if it was one.",
    "attempt": "Its attempt.",
    "output": "What came out, as JSON.",
    "reason": "Why, as whoever asked gave it.",
    "by": "Who asked, as people know them.",
    "trigger": "`api`, `admin`, `cli`, `python`, `rerun`, `schedule`, `nested` or `failure`.",
    "payload": "What is asked, or shown meanwhile.",
    "data": "The answer, or the event's data.",
    "current_index": "Which round, from 0.",
    "within": "The run inside the container whose failure this is.",
    "event": "The event's name; empty for other waits.",
}

_INTRODUCTION = f"""\
# Events

An execution's log is a list of events, numbered from 1 without gaps. The log, the stream and
`GET /api/executions/{{id}}/events/` tell the same events in the same words.

## One event

```json
{{"type": "step_completed", "execution_id": "0190c7a4-5f3e-7c2a-9b1d-2f4e6a8c0d1e", "seq": 4,
 "at": "2026-05-04T10:00:01.240000Z", "step_id": "charge", "step_name": "Charge the card",
 "path": ["charge"], "attempt": 1, "output": {{"charged": 12.5}}}}
```

| field | meaning |
|---|---|
| `type` | one of those below |
| `execution_id` | the execution |
| `seq` | the event's number in the log, from 1 |
| `source` | the nested execution it is about; absent for the execution's own |
| `at` | when it was recorded, in UTC, by the database's clock |
| `step_id` | the node's id, in events about a step |
| `step_name` | its name in the version that ran |
| `path` | the way down to the step: ids of nested workflows, loops and foreachs, indexes of their \
rounds from 0, and the step: `["each", 2, "charge"]` |
| `attempt` | the try, 1 for the first |
| `internal` | `true` for what people need not see: maps, branches, loops, bails; else absent |

A nested execution has no log of its own. Its events stand in that of the outermost execution, with
`source`; asked for by the nested id, the log, the list and the stream tell its part of them, under
the same numbers, which then have gaps.

A value over {PREVIEW_BYTES // 1024} KiB travels as
`{{"preview", "bytes", "truncated": true, "href"}}`; `href` answers the whole.

## The stream

`GET /api/executions/{{id}}/stream/` sends Server-Sent Events: `id:` is `seq`, `event:` is `type`,
`data:` is the event.

- Without `Last-Event-ID` it begins with the first event. With it (as a header, or as
  `?last_event_id=`) it goes on after that number: every later event once, in order, from the
  table, then live.
- A `Last-Event-ID` that is no number of this execution gets `event: reset`, then everything.
- After the last event comes `event: end`, and the stream closes. A stream that closes without it
  was broken off: connect again.
- It stays open while an execution is suspended or paused. An execution that was opened again has
  several endings in its log; only the last one ends the stream.
- `?format=mastra` tells the same as Mastra's chunks, here and in the list.
- A comment is sent after {KEEP_ALIVE_SECONDS:.0f} seconds without an event.
- One account may hold {MAX_STREAMS} streams in one web process; one more answers 429
  `stream.limit`.

A step that takes less than {ANNOUNCE_AFTER_SECONDS:g} seconds has `step_started` and its outcome
recorded at the same moment; `started_at` says when it began. A node has one `step_started`, one
`step_retrying` for each retry and one final event, however many attempts it took.
"""


def render() -> str:
    """Return the document."""
    parts = [_INTRODUCTION, "## All types", ""]
    for name, kind in EVENT_TYPES.items():
        final = " Nothing follows it, unless somebody opens it again." * (name in FINAL_TYPES)
        parts += [f"### `{name}`", "", f"{_meaning(kind)}{final}", ""]
        rows = [f"| `{_TOLD_AS.get(field, field)}` | {said} |" for field, said in _fields(kind)]
        if rows:
            parts += ["| field | meaning |", "|---|---|", *rows, ""]
    return "\n".join(parts)


def undocumented() -> list[str]:
    """Return the facts, and fields of facts, of which nothing is said."""
    return [
        *(name for name, kind in EVENT_TYPES.items() if not vars(kind).get("__doc__")),
        *(
            f"{name}.{field}"
            for name, kind in EVENT_TYPES.items()
            for field, said in _fields(kind)
            if not said
        ),
    ]


def _meaning(kind: Any) -> str:
    return (inspect.getdoc(kind) or "").replace("``", "`")


def _fields(kind: Any) -> list[tuple[str, str]]:
    is_step = issubclass(kind, NodeFact)
    return [
        (item.name, meaning_of(kind, item.name))
        for item in fields(kind)
        if not (is_step and item.name in _OF_EVERY_STEP)
    ]


def meaning_of(fact: Any, field: str) -> str:
    """Return the text that stands below a field in the catalogue, or the one of this page."""
    modules = (ast.parse(inspect.getsource(module)) for module in (events, step_events))
    parts = (node for module in modules for node in module.body)
    classes = (node for node in parts if isinstance(node, ast.ClassDef))
    for body in (node.body for node in classes if node.name == fact.__name__):
        for here, below in itertools.pairwise(body):
            match here, below:
                case (
                    ast.AnnAssign(target=ast.Name(id=name)),
                    ast.Expr(value=ast.Constant(value=str(text))),
                ) if name == field:
                    return " ".join(text.split()).replace("``", "`")
    return _SAID.get(field, "")
