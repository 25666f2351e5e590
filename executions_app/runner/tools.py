"""Running a tool for an execution: whose account, how long, and with which key."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from workflows_app.authoring.context import StepContext
from workflows_app.authoring.datatypes import to_json
from workflows_app.connectors.base import Log, Tool, ToolCall
from workflows_app.interface import entity_id_of, find_connection, find_tool
from workflows_app.language.plan import PlanNode
from workflows_app.language.schemas import apply_defaults, validate_value

#: What a tool may take when the definition says nothing.
DEFAULT_TIMEOUT_SECONDS = 60.0


class ConnectionMissing(Exception):
    """The workflow needs a connection that its owner has not made."""

    code = "connection.missing"
    retryable = False

    def __init__(self, toolkit: str, wanted: str | None) -> None:
        which = f" called {wanted!r}" if wanted else ""
        super().__init__(
            f"there is no active {toolkit!r} connection{which}; connect {toolkit!r} and run again"
        )
        self.details = {"toolkit": toolkit}


class ToolInputInvalid(Exception):
    """What the tool received does not fit its input schema."""

    code = "step.input_invalid"
    retryable = False


def run_tool(
    node: PlanNode, value: Any, context: StepContext, *, owner_id: int | None, note: Log
) -> Any:
    """Return the tool's output as JSON.

    Raises:
        ToolError, ConnectionMissing, ToolInputInvalid: why it has none.
    """
    tool = find_tool(node.ref)
    call = ToolCall(
        input=_checked(tool, {} if value is None else value),
        idempotency_key=context.idempotency_key,
        timeout_seconds=node.timeout_seconds or DEFAULT_TIMEOUT_SECONDS,
        entity_id=entity_id_of(owner_id) if owner_id is not None else None,
        connection_id=_account(tool, node, owner_id),
        log=note,
        context=context,
    )
    return to_json(tool.run(call))


def _checked(tool: Tool, value: Any) -> Mapping[str, Any]:
    value = apply_defaults(tool.input_schema, value)
    problems = validate_value(tool.input_schema, value)
    if problems or not isinstance(value, Mapping):
        said = "\n".join(f"- {item.path or '.'}: {item.message}" for item in problems)
        raise ToolInputInvalid(f"Step input validation failed: \n{said or '- an object is needed'}")
    return value


def _account(tool: Tool, node: PlanNode, owner_id: int | None) -> str | None:
    if not tool.needs_connection or tool.toolkit is None:
        return None
    found = find_connection(owner_id, tool.toolkit, wanted=node.connection)
    if found is None:
        raise ConnectionMissing(tool.toolkit, node.connection)
    return found.account_id
