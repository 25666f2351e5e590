"""A network that fails, between our processes and a store: a TCP proxy with its faults at hand.

Refuses to understand a protocol: it knows bytes, and which of them tell that a commit has happened.
"""

from __future__ import annotations

import asyncio
import contextlib
import random
import socket
import struct
import threading
from collections import Counter
from collections.abc import Coroutine
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any

_CHUNK_BYTES = 256 * 1024
#: How much of what a client has asked is remembered, for :class:`Loss`.
_ASKED_BYTES = 512 * 1024
#: ``CommandComplete`` of a COMMIT, as PostgreSQL sends it once the transaction has happened.
COMMITTED = b"C\x00\x00\x00\x0bCOMMIT\x00"
#: The same of an UPDATE of one row outside a transaction.
UPDATED = b"C\x00\x00\x00\x0dUPDATE 1\x00"
#: ``ReadyForQuery`` outside a transaction: what the client asks from now on is something new.
_IDLE = b"Z\x00\x00\x00\x05I"


class Mode(StrEnum):
    """What happens to bytes and to new connections."""

    PASS = "pass"
    REFUSE = "refuse"
    """Nobody listens."""
    BLACKHOLE = "blackhole"
    """Everything is taken and nothing comes back, as when a machine loses its power."""


@dataclass(slots=True, kw_only=True)
class Loss:
    """Replies that do not arrive although what they tell has happened."""

    answered: bytes = COMMITTED
    """What the server says."""
    asked: bytes = b""
    """What the client must have said in the same transaction."""
    chance: float = 1.0
    at_most: int = 1
    lost: int = 0


@dataclass(slots=True, eq=False)
class _Link:
    """One client's connection, and ours to the server for it."""

    client: asyncio.StreamWriter
    server: asyncio.StreamWriter | None = None
    asked: bytearray = field(default_factory=bytearray)
    tail: bytes = b""
    spoiled: bool = False
    """Bytes of it were swallowed, so it can never be of use again."""

    def reset(self) -> None:
        """Break it off as a dead peer's machine does: RST, not a polite end."""
        for writer in (self.client, self.server):
            if writer is not None:
                with contextlib.suppress(OSError):
                    linger = struct.pack("ii", 1, 0)
                    sock = writer.get_extra_info("socket")
                    sock.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, linger)
                writer.transport.abort()


class Proxy:
    """Listens on a port of this machine and carries bytes to ``target``, in a thread of its own.

    ``target`` is ``host:port`` or the path of a socket.  ``counts`` tells what happened:
    connections, cuts, lost replies and swallowed bytes.
    """

    def __init__(self, target: str, *, name: str = "proxy", seed: int = 0) -> None:
        self.name, self.target, self.counts = name, target, Counter[str]()
        self.port = 0
        self._mode, self._delay_seconds, self._loss = Mode.PASS, 0.0, None
        self._random = random.Random(seed)
        self._links: set[_Link] = set()
        self._listener: asyncio.Server | None = None
        self._loop = asyncio.new_event_loop()
        self._thread = threading.Thread(target=self._loop.run_forever, name=name, daemon=True)
        self._thread.start()
        self._do(self._listen())

    # -- what a test says -----------------------------------------------------------------------

    def heal(self) -> None:
        """Carry everything again, at once."""
        self._delay_seconds, self._loss = 0.0, None
        self._do(self._enter(Mode.PASS))

    def delay(self, seconds: float) -> None:
        """Hold every piece back for ``seconds``, each way."""
        self._delay_seconds = seconds

    def refuse(self) -> None:
        """Let nobody in any more, and break off who is."""
        self._do(self._enter(Mode.REFUSE))
        self.cut()

    def blackhole(self) -> None:
        """Take everything and give nothing back; connections stay, and new ones are accepted."""
        self._do(self._enter(Mode.BLACKHOLE))

    def cut(self) -> int:
        """Break off every connection, whatever is under way; return how many there were."""
        return self._do(self._cut())

    def lose(self, loss: Loss) -> Loss:
        """Have replies lost from now on, connections with them; return ``loss``, which counts."""
        self._loss = loss
        return loss

    def aim(self, target: str) -> None:
        """Lead to another server from now on, as after a failover."""
        self.target = target
        self.cut()

    def close(self) -> None:
        """End it."""
        self.refuse()
        self._do(self._end())
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join(timeout=10)
        self._loop.close()

    def __enter__(self) -> Proxy:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    # -- on the loop's thread -------------------------------------------------------------------

    def _do(self, work: Coroutine[Any, Any, Any]) -> Any:
        return asyncio.run_coroutine_threadsafe(work, self._loop).result(timeout=10)

    async def _listen(self) -> None:
        self._listener = await asyncio.start_server(self._serve, "127.0.0.1", self.port)
        self.port = self._listener.sockets[0].getsockname()[1]

    async def _enter(self, mode: Mode) -> None:
        self._mode = mode
        if mode is Mode.REFUSE and self._listener is not None:
            self._listener.close()
            self._listener = None
        elif mode is not Mode.REFUSE and self._listener is None:
            await self._listen()
        if mode is Mode.PASS:
            for link in [link for link in self._links if link.spoiled]:
                link.reset()

    async def _end(self) -> None:
        left = asyncio.all_tasks() - {asyncio.current_task()}
        for task in left:
            task.cancel()
        await asyncio.gather(*left, return_exceptions=True)

    async def _cut(self) -> int:
        links = list(self._links)
        for link in links:
            link.reset()
        self.counts["cut"] += len(links)
        return len(links)

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        link = _Link(writer)
        self._links.add(link)
        self.counts["connections"] += 1
        try:
            if self._mode is Mode.BLACKHOLE:
                link.spoiled = True
                while taken := await reader.read(_CHUNK_BYTES):
                    self.counts["swallowed"] += len(taken)
                return
            answers, link.server = await self._connect()
            async with asyncio.TaskGroup() as both:
                both.create_task(self._carry(link, reader, link.server, is_asking=True))
                both.create_task(self._carry(link, answers, writer, is_asking=False))
        except (OSError, ExceptionGroup):
            self.counts["broken"] += 1
        finally:
            self._links.discard(link)
            link.reset()

    async def _connect(self) -> tuple[asyncio.StreamReader, asyncio.StreamWriter]:
        if self.target.startswith("/"):
            return await asyncio.open_unix_connection(self.target)
        host, _, port = self.target.rpartition(":")
        return await asyncio.open_connection(host, int(port))

    async def _carry(
        self,
        link: _Link,
        reader: asyncio.StreamReader,
        writer: asyncio.StreamWriter,
        *,
        is_asking: bool,
    ) -> None:
        while piece := await reader.read(_CHUNK_BYTES):
            if self._delay_seconds:
                await asyncio.sleep(self._delay_seconds)
            if self._mode is Mode.BLACKHOLE:
                link.spoiled = True
                self.counts["swallowed"] += len(piece)
                continue
            if is_asking:
                link.asked += piece
                del link.asked[:-_ASKED_BYTES]
            elif self._is_lost(link, piece):
                self.counts["lost"] += 1
                break
            writer.write(piece)
            await writer.drain()
        raise ConnectionResetError  # one end has gone, so the other is to go as well

    def _is_lost(self, link: _Link, piece: bytes) -> bool:
        """Return whether ``piece`` is a reply that is not to arrive, and count it."""
        loss, said, asked = self._loss, link.tail + piece, bytes(link.asked)
        link.tail = b"" if loss is None else said[-len(loss.answered) :]
        if said.endswith(_IDLE):
            link.asked.clear()
        if loss is None or loss.lost >= loss.at_most:
            return False
        if loss.answered not in said or loss.asked not in asked:
            return False
        if self._random.random() >= loss.chance:
            return False
        loss.lost += 1
        return True
