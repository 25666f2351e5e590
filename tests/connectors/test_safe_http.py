"""The safe client connects to what was checked, once, and to nothing else."""

from __future__ import annotations

import socket
from collections.abc import Iterator
from dataclasses import replace

import pytest

from tests.connectors.stub_http import PUBLIC, Reach, StubHttp, answer, redirect, serving
from workflows_app.connectors import safe_http
from workflows_app.connectors.destinations import parse_allow
from workflows_app.connectors.safe_http import HttpPolicy, SafeHttpClient

URL = "http://site.example/"


@pytest.fixture
def stub() -> Iterator[StubHttp]:
    with serving() as server:
        yield server


def test_the_bytes_go_to_the_checked_address_and_the_name_stays_in_host(stub: StubHttp) -> None:
    stub.on("/a", answer(b"hello"))
    reach = Reach(stub)

    answered = reach.client.request(f"{URL}a?b=c#d")

    assert (answered.status, answered.body, answered.url) == (200, b"hello", f"{URL}a?b=c")
    assert reach.dialled == [(PUBLIC, 80)]
    assert stub.requests[0].target == "/a?b=c"
    assert stub.requests[0].headers["host"] == "site.example"


def test_a_name_is_looked_up_once_so_a_second_answer_is_never_believed(stub: StubHttp) -> None:
    stub.on("/", answer(b"hello"))
    reach = Reach(stub, {"site.example": [[PUBLIC], ["127.0.0.1"]]})

    reach.client.request(URL)

    assert reach.asked == ["site.example"]
    assert reach.dialled == [(PUBLIC, 80)]


def test_every_hop_is_looked_up_and_checked_again(stub: StubHttp) -> None:
    stub.on("/", redirect("/next"))
    reach = Reach(stub, {"site.example": [[PUBLIC], ["127.0.0.1"]]})

    error = reach.failure()

    assert error.code == "http.blocked_destination"
    assert reach.dialled == [(PUBLIC, 80)]


def test_the_next_address_is_tried_when_one_does_not_answer(stub: StubHttp) -> None:
    stub.on("/", answer(b"hello"))
    reach = Reach(stub, {"site.example": [["8.8.8.8", PUBLIC]]})
    dialled = []

    def dial(address: str, port: int, timeout_seconds: float) -> socket.socket:
        dialled.append(address)
        if address == "8.8.8.8":
            raise ConnectionRefusedError
        return reach.client.dial(address, port, timeout_seconds)

    assert replace(reach.client, dial=dial).request(URL).status == 200
    assert dialled == ["8.8.8.8", PUBLIC]


def test_a_listed_loopback_port_is_reached_by_the_real_dialler(stub: StubHttp) -> None:
    stub.on("/", answer(b"hello"))
    policy = HttpPolicy(allow=parse_allow(f"localhost:{stub.port},127.0.0.1:{stub.port}"))

    for host in ("localhost", "127.0.0.1"):
        answered = SafeHttpClient(policy=policy).request(f"http://{host}:{stub.port}/")
        assert answered.body == b"hello"


def test_proxies_of_the_environment_are_not_used(
    stub: StubHttp, monkeypatch: pytest.MonkeyPatch
) -> None:
    stub.on("/", answer(b"hello"))
    for name in ("HTTP_PROXY", "http_proxy", "ALL_PROXY", "all_proxy"):
        monkeypatch.setenv(name, "http://10.0.0.1:3128")

    reach = Reach(stub)

    assert reach.client.request(URL).status == 200
    assert reach.dialled == [(PUBLIC, 80)]


def test_no_cookie_is_kept_between_hops(stub: StubHttp) -> None:
    stub.on("/", answer(status=302, location="/b", set_cookie="a=b"))
    stub.on("/b", answer(b"done"))

    Reach(stub).client.request(URL)

    assert "cookie" not in stub.requests[1].headers


def test_the_application_configures_one_client() -> None:
    before = safe_http.client()
    try:
        safe_http.configure(HttpPolicy(max_redirects=1))
        assert safe_http.client().policy.max_redirects == 1
    finally:
        safe_http.configure(before.policy)
