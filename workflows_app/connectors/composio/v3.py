"""Composio's v3.1 protocol, spoken plainly.  Refuses the vendor's client library.

That library shares its module name with composio-core, so both cannot be installed, and half a
dozen addresses need no library.

Source: https://docs.composio.dev (v3.1 reference); composio-client 2.0.0rc19.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from workflows_app.connectors.base import ToolError
from workflows_app.connectors.composio import failures
from workflows_app.connectors.composio.deadline import Deadline
from workflows_app.connectors.composio.envelope import unwrap
from workflows_app.connectors.composio.provider import (
    Account,
    ActionRequest,
    ConnectionLink,
    checked_account_id,
)
from workflows_app.connectors.composio.redaction import Redactor
from workflows_app.connectors.composio.settings import ComposioSettings
from workflows_app.connectors.composio.wire import Wire, to_json

MAX_PAGES = 20


class ComposioV3:
    """The adapter; safe to use from many threads."""

    def __init__(self, settings: ComposioSettings) -> None:
        self._settings = settings
        self._redactor = Redactor(settings.api_key)
        self._wire = Wire(
            base_url=f"{settings.root_url}/api/v3.1",
            api_key=settings.api_key,
            redactor=self._redactor,
        )

    def execute(self, request: ActionRequest) -> Any:
        """Run the action with exactly one POST and return its ``data``.

        Raises:
            ToolError: see ``provider.py``.
        """
        body: dict[str, Any] = {"arguments": dict(request.arguments)}
        if request.entity_id is not None:
            body["user_id"] = request.entity_id
        if request.account_id is not None:
            body["connected_account_id"] = request.account_id
        answer = self._wire.send(
            "POST",
            f"/tools/execute/{request.action}",
            body=to_json(body, action=request.action),
            deadline=Deadline.after(request.timeout_seconds),
            idempotency_key=request.idempotency_key,
        )
        return unwrap(answer.body, action=request.action, redactor=self._redactor)

    def get_account(self, account_id: str, *, timeout_seconds: float) -> Account:
        """Return the account called ``account_id``; see ``provider.py``."""
        try:
            answer = self._wire.send(
                "GET",
                f"/connected_accounts/{checked_account_id(account_id)}",
                deadline=Deadline.after(timeout_seconds),
            )
        except ToolError as error:
            if error.code == "composio.not_found":
                raise failures.account_mismatch(account_id) from None
            raise
        return _account(answer.body)

    def list_accounts(self, *, entity_id: str, toolkit: str | None = None) -> list[Account]:
        """Return the accounts of ``entity_id``, ordered by id; see ``provider.py``."""
        deadline = Deadline.after(self._settings.timeout_seconds)
        query = {"user_ids": entity_id, "limit": "100"}
        if toolkit is not None:
            query["toolkit_slugs"] = toolkit
        found: list[Account] = []
        for _ in range(MAX_PAGES):
            answer = self._wire.send("GET", "/connected_accounts", query=query, deadline=deadline)
            body = answer.body if isinstance(answer.body, Mapping) else {}
            found += [_account(item) for item in body.get("items") or ()]
            cursor = body.get("next_cursor")
            if not isinstance(cursor, str) or not cursor:
                break
            query["cursor"] = cursor
        # The filter is theirs; that no foreign account is shown is our promise.
        mine = (a for a in found if a.owner == entity_id and toolkit in (None, a.toolkit))
        return sorted(mine, key=lambda account: account.id)

    def initiate_connection(
        self, *, entity_id: str, auth_config_id: str, callback_url: str | None = None
    ) -> ConnectionLink:
        """Begin a connection for ``entity_id`` on the service's own page."""
        body = {"auth_config_id": auth_config_id, "user_id": entity_id}
        if callback_url is not None:
            body["callback_url"] = callback_url
        answer = self._wire.send(
            "POST",
            "/connected_accounts/link",
            body=to_json(body, action="connect"),
            deadline=Deadline.after(self._settings.timeout_seconds),
        )
        given = answer.body if isinstance(answer.body, Mapping) else {}
        account_id = given.get("connected_account_id")
        if not isinstance(account_id, str):
            raise failures.outcome_unknown("the answer names no account")
        return ConnectionLink(account_id=account_id, redirect_url=given.get("redirect_url"))

    def delete_account(self, account_id: str) -> None:
        """Revoke an account; one that is already gone is no error."""
        try:
            self._wire.send(
                "DELETE",
                f"/connected_accounts/{checked_account_id(account_id)}",
                deadline=Deadline.after(self._settings.timeout_seconds),
            )
        except ToolError as error:
            if error.code != "composio.not_found":
                raise


def _account(given: Any) -> Account:
    fields = given if isinstance(given, Mapping) else {}
    toolkit = fields.get("toolkit")
    slug = toolkit.get("slug") if isinstance(toolkit, Mapping) else None
    owner = fields.get("user_id")
    status = "DISABLED" if fields.get("is_disabled") else fields.get("status")
    return Account(
        id=str(fields.get("id") or ""),
        owner=owner if isinstance(owner, str) and owner else None,
        toolkit=str(slug or "").lower(),
        status=str(status or "UNKNOWN").upper(),
    )
