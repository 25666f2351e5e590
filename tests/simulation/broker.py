"""A broker that loses messages, delivers them twice, late, and in any order."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from random import Random

from executions_app.dispatch import Due

LOSS, DOUBLING = 0.1, 0.1


@dataclass(slots=True)
class LyingBroker:
    """Messages that were sent and not delivered.  Honest once ``is_honest``, but never in order."""

    random: Random
    is_honest: bool = False
    waiting: list[Due] = field(default_factory=list)
    lost: int = 0
    doubled: int = 0

    def put(self, due: Sequence[Due]) -> None:
        """Take messages; some vanish, some become two."""
        for message in due:
            if not self.is_honest and self.random.random() < LOSS:
                self.lost += 1
                continue
            self.waiting.append(message)
            if not self.is_honest and self.random.random() < DOUBLING:
                self.doubled += 1
                self.waiting.append(message)

    def take(self) -> Due:
        """Return any of the messages; the others may wait for long."""
        return self.waiting.pop(self.random.randrange(len(self.waiting)))

    def flush(self) -> None:
        """Forget everything, as a broker that was restarted without a disk."""
        self.lost += len(self.waiting)
        self.waiting.clear()
