"""A Composio on loopback that speaks v1/v2 and v3.1.  Refuses to judge: it records and answers.

Behaviours are scripted per action, and waits end when a test says so or the stub closes, so no
test sleeps.
"""

from __future__ import annotations

import json
import socket
import struct
import threading
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from types import TracebackType
from typing import Any
from urllib.parse import parse_qs, unquote, urlsplit

API_KEY = "ak_stub-5f1c0c1e"

#: Sits where the service keeps tokens of connected accounts; must never be seen elsewhere.
ACCOUNT_TOKEN = "ya29.token-of-the-account"


@dataclass(frozen=True, slots=True, kw_only=True)
class Recorded:
    """One request as it arrived."""

    method: str
    path: str
    query: Mapping[str, list[str]]
    headers: Mapping[str, str]
    """Names in lower case."""

    body: Any


@dataclass(slots=True, kw_only=True)
class StubAccount:
    """A connected account; a test may change it at any time."""

    id: str
    owner: str | None = "user-7"
    toolkit: str = "github"
    status: str = "ACTIVE"
    disabled: bool = False

    def as_v1(self) -> dict[str, Any]:
        return {
            "id": self.id,
            "status": self.status,
            "isDisabled": self.disabled,
            "createdAt": "2026-01-02T03:04:05.000Z",
            "updatedAt": "2026-01-02T03:04:05.000Z",
            "appUniqueId": self.toolkit,
            "appName": self.toolkit,
            "integrationId": "int-1",
            "connectionParams": {"access_token": ACCOUNT_TOKEN},
            "clientUniqueUserId": self.owner,
        }

    def as_v3(self) -> dict[str, Any]:
        return {
            "id": self.id,
            "status": self.status,
            "is_disabled": self.disabled,
            "toolkit": {"slug": self.toolkit},
            "auth_config": {"id": "ac_1"},
            "user_id": self.owner,
            "data": {"access_token": ACCOUNT_TOKEN},
        }


Behaviour = Callable[["_Handler", Any], None]
"""Answers one execute request, given its arguments."""


@dataclass
class ComposioStub:
    """Use as a context manager."""

    accounts: dict[str, StubAccount] = field(default_factory=dict)
    behaviours: dict[str, Behaviour] = field(default_factory=dict)
    """By action slug; an action without one succeeds and echoes its arguments."""

    account_behaviour: Behaviour | None = None
    requests: list[Recorded] = field(default_factory=list)
    released: threading.Event = field(default_factory=threading.Event)
    """Set to let every held answer go."""

    def __enter__(self) -> ComposioStub:
        self._server = _Server(("127.0.0.1", 0), _Handler)
        self._server.stub = self
        threading.Thread(target=self._server.serve_forever, args=(0.01,), daemon=True).start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.released.set()
        self._server.shutdown()
        self._server.server_close()

    @property
    def base_url(self) -> str:
        return f"http://127.0.0.1:{self._server.server_address[1]}/api"

    def account(self, account_id: str, **fields: Any) -> StubAccount:
        """Add an account and return it."""
        self.accounts[account_id] = StubAccount(id=account_id, **fields)
        return self.accounts[account_id]

    def executions(self) -> list[Recorded]:
        """Return the requests that would have run an action."""
        return [r for r in self.requests if r.method == "POST" and "/execute" in r.path]

    def account_questions(self) -> list[Recorded]:
        """Return the requests that asked about one account."""
        parts = ("/connectedAccounts/", "/connected_accounts/")
        return [r for r in self.requests if r.method == "GET" and any(p in r.path for p in parts)]


class _Server(ThreadingHTTPServer):
    daemon_threads = True
    block_on_close = False
    request_queue_size = 128
    """The default of five lets the kernel reset the sixth of many clients that come at once."""

    stub: ComposioStub

    def handle_error(self, request: Any, client_address: Any) -> None:
        """Keep quiet: clients that hang up are what some tests are about."""


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    server: _Server

    def log_message(self, format: str, *args: Any) -> None:
        """Keep the test's output to itself."""

    @property
    def stub(self) -> ComposioStub:
        return self.server.stub

    def do_any(self) -> None:
        length = int(self.headers.get("content-length") or 0)
        raw = self.rfile.read(length) if length else b""
        url = urlsplit(self.path)
        recorded = Recorded(
            method=self.command,
            path=unquote(url.path),
            query=parse_qs(url.query),
            headers={name.lower(): value for name, value in self.headers.items()},
            body=json.loads(raw) if raw else None,
        )
        self.stub.requests.append(recorded)
        if self.headers.get("x-api-key") != API_KEY:
            self.answer(401, {"message": f"Invalid API key: {self.headers.get('x-api-key')}"})
            return
        self.route(recorded)

    do_GET = do_POST = do_DELETE = do_PUT = do_PATCH = do_any

    def route(self, got: Recorded) -> None:
        match [got.method, *got.path.strip("/").split("/")]:
            case ["POST", "api", "v2", "actions", action, "execute"]:
                self.execute(action, got.body["input"])
            case ["POST", "api", "v3.1", "tools", "execute", action]:
                self.execute(action, got.body["arguments"])
            case ["GET", "api", "v1", "connectedAccounts", account_id]:
                self.show(account_id, StubAccount.as_v1)
            case ["GET", "api", "v3.1", "connected_accounts", account_id]:
                self.show(account_id, StubAccount.as_v3)
            case _:
                self.answer(404, {"message": "Not Found"})

    def execute(self, action: str, arguments: Any) -> None:
        self.stub.behaviours.get(action, ok)(self, arguments)

    def show(self, account_id: str, shape: Callable[[StubAccount], Any]) -> None:
        if self.stub.account_behaviour is not None:
            self.stub.account_behaviour(self, None)
        elif account_id in self.stub.accounts:
            self.answer(200, shape(self.stub.accounts[account_id]))
        else:
            self.answer(404, {"message": "Connected account not found"})

    def answer(self, status: int, body: Any, **headers: str) -> None:
        self.answer_bytes(status, json.dumps(body).encode(), **headers)

    def answer_bytes(self, status: int, content: bytes, **headers: str) -> None:
        self.send_response(status)
        self.send_header("content-type", "application/json")
        self.send_header("content-length", str(len(content)))
        for name, value in headers.items():
            self.send_header(name.replace("_", "-"), value)
        self.end_headers()
        self.wfile.write(content)


def ok(handler: _Handler, arguments: Any) -> None:
    """Succeed and echo the arguments."""
    handler.answer(200, {"data": {"echo": arguments}, "successful": True, "error": None})


def returns(body: Any, *, status: int = 200, **headers: str) -> Behaviour:
    """Answer with ``body`` as JSON."""
    return lambda handler, _: handler.answer(status, body, **headers)


def returns_bytes(content: bytes, **headers: str) -> Behaviour:
    """Answer 200 with ``content`` as it is."""
    return lambda handler, _: handler.answer_bytes(200, content, **headers)


def fails(error: str) -> Behaviour:
    """Let the action fail in the old spelling and the new."""
    body = {"data": {}, "successful": False, "successfull": False, "error": error}
    return returns(body | {"logId": "log-2", "log_id": "log-2"})


def slow(handler: _Handler, arguments: Any) -> None:
    """Answer only when the test is over."""
    handler.stub.released.wait()
    handler.close_connection = True


def drips(handler: _Handler, arguments: Any) -> None:
    """Send a byte of the body every so often, never the last one."""
    handler.send_response(200)
    handler.send_header("content-length", "1000000")
    handler.end_headers()
    while not handler.stub.released.wait(0.02):
        handler.wfile.write(b" ")


def drips_headers(handler: _Handler, arguments: Any) -> None:
    """Send a byte of a header every so often, never the last one."""
    handler.wfile.write(b"HTTP/1.1 200 OK\r\nx-slow: ")
    while not handler.stub.released.wait(0.02):
        handler.wfile.write(b"x")


def endless(handler: _Handler, arguments: Any) -> None:
    """Send a body that has no end."""
    handler.send_response(200)
    handler.end_headers()
    while not handler.stub.released.is_set():
        handler.wfile.write(b" " * 65_536)


def resets(handler: _Handler, arguments: Any) -> None:
    """Take the request, then reset the connection."""
    linger_for_nothing = struct.pack("ii", 1, 0)
    handler.connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, linger_for_nothing)
    handler.wfile.flush()
    handler.connection.close()
    handler.close_connection = True


def hangs_up(handler: _Handler, arguments: Any) -> None:
    """Take the request, then close the connection in the middle of the answer."""
    handler.send_response(200)
    handler.send_header("content-length", "1000")
    handler.end_headers()
    handler.wfile.write(b'{"data":')
    handler.close_connection = True
