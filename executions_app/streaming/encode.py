"""Events as the bytes of ``text/event-stream``.  Refuses to decide what is sent, and when.

Source: the encoding is django-eventstream's, which strips what could break out of a field; the
protocol is https://html.spec.whatwg.org/multipage/server-sent-events.html.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
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
    """Whether nothing follows it."""
    body: bytes


def encode_event(event: Event) -> Frame:
    """Return ``event`` with its ``seq`` as the id that a client resumes from."""
    body = _message(event.type, to_wire(event), event_id=str(event.seq))
    return Frame(seq=event.seq, final=event.type in FINAL_TYPES, body=body)


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
