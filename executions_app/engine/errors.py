"""Broken promises inside the engine: bugs of ours, never a user's mistake."""

from __future__ import annotations


class EngineError(Exception):
    """The engine was asked for something that cannot be."""


class IllegalTransition(EngineError):
    """A fact cannot follow from the state it is folded into."""

    def __init__(self, what: str, before: str, after: str) -> None:
        super().__init__(f"{what} cannot go from {str(before)!r} to {str(after)!r}")
