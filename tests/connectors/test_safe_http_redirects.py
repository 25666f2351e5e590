"""The safe client follows few redirects, checks each, and carries nothing to strangers."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from tests.connectors.stub_http import Reach, StubHttp, answer, redirect, serving
from workflows_app.connectors.base import ToolError
from workflows_app.connectors.destinations import check_url, parse_allow
from workflows_app.connectors.redirects import Hop, next_hop
from workflows_app.connectors.safe_http import HttpPolicy

URL = "http://site.example/"


@pytest.fixture
def stub() -> Iterator[StubHttp]:
    with serving() as server:
        yield server


@pytest.mark.parametrize("status", [301, 302, 303, 307, 308])
def test_a_redirect_is_followed_and_the_final_url_is_told(stub: StubHttp, status: int) -> None:
    stub.on("/", redirect("b", status))
    stub.on("/b", answer(b"done"))

    answered = Reach(stub).client.request(URL)

    assert (answered.body, answered.url) == (b"done", f"{URL}b")


@pytest.mark.parametrize(
    "location",
    [
        "http://169.254.169.254/latest/meta-data/",
        "//169.254.169.254/",
        "http://127.0.0.1/",
        "http://[::1]/",
        "http://2130706433/",
        "http://site.example:6379/",
        "http://user:x@site.example/",
        "file:///etc/passwd",
        "gopher://site.example/_x",
        "ftp://site.example/",
        "http://localhost/",
    ],
)
def test_a_redirect_to_where_nothing_may_go_is_refused(stub: StubHttp, location: str) -> None:
    stub.on("/", redirect(location))
    reach = Reach(stub)

    error = reach.failure()

    assert error.code == "http.blocked_destination"
    assert stub.connections == 1


@pytest.mark.parametrize(
    "location",
    [
        *("javascript:alert(1)", "data:text/plain,x", "mailto:a@b", "http://", "http:///x"),
        *("http://[", "http://site.example:x/", "/\\evil.example/", "http:\\\\evil.example"),
        "/" + "a" * 9000,
    ],
)
def test_a_redirect_to_no_url_is_refused(stub: StubHttp, location: str) -> None:
    stub.on("/", redirect(location))

    assert Reach(stub).failure().code == "http.redirect"
    assert stub.connections == 1


def test_an_answer_that_names_no_target_is_an_answer(stub: StubHttp) -> None:
    stub.on("/", answer(b"choose", status=302))

    assert Reach(stub).client.request(URL).status == 302


@pytest.mark.parametrize(("hops", "fine"), [(3, True), (4, False), (20, False)])
def test_three_redirects_are_followed_and_no_more(stub: StubHttp, hops: int, fine: bool) -> None:
    for number in range(hops):
        stub.on(f"/{number}", redirect(f"/{number + 1}"))
    stub.on(f"/{hops}", answer(b"done"))
    reach = Reach(stub)

    if fine:
        assert reach.client.request(f"{URL}0").body == b"done"
    else:
        assert reach.failure(f"{URL}0").code == "http.redirect"
        assert stub.connections == 4


def test_a_circle_is_noticed(stub: StubHttp) -> None:
    stub.on("/", redirect("/b"))
    stub.on("/b", redirect("/"))

    assert "circle" in str(Reach(stub).failure())
    assert stub.connections == 2


SECRETS = [
    ("Authorization", "Bearer s3cret"),
    ("Cookie", "session=s3cret"),
    ("X-Api-Key", "s3cret"),
    ("X-Our-Own-Token", "s3cret"),
    ("Accept", "application/json"),
]


def test_another_host_gets_no_credentials(stub: StubHttp) -> None:
    stub.on("/", redirect("http://other.example/b"))
    stub.on("/b", redirect("http://site.example/c"))
    stub.on("/c", answer(b"done"))

    Reach(stub).client.request(URL, headers=SECRETS)

    first, second, third = (request.headers for request in stub.requests)
    assert first["authorization"] == "Bearer s3cret"
    for headers in (second, third):
        assert "s3cret" not in str(headers)
        assert headers["accept"] == "application/json"


def test_another_port_of_the_same_host_gets_no_credentials(stub: StubHttp) -> None:
    stub.on("/", redirect(f"http://site.example:{stub.port}/b"))
    stub.on("/b", answer(b"done"))
    policy = HttpPolicy(allow=parse_allow(f"site.example:{stub.port}"))

    Reach(stub, policy=policy).client.request(URL, headers=SECRETS)

    assert "s3cret" not in str(stub.requests[1].headers)


def test_the_same_host_keeps_the_headers(stub: StubHttp) -> None:
    stub.on("/", redirect("/b"))
    stub.on("/b", answer(b"done"))

    Reach(stub).client.request(URL, headers=SECRETS)

    assert stub.requests[1].headers["x-api-key"] == "s3cret"


@pytest.mark.parametrize(
    ("status", "method", "then", "body"),
    [
        (301, "POST", "GET", b""),
        (302, "POST", "GET", b""),
        (303, "POST", "GET", b""),
        (303, "PUT", "GET", b""),
        (303, "HEAD", "HEAD", b""),
        (302, "PUT", "PUT", b"x"),
        (307, "POST", "POST", b"x"),
        (308, "POST", "POST", b"x"),
    ],
)
def test_a_redirect_changes_the_method_as_browsers_do(
    stub: StubHttp, status: int, method: str, then: str, body: bytes
) -> None:
    stub.on("/", redirect("/b", status))
    stub.on("/b", answer())
    sent = None if method == "HEAD" else b"x"

    Reach(stub).client.request(URL, method=method, body=sent, headers=[("Content-Type", "a/b")])

    assert (stub.requests[1].method, stub.requests[1].body) == (then, body)
    assert ("content-type" in stub.requests[1].headers) == (then == method)


def test_a_body_does_not_move_to_another_host(stub: StubHttp) -> None:
    stub.on("/", redirect("http://other.example/", 307))

    error = Reach(stub).failure(method="POST", body=b"s3cret")

    assert error.code == "http.redirect"
    assert stub.connections == 1


@given(location=st.text())
@example("http://xn--a/")
@example("//[::1")
def test_any_location_is_followed_or_refused(location: str) -> None:
    outcome = outcome_of(location)

    assert outcome in ("http.redirect", "http.blocked_destination", 80, 443)


def outcome_of(location: str) -> str | int | None:
    """Return the port that a redirect leads to, or the code of its refusal."""
    hop = Hop(destination=check_url(URL), method="GET", headers=(), body=None)
    try:
        following = next_hop(hop, 302, {"location": location}, allow=frozenset())
    except ToolError as error:
        return error.code
    return following and following.destination.port
