"""The list of tools, and how a family's member is read."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from rest_framework.test import APIClient

from workflows_app.connectors.base import Tool, ToolCall, registry

URL = "/api/tools/"
NAMES = [f"zz.demo.{letter}" for letter in "abcde"]


def _never(call: ToolCall) -> None:
    raise AssertionError("listing tools must not run one")


@pytest.fixture
def demo_tools() -> Iterator[None]:
    for name in NAMES:
        registry.register(
            Tool(
                name=name,
                description=f"Shows {name[-1].upper()}.",
                input_schema={"type": "object"},
                output_schema={},
                run=_never,
                toolkit="demo",
            )
        )
    yield
    for name in NAMES:
        del registry._tools[name]


def names(page: dict[str, list[dict[str, str]]]) -> list[str]:
    return [tool["name"] for tool in page["results"]]


def test_installed_tools_are_listed_with_their_schemas(api: APIClient) -> None:
    page = api.get(URL).json()

    tools = {tool["name"]: tool for tool in page["results"]}
    assert {"template", "transform", "log", "http.request"} <= tools.keys()
    assert set(tools["template"]) == {
        *("name", "title", "group", "description", "toolkit", "needs_connection", "idempotent"),
        *("input_schema", "output_schema"),
    }
    for tool in tools.values():
        assert tool["description"]
        for property_ in tool["input_schema"].get("properties", {}).values():
            assert property_["description"]


def test_tools_are_paged_in_both_directions(api: APIClient, demo_tools: None) -> None:
    first = api.get(f"{URL}?toolkit=demo&page_size=2").json()
    second = api.get(first["next"]).json()
    third = api.get(second["next"]).json()

    assert names(first) + names(second) + names(third) == NAMES
    assert (first["previous"], third["next"]) == (None, None)
    assert names(api.get(third["previous"]).json()) == NAMES[2:4]
    assert names(api.get(second["previous"]).json()) == NAMES[:2]


def test_tools_are_searched(api: APIClient, demo_tools: None) -> None:
    assert names(api.get(f"{URL}?q=shows c").json()) == ["zz.demo.c"]
    assert names(api.get(f"{URL}?q=DEMO.A").json()) == ["zz.demo.a"]
    assert names(api.get(f"{URL}?toolkit=nobody").json()) == []


def test_a_tool_is_read_by_name_also_when_a_family_makes_it(api: APIClient) -> None:
    assert api.get(f"{URL}template/").json()["name"] == "template"
    mail = api.get(f"{URL}composio.GMAIL_SEND_EMAIL/").json()
    assert (mail["toolkit"], mail["needs_connection"]) == ("gmail", True)


@pytest.mark.parametrize("name", ["nothing", "composio.", "composio.x", "TEMPLATE", "a" * 200])
def test_a_tool_that_is_not_there_is_404(api: APIClient, name: str) -> None:
    response = api.get(f"{URL}{name}/")

    assert (response.status_code, response.json()["code"]) == (404, "tool.not_found")
