"""Says that something stays as it was, where ``None`` would be a value of its own."""

from __future__ import annotations

from typing import Final


class Unchanged:
    """The type of ``UNCHANGED``; there is one of it."""

    def __repr__(self) -> str:
        return "UNCHANGED"


UNCHANGED: Final = Unchanged()
