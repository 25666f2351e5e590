"""Connections that go to addresses already checked, and that end on time.  Resolves no names.

``httpcore`` speaks HTTP and TLS above this; the name stays in SNI, in certificate checks and in
``Host``, while the bytes go to the address somebody looked at.  So a name server that answers
differently the second time is never asked a second time.

Source: the network backend interface of httpcore 1.0.
"""

from __future__ import annotations

import socket
import ssl
import time
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import Any

import httpcore

from workflows_app.connectors.base import ToolError

Dial = Callable[[str, int, float], socket.socket]
"""``dial(address, port, timeout_seconds)`` returns a connected socket or raises ``OSError``."""

_READ_BYTES = 65_536


class DeadlinePassed(Exception):
    """The time for the whole exchange is used up."""


class Deadline:
    """One moment by which everything must be over: lookup, connect, TLS, head and body."""

    def __init__(self, seconds: float) -> None:
        self.seconds = seconds
        self._end = time.monotonic() + seconds

    @property
    def passed(self) -> bool:
        """Whether no time is left."""
        return time.monotonic() >= self._end

    def left(self, at_most: float | None = None) -> float:
        """Return the seconds left, no more than ``at_most``; always greater than zero.

        Raises:
            DeadlinePassed: if none are left.
        """
        seconds = self._end - time.monotonic()
        if seconds <= 0:
            raise DeadlinePassed
        return seconds if at_most is None else min(seconds, at_most)


@dataclass(slots=True, kw_only=True)
class Wire:
    """What is known about the bytes of one exchange; shared by its streams."""

    deadline: Deadline
    connect_seconds: float
    read_seconds: float
    head_bytes: int
    """How many bytes the answer may still spend before its body begins."""

    in_head: bool = True
    sent: bool = False
    """True once a byte of the request may have reached the other side."""


def dial_tcp(address: str, port: int, timeout_seconds: float) -> socket.socket:
    """Return a TCP connection to ``address``, which must be numeric: names are refused here.

    Raises:
        OSError: if there is no connection.
    """
    numeric = socket.AI_NUMERICHOST | socket.AI_NUMERICSERV
    family, kind, protocol, _, target = socket.getaddrinfo(
        address, port, type=socket.SOCK_STREAM, flags=numeric
    )[0]
    connection = socket.socket(family, kind, protocol)
    try:
        connection.settimeout(timeout_seconds)
        connection.connect(target)
        connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    except BaseException:
        connection.close()
        raise
    return connection


class PinnedBackend(httpcore.NetworkBackend):
    """Connects to the given addresses, whatever host ``httpcore`` names."""

    def __init__(self, addresses: Sequence[str], *, wire: Wire, dial: Dial = dial_tcp) -> None:
        self._addresses = addresses
        self._wire = wire
        self._dial = dial

    def connect_tcp(
        self,
        host: str,
        port: int,
        timeout: float | None = None,
        local_address: str | None = None,
        socket_options: Iterable[Any] | None = None,
    ) -> httpcore.NetworkStream:
        """Return a stream to the first address that answers; all share one connect budget."""
        budget = Deadline(self._wire.deadline.left(self._wire.connect_seconds))
        failure: OSError | None = None
        for position, address in enumerate(self._addresses):
            try:
                # A fair share each, so that one silent address does not starve the others.
                share = budget.left() / (len(self._addresses) - position)
                return _Stream(self._dial(address, port, share), self._wire)
            except DeadlinePassed:
                break
            except OSError as error:
                failure = error
        if failure is None or isinstance(failure, TimeoutError):
            raise httpcore.ConnectTimeout
        raise httpcore.ConnectError(type(failure).__name__) from failure

    def connect_unix_socket(self, *args: Any, **kwargs: Any) -> httpcore.NetworkStream:
        """Refuse: a socket file is no destination.

        Raises:
            httpcore.ConnectError: always.
        """
        raise httpcore.ConnectError("unix sockets are not reachable")


class _Stream(httpcore.NetworkStream):
    """A socket whose every operation ends by the deadline, however the other side drips."""

    def __init__(self, connection: socket.socket, wire: Wire) -> None:
        self._socket = connection
        self._wire = wire

    def read(self, max_bytes: int, timeout: float | None = None) -> bytes:
        wire = self._wire
        size = min(max_bytes, _READ_BYTES)
        if wire.in_head:
            if wire.head_bytes <= 0:
                raise ToolError("http.limit", "the answer's headers are larger than allowed")
            size = min(size, wire.head_bytes)
        try:
            self._socket.settimeout(wire.deadline.left(wire.read_seconds))
            received = self._socket.recv(size)
        except TimeoutError as error:
            raise httpcore.ReadTimeout from error
        except OSError as error:
            raise httpcore.ReadError(type(error).__name__) from error
        if wire.in_head:
            wire.head_bytes -= len(received)
        return received

    def write(self, buffer: bytes, timeout: float | None = None) -> None:
        self._wire.sent = self._wire.sent or bool(buffer)
        rest = memoryview(buffer)
        try:
            while rest:
                # ``sendall`` would start its time anew for every piece of a TLS stream.
                self._socket.settimeout(self._wire.deadline.left(self._wire.read_seconds))
                rest = rest[self._socket.send(rest) :]
        except TimeoutError as error:
            raise httpcore.WriteTimeout from error
        except OSError as error:
            raise httpcore.WriteError(type(error).__name__) from error

    def start_tls(
        self,
        ssl_context: ssl.SSLContext,
        server_hostname: str | None = None,
        timeout: float | None = None,
    ) -> httpcore.NetworkStream:
        try:
            self._socket.settimeout(self._wire.deadline.left(self._wire.connect_seconds))
            secured = ssl_context.wrap_socket(self._socket, server_hostname=server_hostname)
        except BaseException as error:
            self.close()
            if isinstance(error, ssl.SSLCertVerificationError):
                raise ToolError(
                    "http.connection",
                    f"the certificate of {server_hostname!r} is not to be trusted: "
                    f"{error.verify_message}",
                ) from error
            if isinstance(error, TimeoutError):
                raise httpcore.ConnectTimeout from error
            if isinstance(error, OSError):
                raise httpcore.ConnectError(type(error).__name__) from error
            raise
        return _Stream(secured, self._wire)

    def close(self) -> None:
        self._socket.close()

    def get_extra_info(self, info: str) -> Any:
        return None
