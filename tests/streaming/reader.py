"""A reader of ``text/event-stream``, over a real connection.

Source: https://html.spec.whatwg.org/multipage/server-sent-events.html#event-stream-interpretation
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

import httpx


@dataclass(frozen=True, slots=True)
class Message:
    event: str
    id: str | None
    data: Any


class Stream:
    """The messages of one response, as they come."""

    def __init__(self, response: httpx.Response) -> None:
        self.response = response
        self._messages = _messages(response.iter_lines())

    def __iter__(self) -> Iterator[Message]:
        return self._messages

    def take(self, count: int) -> list[Message]:
        """Return the next ``count`` messages; waits for them."""
        return [next(self._messages) for _ in range(count)]


def _messages(lines: Iterator[str]) -> Iterator[Message]:
    event, identity, data = "message", None, []
    for line in lines:
        field, _, value = line.partition(":")
        value = value.removeprefix(" ")
        if not line:
            if data:
                yield Message(event, identity, json.loads("\n".join(data)))
            event, identity, data = "message", None, []
        elif field == "event":
            event = value
        elif field == "id":
            identity = value
        elif field == "data":
            data.append(value)


@contextmanager
def following(client: httpx.Client, path: str, **options: Any) -> Iterator[Stream]:
    """Open a stream; leaving the block closes it as a browser does."""
    with client.stream("GET", path, **options) as response:
        assert response.status_code == 200, response.read()
        yield Stream(response)


def seqs(messages: list[Message]) -> list[int]:
    """Return the numbers of the events among ``messages``."""
    return [int(message.id) for message in messages if message.id is not None]
