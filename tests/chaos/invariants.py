"""The laws I1 to I20, each as a question to the tables; asked of everything after every fault.

A law that no table can answer says where it is tested instead.  Reads only.
"""

from __future__ import annotations

import random
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass

from django.db.models import Count, F, Max, Min, Q

from executions_app.engine.events import FINAL_TYPES, ExecutionReopened
from executions_app.engine.statuses import FINAL, UNSETTLED, ExecutionStatus
from executions_app.models import Event, Execution, ScheduleFire, StepRun
from executions_app.operations.audit import differences, orphans
from executions_app.operations.rescue import MAX_DEATHS, MAX_DEATHS_IN_COMPANY
from tests.chaos import histories
from tests.chaos.marks import Mark

#: More executions than this are compared with their logs by a sample.
SAMPLE = 2_000
ENDS = ("step_completed", "step_failed", "step_skipped", "step_cancelled")


@dataclass(slots=True)
class Scene:
    """What the laws are asked about: everything in the tables, and what people were told."""

    accepted: Iterable[str]
    """The executions that somebody was told are started."""
    starts: list[Mark]
    seed: int = 0
    may_stay: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Invariant:
    """One law."""

    id: str
    law: str
    ask: Callable[[Scene], Iterable[str]] | None = None
    """Returns what breaks it, one sentence each."""
    tested_in: str = ""
    """Where it is tested, if not here or not here alone."""


def broken(scene: Scene) -> dict[str, list[str]]:
    """Return by law what breaks it; empty when all hold."""
    found = {law.id: list(law.ask(scene)) for law in INVARIANTS if law.ask is not None}
    return {law: sentences for law, sentences in found.items() if sentences}


def _ends_once(scene: Scene) -> Iterator[str]:
    known = dict(Execution.objects.values_list("pk", "status"))
    for pk in scene.accepted:
        if pk not in known:
            yield f"{pk} was accepted and is not known"
        elif known[pk] not in FINAL and not scene.may_stay:
            yield f"{pk} was accepted and is {known[pk]}"
    ended = Q(status__in=FINAL)
    for pk in Execution.objects.filter(
        ended & Q(ended_at=None) | ~ended & Q(ended_at__isnull=False)
    ).values_list("pk", flat=True):
        yield f"{pk} has an end without a final status, or the other way round"
    finals = Event.objects.filter(type__in=FINAL_TYPES).values("execution_id", "source")
    opened = Event.objects.filter(type=ExecutionReopened.type).values_list("execution_id")
    for row in finals.exclude(execution_id__in=opened).annotate(n=Count("seq")).filter(n__gt=1):
        yield f"{row['execution_id']} ended {row['n']} times"


def _recorded_once(scene: Scene) -> Iterator[str]:
    # Asked without the constraint: a log in which a node ends twice, whatever its row says.
    ends = Event.objects.filter(type__in=ENDS).values("execution_id", "source", "data__node_id")
    for row in ends.annotate(n=Count("seq")).filter(n__gt=1).order_by():
        if not _was_reopened(row["execution_id"]):
            yield f"{row['data__node_id']} of {row['execution_id']} ended {row['n']} times"
    rows = StepRun.objects.values("execution_id", "node_id").annotate(n=Count("pk"))
    for row in rows.filter(n__gt=1).order_by():
        yield f"{row['node_id']} of {row['execution_id']} has {row['n']} rows"


def _was_reopened(execution_id: str) -> bool:
    return Event.objects.filter(execution_id=execution_id, type=ExecutionReopened.type).exists()


def _final_is_final(scene: Scene) -> Iterator[str]:
    for pk, node_id in StepRun.objects.filter(
        execution__status__in=FINAL, status__in=UNSETTLED
    ).values_list("execution_id", "node_id")[:50]:
        yield f"{node_id} of {pk} is unsettled, though the execution has ended"
    finals = Event.objects.filter(type__in=FINAL_TYPES, source="")
    after = finals.filter(execution__events__seq__gt=F("seq"), execution__events__source="")
    for pk in after.exclude(
        execution_id__in=Event.objects.filter(type=ExecutionReopened.type).values("execution_id")
    ).values_list("execution_id", flat=True)[:50]:
        yield f"{pk} went on after its end"


def _no_orphans(scene: Scene) -> Iterator[str]:
    for pk in orphans().values_list("pk", flat=True)[:50]:
        yield f"nothing will ever move {pk} on"


def _only_the_holder_writes(scene: Scene) -> Iterator[str]:
    held = StepRun.objects.filter(claimed_at__isnull=False).exclude(status__in=UNSETTLED)
    for pk, node_id in held.values_list("execution_id", "node_id")[:50]:
        yield f"{node_id} of {pk} has settled and is in a worker's hands"
    # Each beginning of a body is a claim, and each claim counts the epoch up.
    epochs = {
        f"{pk}:{node_id}": epoch
        for pk, node_id, epoch in StepRun.objects.values_list("execution_id", "node_id", "epoch")
    }
    for key, begun in histories.begun(scene.starts).items():
        if key in epochs and begun > epochs[key]:
            yield f"{key} began {begun} times, but was claimed {epochs[key]} times"


def _dense(scene: Scene) -> Iterator[str]:
    counted = Event.objects.values("execution_id").annotate(
        n=Count("seq"), first=Min("seq"), last=Max("seq"), said=Max("execution__last_seq")
    )
    for row in counted.exclude(first=1, n=F("last"), said=F("last")).order_by()[:50]:
        yield f"the log of {row['execution_id']} has gaps: {row}"


def _one_for_a_slot(scene: Scene) -> Iterator[str]:
    fires = ScheduleFire.objects.values("schedule_id", "slot").annotate(n=Count("pk"))
    for row in fires.filter(n__gt=1).order_by():
        yield f"slot {row['slot']} of schedule {row['schedule_id']} fired {row['n']} times"


def _pinned(scene: Scene) -> Iterator[str]:
    moved = Event.objects.filter(type=ExecutionReopened.type).values("execution_id")
    strange = StepRun.objects.exclude(version_id=F("execution__version_id"))
    for pk, node_id in strange.exclude(root_id__in=moved).values_list("execution_id", "node_id"):
        yield f"{node_id} of {pk} is of another version than its execution"


def _poison_is_contained(scene: Scene) -> Iterator[str]:
    for row in StepRun.objects.filter(deaths__gt=MAX_DEATHS_IN_COMPANY):
        yield f"{row.node_id} of {row.execution_id} lost {row.deaths} workers"
    # What stands around such a step fails with its error, and lost no worker itself.
    given_up = StepRun.objects.filter(
        status="failed", deaths__lt=MAX_DEATHS, kind__in=("step", "tool", "map")
    )
    for row in given_up:
        if (row.error or {}).get("code") != "step.worker_lost":
            continue
        yield f"{row.node_id} of {row.execution_id} was given up after {row.deaths} lost workers"


def _rows_equal_logs(scene: Scene) -> Iterator[str]:
    roots = list(Execution.objects.filter(root=None).values_list("pk", flat=True))
    if len(roots) > SAMPLE:
        roots = random.Random(scene.seed).sample(roots, SAMPLE)
    for pk in roots:
        for sentence in differences(pk):
            yield f"{pk}: {sentence}"


def _known_statuses(scene: Scene) -> Iterator[str]:
    known = [status.value for status in ExecutionStatus]
    for pk in Execution.objects.exclude(status__in=known).values_list("pk", flat=True):
        yield f"{pk} has a status nobody knows"


INVARIANTS = (
    Invariant(
        id="I1",
        law="what was accepted ends in exactly one final state, or waits for something with a name",
        ask=lambda scene: [*_ends_once(scene), *_known_statuses(scene)],
    ),
    Invariant(id="I2", law="a node's result is recorded once", ask=_recorded_once),
    Invariant(
        id="I3",
        law="a step starts after what it needs has settled",
        ask=lambda scene: histories.early_starts(),
    ),
    Invariant(id="I4", law="an end is the end, until somebody reopens", ask=_final_is_final),
    Invariant(id="I5", law="nothing is forgotten", ask=_no_orphans),
    Invariant(id="I6", law="only who holds a claim writes", ask=_only_the_holder_writes),
    Invariant(
        id="I7",
        law="an event is consumed at most once by each wait",
        ask=lambda scene: histories.answered_too_often(),
        tested_in="tests/journal",
    ),
    Invariant(
        id="I8",
        law="one answer wins for each question",
        ask=lambda scene: histories.answered_too_often(),
        tested_in="tests/journal",
    ),
    Invariant(
        id="I9",
        law="after a cancellation nothing begins",
        ask=lambda scene: histories.begun_after_stopping(),
    ),
    Invariant(
        id="I10", law="no timer is early", ask=lambda scene: histories.early_timers(scene.starts)
    ),
    Invariant(
        id="I11",
        law="a slot of a schedule fires once",
        ask=_one_for_a_slot,
        tested_in="tests/schedules",
    ),
    Invariant(
        id="I12",
        law="a log is numbered without gaps, and a stream tells exactly the log",
        ask=_dense,
        tested_in="tests/streaming",
    ),
    Invariant(id="I13", law="only old, ended executions are deleted", tested_in="nothing deletes"),
    Invariant(id="I14", law="an execution keeps its version", ask=_pinned),
    Invariant(id="I15", law="nobody sees what is another's", tested_in="tests/api"),
    Invariant(id="I16", law="secrets stay sealed", tested_in="tests/api, tests/connectors"),
    Invariant(
        id="I17",
        law="whatever a user controls has a limit",
        tested_in="tests/operations, tests/api",
    ),
    Invariant(id="I18", law="bad input is refused, never a 5xx", tested_in="tests/api"),
    Invariant(id="I19", law="a step that kills its workers is given up", ask=_poison_is_contained),
    Invariant(
        id="I20",
        law="accepted = ended + waiting",
        ask=lambda scene: [
            f"{pk} was accepted and is not known"
            for pk in set(scene.accepted) - set(Execution.objects.values_list("pk", flat=True))
        ],
    ),
    Invariant(id="rows", law="rows equal the fold of their log", ask=_rows_equal_logs),
)
