"""The places in the life of an attempt at which a process may die, or another one may overtake it.

Nothing listens in production.  Tests make a process end at a point, or hand over to another
worker, and so prove that what was committed by then is enough.  Refuses to know what listeners do.
"""

from __future__ import annotations

from collections.abc import Callable
from enum import StrEnum


class Point(StrEnum):
    """A place between two writes; its value is what tests call it."""

    RECEIVED = "received"
    """A message has come, nothing is claimed."""
    CLAIMED = "claimed"
    """The attempt is in this worker's hands, its body has not begun."""
    DONE = "done"
    """The body has ended and had its effect, nothing is recorded."""
    RECORDING = "recording"
    """Facts and rows are written and not committed."""
    RECORDED = "recorded"
    """What follows is committed, nobody was told."""
    TOLD = "told"
    """The broker has the messages."""
    RESCUING = "rescuing"
    """Lost work is taken up, and that is not committed."""


_listener: Callable[[Point], None] | None = None


def reach(point: Point) -> None:
    """Say that this thread has come to ``point``."""
    if _listener is not None:
        _listener(point)


def listen(listener: Callable[[Point], None] | None) -> None:
    """Have ``listener`` called, on the thread concerned, at every point; ``None`` ends that."""
    global _listener
    _listener = listener
