"""How many executions go on at a time, and how often one begins, as authors write it.

Refuses what says nothing; whether a number or a key can be kept is told at ``commit()``.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from workflows_app.authoring.errors import WorkflowError


class ConcurrencyInvalid(WorkflowError):
    """The concurrency of a workflow is written as nothing that could be kept."""

    code = "concurrency.invalid"


@dataclass(frozen=True, slots=True)
class Rate:
    """At most ``limit`` executions begin in any ``per``: ``Rate(10, per=60)``."""

    limit: int
    """1 to 10,000."""
    per: float | timedelta
    """A span, in seconds or as ``timedelta``."""

    def to_json(self) -> dict[str, Any]:
        """Return the ``start_rate`` of a definition."""
        seconds = self.per.total_seconds() if isinstance(self.per, timedelta) else self.per
        return {"limit": self.limit, "per": seconds}


@dataclass(frozen=True, slots=True, kw_only=True)
class Concurrency:
    """How many executions of a workflow go on at a time, and how often one begins.

    ``Concurrency(limit=1, key="inputs.customer_id", rate=Rate(10, per=60))``
    """

    limit: int | None = None
    """Executions that may have begun and not ended, 1 to 1,000; ``None``: any number."""
    key: str | None = None
    """A CEL expression over ``inputs``, ``context`` and ``configs``: each of its values has the
    limits for itself.  ``None``: one for all."""
    rate: Rate | None = None

    def __post_init__(self) -> None:
        if self.limit is None and self.rate is None:
            raise ConcurrencyInvalid("give Concurrency a limit, a rate, or both")
        if self.rate is not None and not isinstance(self.rate, Rate):
            raise ConcurrencyInvalid(f"rate: write Rate(10, per=60), not {self.rate!r}")
        if not isinstance(self.key, str | None):
            raise ConcurrencyInvalid(
                f"key: write a CEL expression such as 'inputs.customer_id', not {self.key!r}"
            )

    def to_json(self) -> dict[str, Any]:
        """Return the fields of a definition that say this."""
        key = {} if self.key is None else {"key": self.key}
        fields: dict[str, Any] = {}
        if self.limit is not None:
            fields["concurrency"] = {"limit": self.limit, **key}
        if self.rate is not None:
            fields["start_rate"] = self.rate.to_json() | key
        return fields


def check_concurrency(given: Concurrency | int | None) -> Concurrency | None:
    """Return what ``concurrency=`` was given as; a number is the limit of all together.

    Raises:
        ConcurrencyInvalid: if it is neither.
    """
    if isinstance(given, int) and not isinstance(given, bool):
        return Concurrency(limit=given)
    if not isinstance(given, Concurrency | None):
        raise ConcurrencyInvalid(f"concurrency: write a number or Concurrency(...), not {given!r}")
    return given
