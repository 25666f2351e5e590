"""A server that workflows call: it answers when the test says so, and counts who asked."""

from __future__ import annotations

import contextlib
import json
import threading
from collections import Counter
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

#: Who is held gets a blank so often: a client gives up on a server that says nothing.
SIGN_SECONDS = 3


class SlowServer:
    """Answers ``/ok`` at once, ``/held`` when :meth:`release` is called, ``/status/500`` with that
    status, ``/flaky`` with 500 until :meth:`heal`, and ``/size/N`` with N bytes of JSON text."""

    def __init__(self) -> None:
        self.asked: Counter[str] = Counter()
        self._released, self._healed = threading.Event(), threading.Event()
        self._server = _Server(("127.0.0.1", 0), _Handler)
        self._server.owner = self
        self.address = f"127.0.0.1:{self._server.server_port}"
        self.url = f"http://{self.address}"
        threading.Thread(target=self._server.serve_forever, daemon=True).start()

    def release(self) -> None:
        """Answer everything that is held, and is asked from now on."""
        self._released.set()

    def hold(self) -> None:
        """Hold ``/held`` again."""
        self._released.clear()

    def heal(self) -> None:
        """Let ``/flaky`` answer well from now on."""
        self._healed.set()

    def break_again(self) -> None:
        """Let ``/flaky`` fail from now on."""
        self._healed.clear()

    def answer(self, path: str) -> tuple[int, Any]:
        """Return status and body for ``path``, when it is time."""
        self.asked[path] += 1
        kind, _, rest = path.strip("/").partition("/")
        if kind == "status":
            return int(rest), {"told": "this address always fails"}
        if kind == "flaky" and not self._healed.is_set():
            return 500, {"told": "not now"}
        if kind == "size":
            return 200, {"text": "x" * int(rest)}
        return 200, {"path": path, "times": self.asked[path]}

    def is_free(self, path: str) -> bool:
        """Return whether ``path`` may be answered, after waiting a while that it may."""
        return not path.startswith("/held") or self._released.wait(SIGN_SECONDS)

    def stop(self) -> None:
        """Stop it, and let go of whoever waits."""
        self.release()
        self._server.shutdown()
        self._server.server_close()


class _Server(ThreadingHTTPServer):
    request_queue_size = 128
    daemon_threads = True
    owner: SlowServer


class _Handler(BaseHTTPRequestHandler):
    server: _Server

    def do_GET(self) -> None:
        # Who asked may have been cancelled or killed meanwhile.
        with contextlib.suppress(OSError):
            if not self.path.startswith("/held"):
                self._answer()
                return
            self._begin(200)
            while not self.server.owner.is_free(self.path):
                self.wfile.write(b" ")
            self.wfile.write(json.dumps(self.server.owner.answer(self.path)[1]).encode())

    def _answer(self) -> None:
        status, body = self.server.owner.answer(self.path)
        payload = json.dumps(body).encode()
        self._begin(status, length=len(payload))
        self.wfile.write(payload)

    def _begin(self, status: int, length: int | None = None) -> None:
        self.send_response(status)
        self.send_header("Content-Type", "application/json")
        if length is not None:
            self.send_header("Content-Length", str(length))
        self.end_headers()

    def log_message(self, format: str, *args: Any) -> None:
        """Say nothing."""
