"""Where a URL may lead: addresses, names, ports and spellings."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from tests.connectors.hostile_destinations import INSIDE, OUTSIDE, SHAPES, SPELLINGS
from tests.connectors.stub_http import PUBLIC, Reach, StubHttp, answer, serving
from workflows_app.connectors.base import ToolError
from workflows_app.connectors.destinations import Destination, check_url, denied_kind, parse_allow
from workflows_app.connectors.safe_http import HttpPolicy


def bracketed(address: str) -> str:
    return f"[{address}]" if ":" in address else address


@pytest.fixture
def canary() -> Iterator[StubHttp]:
    """Whatever a client dials ends here, so one connection is one hole."""
    with serving() as stub:
        stub.on("/", answer(b"reached"))
        yield stub


def refusal(canary: StubHttp, url: str, names: dict[str, list[list[str]]] | None = None) -> str:
    with pytest.raises(ToolError) as caught:
        Reach(canary, names or {}).client.request(url)

    assert canary.connections == 0
    assert not caught.value.retryable
    return caught.value.code


def test_the_canary_sees_a_connection_that_is_allowed(canary: StubHttp) -> None:
    answered = Reach(canary).client.request("http://example.com/")

    assert answered.body == b"reached"
    assert canary.connections == 1


@pytest.mark.parametrize("address", INSIDE)
def test_an_inside_address_is_refused_as_a_literal(canary: StubHttp, address: str) -> None:
    assert refusal(canary, f"http://{bracketed(address)}/") == "http.blocked_destination"


@pytest.mark.parametrize("address", INSIDE)
def test_an_inside_address_is_refused_as_an_answer_of_dns(canary: StubHttp, address: str) -> None:
    names = {"example.com": [[address]]}

    assert refusal(canary, "http://example.com/", names) == "http.blocked_destination"


@pytest.mark.parametrize("address", ["10.0.0.1", "::1", "2606:4700::1%eth0", "name", ""])
def test_one_inside_address_among_public_ones_is_refused(canary: StubHttp, address: str) -> None:
    names = {"example.com": [[PUBLIC, "8.8.8.8", address]]}

    assert refusal(canary, "http://example.com/", names) == "http.blocked_destination"


def test_an_inside_address_behind_many_public_ones_is_refused(canary: StubHttp) -> None:
    names = {"example.com": [[PUBLIC] * 500 + ["127.0.0.1"]]}

    assert refusal(canary, "http://example.com/", names) == "http.blocked_destination"


@pytest.mark.parametrize("address", OUTSIDE)
def test_a_public_address_may_be_reached(address: str) -> None:
    assert denied_kind(address) is None
    assert check_url(f"https://{bracketed(address)}/").literal == address


@pytest.mark.parametrize("host", SPELLINGS)
def test_an_odd_host_is_refused(canary: StubHttp, host: str) -> None:
    assert refusal(canary, f"http://{host}/") in ("http.blocked_destination", "http.invalid_url")


@pytest.mark.parametrize("url", SHAPES)
def test_an_odd_url_is_refused(canary: StubHttp, url: str) -> None:
    assert refusal(canary, url) in ("http.blocked_destination", "http.invalid_url")


@pytest.mark.parametrize(
    ("url", "host", "port", "shown"),
    [
        ("HTTP://EXAMPLE.com", "example.com", 80, "http://example.com"),
        ("https://example.com:443/a?b#c", "example.com", 443, "https://example.com"),
        ("http://example.com:443/", "example.com", 443, "http://example.com:443"),
        ("https://bücher.example/ä b", "xn--bcher-kva.example", 443, None),
        ("http://a_b.example.com/", "a_b.example.com", 80, "http://a_b.example.com"),
        ("http://[2606:4700::0:1]/", "2606:4700::1", 80, "http://[2606:4700::1]"),
        ("http://xn--zzzzzzzzz99999.com/", "xn--zzzzzzzzz99999.com", 80, None),
    ],
)
def test_an_ordinary_url_is_understood(url: str, host: str, port: int, shown: str | None) -> None:
    destination = check_url(url)

    assert (destination.host, destination.port) == (host, port)
    assert shown is None or str(destination) == shown
    assert destination.url.fragment == ""


def test_a_message_shows_neither_path_nor_query_nor_userinfo() -> None:
    for url in (
        "http://10.0.0.1/s3cret?k=s3cret",
        "http://a:s3cret@example.com/",
        "http://example.com:22/s3cret",
        "x://s3cret",
        "http://example.com\\s3cret",
    ):
        with pytest.raises(ToolError) as caught:
            check_url(url)

        assert "s3cret" not in f"{caught.value} {caught.value.details}"


def test_a_listed_pair_may_be_reached_although_private() -> None:
    allow = parse_allow("127.0.0.1:8080, [::1]:9000,API:8000, ,localhost:5000")

    for url in (
        "http://127.0.0.1:8080/",
        "http://[0::1]:9000/",
        "http://api:8000/",
        "http://localhost:5000/",
    ):
        assert check_url(url, allow=allow).listed


@pytest.mark.parametrize(
    "url",
    ["http://127.0.0.1/", "http://127.0.0.1:8081/", "http://127.0.0.2:8080/", "http://x.api:8000/"],
)
def test_a_listed_pair_opens_nothing_beside_it(url: str) -> None:
    with pytest.raises(ToolError, match="may not be reached"):
        check_url(url, allow=parse_allow("127.0.0.1:8080,api:8000"))


@pytest.mark.parametrize("address", ["169.254.169.254", "fd00:ec2::254", "224.0.0.1", "0.0.0.0"])
def test_no_list_opens_the_metadata_service(canary: StubHttp, address: str) -> None:
    reach = Reach(
        canary,
        {"api": [[address]]},
        HttpPolicy(allow=parse_allow(f"api:80,{bracketed(address)}:80")),
    )

    for host in ("api", bracketed(address)):
        with pytest.raises(ToolError) as caught:
            reach.client.request(f"http://{host}/")
        assert caught.value.code == "http.blocked_destination"
    assert canary.connections == 0


@pytest.mark.parametrize("entry", ["api", "api:", ":80", "api:x", "api:0", "api:70000", "*"])
def test_a_bad_entry_of_the_list_is_named(entry: str) -> None:
    with pytest.raises(ValueError, match="allow list"):
        parse_allow(entry)


_PIECES = st.sampled_from(
    [
        *("http://", "https:", "//", "/", "\\", "@", ":", ".", "%", "#", "?", "[", "]", "80"),
        *("127", "0x7f", "1", "example", "com", "localhost", "xn--", "::", "ff", "。", "１", "-"),
    ]
)


@given(st.text() | st.lists(_PIECES).map("".join))
@example("http://xn--a/")
def test_any_text_is_a_destination_or_refused(text: str) -> None:
    for url in (text, f"http://{text}", f"http://{text}/"):
        outcome = outcome_of(url)

        if isinstance(outcome, Destination):
            assert outcome.port in (80, 443)
            assert outcome.literal is None or denied_kind(outcome.literal) is None
        else:
            assert outcome in ("http.blocked_destination", "http.invalid_url")


def outcome_of(url: str) -> Destination | str:
    try:
        return check_url(url)
    except ToolError as error:
        return error.code
