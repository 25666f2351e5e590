"""Tools are found by name, families by prefix; errors travel whole."""

from __future__ import annotations

import pickle
from dataclasses import replace

import pytest

from workflows_app.connectors.base import (
    DuplicateTool,
    Tool,
    ToolError,
    ToolRegistry,
    UnknownTool,
)
from workflows_app.connectors.http import HTTP_REQUEST


def member(name: str) -> Tool | None:
    return replace(HTTP_REQUEST, name=name) if name != "post.none" else None


def test_a_registered_tool_is_found_and_listed_in_order() -> None:
    registry = ToolRegistry()
    log = registry.register(replace(HTTP_REQUEST, name="a.log"))

    registry.register(HTTP_REQUEST)
    registry.register(HTTP_REQUEST)

    assert registry.get("http.request") is HTTP_REQUEST
    assert registry.names() == ["a.log", "http.request"]
    assert registry.all() == [log, HTTP_REQUEST]


def test_two_tools_cannot_share_a_name_nor_two_families_a_prefix() -> None:
    registry = ToolRegistry()
    registry.register(HTTP_REQUEST)
    registry.register_family("post.", member)

    with pytest.raises(DuplicateTool, match=r"http\.request"):
        registry.register(replace(HTTP_REQUEST, description="another"))
    with pytest.raises(DuplicateTool, match=r"post\."):
        registry.register_family("post.", lambda name: None)


def test_a_family_answers_for_its_prefix_and_a_registered_tool_wins() -> None:
    registry = ToolRegistry()
    registry.register_family("post.", member)
    registry.register_family("post.letters.", lambda name: replace(HTTP_REQUEST, name="long"))
    send = registry.register(replace(HTTP_REQUEST, name="post.send"))

    assert registry.get("post.open").name == "post.open"
    assert registry.get("post.letters.open").name == "long"
    assert registry.get("post.send") is send


@pytest.mark.parametrize("name", ["post.none", "post", "nothing", ""])
def test_an_unknown_name_is_named(name: str) -> None:
    registry = ToolRegistry()
    registry.register_family("post.", member)

    with pytest.raises(UnknownTool) as caught:
        registry.get(name)

    assert repr(name) in str(caught.value)


def test_an_error_survives_pickling() -> None:
    error = ToolError("http.timeout", "too slow", {"a": 1}, unknown_outcome=True)

    copy = pickle.loads(pickle.dumps(error))

    assert (str(copy), copy.code, copy.details) == ("too slow", "http.timeout", {"a": 1})
    assert (copy.retryable, copy.unknown_outcome) == (False, True)


def test_an_unknown_outcome_is_never_retryable() -> None:
    with pytest.raises(ValueError, match="unknown outcome"):
        ToolError("a.b", "c", retryable=True, unknown_outcome=True)
