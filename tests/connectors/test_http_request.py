"""The tool ``http.request``: what it sends, what it makes of the answer."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import jsonschema_rs
import pytest

from tests.connectors.stub_http import StubHttp, answer, redirect, reset, serving
from workflows_app.connectors import safe_http
from workflows_app.connectors.base import ToolCall, ToolError
from workflows_app.connectors.destinations import parse_allow
from workflows_app.connectors.http import HTTP_REQUEST
from workflows_app.connectors.safe_http import HttpPolicy


@pytest.fixture
def stub() -> Iterator[StubHttp]:
    before = safe_http.client().policy
    with serving() as server:
        safe_http.configure(HttpPolicy(allow=parse_allow(f"127.0.0.1:{server.port}")))
        yield server
    safe_http.configure(before)


class Step:
    """Runs the tool against a stub, as a worker would."""

    def __init__(self, stub: StubHttp) -> None:
        self.stub = stub
        self.logged: list[tuple[str, str, dict[str, Any]]] = []

    def run(self, path: str = "/", *, timeout_seconds: float = 5, **given: Any) -> Any:
        call = ToolCall(
            input={"url": f"http://127.0.0.1:{self.stub.port}{path}", **given},
            idempotency_key="run-1:fetch:1",
            timeout_seconds=timeout_seconds,
            entity_id=None,
            connection_id=None,
            log=lambda level, message, data: self.logged.append((level, message, dict(data))),
        )
        assert jsonschema_rs.is_valid(HTTP_REQUEST.input_schema, dict(call.input))
        return HTTP_REQUEST.run(call)

    def fail(self, path: str = "/", **given: Any) -> ToolError:
        with pytest.raises(ToolError) as caught:
            self.run(path, **given)
        return caught.value


@pytest.fixture
def step(stub: StubHttp) -> Step:
    return Step(stub)


def test_a_json_answer_comes_back_as_data_and_as_text(step: Step) -> None:
    step.stub.on("/a", answer({"n": 1}, x_one="1"))

    output = step.run("/a")

    assert output == {
        "status": 200,
        "headers": {"content-length": "8", "x-one": "1", "content-type": "application/json"},
        "json": {"n": 1},
        "text": '{"n": 1}',
    }
    assert jsonschema_rs.is_valid(HTTP_REQUEST.output_schema, output)


def test_the_idempotency_key_is_sent_unless_the_author_set_one(step: Step) -> None:
    step.stub.on("/", answer())

    step.run(method="POST", json={})
    step.run(method="POST", json={}, headers={"idempotency-key": "mine"})

    sent = [request.headers["idempotency-key"] for request in step.stub.requests]
    assert sent == ["run-1:fetch:1", "mine"]


@pytest.mark.parametrize(
    ("given", "body", "content_type"),
    [
        ({"json": {"a": ["ü", None]}}, '{"a": ["ü", null]}', "application/json"),
        ({"json": 0}, "0", "application/json"),
        ({"json": {}, "headers": {"content-type": "a/b+json"}}, "{}", "a/b+json"),
        ({"body": "a=ü"}, "a=ü", "text/plain; charset=utf-8"),
        ({"body": "", "json": None}, "", "text/plain; charset=utf-8"),
        ({"json": None}, "", None),
        ({}, "", None),
    ],
)
def test_a_body_is_sent_with_its_type(
    step: Step, given: dict[str, Any], body: str, content_type: str | None
) -> None:
    step.stub.on("/", answer())

    step.run(method="PUT", **given)

    received = step.stub.requests[0]
    assert (received.body.decode(), received.headers.get("content-type")) == (body, content_type)


@pytest.mark.parametrize(
    ("path", "query", "target"),
    [
        ("/", {"q": "a b&c=d", "n": 1, "yes": True}, "/?q=a+b%26c%3Dd&n=1&yes=true"),
        ("/?a=1", {"b": ["x", 2, None], "none": None}, "/?a=1&b=x&b=2"),
        ("/?a=1#part", {"b": "ü"}, "/?a=1&b=%C3%BC"),
        ("/", {}, "/"),
    ],
)
def test_a_query_is_added_to_the_url(
    step: Step, path: str, query: dict[str, Any], target: str
) -> None:
    step.stub.on("/", answer())

    step.run(path, query=query)

    assert step.stub.requests[0].target == target


@pytest.mark.parametrize(
    ("status", "retryable"),
    [
        *((status, False) for status in (400, 401, 404, 409, 418)),
        *((status, True) for status in (429, 500, 502, 503, 599)),
    ],
)
def test_an_error_answer_fails_the_step(step: Step, status: int, retryable: bool) -> None:
    step.stub.on("/", answer(b"why" * 1000, status=status))

    error = step.fail(method="POST")

    assert (error.code, error.retryable) == ("http.status", retryable)
    assert (error.details["status"], error.details["retry_after"]) == (status, None)
    assert error.details["body"].startswith("why")
    assert len(error.details["body"]) == 2_000


@pytest.mark.parametrize(
    ("value", "seconds"),
    [
        ("7", 7),
        ("0", 0),
        ("99999999999999999999", 86_400),
        ("-1", None),
        ("soon", None),
        ("²", None),
        ("", None),
        ("Wed, 21 Oct 2015 07:28:00 GMT", 0),
        ("Wed, 21 Oct 2015 07:28:00", None),
        ("Wed, 99 Oct 9999 99:99:99 GMT", None),
        ("Fri, 31 Dec 9999 23:59:59 GMT", 86_400),
    ],
)
def test_retry_after_is_told_in_seconds(step: Step, value: str, seconds: int | None) -> None:
    step.stub.on("/", answer(status=503, retry_after=value))

    assert step.fail().details["retry_after"] == seconds


@pytest.mark.parametrize(
    "headers",
    [
        {"Host": "evil.example"},
        {"content-length": "1"},
        {"Transfer-Encoding": "chunked"},
        {"Connection": "upgrade"},
        {"Accept-Encoding": "br"},
        {"Expect": "100-continue"},
        {"X": "a\r\nHost: evil.example"},
        {"X": "a\nb"},
        {"X": "a\x00"},
        {"X": "€"},
        {"X": "x" * 8_193},
        {"X\r\nY": "a"},
        {"X Y": "a"},
        {"X:": "a"},
        {"": "a"},
        {"ü": "a"},
        {"X": "a", "x": "b"},
    ],
)
def test_a_header_that_would_change_the_message_is_refused(
    step: Step, headers: dict[str, str]
) -> None:
    error = step.fail(headers=headers)

    assert error.code == "http.invalid_input"
    assert step.stub.connections == 0


def test_a_refused_header_does_not_tell_its_value(step: Step) -> None:
    assert "s3cret" not in str(step.fail(headers={"Authorization": "s3cret\n"}))


def test_latin_1_stands_in_a_header_as_it_is(step: Step) -> None:
    step.stub.on("/", answer())

    step.run(headers={"X-City": "Köln"})

    assert step.stub.requests[0].headers["x-city"] == "Köln"


@pytest.mark.parametrize(
    "given",
    [
        {"json": {}, "body": ""},
        {"body": "\ud800"},
        {"json": ["\ud800"]},
        {"query": {"\ud800": "a"}},
        {"query": {"a": "\ud800"}},
    ],
)
def test_input_that_cannot_be_sent_is_refused(step: Step, given: dict[str, Any]) -> None:
    call_input = {"url": "http://example.com/", **given}
    call = ToolCall(
        input=call_input,
        idempotency_key="k",
        timeout_seconds=1,
        entity_id=None,
        connection_id=None,
        log=lambda *_: None,
    )

    with pytest.raises(ToolError) as caught:
        HTTP_REQUEST.run(call)

    assert caught.value.code == "http.invalid_input"


def test_the_shorter_of_both_timeouts_counts(step: Step) -> None:
    step.stub.on("/", lambda *_: step.stub.over.wait())

    assert "0.2 seconds" in str(step.fail(timeout=0.2))
    assert "0.2 seconds" in str(step.fail(timeout=20, timeout_seconds=0.2))


def test_a_lost_answer_to_a_post_is_an_unknown_outcome(step: Step) -> None:
    step.stub.on("/", reset)

    assert step.fail(method="POST").unknown_outcome
    assert step.fail(method="GET").retryable


def test_a_redirect_inside_is_refused(step: Step) -> None:
    step.stub.on("/", redirect("http://169.254.169.254/latest/"))

    assert step.fail().code == "http.blocked_destination"


def test_one_line_is_logged_without_path_query_or_headers(step: Step) -> None:
    step.stub.on("/s3cret", answer(b"s3cret"))

    step.run("/s3cret", query={"k": "s3cret"}, headers={"Authorization": "s3cret"})

    assert step.logged == [
        (
            "info",
            "GET 127.0.0.1 answered 200",
            {"method": "GET", "host": "127.0.0.1", "status": 200, "bytes": 6},
        )
    ]


def test_the_schemas_are_sound_and_describe_every_field() -> None:
    for schema in (HTTP_REQUEST.input_schema, HTTP_REQUEST.output_schema):
        jsonschema_rs.meta.validate(schema)
        assert all("description" in field for field in schema["properties"].values())
