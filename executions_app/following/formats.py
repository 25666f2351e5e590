"""The words in which streams tell events: ours, Mastra's, and those of its older versions."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from functools import partial
from typing import Any, Protocol

from executions_app.mastra.chunks import Chunks
from executions_app.mastra.older_forms import LegacyChunks, WatchView
from executions_app.models import Event
from executions_app.streaming.wire import to_wire


class Teller(Protocol):
    """Tells the events of one execution to one reader."""

    def tell(self, events: Sequence[Event]) -> list[list[dict[str, Any]]]:
        """Return, for each of ``events``, what the reader is told."""

    def opening(self) -> list[dict[str, Any]]:
        """Return what a stream begins with that does not begin with the execution."""

    def closing(self, status: str) -> list[dict[str, Any]]:
        """Return what a stream ends with while the execution rests in ``status``."""

    def refused(self, error: Exception) -> list[dict[str, Any]]:
        """Return the stream of an execution that ``error`` kept from starting."""


class AsEvents:
    """Tells events as they are in the log."""

    def __init__(self, execution_id: str) -> None:
        self._id = execution_id

    def tell(self, events: Sequence[Event]) -> list[list[dict[str, Any]]]:
        """Return each of ``events`` as browsers receive it."""
        return [[to_wire(event)] for event in events]

    def opening(self) -> list[dict[str, Any]]:
        """Return nothing: only the log is told."""
        return []

    def closing(self, status: str) -> list[dict[str, Any]]:
        """Return nothing: the log has said it."""
        return []

    def refused(self, error: Exception) -> list[dict[str, Any]]:
        """Raise ``error``: there is no log."""
        raise error


EVENTS = "events"
#: What ``stream()`` may be asked for.
STREAMS: Mapping[str, Callable[[str], Teller]] = {
    EVENTS: AsEvents,
    "mastra": Chunks,
    "legacy": LegacyChunks,
}
#: What ``watch()`` may be asked for.
WATCHES: Mapping[str, Callable[[str], Teller]] = {
    EVENTS: AsEvents,
    "mastra": partial(Chunks, with_ends=False, with_step_finish=True),
    "watch": WatchView,
}


def teller_of(formats: Mapping[str, Callable[[str], Teller]], name: str) -> Callable[[str], Teller]:
    """Return what makes the teller of format ``name``.

    Raises:
        ValueError: if there is no such format.
    """
    if name not in formats:
        raise ValueError(f"{name!r} is no format; use one of {', '.join(formats)}")
    return formats[name]
