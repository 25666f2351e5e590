"""The safe client comes back in time, and says what is known about a lost answer."""

from __future__ import annotations

import contextlib
import socket
from collections.abc import Iterator
from dataclasses import replace
from threading import Event, Thread

import pytest

from tests.connectors.stub_http import (
    Behaviour,
    Reach,
    Received,
    StubHttp,
    answer,
    flood,
    redirect,
    reset,
    serving,
)
from workflows_app.connectors.base import ToolError
from workflows_app.connectors.destinations import parse_allow
from workflows_app.connectors.safe_http import HttpPolicy, SafeHttpClient

URL = "http://site.example/"
SHORT = HttpPolicy(total_seconds=0.3)


@pytest.fixture
def stub() -> Iterator[StubHttp]:
    with serving() as server:
        yield server


def drip(stub: StubHttp, first: bytes) -> Behaviour:
    """Send ``first``, then a byte now and then, as long as the test lasts."""

    def behaviour(connection: socket.socket, _: Received) -> None:
        connection.sendall(first)
        while not stub.over.wait(0.02):
            connection.sendall(b"x")

    return behaviour


@pytest.mark.parametrize(
    "first",
    [
        b"HTTP/1.1 200 OK\r\nContent-Length: 1000000\r\n\r\n",
        b"HTTP/1.1 200 OK\r\n\r\n",
        b"HTTP/1.1 200 OK\r\nX-Long: ",
        b"",
    ],
)
def test_an_answer_that_drips_ends_at_the_deadline(stub: StubHttp, first: bytes) -> None:
    stub.on("/", drip(stub, first))

    error = Reach(stub, policy=SHORT).failure()

    assert (error.code, error.retryable) == ("http.timeout", True)


def test_the_call_may_shorten_the_deadline_and_not_lengthen_it(stub: StubHttp) -> None:
    stub.on("/", drip(stub, b""))

    assert "0.2 seconds" in str(Reach(stub).failure(timeout_seconds=0.2))
    assert "0.3 seconds" in str(Reach(stub, policy=SHORT).failure(timeout_seconds=60))


def test_silence_ends_before_the_deadline(stub: StubHttp) -> None:
    stub.on("/", lambda *_: stub.over.wait())

    error = Reach(stub, policy=HttpPolicy(read_seconds=0.1)).failure()

    assert (error.code, "silent" in str(error)) == ("http.timeout", True)


def test_endless_interim_answers_end_at_a_limit(stub: StubHttp) -> None:
    stub.on("/", flood(b"", b"HTTP/1.1 103 X\r\n\r\n"))

    assert Reach(stub).failure().code == "http.limit"


def test_a_hanging_lookup_ends_at_the_deadline(stub: StubHttp) -> None:
    client = SafeHttpClient(policy=SHORT, resolve=lambda *_: stub.over.wait() and [])

    with pytest.raises(ToolError) as caught:
        client.request(URL)

    assert (caught.value.code, caught.value.retryable) == ("http.timeout", True)


def test_hops_share_one_deadline(stub: StubHttp) -> None:
    def slow(connection: socket.socket, received: Received) -> None:
        stub.over.wait(0.15)
        connection.sendall(redirect(f"{received.target}a"))

    for path in ("/", "/a", "/aa", "/aaa"):
        stub.on(path, slow)

    assert Reach(stub, policy=SHORT).failure().code == "http.timeout"


def test_a_receiver_that_reads_by_sips_ends_at_the_deadline() -> None:
    body = bytes(50_000_000)
    sips: list[int] = []

    def sip(listener: socket.socket) -> None:
        connection, _ = listener.accept()
        pause = Event()
        with connection, contextlib.suppress(OSError):
            while drunk := connection.recv(8_192):
                sips.append(len(drunk))
                pause.wait(0.001)

    with socket.create_server(("127.0.0.1", 0)) as listener:
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4_096)
        port = listener.getsockname()[1]
        receiver = Thread(target=sip, args=(listener,), daemon=True)
        receiver.start()
        policy = replace(SHORT, max_request_bytes=len(body), allow=parse_allow(f"127.0.0.1:{port}"))

        with pytest.raises(ToolError) as caught:
            SafeHttpClient(policy=policy).request(
                f"http://127.0.0.1:{port}/", method="POST", body=body
            )
        receiver.join()

    assert (caught.value.code, caught.value.unknown_outcome) == ("http.timeout", True)
    assert sum(sips) < len(body)


@pytest.mark.parametrize("method", ["GET", "HEAD", "OPTIONS", "PUT", "DELETE", "POST", "PATCH"])
@pytest.mark.parametrize(
    ("behaviour", "code"),
    [
        (reset, "http.connection"),
        (lambda *_: None, "http.connection"),
        (lambda connection, _: connection.sendall(answer(b"xx")[:-1]), "http.connection"),
        (lambda *_: Event().wait(2), "http.timeout"),
    ],
    ids=["reset", "closed", "cut", "silent"],
)
def test_a_lost_answer_is_retried_only_where_that_is_harmless(
    stub: StubHttp, method: str, behaviour: Behaviour, code: str
) -> None:
    stub.on("/", behaviour)
    if method == "HEAD" and code == "http.connection":
        stub.on("/", reset)  # an answer to HEAD has no body that could be cut

    error = Reach(stub, policy=SHORT).failure(method=method)

    harmless = method not in ("POST", "PATCH")
    assert (error.code, error.retryable, error.unknown_outcome) == (code, harmless, not harmless)


def test_nothing_is_lost_when_no_connection_was_made(stub: StubHttp) -> None:
    def dial(*_: object) -> socket.socket:
        raise ConnectionRefusedError

    def resolve(*_: object) -> list[str]:
        raise socket.gaierror("no such name")

    client = Reach(stub).client
    for broken in (replace(client, dial=dial), replace(client, resolve=resolve)):
        with pytest.raises(ToolError) as caught:
            broken.request(URL, method="POST", body=b"x")
        error = caught.value
        assert (error.code, error.retryable, error.unknown_outcome) == (
            "http.connection",
            True,
            False,
        )


def test_a_name_without_addresses_is_a_failed_lookup(stub: StubHttp) -> None:
    assert Reach(stub, {"site.example": [[]]}).failure().code == "http.connection"


def test_a_post_that_was_redirected_stays_sent_when_the_next_hop_fails(stub: StubHttp) -> None:
    stub.on("/", redirect("/b", 303))
    stub.on("/b", reset)

    error = Reach(stub).failure(method="POST", body=b"x")

    assert (error.retryable, error.unknown_outcome) == (False, True)
