"""Which events are an execution's: its own log, or, of a nested one, its part of its root's.

Refuses to renumber: the events of a nested execution keep the numbers that they have in the log.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from django.db.models import QuerySet

from executions_app.models import Event, Execution


@dataclass(frozen=True, slots=True, kw_only=True)
class Log:
    """Where the events of one execution stand."""

    execution_id: str
    root_id: str
    """In whose log; the execution itself, if it is not nested."""

    @property
    def is_part(self) -> bool:
        """Whether the log holds more than this execution's events."""
        return self.execution_id != self.root_id

    @property
    def source(self) -> str:
        """What the execution's own events name as their source."""
        return self.execution_id if self.is_part else ""

    def events(self) -> QuerySet[Event]:
        """Return the events, in order; those of executions inside it are among them."""
        rows = Event.objects.filter(execution_id=self.root_id).order_by("seq")
        return rows.filter(source__in=family_of(self.execution_id)) if self.is_part else rows

    def after(self, seq: int, *, limit: int) -> list[Event]:
        """Return at most ``limit`` of the events that follow ``seq``, in order."""
        return list(self.events().filter(seq__gt=seq)[:limit])

    @property
    def last_seq(self) -> int:
        """Return the number of the newest event that the log is known to have; 0 for none."""
        rows = Execution.objects.filter(pk=self.root_id).values_list("last_seq", flat=True)
        return rows.first() or 0


def log_of(execution_id: str) -> Log:
    """Return where the events of ``execution_id`` stand; one that does not exist has none."""
    rows = Execution.objects.filter(pk=execution_id).values_list("root_id", flat=True)
    return Log(execution_id=execution_id, root_id=rows.first() or execution_id)


def family_of(execution_id: str) -> frozenset[str]:
    """Return an execution and everything nested in it, however deep."""
    found = {execution_id}
    newest: Iterable[str] = found
    while newest:
        inside = Execution.objects.filter(parent_id__in=list(newest)).order_by()
        newest = set(inside.values_list("pk", flat=True)) - found
        found |= newest
    return frozenset(found)
