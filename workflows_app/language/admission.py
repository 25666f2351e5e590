"""How many executions of a workflow may go on at a time, how often one may begin, and who is first.

Shapes, and what a plan keeps of them.  Refuses to count anything.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Final

from pydantic import Field

from workflows_app.language.plan_node import Frozen
from workflows_app.language.sources import MAX_WAIT_SECONDS, Model

if TYPE_CHECKING:
    from workflows_app.language.definition import Definition

#: Executions of one lane that may go on at a time.
MAX_PLACES: Final = 1_000
#: Executions of one lane that may begin in one span.
MAX_STARTS: Final = 10_000
#: The highest priority; the lowest is as far below 0.
MAX_PRIORITY: Final = 100
#: What a key may look at: there is nothing else before an execution begins.
KEY_ROOTS: Final = frozenset({"inputs", "input", "context", "configs"})

Key = Annotated[str, Field(min_length=1, max_length=4_096)]
Priority = Annotated[int, Field(ge=-MAX_PRIORITY, le=MAX_PRIORITY, strict=True)]


class Concurrency(Model):
    """How many executions may have begun and not ended, of each value of the key."""

    limit: Annotated[int, Field(ge=1, le=MAX_PLACES, strict=True)]
    key: Key | None = Field(
        default=None, description="A CEL expression; each of its values is a lane of its own."
    )


class StartRate(Model):
    """How many executions may begin in any span of so many seconds."""

    limit: Annotated[int, Field(ge=1, le=MAX_STARTS, strict=True)]
    per: Annotated[float, Field(gt=0, le=MAX_WAIT_SECONDS, allow_inf_nan=False)] = Field(
        description="Seconds."
    )
    key: Key | None = Field(
        default=None, description="As that of `concurrency`; both name the same one."
    )


class Admission(Frozen):
    """When an execution that was asked for begins: at once, unless there is a limit."""

    limit: int | None = None
    """Executions of a lane that may have begun and not ended."""
    start_limit: int | None = None
    """Executions of a lane that may begin in any ``start_seconds``."""
    start_seconds: float | None = None
    key: str | None = None
    """The CEL expression whose values are the lanes; ``None``: all are in one."""
    priority: int = 0
    """Of those that wait in a lane the highest begins first."""

    @property
    def is_limited(self) -> bool:
        """Whether there is anything to wait for."""
        return self.limit is not None or self.start_limit is not None


def admission_of(header: Definition) -> Admission | None:
    """Return what the plan keeps, or ``None`` where executions begin when they are asked for."""
    places, rate = header.concurrency, header.start_rate
    found = Admission(
        limit=places.limit if places else None,
        start_limit=rate.limit if rate else None,
        start_seconds=rate.per if rate else None,
        key=(places.key if places else None) or (rate.key if rate else None),
        priority=header.priority,
    )
    return None if found == Admission() else found
