"""What we ask of Composio, whichever of its protocols is spoken.  Refuses to know a protocol.

One contract, two adapters, one conformance suite: a third protocol is a third file.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Protocol

from workflows_app.connectors.composio import failures
from workflows_app.connectors.composio.settings import ComposioSettings

_ACCOUNT_ID = re.compile(r"[A-Za-z0-9_-]{1,128}")


@dataclass(frozen=True, slots=True, kw_only=True)
class ActionRequest:
    """One action, ready to be sent; everything in it has been checked."""

    action: str
    """The slug, e.g. ``GMAIL_SEND_EMAIL``."""

    toolkit: str
    """Lower case, e.g. ``gmail``."""

    arguments: Mapping[str, Any]
    entity_id: str | None
    """The owner as Composio knows them.  ``None`` only for toolkits without accounts."""

    account_id: str | None
    """``None`` means that the toolkit needs no account, and none is sent."""

    idempotency_key: str
    """The same for every attempt of a step; sent along so that repeats can be told."""

    timeout_seconds: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Account:
    """A connected account, without the tokens that the service may send with it."""

    id: str
    owner: str | None
    """The entity it belongs to.  ``None``: nobody, so nobody may use it."""

    toolkit: str
    """Lower case."""

    status: str
    """Upper case; ``ACTIVE`` is the only one that can be used."""


class ComposioProvider(Protocol):
    """One of Composio's protocols.  Safe to use from many threads at once."""

    def execute(self, request: ActionRequest) -> Any:
        """Run the action with exactly one POST and return its ``data``.

        Raises:
            ToolError: ``composio.action_failed`` if the action says so, ``composio.unavailable``
                if nothing was sent, ``composio.outcome_unknown`` if nobody can tell, and the
                other codes of ``failures.py``.
        """

    def get_account(self, account_id: str, *, timeout_seconds: float) -> Account:
        """Return the account called ``account_id``.

        Raises:
            ToolError: ``composio.account_mismatch`` if there is none, or a code of
                ``failures.py`` if the service could not be asked.
        """


def checked_account_id(account_id: str) -> str:
    """Return ``account_id``, fit to be part of an address: no slash, no dot.

    Raises:
        ToolError: ``composio.account_mismatch`` if no account can be called that.
    """
    if not _ACCOUNT_ID.fullmatch(account_id):
        raise failures.account_mismatch(account_id)
    return account_id


def provider_for(settings: ComposioSettings) -> ComposioProvider:
    """Return the adapter that ``settings`` names."""
    # Imported here because both adapters import this contract.
    from workflows_app.connectors.composio.v2 import ComposioV2
    from workflows_app.connectors.composio.v3 import ComposioV3

    return ComposioV2(settings) if settings.api == "v2" else ComposioV3(settings)
