"""The latest events of one watched execution, in memory, for everybody who watches it.

Refuses to grow: it forgets the oldest, and whoever is further behind reads the table.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Iterable
from itertools import islice

from executions_app.streaming.encode import Frame

MAX_FRAMES = 1_000
MAX_BYTES = 4 * 1024 * 1024


class Ring:
    """Events with dense numbers up to ``head``; older ones than it holds are in the table."""

    __slots__ = ("_bytes", "_frames", "final", "head")

    def __init__(self, head: int) -> None:
        self.head = head
        """The ``seq`` of the newest event that was read, whether or not it is still here."""
        self.final = False
        """Whether ``head`` is the execution's last event."""
        self._frames: deque[Frame] = deque()
        self._bytes = 0

    def extend(self, frames: Iterable[Frame]) -> None:
        """Add the events that follow ``head``; forget the oldest beyond the limits."""
        for frame in frames:
            self._frames.append(frame)
            self._bytes += len(frame.body)
            self.head, self.final = frame.seq, frame.final
        while len(self._frames) > MAX_FRAMES or self._bytes > MAX_BYTES:
            self._bytes -= len(self._frames.popleft().body)

    def after(self, seq: int, *, limit: int) -> list[Frame] | None:
        """Return at most ``limit`` events that follow ``seq``; ``None`` if it has forgotten them.

        The list is empty if ``seq`` is the head, or ahead of it.
        """
        if seq >= self.head:
            return []
        if not self._frames or self._frames[0].seq > seq + 1:
            return None
        skip = seq + 1 - self._frames[0].seq
        return list(islice(self._frames, skip, skip + limit))
