"""The one HTTP client for URLs that users write: it goes only where it may, and it comes back.

Every hop is checked, resolved once and connected to the address that was checked.  Refuses
cookies of its own, proxies and certificates from the environment, netrc, connection reuse,
HTTP/2, unknown encodings, and anything longer than its policy says.

Failures are ``ToolError`` with one of these codes:

``http.invalid_url``          the text is not an absolute URL
``http.blocked_destination``  it is one, but leads where nothing may go (at any hop)
``http.redirect``             too many hops, a loop, https to http, a body for another host
``http.connection``           no lookup, no connection, no TLS, or an answer that is not HTTP
``http.timeout``              a lookup, connect or read limit, or the deadline, has passed
``http.limit``                headers or body are larger than allowed
``http.encoding``             the body is encoded in a way that is not read
"""

from __future__ import annotations

import socket
import ssl
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from functools import lru_cache

import httpcore
import httpx

from workflows_app.connectors.base import ToolError
from workflows_app.connectors.bounded_body import read_body
from workflows_app.connectors.destinations import (
    Destination,
    HostPort,
    check_addresses,
    check_url,
)
from workflows_app.connectors.lookup import Resolve, system_resolver, within
from workflows_app.connectors.pinned_connection import (
    Deadline,
    DeadlinePassed,
    Dial,
    PinnedBackend,
    Wire,
    dial_tcp,
)
from workflows_app.connectors.redirects import Hop, leads_on, next_hop

#: RFC 9110 9.2.2: sending it twice does what sending it once does.
IDEMPOTENT_METHODS = frozenset({"GET", "HEAD", "OPTIONS", "PUT", "DELETE"})

#: Everything that can go wrong outside; anything else is a bug and stays visible as one.
_FAILURES = (
    DeadlinePassed,
    OSError,
    httpcore.TimeoutException,
    httpcore.NetworkError,
    httpcore.ProtocolError,
)


@dataclass(frozen=True, slots=True, kw_only=True)
class HttpPolicy:
    """What an exchange may reach and what it may cost."""

    allow: frozenset[HostPort] = frozenset()
    """Host and port pairs that may be reached although private (``HTTP_TOOL_ALLOW``)."""

    connect_seconds: float = 10.0
    read_seconds: float = 10.0
    """The longest silence while sending or receiving."""

    total_seconds: float = 30.0
    """Lookup to last byte, all hops together."""

    max_redirects: int = 3
    max_request_bytes: int = 1_048_576
    max_body_bytes: int = 1_048_576
    """Of the answer, counted after decoding."""

    max_head_bytes: int = 65_536
    max_headers: int = 200
    user_agent: str = "Celeriac"
    tls: ssl.SSLContext | None = None
    """Whom to trust.  ``None``: the well-known authorities."""


@dataclass(frozen=True, slots=True, kw_only=True)
class HttpAnswer:
    """A whole answer, in memory."""

    url: str
    """Where it came from in the end."""

    status: int
    headers: httpx.Headers
    body: bytes
    """Decoded."""


@dataclass(frozen=True, slots=True, kw_only=True)
class SafeHttpClient:
    """Stateless, so one may be shared by threads; every request has its own connections."""

    policy: HttpPolicy = field(default_factory=HttpPolicy)
    resolve: Resolve = system_resolver
    dial: Dial = dial_tcp

    def request(
        self,
        url: str,
        *,
        method: str = "GET",
        headers: Sequence[tuple[str, str]] = (),
        body: bytes | None = None,
        timeout_seconds: float | None = None,
    ) -> HttpAnswer:
        """Send one request, follow its redirects, and return the answer, whatever its status.

        ``headers`` are sent as given; callers vouch for their syntax.  ``timeout_seconds`` may
        shorten the policy's total, not lengthen it.

        Raises:
            ToolError: see the module.  After something other than an idempotent request went out,
                a lost answer has ``unknown_outcome`` and is not retryable.
        """
        total = self.policy.total_seconds
        deadline = Deadline(total if timeout_seconds is None else min(total, timeout_seconds))
        if body is not None and len(body) > self.policy.max_request_bytes:
            raise ToolError(
                "http.limit", f"a body of at most {self.policy.max_request_bytes} bytes is sent"
            )
        hop = Hop(
            destination=check_url(url, allow=self.policy.allow),
            method=method.upper(),
            headers=tuple(headers),
            body=body,
        )
        seen = {(hop.method, str(hop.destination.url))}
        risky = False  # a request went out that must not be sent again
        for _ in range(self.policy.max_redirects + 1):
            wire = self._wire(deadline)
            try:
                answer = self._exchange(hop, wire)
            except _FAILURES as error:
                risky = risky or (wire.sent and hop.method not in IDEMPOTENT_METHODS)
                raise _explained(error, hop.destination, deadline, lost=risky) from error
            risky = risky or hop.method not in IDEMPOTENT_METHODS
            following = next_hop(hop, answer.status, answer.headers, allow=self.policy.allow)
            if following is None:
                return answer
            hop = following
            if (key := (hop.method, str(hop.destination.url))) in seen:
                raise ToolError("http.redirect", f"{str(hop.destination)!r} redirects in a circle")
            seen.add(key)
        raise ToolError(
            "http.redirect", f"more than {self.policy.max_redirects} redirects; use the final URL"
        )

    def _wire(self, deadline: Deadline) -> Wire:
        return Wire(
            deadline=deadline,
            connect_seconds=self.policy.connect_seconds,
            read_seconds=self.policy.read_seconds,
            head_bytes=self.policy.max_head_bytes,
        )

    def _exchange(self, hop: Hop, wire: Wire) -> HttpAnswer:
        addresses = self._addresses(hop.destination, wire.deadline)
        url = hop.destination.url
        pool = httpcore.ConnectionPool(
            ssl_context=self.policy.tls or _tls(),
            max_keepalive_connections=0,
            network_backend=PinnedBackend(addresses, wire=wire, dial=self.dial),
        )
        target = httpcore.URL(
            scheme=url.raw_scheme, host=url.raw_host, port=url.port, target=url.raw_path
        )
        headers = httpx.Headers(
            {
                "Host": url.netloc.decode("ascii"),
                "User-Agent": self.policy.user_agent,
                "Accept": "*/*",
                "Connection": "close",
            },
            encoding="iso-8859-1",
        )
        for name, value in hop.headers:
            headers[name] = value
        headers["Accept-Encoding"] = "identity, gzip"
        with (
            pool,
            pool.stream(hop.method, target, headers=headers.raw, content=hop.body) as response,
        ):
            wire.in_head = False
            return self._read(hop, response)

    def _read(self, hop: Hop, response: httpcore.Response) -> HttpAnswer:
        if len(response.headers) > self.policy.max_headers:
            raise ToolError(
                "http.limit", f"the answer has more than {self.policy.max_headers} headers"
            )
        headers = httpx.Headers(response.headers)
        answer = HttpAnswer(
            url=str(hop.destination.url), status=response.status, headers=headers, body=b""
        )
        bodiless = hop.method == "HEAD" or response.status in (204, 304)
        if bodiless or leads_on(response.status, headers):
            return answer
        limit = self.policy.max_body_bytes
        encodings = headers.get_list("content-encoding")
        body = read_body(response.iter_stream(), encodings=encodings, limit_bytes=limit)
        return replace(answer, body=body)

    def _addresses(self, destination: Destination, deadline: Deadline) -> Sequence[str]:
        if destination.literal is not None:
            return [destination.literal]
        found = within(deadline, self.resolve, destination.host, destination.port)
        if not found:
            raise OSError("the name has no address")
        return check_addresses(destination, found)


def _explained(
    error: Exception, destination: Destination, deadline: Deadline, *, lost: bool
) -> ToolError:
    """Return the tool's own error for what a lower layer raised; ``lost`` as in the module."""
    where = repr(str(destination))
    match error:
        case DeadlinePassed() | httpcore.TimeoutException() if deadline.passed:
            code, why = "http.timeout", f"{where} took longer than {deadline.seconds:g} seconds"
        case httpcore.ConnectTimeout():
            code, why = "http.timeout", f"{where} did not accept the connection in time"
        case httpcore.TimeoutException():
            code, why = "http.timeout", f"{where} fell silent"
        case httpcore.ProtocolError():
            code, why = "http.connection", f"{where} did not answer in sound HTTP/1.1"
        case socket.gaierror():
            code, why = "http.connection", f"the name in {where} could not be looked up"
        case httpcore.ConnectError():
            code, why = "http.connection", f"{where} did not accept the connection"
        case _:
            code, why = "http.connection", f"the connection to {where} broke off"
    if lost:
        why += "; whether the request took effect is not known"
    return ToolError(code, why, retryable=not lost, unknown_outcome=lost)


@lru_cache(maxsize=1)
def _tls() -> ssl.SSLContext:
    # Reading the authorities takes tens of milliseconds, and the result is shared safely.
    return httpx.create_ssl_context(trust_env=False)


_client = SafeHttpClient()


def configure(policy: HttpPolicy) -> None:
    """Make ``policy`` the one of ``client()``; called once, when the application starts."""
    global _client
    _client = SafeHttpClient(policy=policy)


def client() -> SafeHttpClient:
    """Return the application's client."""
    return _client
