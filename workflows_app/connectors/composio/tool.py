"""An action of Composio as a tool: ``composio.GMAIL_SEND_EMAIL``.  Refuses before it sends.

Who acts and on which account come from the call and never from the step's input: an input
called ``entityId`` is an argument of the action and nothing else.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import partial
from typing import Any

from workflows_app.connectors.base import Tool, ToolCall, ToolError, ToolRegistry
from workflows_app.connectors.composio import failures
from workflows_app.connectors.composio.account import AccountCheck
from workflows_app.connectors.composio.catalogue import Catalogue, is_local, is_slug
from workflows_app.connectors.composio.deadline import Deadline
from workflows_app.connectors.composio.input_files import requested_files
from workflows_app.connectors.composio.provider import (
    ActionRequest,
    ComposioProvider,
    provider_for,
)
from workflows_app.connectors.composio.settings import ComposioSettings

PREFIX = "composio."

#: Asking about an account is a quick question; the rest of the time is the action's.
ACCOUNT_SECONDS = 10.0


class ComposioTools:
    """The family of tools behind ``composio.``; safe to use from many threads."""

    def __init__(
        self,
        settings: ComposioSettings,
        *,
        catalogue: Catalogue | None = None,
        provider: ComposioProvider | None = None,
    ) -> None:
        self._settings = settings
        self._catalogue = Catalogue() if catalogue is None else catalogue
        self._provider = provider_for(settings) if provider is None else provider
        self.accounts = AccountCheck(self._provider, self._catalogue)

    def resolve(self, name: str) -> Tool | None:
        """Return the tool called ``name``, or ``None`` if no action can be called that.

        An action that is never run (``composio.SHELLTOOL_EXEC_COMMAND``) has a tool too, so
        that the one who tries it reads why it is refused.
        """
        action = name.removeprefix(PREFIX)
        if not is_slug(action):
            return None
        toolkit = self._catalogue.toolkit_of(action)
        entry = self._catalogue.get(action)
        return Tool(
            name=PREFIX + action,
            description=entry.description if entry else f"{action} of {toolkit}, by Composio",
            input_schema=dict(entry.input_schema) if entry else {"type": "object"},
            output_schema=dict(entry.output_schema) if entry else {},
            run=partial(self._run, action, toolkit),
            toolkit=toolkit,
            needs_connection=self._needs_connection(toolkit),
        )

    def _needs_connection(self, toolkit: str) -> bool:
        return toolkit not in self._settings.no_auth_toolkits

    def _run(self, action: str, toolkit: str, call: ToolCall) -> Any:
        deadline = Deadline.after(min(call.timeout_seconds, self._settings.timeout_seconds))
        if is_local(action):
            raise failures.local_tool_refused(action)
        arguments = self._arguments(action, call)
        account_id: str | None = None
        if self._needs_connection(toolkit):
            account_id = self._account(action, toolkit, call, deadline)
        request = ActionRequest(
            action=action,
            toolkit=toolkit,
            arguments=arguments,
            entity_id=call.entity_id,
            account_id=account_id,
            idempotency_key=call.idempotency_key,
            timeout_seconds=deadline.remaining_seconds(),
        )
        try:
            return self._provider.execute(request)
        except ToolError:
            if account_id is not None:
                # The account may be what is wrong, so the next attempt asks about it anew.
                self.accounts.forget(account_id)
            raise

    def _account(self, action: str, toolkit: str, call: ToolCall, deadline: Deadline) -> str:
        if not call.entity_id:
            raise failures.identity_missing(action)
        if not call.connection_id:
            raise failures.connection_missing(action, toolkit=toolkit)
        self.accounts.require(
            call.connection_id,
            entity_id=call.entity_id,
            action=action,
            timeout_seconds=min(ACCOUNT_SECONDS, deadline.remaining_seconds()),
        )
        return call.connection_id

    def _arguments(self, action: str, call: ToolCall) -> Mapping[str, Any]:
        """Return the input that the action declares; all of it when nothing is known."""
        entry = self._catalogue.get(action)
        if entry is None:
            return call.input
        files = requested_files(entry.input_schema, call.input)
        if files:
            raise failures.file_refused(action, path=files[0])
        declared = entry.input_schema.get("properties")
        if not isinstance(declared, Mapping) or entry.input_schema.get("additionalProperties"):
            return call.input
        # Agents add keys of their own (threadId, memory...), which services answer with errors.
        extra = sorted(set(call.input) - set(declared))
        if extra:
            call.log(
                "warning",
                "input that the action does not declare is left out",
                {"action": action, "keys": extra[:20]},
            )
        return {key: value for key, value in call.input.items() if key in declared}


def register(
    registry: ToolRegistry,
    *,
    settings: ComposioSettings,
    catalogue: Catalogue | None = None,
    provider: ComposioProvider | None = None,
) -> ComposioTools:
    """Make ``registry`` answer for every name that starts with ``composio.``.

    Raises:
        DuplicateTool: if it does already.
    """
    tools = ComposioTools(settings, catalogue=catalogue, provider=provider)
    registry.register_family(PREFIX, tools.resolve)
    return tools
