"""What must hold when a simulation is over, whatever happened in it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping

from executions_app.engine.statuses import FINAL, ExecutionStatus
from executions_app.models import Event, Execution
from executions_app.operations.audit import differences, orphans
from tests.simulation.story import Diary, Story
from tests.simulation.world import World

_SETTLED = ("step_completed", "step_failed", "step_skipped", "step_cancelled")


def broken_laws(world: World, stories: Mapping[str, Story], diary: Diary) -> Iterator[str]:
    """Yield a sentence for everything that went wrong with the executions of ``stories``."""
    yield from (f"nothing will move {execution.pk}" for execution in orphans())
    for execution in Execution.objects.filter(pk__in=stories).order_by("pk"):
        yield from differences(execution.pk)
        if execution.status not in FINAL:
            yield f"{execution.pk} is {execution.status} and does not end"
        elif execution.status == ExecutionStatus.CANCELLED:
            if execution.pk not in world.people.cancelled:
                yield f"{execution.pk} is cancelled and nobody asked for that"
        elif not stories[execution.pk].is_told_by(execution.status, execution.output):
            story = stories[execution.pk]
            yield (
                f"{execution.pk} is {execution.status} with {execution.output!r}, and should be "
                f"{story.status} with {story.result!r}: {execution.error!r}"
            )
        yield from _recorded_twice(execution)
    yield from world.overlaps
    yield from _done_too_often(world, diary)


def _recorded_twice(execution: Execution) -> Iterator[str]:
    facts = Event.objects.filter(execution_id=execution.pk, type__in=_SETTLED)
    ends = Counter((fact.source, fact.data["node_id"]) for fact in facts)
    for (source, key), count in ends.items():
        if count > 1:
            yield f"{key!r} of {source or execution.pk} has {count} outcomes in the log"


def _done_too_often(world: World, diary: Diary) -> Iterator[str]:
    """A body may be called again when its worker died or was paused, and never otherwise."""
    again = sum(diary.calls.values()) - len(diary.calls)
    excuses = world.happened["dies"] + world.happened["is paused"]
    if again > excuses:
        yield f"{again} bodies were called again, {excuses} workers died or were paused"
