"""People who follow executions and come back whenever a stream breaks: steady, slow and fickle.

They believe nothing but ids: what they hold in the end is compared with the log.
"""

from __future__ import annotations

import asyncio
import json
import random
import socket
import threading
import time
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any

import httpx

from executions_app.models import Event
from executions_app.streaming.wire import to_wire
from tests.chaos.faults import Trial

_AGAIN_SECONDS = (0.1, 0.6)
#: Longer than the silence between two keep-alives.
_ANSWER_SECONDS = 25.0
_SLOW_SECONDS = 0.05
_FICKLE_SECONDS = (0.5, 3.0)
#: So little is on its way to a slow reader that its slowness is felt at the other end.
_SMALL_BUFFER = [(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)]


@dataclass(slots=True, eq=False)
class Reader:
    """One of them."""

    execution_id: str
    token: str
    kind: str = "steady"
    """``steady``, ``slow``, or ``fickle``: goes away every few seconds and comes back."""
    last_id: str = ""
    events: list[dict[str, Any]] = field(default_factory=list)
    ids: list[int] = field(default_factory=list)
    times: list[tuple[float, float]] = field(default_factory=list)
    """When the connection was let in that brought an event, and when that came, in seconds since
    1970."""
    connections: int = 0
    resets: int = 0
    refusals: int = 0
    has_ended: bool = False
    _let_in_at: float = 0.0

    async def follow(self, client: httpx.AsyncClient, rng: random.Random) -> None:
        """Read until the stream says that it is over."""
        while not self.has_ended:
            try:
                if self.kind == "fickle":
                    async with asyncio.timeout(rng.uniform(*_FICKLE_SECONDS)):
                        await self._read(client)
                else:
                    await self._read(client)
            except (httpx.HTTPError, TimeoutError):
                pass
            if not self.has_ended:
                await asyncio.sleep(rng.uniform(*_AGAIN_SECONDS))

    async def _read(self, client: httpx.AsyncClient) -> None:
        headers = [(b"Authorization", f"Token {self.token}".encode())]
        if self.last_id:
            headers.append((b"Last-Event-ID", self.last_id.encode()))
        path = f"/api/executions/{self.execution_id}/stream/"
        async with client.stream("GET", path, headers=headers) as answer:
            if answer.status_code != 200:
                self.refusals += 1
                return
            self.connections += 1
            self._let_in_at = time.time()
            message: dict[str, str] = {}
            lines = answer.aiter_lines()
            while (line := await anext(lines, None)) is not None:
                name, _, value = line.partition(":")
                if name:
                    message[name] = value.removeprefix(" ")
                elif line == "" and "data" in message:
                    self._take(message)
                    message = {}
                    if self.kind == "slow":
                        await asyncio.sleep(_SLOW_SECONDS)

    def _take(self, message: dict[str, str]) -> None:
        match message.get("event"):
            case "end":
                self.has_ended = True
            case "reset":
                self.resets += 1
                self.events.clear()
                self.ids.clear()
                self.times.clear()
            case _:
                self.last_id = message["id"]
                self.ids.append(int(message["id"]))
                self.events.append(json.loads(message["data"]))
                self.times.append((self._let_in_at, time.time()))


@dataclass(slots=True)
class Audience:
    """Readers that follow on a thread of their own, all at once."""

    url: str
    readers: Sequence[Reader]
    seed: int
    _thread: threading.Thread = field(init=False)
    _loop: asyncio.AbstractEventLoop = field(init=False)
    _work: asyncio.Task[None] | None = field(init=False, default=None)

    def start(self) -> None:
        """Have them begin."""
        self._loop = asyncio.new_event_loop()
        self._thread = threading.Thread(target=self._run, name="audience", daemon=True)
        self._thread.start()

    def leave(self, *, seconds: float) -> None:
        """Wait until every stream has said that it is over, at most so long."""
        self._thread.join(seconds)
        if self._thread.is_alive() and self._work is not None:
            self._loop.call_soon_threadsafe(self._work.cancel)
            self._thread.join(30)

    def _run(self) -> None:
        try:
            self._work = self._loop.create_task(self._follow())
            self._loop.run_until_complete(self._work)
        except asyncio.CancelledError:
            pass
        finally:
            self._loop.close()

    async def _follow(self) -> None:
        rng = random.Random(self.seed)
        async with (
            self._client([]) as quick,
            self._client(_SMALL_BUFFER) as slow,
            asyncio.TaskGroup() as group,
        ):
            for reader in self.readers:
                client = slow if reader.kind == "slow" else quick
                group.create_task(reader.follow(client, rng))

    def _client(self, options: list[tuple[int, int, int]]) -> httpx.AsyncClient:
        limits = httpx.Limits(max_connections=None, max_keepalive_connections=0)
        return httpx.AsyncClient(
            base_url=self.url,
            timeout=_ANSWER_SECONDS,
            transport=httpx.AsyncHTTPTransport(limits=limits, socket_options=options),
        )


def compare_with_logs(trial: Trial, readers: Iterable[Reader]) -> None:
    """Note every reader who was told anything but the log."""
    logs: dict[str, list[Any]] = {}
    for one in readers:
        if one.execution_id not in logs:
            rows = Event.objects.filter(execution_id=one.execution_id).order_by("seq")
            logs[one.execution_id] = [json.loads(json.dumps(to_wire(row))) for row in rows]
        log = logs[one.execution_id]
        what = f"a {one.kind} reader of {one.execution_id} ({one.connections} connections)"
        trial.check(one.has_ended, f"{what} was never told of the end")
        trial.check(
            one.ids == list(range(1, len(log) + 1)),
            f"{what} has {len(one.ids)} of {len(log)} events, {len(set(one.ids))} different ones",
        )
        trial.check(one.events == log, f"{what} was told something else than the log")
