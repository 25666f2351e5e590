"""What every adapter for Composio promises.  Each test runs once per protocol."""

from __future__ import annotations

import threading
import traceback
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.connectors import composio_stub as stub_module
from tests.connectors.composio_stub import ACCOUNT_TOKEN, API_KEY, ComposioStub
from workflows_app.connectors.base import Tool, ToolCall, ToolError
from workflows_app.connectors.composio import ComposioSettings, ComposioTools, provider_for

ISSUE = "GITHUB_CREATE_AN_ISSUE"

Build = Callable[..., ComposioTools]


@pytest.fixture
def stub() -> Iterator[ComposioStub]:
    with ComposioStub() as running:
        running.account("ca_1")
        yield running


@pytest.fixture(scope="session")
def state_dir(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("composio")


@pytest.fixture(params=["v2", "v3"])
def api(request: pytest.FixtureRequest) -> str:
    return str(request.param)


@pytest.fixture
def build(stub: ComposioStub, api: str, state_dir: Path) -> Build:
    def build(**changes: Any) -> ComposioTools:
        values = {"api_key": API_KEY, "base_url": stub.base_url, "api": api}
        return ComposioTools(ComposioSettings(**(values | {"state_dir": state_dir} | changes)))

    return build


def tool(tools: ComposioTools, action: str) -> Tool:
    found = tools.resolve(f"composio.{action}")
    assert found is not None
    return found


def call(input: dict[str, Any] | None = None, **changes: Any) -> ToolCall:
    values: dict[str, Any] = {
        "input": {"title": "t"} if input is None else input,
        "idempotency_key": "run-1:create:0",
        "timeout_seconds": 20.0,
        "entity_id": "user-7",
        "connection_id": "ca_1",
        "log": lambda level, message, data: None,
    }
    return ToolCall(**(values | changes))


def refusal(tools: ComposioTools, action: str, asked: ToolCall) -> ToolError:
    with pytest.raises(ToolError) as caught:
        tool(tools, action).run(asked)
    return caught.value


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


@pytest.mark.parametrize("behaviour", ["slow", "drips", "resets", "hangs_up"])
def test_an_answer_that_never_comes_leaves_the_outcome_unknown(stub, build, behaviour) -> None:
    stub.behaviours[ISSUE] = getattr(stub_module, behaviour)
    tools = build()
    tool(tools, "GITHUB_WARM_UP").run(call())  # loads what is loaded on first use

    error = refusal(tools, ISSUE, call(timeout_seconds=0.4))

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


@pytest.mark.parametrize("action", ["BROWSER_TOOL_NAVIGATE", "HACKERNEWS_GET_FRONTPAGE"])
def test_a_toolkit_without_accounts_gets_none(stub, build, api, action) -> None:
    tools = build()

    output = tool(tools, action).run(call({"page": 1}, entity_id=None))

    (sent,) = stub.requests
    assert output == {"echo": {"page": 1}}
    assert not tool(tools, action).needs_connection
    assert {"connectedAccountId", "connected_account_id", "entityId"}.isdisjoint(sent.body)


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"entity_id": None}, "composio.identity_missing"),
        ({"entity_id": ""}, "composio.identity_missing"),
        ({"connection_id": None}, "composio.connection_missing"),
        ({"connection_id": "../v1/apps"}, "composio.account_mismatch"),
        ({"connection_id": "ca_1?x=1"}, "composio.account_mismatch"),
        ({"connection_id": ""}, "composio.connection_missing"),
        ({"input": {"n": float("nan")}, "entity_id": None}, "composio.identity_missing"),
    ],
)
def test_what_is_missing_is_told_before_anything_is_sent(stub, build, changes, code) -> None:
    error = refusal(build(), ISSUE, call(**changes))

    assert error.code == code
    assert stub.requests == []


def test_input_that_is_not_json_is_never_sent(stub, build) -> None:
    error = refusal(build(), ISSUE, call({"n": float("inf")}))

    assert error.code == "composio.bad_input"
    assert stub.executions() == []


@pytest.mark.parametrize(
    ("fields", "code"),
    [
        ({"owner": "user-8"}, "composio.account_mismatch"),
        ({"owner": None}, "composio.account_mismatch"),
        ({"toolkit": "gmail"}, "composio.account_mismatch"),
        ({"status": "EXPIRED"}, "composio.account_inactive"),
        ({"status": "INITIATED"}, "composio.account_inactive"),
        ({"disabled": True}, "composio.account_inactive"),
    ],
)
def test_an_account_that_does_not_fit_is_never_used(stub, build, fields, code) -> None:
    stub.account("ca_2", **fields)

    error = refusal(build(), ISSUE, call(connection_id="ca_2"))

    assert error.code == code
    assert stub.executions() == []


def test_a_foreign_account_reads_like_one_that_does_not_exist(stub, build) -> None:
    stub.account("ca_2", owner="user-8")
    foreign = refusal(build(), ISSUE, call(connection_id="ca_2"))

    missing = refusal(build(), ISSUE, call(connection_id="ca_3"))

    assert foreign.message == missing.message.replace("ca_3", "ca_2")
    assert "user-8" not in f"{foreign.message} {foreign.details}"


@pytest.mark.parametrize("status", [429, 500, 503])
def test_a_question_about_an_account_may_be_asked_again(stub, build, status) -> None:
    stub.account_behaviour = stub_module.returns({"message": "boom"}, status=status)

    error = refusal(build(), ISSUE, call())

    assert error.retryable
    assert stub.executions() == []


@pytest.mark.parametrize("action", ["SHELLTOOL_EXEC_COMMAND", "FILETOOL_OPEN_FILE"])
def test_an_action_that_would_run_on_the_worker_is_refused(stub, build, action) -> None:
    error = refusal(build(), action, call({"cmd": "id"}))

    assert error.code == "composio.local_tool_refused"
    assert stub.requests == []


def test_without_a_key_nothing_is_sent(stub, build) -> None:
    for action in (ISSUE, "HACKERNEWS_GET_FRONTPAGE"):
        assert refusal(build(api_key=""), action, call()).code == "composio.not_configured"

    assert stub.requests == []


def test_the_key_is_in_no_error(stub, build) -> None:
    wrong = "ak_wrong/key+1"
    stub.behaviours[ISSUE] = stub_module.fails(f"401 for {API_KEY}, Authorization: Bearer abcdef")
    errors = [
        refusal(build(api_key=wrong), ISSUE, call()),
        refusal(build(api_key=wrong), "HACKERNEWS_GET_FRONTPAGE", call()),
        refusal(build(), ISSUE, call()),
    ]

    told = "".join("".join(traceback.format_exception(e)) + str(e.details) for e in errors)

    assert "[redacted]" in told
    for secret in (wrong, API_KEY, "abcdef", ACCOUNT_TOKEN):
        assert secret not in told


def test_threads_do_not_share_what_they_send(stub, build) -> None:
    tools = build()
    outputs: dict[int, Any] = {}

    def run(number: int) -> None:
        outputs[number] = tool(tools, ISSUE).run(call({"n": number}, idempotency_key=f"k-{number}"))

    threads = [threading.Thread(target=run, args=(number,)) for number in range(16)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert outputs == {number: {"echo": {"n": number}} for number in range(16)}
    sent = [(r.headers["idempotency-key"], r.body) for r in stub.executions()]
    assert len(sent) == 16
    for key, body in sent:
        assert body.get("input", body.get("arguments")) == {"n": int(key.removeprefix("k-"))}


def test_accounts_are_listed_for_their_owner_only(stub, build, api) -> None:
    stub.account("ca_0", toolkit="gmail")
    stub.account("ca_2", owner="user-8")
    provider = provider_for(ComposioSettings(api_key=API_KEY, base_url=stub.base_url, api=api))

    listed = provider.list_accounts(entity_id="user-7")
    of_gmail = provider.list_accounts(entity_id="user-7", toolkit="gmail")

    assert [account.id for account in listed] == ["ca_0", "ca_1"]
    assert [account.id for account in of_gmail] == ["ca_0"]


def test_a_connection_is_begun_and_revoked(stub, api) -> None:
    provider = provider_for(ComposioSettings(api_key=API_KEY, base_url=stub.base_url, api=api))

    link = provider.initiate_connection(entity_id="user-7", auth_config_id="ac_1")
    provider.delete_account("ca_1")
    provider.delete_account("ca_1")

    assert (link.account_id, link.redirect_url) == ("ca_new", "https://connect.invalid/1")
    assert "ca_1" not in stub.accounts
