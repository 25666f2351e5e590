"""On whose behalf, and on whose account: what is refused.  Runs once per protocol."""

# ruff: noqa: F811 (a fixture is imported, then asked for by its name)
from __future__ import annotations

import traceback

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
from tests.connectors.composio_stub import ACCOUNT_TOKEN, API_KEY
from workflows_app.connectors.base import ToolError
from workflows_app.connectors.composio import ComposioSettings, provider_for


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


@pytest.mark.parametrize("account_id", ["", "..", "ca_1/..", "ca_1?x", "ca 1", "c" * 129])
def test_what_cannot_be_an_account_is_never_part_of_an_address(stub, api, account_id) -> None:
    provider = provider_for(ComposioSettings(api_key=API_KEY, base_url=stub.base_url, api=api))

    with pytest.raises(ToolError, match="cannot be used"):
        provider.get_account(account_id, timeout_seconds=5.0)

    assert stub.requests == []
