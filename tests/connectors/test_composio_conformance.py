"""What every adapter for Composio sends, and makes of the answer.  Runs once per protocol."""

# ruff: noqa: F811 (a fixture is imported, then asked for by its name)
from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest

from tests.connectors import composio_stub as stub_module
from tests.connectors.composio_adapters import (  # noqa: F401
    ISSUE,
    api,
    build,
    call,
    refusal,
    state_dir,
    stub,
    tool,
)


def test_an_action_returns_its_data_without_the_envelope(stub, build) -> None:
    output = tool(build(), ISSUE).run(call({"title": "broken"}))

    assert output == {"echo": {"title": "broken"}}


def test_the_request_names_the_owner_and_the_account(stub, build, api) -> None:
    tool(build(), ISSUE).run(call())

    (sent,) = stub.executions()
    if api == "v2":
        assert sent.path == f"/api/v2/actions/{ISSUE}/execute"
        assert sent.body["entityId"] == "user-7"
        assert sent.body["connectedAccountId"] == "ca_1"
        assert sent.body["appName"] == "GITHUB"
    else:
        assert sent.path == f"/api/v3.1/tools/execute/{ISSUE}"
        assert sent.body["user_id"] == "user-7"
        assert sent.body["connected_account_id"] == "ca_1"


def test_the_same_idempotency_key_goes_out_with_every_attempt(stub, build) -> None:
    tools = build()

    for _ in range(3):
        tool(tools, ISSUE).run(call(idempotency_key="run-1:größe:0"))

    keys = {sent.headers["idempotency-key"] for sent in stub.executions()}
    assert keys == {"run-1:gr%C3%B6%C3%9Fe:0"}


def test_identity_in_the_input_is_an_argument_and_nothing_else(stub, build) -> None:
    smuggled = {"entityId": "user-8", "user_id": "user-8", "connectedAccountId": "ca_2"}

    output = tool(build(), ISSUE).run(call(smuggled))

    (sent,) = stub.executions()
    assert output == {"echo": smuggled}
    assert sent.body.get("entityId", sent.body.get("user_id")) == "user-7"


@pytest.mark.parametrize("key", ["successful", "successfull"])
def test_either_spelling_of_success_counts(stub, build, key) -> None:
    stub.behaviours[ISSUE] = stub_module.returns({"data": {"id": 1}, key: True})

    assert tool(build(), ISSUE).run(call()) == {"id": 1}


def test_a_failed_action_tells_what_the_service_said(stub, build) -> None:
    stub.behaviours[ISSUE] = stub_module.fails("Repo not found")

    error = refusal(build(), ISSUE, call())

    assert error.code == "composio.action_failed"
    assert "Repo not found" in error.message
    assert error.details["log_id"] == "log-2"
    assert (error.retryable, error.unknown_outcome) == (False, False)


@pytest.mark.parametrize(
    ("status", "code", "retryable", "unknown"),
    [
        (307, "composio.rejected", False, False),
        (400, "composio.rejected", False, False),
        (401, "composio.unauthorized", False, False),
        (403, "composio.unauthorized", False, False),
        (404, "composio.not_found", False, False),
        (429, "composio.rate_limited", True, False),
        (500, "composio.outcome_unknown", False, True),
        (502, "composio.outcome_unknown", False, True),
        (504, "composio.outcome_unknown", False, True),
    ],
)
def test_a_refusal_has_a_code_and_is_asked_for_once(
    stub, build, status, code, retryable, unknown
) -> None:
    stub.behaviours[ISSUE] = stub_module.returns(
        {"message": "boom"}, status=status, location="/api/elsewhere", retry_after="7"
    )

    error = refusal(build(), ISSUE, call())

    assert (error.code, error.retryable, error.unknown_outcome) == (code, retryable, unknown)
    assert len(stub.requests) == 2  # the account, the action, and no third
    if status == 429:
        assert error.details["retry_after_seconds"] == 7.0


@pytest.mark.parametrize("behaviour", ["slow", "drips", "drips_headers", "resets", "hangs_up"])
def test_an_answer_that_never_comes_leaves_the_outcome_unknown(stub, build, behaviour) -> None:
    stub.behaviours[ISSUE] = getattr(stub_module, behaviour)
    tools = build()
    tool(tools, "GITHUB_WARM_UP").run(call())  # loads what is loaded on first use

    error = refusal(tools, ISSUE, call(timeout_seconds=0.8))

    assert error.code == "composio.outcome_unknown"
    assert error.unknown_outcome
    assert not error.retryable
    assert len(stub.executions()) == 2  # the one that warmed up, and this one


@pytest.mark.parametrize(
    "content",
    [
        b"<html>",
        b"",
        b"[]",
        b"null",
        b'{"data": {}}',
        b'{"data": NaN, "successful": true}',
        b'{"successful": "true"}',
        b"[" * 200_000,
    ],
)
def test_an_answer_that_is_no_envelope_leaves_the_outcome_unknown(stub, build, content) -> None:
    stub.behaviours[ISSUE] = stub_module.returns_bytes(content)

    error = refusal(build(), ISSUE, call())

    assert error.code == "composio.outcome_unknown"
    assert len(stub.executions()) == 1


def test_a_compressed_answer_is_not_unpacked(stub, build) -> None:
    stub.behaviours[ISSUE] = stub_module.returns_bytes(b"\x1f\x8b", content_encoding="gzip")

    error = refusal(build(), ISSUE, call())

    assert error.code == "composio.outcome_unknown"
    assert stub.executions()[0].headers["accept-encoding"] == "identity"


def test_an_answer_just_within_the_limit_is_taken(stub, build) -> None:
    body = b'{"successful": true, "data": "%s"}'
    text = b"x" * (1024 * 1024 - len(body) + 2)
    stub.behaviours[ISSUE] = stub_module.returns_bytes(body % text)

    assert tool(build(), ISSUE).run(call()) == text.decode()


@pytest.mark.parametrize(
    "behaviour", [stub_module.endless, stub_module.returns({"data": "x" * 1024 * 1024})]
)
def test_an_answer_beyond_the_limit_is_refused(stub, build, behaviour) -> None:
    stub.behaviours[ISSUE] = behaviour

    error = refusal(build(), ISSUE, call())

    assert error.code == "composio.limit"
    assert error.unknown_outcome  # it ran, and how it went is in the part not read


def test_a_service_that_cannot_be_reached_may_be_tried_again(build) -> None:
    tools = build(base_url="http://127.0.0.1:9/api")

    error = refusal(tools, "HACKERNEWS_GET_FRONTPAGE", call())

    assert error.code == "composio.unavailable"
    assert error.retryable


def test_threads_do_not_share_what_they_send(stub, build) -> None:
    tools = build()

    def run(number: int) -> Any:
        return tool(tools, ISSUE).run(call({"n": number}, idempotency_key=f"k-{number}"))

    with ThreadPoolExecutor(16) as pool:
        outputs = dict(enumerate(pool.map(run, range(16))))

    assert outputs == {number: {"echo": {"n": number}} for number in range(16)}
    sent = [(r.headers["idempotency-key"], r.body) for r in stub.executions()]
    assert len(sent) == 16
    for key, body in sent:
        assert body.get("input", body.get("arguments")) == {"n": int(key.removeprefix("k-"))}
