"""How failed attempts are tried again, as authors write it."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from datetime import timedelta
from typing import Any, Literal


@dataclass(frozen=True, slots=True, kw_only=True)
class Retry:
    """How failed attempts are tried again.  Times in seconds or as ``timedelta``."""

    attempts: int = 0
    """Tries after the first."""
    delay: float | timedelta = 0
    backoff: Literal["fixed", "linear", "exponential"] = "fixed"
    max_delay: float | timedelta | None = None
    jitter: float = 0
    """Share of the wait that is drawn by chance, 0 to 1."""

    def to_json(self) -> dict[str, Any]:
        """Return the retry object of a definition."""
        values = {
            key: value.total_seconds() if isinstance(value, timedelta) else value
            for key, value in asdict(self).items()
        }
        defaults = asdict(Retry())
        return {key: value for key, value in values.items() if value != defaults[key]}
