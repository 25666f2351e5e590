"""Events that came before anything waited for them.  Kept with the execution they were sent to."""

from __future__ import annotations

from typing import Any

from executions_app.models import Signal
from executions_app.recording.frame import Frame


def keep(frame: Frame, event: str, data: Any, by: str) -> None:
    """Keep an event that nothing waits for yet."""
    frame.count(data)
    Signal.objects.create(execution_id=frame.id, name=event, data=data, by=by, at=frame.now)


def count(frame: Frame) -> int:
    """Return how many events the execution keeps."""
    return Signal.objects.filter(execution_id=frame.id).count()


def take(frame: Frame, event: str) -> Signal | None:
    """Return the oldest event kept for this execution, or one around it, and forget it."""
    family = [frame.id]
    while frame.execution.parent_id is not None:
        frame = frame.recording.frame(frame.execution.parent_id)
        family.append(frame.id)
    if frame.unsaved is not None:
        return None  # it has only just begun
    found = Signal.objects.filter(execution_id__in=family, name=event).order_by("id").first()
    if found is not None:
        Signal.objects.filter(pk=found.pk).delete()
    return found
