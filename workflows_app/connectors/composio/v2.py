"""Composio's v1/v2 protocol, spoken by composio-core.  Refuses the library's own HTTP client.

The library knows the addresses and the shape of the requests; the sending is ours, because its
own client sends a POST again after a read timeout.  Nothing of it is imported before an action
runs.

Source: composio-core 0.7.22, ``client/collections.py`` and ``client/http.py``.
"""

from __future__ import annotations

import json
import os
import threading
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import Any

from workflows_app.connectors.base import ToolError
from workflows_app.connectors.composio import failures
from workflows_app.connectors.composio.deadline import Deadline
from workflows_app.connectors.composio.envelope import unwrap
from workflows_app.connectors.composio.provider import (
    Account,
    ActionRequest,
    checked_account_id,
)
from workflows_app.connectors.composio.redaction import Redactor
from workflows_app.connectors.composio.sdk import Sdk, load_sdk
from workflows_app.connectors.composio.settings import ComposioSettings
from workflows_app.connectors.composio.wire import Answer, Wire, to_json


class ComposioV2:
    """The adapter; safe to use from many threads, each of which gets its own client."""

    def __init__(self, settings: ComposioSettings) -> None:
        self._settings = settings
        self._redactor = Redactor(settings.api_key)
        self._wire = Wire(
            base_url=settings.base_url.rstrip("/"),
            api_key=settings.api_key,
            redactor=self._redactor,
        )
        self._own = threading.local()

    def execute(self, request: ActionRequest) -> Any:
        """Run the action with exactly one POST and return its ``data``.

        Raises:
            ToolError: see ``provider.py``.
        """
        self._require_key()
        # Started before the library is loaded: loading is part of what the step waits for.
        deadline = Deadline.after(request.timeout_seconds)
        sdk = load_sdk(self._settings)
        if sdk.runs_here(request.action):
            raise failures.local_tool_refused(request.action)
        to_json(dict(request.arguments), action=request.action)
        client, http = self._client(sdk)
        with http.sending(deadline, idempotency_key=request.idempotency_key):
            try:
                body = client.actions.execute(
                    _action(sdk, request),
                    dict(request.arguments),
                    entity_id=request.entity_id,
                    connected_account=request.account_id,
                    session_id=request.idempotency_key,
                )
            except ToolError:
                raise
            except Exception as error:
                # The library's errors quote whole answers, so only their kind is told.
                kind = type(error).__name__
                if http.sent:
                    raise failures.outcome_unknown(kind) from None
                raise failures.unavailable(kind) from None
        return unwrap(body, action=request.action, redactor=self._redactor)

    def get_account(self, account_id: str, *, timeout_seconds: float) -> Account:
        """Return the account called ``account_id``; see ``provider.py``."""
        try:
            answer = self._wire.send(
                "GET",
                f"/v1/connectedAccounts/{checked_account_id(account_id)}",
                deadline=Deadline.after(timeout_seconds),
            )
        except ToolError as error:
            if error.code == "composio.not_found":
                raise failures.account_mismatch(account_id) from None
            raise
        return _account(answer.body)

    def _require_key(self) -> None:
        if not self._settings.api_key:
            raise failures.not_configured("set COMPOSIO_API_KEY to run Composio actions")

    def _client(self, sdk: Sdk) -> tuple[Any, _Http]:
        own = self._own
        if getattr(own, "pid", None) != os.getpid():
            own.http = _Http(self._wire)
            own.client = sdk.new_client(base_url=self._settings.base_url, http=own.http)
            own.pid = os.getpid()
        return own.client, own.http


class _Http:
    """What the library sends through: one POST inside ``sending``, and nothing else."""

    def __init__(self, wire: Wire) -> None:
        self._wire = wire
        self._deadline: Deadline | None = None
        self._idempotency_key: str | None = None
        self.sent = False

    @contextmanager
    def sending(self, deadline: Deadline, *, idempotency_key: str) -> Iterator[None]:
        """Allow one POST until ``deadline``."""
        self._deadline, self._idempotency_key, self.sent = deadline, idempotency_key, False
        try:
            yield
        finally:
            self._deadline = None

    def post(self, url: str, json: Mapping[str, Any]) -> Answer:
        """Send one POST; the second of an action is a fault of ours or the library's."""
        if self._deadline is None or self.sent:
            raise RuntimeError("an action may send exactly one request")
        body = _dumps(json)
        self.sent = True
        return self._wire.send(
            "POST",
            url,
            body=body,
            deadline=self._deadline,
            idempotency_key=self._idempotency_key,
        )


def _dumps(value: Any) -> bytes:
    return json.dumps(value, allow_nan=False).encode("ascii")


def _action(sdk: Sdk, request: ActionRequest) -> Any:
    """Return the library's name for the action, with all it would otherwise look up."""
    action = sdk.Action(request.action, cache=False)
    action._data = sdk.ActionData(
        name=request.action,
        app=request.toolkit,
        tags=[],
        no_auth=request.account_id is None,
        is_local=False,
        version="latest",
    )
    return action


def _account(given: Any) -> Account:
    fields = given if isinstance(given, Mapping) else {}
    off = fields.get("isDisabled") or fields.get("enabled") is False or fields.get("deleted")
    owner = fields.get("clientUniqueUserId")
    return Account(
        id=str(fields.get("id") or ""),
        owner=owner if isinstance(owner, str) and owner else None,
        toolkit=str(fields.get("appUniqueId") or fields.get("appName") or "").lower(),
        status="DISABLED" if off else str(fields.get("status") or "UNKNOWN").upper(),
    )
