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
    checked_account_id,
)
from workflows_app.connectors.composio.redaction import Redactor
from workflows_app.connectors.composio.settings import ComposioSettings
from workflows_app.connectors.composio.wire import Wire, to_json


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
