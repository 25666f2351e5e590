"""Whether a connected account may be used for a step.  Refuses to trust anyone else's check.

Composio runs an action on any account of the project, whoever asks: that the account belongs to
the step's owner is for us to see to, every time, before anything is sent.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from threading import Lock

from workflows_app.connectors.composio import failures
from workflows_app.connectors.composio.catalogue import Catalogue
from workflows_app.connectors.composio.provider import (
    Account,
    ComposioProvider,
    checked_account_id,
)

#: Long enough to spare a loop of steps the question, short enough for a revoked account.
FRESH_SECONDS = 15.0
MAX_REMEMBERED = 1_000


class AccountCheck:
    """Checks accounts against their owners; safe to use from many threads.

    What is remembered are facts about an account, never a verdict: the comparison with the
    owner at hand is made each time.
    """

    def __init__(
        self,
        provider: ComposioProvider,
        catalogue: Catalogue,
        *,
        fresh_seconds: float = FRESH_SECONDS,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self._provider = provider
        self._catalogue = catalogue
        self._fresh_seconds = fresh_seconds
        self._clock = clock
        self._known: dict[str, tuple[float, Account]] = {}
        self._lock = Lock()

    def require(
        self, account_id: str, *, entity_id: str, action: str, timeout_seconds: float
    ) -> None:
        """Return when ``entity_id`` may run ``action`` on ``account_id``.

        Raises:
            ToolError: ``composio.account_mismatch``, ``composio.account_inactive``, or why the
                service could not be asked.
        """
        checked_account_id(account_id)
        account = self._facts(account_id, timeout_seconds=timeout_seconds)
        if (
            account.id != account_id
            or account.owner != entity_id
            or not self._catalogue.covers(account.toolkit, action=action)
        ):
            raise failures.account_mismatch(account_id)
        if account.status != "ACTIVE":
            self.forget(account_id)  # so that connecting it again helps at once
            raise failures.account_inactive(account_id, status=account.status)

    def forget(self, account_id: str) -> None:
        """Ask anew the next time ``account_id`` is used."""
        with self._lock:
            self._known.pop(account_id, None)

    def _facts(self, account_id: str, *, timeout_seconds: float) -> Account:
        asked_at = self._clock()
        with self._lock:
            known = self._known.get(account_id)
        if known is not None and asked_at - known[0] < self._fresh_seconds:
            return known[1]
        account = self._provider.get_account(account_id, timeout_seconds=timeout_seconds)
        with self._lock:
            if len(self._known) >= MAX_REMEMBERED:
                self._known.clear()
            # As of when we asked: the answer may be that old.
            self._known[account_id] = (asked_at, account)
        return account
