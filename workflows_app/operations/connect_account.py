"""Noting down an account that a user has connected.  Refuses an account of somebody else, and
never sees a credential: those stay with the connector hub.
"""

from __future__ import annotations

import re
from pathlib import Path
from typing import TYPE_CHECKING

from django.conf import settings

from workflows_app.authoring.errors import WorkflowError
from workflows_app.connectors.base import ToolError
from workflows_app.connectors.composio import ComposioProvider, ComposioSettings, provider_for
from workflows_app.connectors.composio.settings import DEFAULT_BASE_URL
from workflows_app.models import Connection, entity_id_of

if TYPE_CHECKING:
    from django.contrib.auth.models import AbstractBaseUser

CHECK_SECONDS = 10.0

# An id becomes part of an address at the hub, so it may not hold a slash or a dot.
_ACCOUNT_ID = re.compile(r"[A-Za-z0-9_-]{1,128}")


class AccountRefused(WorkflowError):
    """The account cannot be used by this user, or the hub could not say; ``code`` is the hub's."""

    code = "composio.account_mismatch"


def connect_account(
    *,
    owner: AbstractBaseUser,
    toolkit: str,
    account_id: str,
    label: str = "",
    provider: ComposioProvider | None = None,
) -> tuple[Connection, bool]:
    """Return the owner's connection to ``account_id``, active, and whether it is new.

    ``provider`` is asked whose account it is; without one, the one that the settings name.  Where
    none is configured the account is taken as it is: every use of it is checked again.

    Raises:
        AccountRefused: if it is unknown, of somebody else, of another toolkit or inactive, or
            the hub could not be asked.
    """
    if not _ACCOUNT_ID.fullmatch(account_id):
        raise _mismatch(account_id)
    provider = provider or configured_provider()
    if provider is not None:
        _check(provider, account_id, toolkit=toolkit, entity_id=entity_id_of(owner.pk))
    return Connection.objects.update_or_create(
        owner=owner,
        toolkit=toolkit,
        account_id=account_id,
        defaults={"label": label, "status": Connection.Status.ACTIVE},
    )


def configured_provider() -> ComposioProvider | None:
    """Return the connector hub that the settings name, or ``None``."""
    if not settings.COMPOSIO_API_KEY:
        return None
    return provider_for(
        ComposioSettings(
            api_key=settings.COMPOSIO_API_KEY,
            base_url=settings.COMPOSIO_BASE_URL or DEFAULT_BASE_URL,
            api=settings.COMPOSIO_API,
            state_dir=Path(settings.STATE_DIR) / "composio",
        )
    )


def _check(provider: ComposioProvider, account_id: str, *, toolkit: str, entity_id: str) -> None:
    try:
        account = provider.get_account(account_id, timeout_seconds=CHECK_SECONDS)
    except ToolError as error:
        raise AccountRefused(error.message, code=error.code, details=error.details) from error
    if account.id != account_id or account.owner != entity_id or account.toolkit != toolkit:
        raise _mismatch(account_id)
    if account.status != "ACTIVE":
        raise AccountRefused(
            f"account {account_id!r} is {account.status.lower()!r}; connect it again",
            code="composio.account_inactive",
            details={"account": account_id},
        )


def _mismatch(account_id: str) -> AccountRefused:
    # One sentence for all of it: telling them apart would tell a stranger which accounts exist.
    return AccountRefused(
        f"account {account_id[:64]!r} cannot be used here; choose one of your own",
        details={"account": account_id[:64]},
    )
