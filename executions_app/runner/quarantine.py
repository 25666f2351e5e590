"""Letting attempts run side by side, but one that may have killed its worker by itself.

When a worker dies, each attempt in its hands may be what killed it.  Run side by side again, they
would die together again, and the innocent be given up with the deadly one.  So an attempt whose
worker was lost is run while nothing else is in the process: a death then is its own.  Nobody waits
long for that: a suspect that finds no moment alone runs in company, one that lasts is joined.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager

from executions_app import inline
from executions_app.database_retry import insisting
from executions_app.runner.claim import Claim, set_alone
from executions_app.runner.heartbeat import Watched

#: A suspect waits this long for the others in its process to end, and they as long for it.
PATIENCE_SECONDS = 5.0


class Quarantine:
    """Who runs in this process, and whether one of them is to be alone."""

    def __init__(self) -> None:
        self._condition = threading.Condition()
        self._running = 0
        self._suspect: Claim | None = None

    @contextmanager
    def entered(self, claim: Claim, watched: Watched) -> Iterator[None]:
        """Let ``claim`` run in the block: alone if its worker was lost before.

        The time of ``watched`` begins when the block does.
        """
        if inline.active is not None:
            yield
            return
        changed = self._enter_alone(claim) if claim.deaths else self._enter()
        try:
            if changed is not None:
                is_alone = changed is claim
                insisting(lambda: set_alone(changed, alone=is_alone), seconds=PATIENCE_SECONDS)
            watched.started = time.monotonic()
            yield
        finally:
            with self._condition:
                self._running -= 1
                if self._suspect is claim:
                    self._suspect = None
                self._condition.notify_all()

    def _enter(self) -> Claim | None:
        """Go in; return who is alone no more."""
        with self._condition:
            self._condition.wait_for(lambda: self._suspect is None, PATIENCE_SECONDS)
            joined, self._suspect = self._suspect, None
            self._running += 1
            return joined

    def _enter_alone(self, claim: Claim) -> Claim | None:
        """Go in, alone if that can be; return ``claim`` if it is."""
        with self._condition:
            self._condition.wait_for(lambda: self._suspect is None, PATIENCE_SECONDS)
            if self._suspect is None:
                self._suspect = claim  # from here on nobody else begins
                self._condition.wait_for(lambda: self._running == 0, PATIENCE_SECONDS)
            is_alone = self._suspect is claim and self._running == 0
            if self._suspect is claim and not is_alone:
                self._suspect = None
                self._condition.notify_all()
            self._running += 1
            return claim if is_alone else None


quarantine = Quarantine()
