"""Whether executions run right here instead of in workers, and by which clock.

``executions_app.testing`` puts itself in; everything that would talk to another process asks.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Inline:
    """Who stands in for the workers, the broker and the clock."""

    now: Callable[[], datetime]
    work: Callable[[], bool]
    """Does one thing that is due, or lets time pass to the next; tells whether it could."""
    is_cancelled: Callable[[str], bool]
    """Tells whether an execution is being stopped."""
    onlookers: list[Callable[[], None]] = field(default_factory=list)
    """Called when something may have happened: there are no threads that would look."""

    def tell_onlookers(self) -> None:
        """Let everybody who watches look."""
        for look in list(self.onlookers):
            look()


active: Inline | None = None
"""``None`` wherever there are workers."""
