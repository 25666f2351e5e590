"""Events as the bytes of ``text/event-stream``.  Refuses to decide what is sent, and when.

Source: the encoding is django-eventstream's, which strips what could break out of a field; the
protocol is https://html.spec.whatwg.org/multipage/server-sent-events.html.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django_eventstream.utils import sse_encode_event

from executions_app.engine.events import FINAL_TYPES
from executions_app.models import Event
from executions_app.streaming.wire import to_wire

#: How long a browser waits before it connects again.
RETRY_MILLISECONDS = 2_000
#: A comment, so that proxies see life; clients do not notice it.
KEEP_ALIVE = b": keep-alive\n\n"


@dataclass(frozen=True, slots=True)
class Frame:
    """One event, encoded once for everybody who watches."""

    seq: int
    final: bool
    """Whether nothing follows it, unless somebody opens the execution again."""
    body: bytes
    source: str = ""
    """The nested execution it is about; empty for the log's own."""
    ends: bool = False
    """Whether it ends the execution it is about."""


def encode_event(event: Event) -> Frame:
    """Return ``event`` with its ``seq`` as the id that a client resumes from."""
    return encode_as(event, [to_wire(event)])


def encode_as(event: Event, told: Sequence[Mapping[str, Any]]) -> Frame:
    """Return ``event`` as the messages ``told``, whose type is theirs; the last has the id.

    A reader that is broken off between them gets them all again, and never loses one.
    """
    last = len(told) - 1
    body = b"".join(
        _message(str(item["type"]), item, event_id=str(event.seq) if number == last else None)
        for number, item in enumerate(told)
    )
    ends = event.type in FINAL_TYPES
    return Frame(
        seq=event.seq, final=ends and not event.source, body=body, source=event.source, ends=ends
    )


def opening() -> bytes:
    """Return what every stream begins with.

    The padding makes clients and proxies that collect the first kilobytes pass the stream on.
    """
    return b":" + b" " * 2048 + b"\n\nretry: %d\n\n" % RETRY_MILLISECONDS


def encode_reset(execution_id: str, *, last_seq: int) -> bytes:
    """Return the order to forget what is known: everything is sent again, from the beginning."""
    return _message("reset", {"execution_id": execution_id, "last_seq": last_seq})


def encode_end(execution_id: str, *, last_seq: int) -> bytes:
    """Return the last word of a stream: the execution is over, so a client need not come back."""
    return _message("end", {"execution_id": execution_id, "last_seq": last_seq})


def _message(event: str, told: Mapping[str, Any], *, event_id: str | None = None) -> bytes:
    """Return one message; its JSON is ASCII, so nothing in it can end a line or break UTF-8."""
    text: str = sse_encode_event(event, json.dumps(told, separators=(",", ":")), event_id=event_id)
    return text.encode()
