"""A web server for tests that can misbehave byte by byte.  Serves loopback only."""

from __future__ import annotations

import contextlib
import json
import socket
import ssl
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from threading import Event, Thread
from typing import Any

import pytest

from workflows_app.connectors.base import ToolError
from workflows_app.connectors.safe_http import HttpPolicy, SafeHttpClient

PUBLIC = "93.184.216.34"


@dataclass(frozen=True, slots=True)
class Received:
    """One request as it came in."""

    method: str
    target: str
    headers: dict[str, str]
    body: bytes


Behaviour = Callable[[socket.socket, Received], None]


@dataclass
class StubHttp:
    """Answers by path; remembers what came.  ``connections`` counts even the silent ones."""

    tls: ssl.SSLContext | None = None
    requests: list[Received] = field(default_factory=list)
    connections: int = 0
    over: Event = field(default_factory=Event)
    """Set when the server stops; behaviours that wait, wait on this."""

    def __post_init__(self) -> None:
        self._behaviours: dict[str, Behaviour] = {}
        self._listener = socket.create_server(("127.0.0.1", 0), backlog=128)
        self.port = self._listener.getsockname()[1]
        Thread(target=self._serve, daemon=True).start()

    def on(self, path: str, behaviour: Behaviour | bytes) -> None:
        """Answer ``path`` (without query) with bytes, or let a function talk to the socket."""
        if isinstance(behaviour, bytes):
            self._behaviours[path] = lambda connection, _: connection.sendall(behaviour)
        else:
            self._behaviours[path] = behaviour

    def close(self) -> None:
        self.over.set()
        self._listener.close()

    def _serve(self) -> None:
        with contextlib.suppress(OSError):
            while True:
                connection, _ = self._listener.accept()
                self.connections += 1
                Thread(target=self._talk, args=(connection,), daemon=True).start()

    def _talk(self, connection: socket.socket) -> None:
        with contextlib.suppress(OSError), connection:
            if self.tls is not None:
                connection = self.tls.wrap_socket(connection, server_side=True)
            received = _read(connection)
            if received is None:
                return
            self.requests.append(received)
            path = received.target.partition("?")[0]
            self._behaviours.get(path, _not_found)(connection, received)
            connection.close()


def _read(connection: socket.socket) -> Received | None:
    data = b""
    while b"\r\n\r\n" not in data:
        if not (part := connection.recv(65_536)):
            return None
        data += part
    head, _, body = data.partition(b"\r\n\r\n")
    first, *lines = head.decode("latin-1").split("\r\n")
    method, target, _ = first.split(" ")
    headers = {name.lower(): value for name, _, value in (line.partition(": ") for line in lines)}
    while len(body) < int(headers.get("content-length", "0")):
        body += connection.recv(65_536)
    return Received(method, target, headers, body)


def answer(body: bytes | object = b"", *, status: int = 200, **headers: str) -> bytes:
    """Return a whole answer; what is not bytes becomes JSON.  ``content_type`` -> Content-Type."""
    if not isinstance(body, bytes):
        body = json.dumps(body).encode()
        headers.setdefault("content_type", "application/json")
    lines = [f"HTTP/1.1 {status} Stub", f"Content-Length: {len(body)}"]
    lines += [f"{name.replace('_', '-')}: {value}" for name, value in headers.items()]
    return "\r\n".join(lines).encode("latin-1") + b"\r\n\r\n" + body


def redirect(location: str, status: int = 302) -> bytes:
    return answer(status=status, location=location)


def reset(connection: socket.socket, _: Received) -> None:
    """Break the connection off with RST instead of an answer."""
    connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, b"\x01\0\0\0\0\0\0\0")


def flood(start: bytes, part: bytes) -> Behaviour:
    """Send ``start``, then ``part`` until nobody listens."""

    def behaviour(connection: socket.socket, _: Received) -> None:
        connection.sendall(start)
        while True:
            connection.sendall(part)

    return behaviour


def _not_found(connection: socket.socket, _: Received) -> None:
    connection.sendall(answer(b"no such path", status=404))


@dataclass
class Reach:
    """A client whose every connection ends at one stub, and what it asked and dialled."""

    stub: StubHttp
    names: dict[str, list[Sequence[str]]] = field(default_factory=dict)
    """What the name server says, first answer first; the last one stays.  Default: public."""

    policy: HttpPolicy = field(default_factory=HttpPolicy)
    asked: list[str] = field(default_factory=list)
    dialled: list[tuple[str, int]] = field(default_factory=list)

    @property
    def client(self) -> SafeHttpClient:
        return SafeHttpClient(policy=self.policy, resolve=self._resolve, dial=self._dial)

    def failure(self, url: str = "http://site.example/", **request: Any) -> ToolError:
        """Return the error of a request that must fail."""
        with pytest.raises(ToolError) as caught:
            self.client.request(url, **request)
        return caught.value

    def _resolve(self, host: str, port: int) -> Sequence[str]:
        self.asked.append(host)
        answers = self.names.get(host, [[PUBLIC]])
        return answers.pop(0) if len(answers) > 1 else answers[0]

    def _dial(self, address: str, port: int, timeout_seconds: float) -> socket.socket:
        self.dialled.append((address, port))
        return socket.create_connection(("127.0.0.1", self.stub.port), timeout_seconds)


@contextlib.contextmanager
def serving(tls: ssl.SSLContext | None = None) -> Iterator[StubHttp]:
    stub = StubHttp(tls=tls)
    try:
        yield stub
    finally:
        stub.close()
