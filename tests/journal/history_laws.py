"""Laws that a log alone can show to be broken, whoever wrote it in whatever order.

Reads facts and knows the plan; asks nothing of the rows, and nothing of the code that wrote them.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime

from executions_app.engine.statuses import FINAL
from executions_app.models import Event, Execution, StepRun
from workflows_app.interface import get_plan
from workflows_app.language.plan import indexes_of, key_of, node_of

_SETTLED = frozenset({"step_completed", "step_failed", "step_skipped", "step_cancelled"})
_WELL = frozenset({"step_completed", "step_skipped"})


def broken_laws(root_id: str) -> list[str]:
    """Return what the history of an execution, and of those nested in it, shows to be wrong."""
    log = list(Event.objects.filter(execution_id=root_id).order_by("seq"))
    found = []
    for source in dict.fromkeys(["", *(fact.source for fact in log)]):
        execution = Execution.objects.get(pk=source or root_id)
        own = [fact for fact in log if fact.source == source]
        found += [f"{execution.pk}: {said}" for said in _of_one(execution, own)]
    ended = Execution.objects.filter(root_id=root_id, status__in=FINAL).values_list("pk", flat=True)
    over = [
        *ended,
        *Execution.objects.filter(pk=root_id, status__in=FINAL).values_list("pk", flat=True),
    ]
    left = StepRun.objects.filter(execution_id__in=over, wake_at__isnull=False)
    return found + [f"{row} would still be taken up, and its execution has ended" for row in left]


def _of_one(execution: Execution, log: list[Event]) -> Iterator[str]:
    plan = get_plan(execution.version_id)
    settled: dict[str, str] = {}
    well: set[str] = set()
    stopped_at: datetime | None = None
    for fact in log:
        key = fact.data.get("node_id") or ""
        node = plan.by_id.get(node_of(key)) if key else None
        if fact.type == "execution_reopened":
            for again in (*fact.data["resets"], *fact.data["reopens"]):
                settled.pop(again, None)
                well.discard(again)
            stopped_at = None
        elif fact.type == "execution_stopping":
            stopped_at = fact.at
        elif fact.type == "step_scheduled":
            if stopped_at is not None:
                yield f"{key!r} was scheduled at {fact.seq}, after the cancel"
            needs = {key_of(need, indexes_of(key)) for need in node.needs} if node else set()
            if node and len(well & needs) < node.required:
                yield f"{key!r} was scheduled at {fact.seq} before what it needs, {sorted(needs)}"
        elif fact.type == "step_started" and stopped_at is not None:
            if datetime.fromisoformat(fact.data["started_at"]) > stopped_at:
                yield f"{key!r} started at {fact.seq}, after the cancel"
        elif fact.type in _SETTLED:
            if key in settled:
                yield f"{key!r} settled as {settled[key]} and at {fact.seq} as {fact.type}"
            settled[key] = fact.type
            if fact.type in _WELL or fact.data.get("handled"):
                well.add(key)
