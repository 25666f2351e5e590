"""Calling somebody back with what happens to an execution: first what did, then what does.

Refuses to let a callback that raises disturb anybody.
"""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable, Sequence
from contextlib import closing
from typing import Any

from django.db import Error as DatabaseFailure
from django.db import close_old_connections

from executions_app import inline
from executions_app.errors import ExecutionNotFound
from executions_app.following.follow import glance_at, glances
from executions_app.following.formats import WATCHES, Teller, teller_of
from executions_app.models import Event, Execution
from executions_app.streaming.hints import Hints
from executions_app.streaming.log import log_of

logger = logging.getLogger("celeriac.watch")

#: How long to wait after the database refused a read.
PAUSE_SECONDS = 1.0

Callback = Callable[[dict[str, Any]], None]


def watch(execution_id: str, callback: Callback, *, format: str) -> Callable[[], None]:
    """Call ``callback`` with every event of ``execution_id``, from the first, until it ends.

    It need not have started.  The calls come from a thread of their own, or, where executions
    run in memory, from the one that moves them on.  Returns a function that stops them.

    Raises:
        ValueError: if there is no such format.
    """
    make = teller_of(WATCHES, format)
    if inline.active is not None:
        return _Onlooker(execution_id, callback, make).begin(inline.active.onlookers)
    return _Watcher(execution_id, callback, make).begin()


class _Watcher:
    """Calls back; knows how far it has come."""

    def __init__(
        self, execution_id: str, callback: Callback, make: Callable[[str], Teller]
    ) -> None:
        self._id = execution_id
        self._callback = callback
        self._make = make
        self._teller: Teller | None = None
        self._after = 0
        self._stopped = threading.Event()

    def begin(self) -> Callable[[], None]:
        """Begin to call, and return what stops it."""
        name = f"watch-{self._id}"
        threading.Thread(target=self._run, name=name, daemon=True).start()
        return self._stopped.set

    def _run(self) -> None:
        try:
            while not self._stopped.is_set():
                try:
                    self._wait_for_start()
                    self._follow()
                    return
                except ExecutionNotFound:  # deleted while it was watched
                    return
                except DatabaseFailure as error:
                    logger.warning(
                        "what is watched could not be read, trying again",
                        extra={"action": "watch.broken", "run_id": self._id, "error": repr(error)},
                    )
                    self._stopped.wait(PAUSE_SECONDS)
                    close_old_connections()
        except Exception:
            logger.exception(
                "watching broke off", extra={"action": "watch.failed", "run_id": self._id}
            )
        finally:
            close_old_connections()

    def _wait_for_start(self) -> None:
        with closing(Hints(self._id)) as hints:
            while not self._stopped.is_set() and not self._is_there():
                hints.wait(PAUSE_SECONDS)

    def _follow(self) -> None:
        if self._stopped.is_set():
            return
        with closing(glances(self._id, after=self._after)) as found:
            for glance in found:
                self._call(glance.events)
                if self._stopped.is_set():
                    return

    def _is_there(self) -> bool:
        return Execution.objects.filter(pk=self._id).exists()

    def _call(self, events: Sequence[Event]) -> None:
        if self._teller is None:
            self._teller = self._make(self._id)
        for event, told in zip(events, self._teller.tell(events), strict=True):
            self._after = event.seq
            for item in told:
                if self._stopped.is_set():
                    return
                try:
                    self._callback(item)
                except Exception:
                    logger.exception(
                        "a callback failed; the execution does not mind",
                        extra={"action": "watch.callback_failed", "run_id": self._id},
                    )


class _Onlooker(_Watcher):
    """Looks each time when something may have happened in memory."""

    _is_looking = False

    def begin(self, onlookers: list[Callable[[], None]]) -> Callable[[], None]:  # type: ignore[override]
        """Look now, and whenever ``onlookers`` are called; return what stops it."""
        onlookers.append(self.look)

        def stop() -> None:
            self._stopped.set()
            if self.look in onlookers:
                onlookers.remove(self.look)

        self.look()
        return stop

    def look(self) -> None:
        """Call back with what is new; a callback that moves things on is not called inside."""
        if self._is_looking or self._stopped.is_set() or not self._is_there():
            return
        self._is_looking = True
        try:
            log = log_of(self._id)
            while (glance := glance_at(log, after=self._after)).events:
                self._call(glance.events)
                if self._stopped.is_set():
                    return
        finally:
            self._is_looking = False
