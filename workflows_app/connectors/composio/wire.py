"""One exchange with Composio: sent once, read up to a cap, within a deadline.

Refuses to send anything a second time, to follow a redirect, to unpack a compressed answer and
to take a proxy or a password from the environment.  Both adapters use it, so that what we
promise about sending is true, and tested, in one place.
"""

from __future__ import annotations

import json
import os
import threading
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import quote

import httpx

from workflows_app.connectors.base import ToolError
from workflows_app.connectors.composio import failures
from workflows_app.connectors.composio.deadline import ConnectionCutter, Deadline
from workflows_app.connectors.composio.redaction import Redactor

MAX_ANSWER_BYTES = 1024 * 1024
CONNECT_SECONDS = 5.0

# What can only happen before the first byte of the request has left.
_NOT_SENT = (
    httpx.ConnectError,
    httpx.ConnectTimeout,
    httpx.PoolTimeout,
    httpx.UnsupportedProtocol,
    httpx.LocalProtocolError,
)


@dataclass(frozen=True, slots=True)
class Answer:
    """What came back, read and parsed.  Named as the v2 library expects of a response."""

    status_code: int
    content: bytes
    body: Any
    """The JSON value of ``content``; ``None`` when there is no content."""

    def json(self) -> Any:
        """Return ``body``."""
        return self.body


class Wire:
    """Sends requests to one address with one key; safe to use from many threads."""

    def __init__(self, *, base_url: str, api_key: str, redactor: Redactor) -> None:
        self._base_url = base_url
        self._api_key = api_key
        self._redactor = redactor
        self._own = threading.local()

    def send(
        self,
        method: str,
        path: str,
        *,
        deadline: Deadline,
        body: bytes | None = None,
        query: Mapping[str, str] | None = None,
        idempotency_key: str | None = None,
    ) -> Answer:
        """Return the answer to one request, wholly read and parsed; its status is below 300.

        ``path`` starts with a slash.  A request other than GET counts as one that acts: once it
        may have left, every trouble is ``composio.outcome_unknown``.

        Raises:
            ToolError: see ``failures.py``.
        """
        if not self._api_key:
            raise failures.not_configured("set COMPOSIO_API_KEY to run Composio actions")
        acts = method != "GET"
        if deadline.remaining_seconds() <= 0:
            raise failures.unavailable("out of time")
        headers = {}
        if body is not None:
            headers["content-type"] = "application/json"
        if idempotency_key is not None:
            # Ids may hold any letter; a header may not.
            headers["idempotency-key"] = quote(idempotency_key, safe="-._~:/@+")
        client = self._client()
        cutter = ConnectionCutter(deadline)
        request = client.build_request(
            method,
            self._base_url + path,
            content=body,
            params=query,
            headers=headers,
            timeout=_timeout(deadline),
            extensions={"trace": cutter.watch},
        )
        status, answer_headers, content = _exchange(client, request, cutter, acts=acts)
        if status >= 300:
            raise failures.refused(
                status,
                said=self._redactor.clean(_message_of(content)),
                retry_after_seconds=_retry_after(answer_headers.get("retry-after")),
                acted=acts,
            )
        try:
            return Answer(status, content, parse(content) if content else None)
        except ValueError:
            raise _unusable("the answer is not JSON", acts=acts) from None

    def _client(self) -> httpx.Client:
        """Return this thread's client.  A child process makes its own after a fork."""
        own = self._own
        if getattr(own, "pid", None) != os.getpid():
            own.client = httpx.Client(
                headers={
                    "x-api-key": self._api_key,
                    "accept": "application/json",
                    "accept-encoding": "identity",
                    "user-agent": "celeriac",
                    "connection": "close",
                },
                # A kept connection that the server drops just as a POST goes out would make the
                # outcome unknown for nothing; a handshake per action is the cheaper price.
                limits=httpx.Limits(max_keepalive_connections=0),
                follow_redirects=False,
                trust_env=False,
            )
            own.pid = os.getpid()
        client: httpx.Client = own.client
        return client


def to_json(value: Any, *, action: str) -> bytes:
    """Return ``value`` as JSON text.

    Raises:
        ToolError: ``composio.bad_input`` if it is not plain JSON.
    """
    try:
        return json.dumps(value, allow_nan=False).encode("ascii")
    except (TypeError, ValueError, RecursionError):
        raise failures.bad_input(action) from None


def parse(content: bytes) -> Any:
    """Return the JSON value that ``content`` spells.

    Raises:
        ValueError: if it spells none, or one that no database keeps (NaN, nested too deep).
    """
    try:
        return json.loads(content, parse_constant=_refuse_constant)
    except RecursionError:
        raise ValueError("nested too deep") from None


def _exchange(
    client: httpx.Client, request: httpx.Request, cutter: ConnectionCutter, *, acts: bool
) -> tuple[int, httpx.Headers, bytes]:
    # Only the kind of a transport error is told: its text and its request may hold the key.
    try:
        with cutter:
            answer = client.send(request, stream=True)
            try:
                content = _read(answer, acts=acts)
            finally:
                answer.close()
    except _NOT_SENT as error:
        raise failures.unavailable(type(error).__name__) from None
    except httpx.HTTPError as error:
        reason = "out of time" if cutter.has_cut else type(error).__name__
        raise _unusable(reason, acts=acts) from None
    if cutter.has_cut:
        # An answer without a length ends where its connection does, so it may be half of one.
        raise _unusable("out of time", acts=acts)
    return answer.status_code, answer.headers, content


def _read(answer: httpx.Response, *, acts: bool) -> bytes:
    # Raw, so that a compressed answer is never unpacked: we asked for none, and as it stands it
    # is not JSON.
    content = bytearray()
    for chunk in answer.iter_raw():
        content += chunk
        if len(content) > MAX_ANSWER_BYTES:
            if answer.status_code >= 300:
                break  # a refusal, however long, is a refusal
            raise failures.too_large(MAX_ANSWER_BYTES, acted=acts)
    return bytes(content)


def _unusable(reason: str, *, acts: bool) -> ToolError:
    return failures.outcome_unknown(reason) if acts else failures.unavailable(reason)


def _timeout(deadline: Deadline) -> httpx.Timeout:
    remaining = max(deadline.remaining_seconds(), 0.001)
    return httpx.Timeout(remaining, connect=min(CONNECT_SECONDS, remaining))


def _message_of(content: bytes) -> str:
    try:
        body = parse(content)
    except ValueError:
        return "no message"
    if isinstance(body, dict):
        error = body.get("error")
        nested = error.get("message") if isinstance(error, dict) else error
        for text in (body.get("message"), nested):
            if isinstance(text, str) and text:
                return text
    return "no message"


def _refuse_constant(name: str) -> Any:
    raise ValueError(f"{name} is not JSON")


def _retry_after(value: str | None) -> float | None:
    """Return the seconds of a ``Retry-After`` header; its date form is not worth a parser."""
    if value is None or not value.isascii() or not value.isdecimal():
        return None
    return float(min(int(value[:9]), 86_400))
