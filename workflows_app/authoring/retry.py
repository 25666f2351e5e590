"""How failed attempts are tried again, as authors write it."""

from __future__ import annotations

from dataclasses import dataclass, fields
from datetime import timedelta
from enum import Enum
from typing import Any, Final, Literal


class Inherited(Enum):
    """The type of :data:`INHERITED`."""

    INHERITED = "inherited"

    def __repr__(self) -> str:
        return "INHERITED"


#: What is left out: the workflow's value counts, and where it has none, the default.
INHERITED: Final = Inherited.INHERITED


@dataclass(frozen=True, slots=True, kw_only=True)
class Retry:
    """How failed attempts are tried again.  Times in seconds or as ``timedelta``.

    On a step, only what is written replaces what the workflow says.
    """

    attempts: int | Inherited = INHERITED
    """Tries after the first; 0 where nobody says."""
    delay: float | timedelta | Inherited = INHERITED
    """Before the first retry; 0 where nobody says."""
    backoff: Literal["fixed", "linear", "exponential"] | Inherited = INHERITED
    """How the delay grows; ``"fixed"`` where nobody says."""
    max_delay: float | timedelta | Inherited | None = INHERITED
    """No wait is longer; ``None``: no bound."""
    jitter: float | Inherited = INHERITED
    """Share of the wait that is drawn by chance, 0 to 1; 0 where nobody says."""

    def to_json(self) -> dict[str, Any]:
        """Return the retry object of a definition."""
        written = {field.name: getattr(self, field.name) for field in fields(self)}
        return {
            key: value.total_seconds() if isinstance(value, timedelta) else value
            for key, value in written.items()
            if value is not INHERITED
        }
