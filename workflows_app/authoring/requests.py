"""What a step body asks for besides its output.  A plain record; the runner reads it afterwards."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any


@dataclass(frozen=True, slots=True, kw_only=True)
class SuspendRequest:
    """Stop here until somebody resumes."""

    payload: Any
    """What whoever resumes is shown, as JSON; ``{}`` when the body gave nothing."""
    labels: tuple[str, ...] = ()
    """Names under which the step can be resumed."""


@dataclass(frozen=True, slots=True, kw_only=True)
class BailRequest:
    """End the workflow here."""

    result: Any
    """As JSON."""


@dataclass(slots=True, kw_only=True)
class Requests:
    """All of it.  Of the same request made twice the last counts."""

    suspended: SuspendRequest | None = None
    bailed: BailRequest | None = None
    """Wins over what the body returns."""
    aborted: bool = False
    """Whether the whole execution is to be cancelled."""
    state_changes: dict[str, Any] = field(default_factory=dict)
    """Keys of the shared state with their new values, as JSON; merged when the step ends."""
