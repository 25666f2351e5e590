"""When attempts are declared over: bodies at their timeout, tools a little later."""

from __future__ import annotations

from typing import Any

import pytest

from executions_app.runner.time_limit import GRACE_SECONDS, limit_seconds, timed_out
from workflows_app.interface import compile_document
from workflows_app.language.plan import PlanNode


def tool_node(tool: str, **fields: Any) -> PlanNode:
    node = {"id": "a", "type": "tool", "tool": tool, **fields}
    compiled = compile_document({"schema_version": 1, "name": "t", "nodes": [node], "edges": []})
    assert compiled.plan is not None, compiled.diagnostics
    return compiled.plan.by_id["a"]


def test_a_tool_may_say_itself_that_its_time_is_over() -> None:
    assert limit_seconds(tool_node("composio.GMAIL_SEND_EMAIL", timeout=2)) == 2 + GRACE_SECONDS


def test_without_a_timeout_nothing_is_declared_over() -> None:
    assert limit_seconds(tool_node("composio.GMAIL_SEND_EMAIL")) is None


@pytest.mark.parametrize(
    ("tool", "input", "repeats"),
    [
        ("composio.GMAIL_SEND_EMAIL", {}, False),
        ("http.request", {"url": {"value": "https://example.org"}}, False),
        ("log", {"message": {"value": "hi"}}, True),
    ],
)
def test_a_tool_that_overslept_is_repeated_only_if_that_does_no_harm(
    tool: str, input: dict[str, Any], repeats: bool
) -> None:
    outcome = timed_out(tool_node(tool, input=input, timeout=2))

    assert (outcome.failure.code, outcome.retryable) == ("step.timeout", repeats)
    assert outcome.failure.details == {"timeout_seconds": 2}
