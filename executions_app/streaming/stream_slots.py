"""How many streams a user may hold in this process.  Refuses one more than that."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager

MAX_STREAMS = 100
_held: Counter[int] = Counter()


class TooManyStreams(Exception):
    """The user has ``MAX_STREAMS`` of them already."""


def has_room(user_id: int) -> bool:
    """Return whether the user may open one more; only :func:`hold` decides."""
    return _held[user_id] < MAX_STREAMS


@contextmanager
def hold(user_id: int) -> Iterator[None]:
    """Count one stream while the block runs.  Enter it on the event loop only.

    Raises:
        TooManyStreams: if there is no room.
    """
    if not has_room(user_id):
        raise TooManyStreams
    _held[user_id] += 1
    try:
        yield
    finally:
        _held[user_id] -= 1
        if not _held[user_id]:
            del _held[user_id]
