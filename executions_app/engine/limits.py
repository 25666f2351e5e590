"""How much one execution may take, each limit with its default.  Pure: refuses to read settings.

What decides is handed the limits of the installation; what is handed none goes by the defaults.
"""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Limits:
    """The limits of an installation; sizes are bytes of JSON in UTF-8."""

    value_bytes: int = 1_000_000
    """One value: an input, an output, an item, what an event brings, an answer."""
    large_value_bytes: int = 512_000
    """A step that puts out more is named in its worker's log."""
    execution_bytes: int = 32_000_000
    """Everything that is recorded of an execution and of those inside it, in all attempts."""
    steps: int = 25_000
    """Runs of steps that one execution may begin."""
    items: int = 10_000
    """Items of one foreach."""
    open_items: int = 50
    """Items that one foreach works on at a time."""
    depth: int = 10
    """Executions inside executions, the outermost counted."""
    nested: int = 1_000
    """Executions that one root may begin inside itself."""


DEFAULTS = Limits()
