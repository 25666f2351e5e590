"""The moment an exchange must be over.  Refuses to wait longer for whoever sends a little.

A read timeout is per read: a server that sends a byte now and then never meets it.  So the
connection itself is cut when the time has come, wherever the exchange stands.
"""

from __future__ import annotations

import socket
import threading
import time
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass
from types import TracebackType
from typing import Any


@dataclass(frozen=True, slots=True)
class Deadline:
    """A moment on the monotonic clock."""

    at: float

    @classmethod
    def after(cls, seconds: float) -> Deadline:
        """Return the moment ``seconds`` from now."""
        return cls(time.monotonic() + seconds)

    def remaining_seconds(self) -> float:
        """Return how long it is until then; below zero when it has passed."""
        return self.at - time.monotonic()


class ConnectionCutter:
    """Cuts one request's connection at its deadline; a context manager around the request.

    ``watch`` is given to the request as httpcore's ``trace`` extension, which tells of each new
    connection.
    """

    def __init__(self, deadline: Deadline) -> None:
        self._deadline = deadline
        self._lock = threading.Lock()
        self._socket: socket.socket | None = None
        self.has_cut = False

    def watch(self, event: str, info: Mapping[str, Any]) -> None:
        """Remember the connection that ``event`` tells of; TLS puts a new one over the first."""
        if event.endswith((".connect_tcp.complete", ".start_tls.complete")):
            with self._lock:
                self._socket = info["return_value"].get_extra_info("socket")
                late = self.has_cut
            if late:
                self._cut()

    def __enter__(self) -> ConnectionCutter:
        self._timer = threading.Timer(max(self._deadline.remaining_seconds(), 0.0), self._cut)
        self._timer.daemon = True
        self._timer.start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._timer.cancel()

    def _cut(self) -> None:
        with self._lock:
            self.has_cut = True
            connection = self._socket
        if connection is not None:
            # Unlike a close, this wakes the thread that waits for the next byte.  Called on the
            # plain class, because the TLS one would first reach into what that thread uses.
            with suppress(OSError):
                socket.socket.shutdown(connection, socket.SHUT_RDWR)
