"""The figures of one contestant in one workload, and what is said of them.  Pure."""

from __future__ import annotations

import statistics
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any


def p95(values: Sequence[float]) -> float:
    """Return the value that one in twenty exceeds."""
    return sorted(values)[round(0.95 * (len(values) - 1))]


@dataclass(slots=True)
class Figures:
    """What was read, round by round."""

    rounds: list[list[float]] = field(default_factory=list)
    cpu_seconds: list[float] = field(default_factory=list)
    """Processor time of all its workers in each round."""

    def add(self, values: list[float], *, cpu_seconds: float) -> None:
        """Add one round."""
        self.rounds.append(values)
        self.cpu_seconds.append(cpu_seconds)

    def to_json(self) -> dict[str, Any]:
        """Return the median, the 95th percentile, and one figure a round to see the spread."""
        values = [value for one in self.rounds for value in one]
        return {
            "median": round(statistics.median(values), 4),
            "p95": round(p95(values), 4),
            "rounds": [round(statistics.median(one), 4) for one in self.rounds],
            "worker_cpu_seconds": round(statistics.median(self.cpu_seconds), 4),
        }
