"""That this worker has been asked to stop, and by when what it runs should have ended.

Known to every process of the worker: a pool's child learns what its parent was told.  Looks at no
table, and stops nothing by itself.
"""

from __future__ import annotations

import mmap
import os
import struct
import time

# Shared with every process that is forked later; a lock would not do in a signal handler.  The
# monotonic clock is the machine's, so that a parent's reading means the same to its children.
_DEADLINE = struct.Struct("=d")
_shared = mmap.mmap(-1, _DEADLINE.size)


def forget() -> None:
    """Begin anew, in this process and in those that it forks from now on."""
    global _shared
    _shared = mmap.mmap(-1, _DEADLINE.size)


def begin(*, seconds: float) -> None:
    """Begin nothing new from now on; what runs may go on for ``seconds``.

    Asked again, the earlier end counts.  May be called in a signal handler.
    """
    asked, before = time.monotonic() + seconds, _deadline()
    _DEADLINE.pack_into(_shared, 0, min(asked, before) if before else asked)


def has_begun() -> bool:
    """Return whether nothing new may begin."""
    return bool(_deadline())


def seconds_left() -> float | None:
    """Return for how long what runs may go on, below zero once it may not; ``None``: for ever."""
    deadline = _deadline()
    return deadline - time.monotonic() if deadline else None


def end_process() -> None:
    """End this process at once, bodies that nobody can interrupt included."""
    os._exit(0)


def _deadline() -> float:
    (deadline,) = _DEADLINE.unpack_from(_shared, 0)
    return float(deadline)
