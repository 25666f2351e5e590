"""The safe client reads only so much, and only what it understands."""

from __future__ import annotations

import gzip
import tracemalloc
import zlib
from collections.abc import Iterator

import pytest

from tests.connectors.stub_http import Reach, StubHttp, answer, flood, serving
from workflows_app.connectors.safe_http import HttpPolicy

URL = "http://site.example/"


def gzipped(data: bytes) -> bytes:
    """Return ``data`` in gzip, the same at any time: it is part of the names of tests."""
    return gzip.compress(data, mtime=0)


@pytest.fixture
def stub() -> Iterator[StubHttp]:
    with serving() as server:
        yield server


def packed(size_bytes: int) -> bytes:
    packer = zlib.compressobj(9, wbits=31)
    block = bytes(1_000_000)
    return (
        b"".join(packer.compress(block) for _ in range(size_bytes // len(block))) + packer.flush()
    )


def test_a_body_at_the_limit_is_read_and_one_byte_more_is_not(stub: StubHttp) -> None:
    policy = HttpPolicy(max_body_bytes=1_000)
    for size in (1_000, 1_001):
        stub.on(f"/{size}", answer(b"x" * size))
        stub.on(f"/{size}z", answer(gzipped(b"x" * size), content_encoding="gzip"))
    reach = Reach(stub, policy=policy)

    for suffix in ("", "z"):
        assert len(reach.client.request(f"{URL}1000{suffix}").body) == 1_000
        assert reach.failure(f"{URL}1001{suffix}").code == "http.limit"


def test_a_gzip_bomb_costs_no_more_memory_than_the_limit(stub: StubHttp) -> None:
    bomb = packed(500_000_000)
    stub.on("/", answer(bomb, content_encoding="gzip"))
    reach = Reach(stub)
    tracemalloc.start()
    try:
        error = reach.failure()
        _, peak_bytes = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()

    assert error.code == "http.limit"
    assert peak_bytes < 8_000_000


@pytest.mark.parametrize(
    ("start", "part"),
    [
        (b"HTTP/1.1 200 OK\r\n\r\n", b"x" * 65_536),
        (b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n", b"5\r\nhello\r\n" * 4096),
        (
            b"HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\n\r\n",
            gzipped(b"") * 1000,
        ),
        (
            # A gzip header, then stored blocks of no bytes: for ever input, never output.
            b"HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\n\r\n" + gzipped(b"")[:10],
            b"\x00\x00\x00\xff\xff" * 10_000,
        ),
        (b"HTTP/1.1 200 OK\r\n", b"X-Header: x\r\n" * 1000),
        (b"HTTP/1.1 200 OK\r\nX-Header: ", b"x" * 65_536),
    ],
    ids=["body", "chunks", "gzip members", "gzip padding", "headers", "one header"],
)
def test_an_endless_answer_ends_at_a_limit(stub: StubHttp, start: bytes, part: bytes) -> None:
    stub.on("/", flood(start, part))

    error = Reach(stub).failure()

    assert (error.code, error.retryable) == ("http.limit", False)


def test_endless_chunk_extensions_are_no_sound_answer(stub: StubHttp) -> None:
    start = b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5;"
    stub.on("/", flood(start, b"x" * 65_536))

    assert Reach(stub).failure().code == "http.connection"


@pytest.mark.parametrize("headers", [201, 100_000])
def test_too_many_headers_are_refused(stub: StubHttp, headers: int) -> None:
    lines = b"".join(b"a%d: b\r\n" % number for number in range(headers))
    stub.on("/", b"HTTP/1.1 200 OK\r\n" + lines + b"\r\n")

    assert Reach(stub).failure().code == "http.limit"


def test_a_body_to_send_has_a_limit_too(stub: StubHttp) -> None:
    reach = Reach(stub, policy=HttpPolicy(max_request_bytes=10))

    assert reach.failure(method="POST", body=b"x" * 11).code == "http.limit"
    assert stub.connections == 0


@pytest.mark.parametrize("declared", ["", "identity", "Identity", "gzip", " GZIP "])
def test_plain_and_gzip_answers_are_read(stub: StubHttp, declared: str) -> None:
    body = gzipped(b"hello") if "gzip" in declared.lower() else b"hello"
    stub.on("/", answer(body, content_encoding=declared))

    assert Reach(stub).client.request(URL).body == b"hello"
    assert stub.requests[0].headers["accept-encoding"] == "identity, gzip"


def test_a_gzip_answer_of_some_members_is_read_but_not_of_many(stub: StubHttp) -> None:
    for members in (2, 64, 65):
        packed_members = gzipped(b"a") * members
        stub.on(f"/{members}", answer(packed_members, content_encoding="gzip"))
    reach = Reach(stub)

    assert reach.client.request(f"{URL}2").body == b"aa"
    assert reach.client.request(f"{URL}64").body == b"a" * 64
    assert reach.failure(f"{URL}65").code == "http.limit"


@pytest.mark.parametrize(
    ("declared", "body"),
    [
        ("deflate", zlib.compress(b"hello")),
        ("br", b"\x0b\x02\x80hello\x03"),
        ("zstd", b"\x28\xb5\x2f\xfd"),
        ("compress", b"x"),
        ("x-gzip", gzipped(b"hello")),
        ("gzip, gzip", gzipped(gzipped(b"hello"))),
        ("gzip\r\nContent-Encoding: gzip", gzipped(gzipped(b"hello"))),
        ("gzip, gzip, gzip", b"x"),
        ("identity, gzip", gzipped(b"hello")),
        ("\xff", b"x"),
        ("gzip", b"hello"),
        ("gzip", zlib.compress(b"hello")),
        ("gzip", gzipped(b"hello")[:-4]),
        ("gzip", gzipped(b"hello") + b"tail"),
        ("gzip", gzipped(b"hello")[:-8] + b"\0" * 8),
    ],
)
def test_any_other_encoding_is_refused(stub: StubHttp, declared: str, body: bytes) -> None:
    stub.on("/", answer(body, content_encoding=declared))

    assert Reach(stub).failure().code == "http.encoding"


@pytest.mark.parametrize(
    ("method", "status"), [("HEAD", 200), ("GET", 204), ("GET", 304), ("HEAD", 404)]
)
def test_an_answer_without_a_body_may_name_any_encoding(
    stub: StubHttp, method: str, status: int
) -> None:
    stub.on("/", b"HTTP/1.1 %d X\r\nContent-Encoding: gzip\r\n\r\n" % status)

    answered = Reach(stub).client.request(URL, method=method)

    assert (answered.status, answered.body) == (status, b"")


@pytest.mark.parametrize(
    "raw",
    [
        b"SSH-2.0-OpenSSH_9.9\r\n",
        b"HTTP/1.1 OK\r\n\r\n",
        b"HTTP/1.1 200 OK\r\nContent-Length: -1\r\n\r\n",
        b"HTTP/1.1 200 OK\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\nxx",
        b"HTTP/1.1 200 OK\r\nContent-Length: " + b"9" * 5000 + b"\r\n\r\n",
        b"HTTP/1.1 200 OK\r\nTransfer-Encoding: gzip\r\n\r\n",
        b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n",
        b"HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\nshort",
        b"HTTP/1.1 200 OK\r\nBad Header: x\r\n\r\n",
        b"HTTP/1.1 200 OK\r\nX: \x00\r\n\r\n",
        b"HTTP/1.1 101 Switching Protocols\r\nUpgrade: x\r\n\r\n",
        b"\x00" * 100,
    ],
)
def test_what_is_not_http_is_a_failed_connection(stub: StubHttp, raw: bytes) -> None:
    stub.on("/", raw)

    assert Reach(stub).failure().code == "http.connection"


def test_what_follows_the_announced_length_is_not_read(stub: StubHttp) -> None:
    stub.on("/", answer(b"hello") + b"HTTP/1.1 200 OK\r\n\r\nsmuggled")

    assert Reach(stub).client.request(URL).body == b"hello"
