"""How an action becomes a tool, and what it does before the provider is asked."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest

from tests.connectors.gmail_table import GMAIL
from workflows_app.connectors.base import ToolCall, ToolError, ToolRegistry, UnknownTool
from workflows_app.connectors.composio import (
    Account,
    ActionRequest,
    Catalogue,
    ComposioSettings,
    register,
)
from workflows_app.connectors.composio.account import AccountCheck
from workflows_app.connectors.composio.failures import unavailable
from workflows_app.connectors.composio.settings import DEFAULT_BASE_URL

MINE = Account(id="ca_1", owner="user-7", toolkit="gmail", status="ACTIVE")


class InMemoryProvider:
    """A provider without a service behind it."""

    def __init__(self, *accounts: Account) -> None:
        self.accounts = {account.id: account for account in accounts}
        self.asked: list[str] = []
        self.executed: list[ActionRequest] = []
        self.failure: ToolError | None = None

    def execute(self, request: ActionRequest) -> Any:
        self.executed.append(request)
        if self.failure is not None:
            raise self.failure
        return {"done": True}

    def get_account(self, account_id: str, *, timeout_seconds: float) -> Account:
        self.asked.append(account_id)
        return self.accounts[account_id]


def make(provider: InMemoryProvider, catalogue: Catalogue | None = None) -> ToolRegistry:
    registry = ToolRegistry()
    settings = ComposioSettings(api_key="ak_1")
    register(registry, settings=settings, catalogue=catalogue, provider=provider)
    return registry


def call(input: Mapping[str, Any], **changes: Any) -> ToolCall:
    values: dict[str, Any] = {
        "input": input,
        "idempotency_key": "k",
        "timeout_seconds": 5.0,
        "entity_id": "user-7",
        "connection_id": "ca_1",
        "log": lambda level, message, data: None,
    }
    return ToolCall(**(values | changes))


def test_a_tool_says_what_its_table_says() -> None:
    tool = make(InMemoryProvider(), Catalogue.from_tables([GMAIL])).get("composio.GMAIL_SEND_EMAIL")

    assert (tool.name, tool.toolkit) == ("composio.GMAIL_SEND_EMAIL", "gmail")
    assert tool.description == "Sends an email."
    assert "subject" in tool.input_schema["properties"]
    assert tool.needs_connection
    assert not tool.idempotent


def test_an_action_nobody_described_is_a_tool_all_the_same() -> None:
    tool = make(InMemoryProvider()).get("composio.SLACK_SEND_MESSAGE")

    assert tool.toolkit == "slack"
    assert (tool.input_schema, tool.output_schema) == ({"type": "object"}, {})


@pytest.mark.parametrize("name", ["composio.", "composio.gmail_send_email", "composio.A/../B_C"])
def test_a_name_that_no_action_can_have_is_unknown(name: str) -> None:
    with pytest.raises(UnknownTool):
        make(InMemoryProvider()).get(name)


@pytest.mark.parametrize("given", ["/etc/passwd", "", {"s3key": "of-somebody-else"}])
def test_a_file_is_refused_and_its_path_never_opened(given: Any) -> None:
    provider = InMemoryProvider(MINE)
    tool = make(provider, Catalogue.from_tables([GMAIL])).get("composio.GMAIL_SEND_EMAIL")

    with pytest.raises(ToolError) as caught:
        tool.run(call({"subject": "s", "attachment": given}))

    assert caught.value.code == "composio.file_refused"
    assert caught.value.details["path"] == "attachment"
    assert (provider.asked, provider.executed) == ([], [])


def test_a_path_in_an_unknown_action_stays_a_text(tmp_path: Path) -> None:
    provider = InMemoryProvider(MINE)
    path = tmp_path / "missing"

    make(provider).get("composio.GMAIL_ATTACH").run(call({"file": str(path)}))

    assert provider.executed[0].arguments == {"file": str(path)}


def test_input_that_the_action_does_not_declare_is_left_out_and_logged() -> None:
    provider = InMemoryProvider(MINE)
    tool = make(provider, Catalogue.from_tables([GMAIL])).get("composio.GMAIL_SEND_EMAIL")
    logged: list[Any] = []

    tool.run(call({"subject": "s", "threadId": "t"}, log=lambda *line: logged.append(line)))

    assert provider.executed[0].arguments == {"subject": "s"}
    ((level, _, data),) = logged
    assert (level, data["keys"]) == ("warning", ["threadId"])


def test_the_shorter_of_both_time_limits_counts() -> None:
    provider = InMemoryProvider(MINE)

    make(provider).get("composio.GMAIL_X").run(call({}, timeout_seconds=5.0))
    make(provider).get("composio.GMAIL_X").run(call({}, timeout_seconds=3_600.0))

    short, long = (request.timeout_seconds for request in provider.executed)
    assert short <= 5.0 < long <= 60.0


def test_an_account_is_asked_about_once_for_a_burst_of_steps() -> None:
    provider = InMemoryProvider(MINE)
    tool = make(provider).get("composio.GMAIL_X")

    for _ in range(5):
        tool.run(call({}))

    assert provider.asked == ["ca_1"]


def test_a_remembered_account_is_still_compared_with_its_owner() -> None:
    provider = InMemoryProvider(MINE)
    tool = make(provider).get("composio.GMAIL_X")
    tool.run(call({}))

    with pytest.raises(ToolError) as caught:
        tool.run(call({}, entity_id="user-8"))

    assert caught.value.code == "composio.account_mismatch"
    assert len(provider.executed) == 1


def test_a_remembered_account_is_soon_asked_about_again() -> None:
    provider = InMemoryProvider(MINE)
    now = [100.0]
    check = AccountCheck(provider, Catalogue(), fresh_seconds=15.0, clock=lambda: now[0])

    for moment in (100.0, 114.9, 115.0, 115.1):
        now[0] = moment
        check.require("ca_1", entity_id="user-7", action="GMAIL_X", timeout_seconds=1.0)

    assert len(provider.asked) == 2


def test_a_failure_makes_the_next_attempt_ask_again() -> None:
    provider = InMemoryProvider(MINE)
    tool = make(provider).get("composio.GMAIL_X")
    provider.failure = unavailable("down")
    with pytest.raises(ToolError):
        tool.run(call({}))
    provider.failure = None

    tool.run(call({}))

    assert provider.asked == ["ca_1", "ca_1"]


def test_connecting_again_helps_at_once() -> None:
    provider = InMemoryProvider(Account(id="ca_1", owner="user-7", toolkit="gmail", status="X"))
    tool = make(provider).get("composio.GMAIL_X")
    with pytest.raises(ToolError):
        tool.run(call({}))
    provider.accounts["ca_1"] = MINE

    assert tool.run(call({})) == {"done": True}


def test_an_answer_about_another_account_is_not_believed() -> None:
    provider = InMemoryProvider()
    provider.accounts["ca_2"] = MINE

    with pytest.raises(ToolError) as caught:
        make(provider).get("composio.GMAIL_X").run(call({}, connection_id="ca_2"))

    assert caught.value.code == "composio.account_mismatch"


@pytest.mark.parametrize(
    "values",
    [
        {"base_url": "ftp://host/api"},
        {"base_url": "https:///api"},
        {"base_url": "https://user:pw@host/api"},
        {"base_url": "https://host/api?x=1"},
        {"base_url": "https://host:99999/api"},
        {"base_url": "https://host", "api": "v2"},
        {"base_url": "https://host/apis", "api": "v2"},
        {"api": "v4"},
        {"api_key": "ak_secret\nx: y"},
        {"api_key": "ak_secret é"},
        {"timeout_seconds": 0.0},
        {"timeout_seconds": float("nan")},
    ],
)
def test_settings_that_cannot_work_are_refused(values: dict[str, Any]) -> None:
    with pytest.raises(ValueError) as caught:
        ComposioSettings(**({"api_key": "ak_secret"} | values))

    assert "ak_secret" not in str(caught.value)
    assert "pw" not in str(caught.value)


def test_settings_do_not_show_the_key() -> None:
    settings = ComposioSettings(api_key="ak_secret", base_url="https://host", api="v3")

    assert "ak_secret" not in repr(settings)
    assert settings.root_url == "https://host"
    assert ComposioSettings(api_key="", base_url=DEFAULT_BASE_URL).root_url.endswith(".dev")
