"""Both adapters for Composio, set up against the stub.  Refuses to test anything itself."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.connectors.composio_stub import API_KEY, ComposioStub
from workflows_app.connectors.base import Tool, ToolCall, ToolError
from workflows_app.connectors.composio import ComposioSettings, ComposioTools

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
