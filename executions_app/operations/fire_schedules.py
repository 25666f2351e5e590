"""Firing the schedules whose time has come.  Any number of clocks may tick at once: a schedule is
taken by one of them, and its next time is set in the transaction that starts its executions.

Refuses to let one schedule stop the others.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterable
from contextlib import suppress
from datetime import datetime
from typing import Final

from django.db import transaction
from django.db.models import Exists, OuterRef, Q, QuerySet

from executions_app import database
from executions_app.engine.statuses import FINAL
from executions_app.errors import ExecutionNotFound, NotApplicable
from executions_app.models import Schedule, ScheduleFire
from executions_app.operations.cancel import cancel_execution
from executions_app.operations.set_schedule import set_next
from executions_app.operations.start_slot import settle
from workflows_app.authoring.catch_up import due_slots
from workflows_app.authoring.schedule import ScheduleInvalid

logger = logging.getLogger("celeriac.schedules")

#: Starts in one transaction; what is left is taken in the next.
MAX_AT_ONCE: Final = 50
#: Slots that wait for an execution to end.
MAX_QUEUED: Final = 100
#: Slots of each schedule that history keeps.
FIRES_KEPT: Final = 1_000

Outcome = ScheduleFire.Outcome


def fire_schedules(now: datetime | None = None) -> int:
    """Fire what is due at ``now`` (aware, else the database's time); return how many executions
    were started.

    What was queued earlier comes first.
    """
    now = now or database.now()
    waiting = ScheduleFire.objects.filter(schedule=OuterRef("pk"), outcome=Outcome.QUEUED)
    active = Schedule.objects.filter(paused_at=None)
    return _each(
        active.filter(Exists(waiting)).order_by("pk"),
        lambda row: _start_queued(row, now),
        once=True,
    ) + _each(
        active.filter(next_fire_at__lte=now).order_by("next_fire_at", "pk"),
        lambda row: _fire(row, now),
        once=False,
    )


def _each(rows: QuerySet[Schedule], act: Callable[[Schedule], int], *, once: bool) -> int:
    """Act on each of ``rows`` in a transaction of its own; return the sum of what it gave.

    Rows that another clock holds are left to it.
    """
    done: list[str] = []
    total = 0
    while True:
        taken: Schedule | None = None
        try:
            with transaction.atomic():
                free = rows.exclude(pk__in=done).select_related("owner")
                taken = database.locked(free, skip=True).first()
                if taken is None:
                    return total
                total += act(taken)
        except Exception:
            if taken is None:  # the database is away
                raise
            logger.exception(
                "a schedule could not be fired, it is tried again at the next tick",
                extra={"action": "schedule.broken", "schedule_id": taken.pk},
            )
            done.append(taken.pk)
        else:
            if once:
                done.append(taken.pk)


def _fire(schedule: Schedule, now: datetime) -> int:
    """Fire the slots of one locked schedule that are due; return how many were started."""
    first = schedule.next_slot_at
    assert first is not None  # a constraint of the table
    try:
        rule = schedule.rule
    except ScheduleInvalid as error:  # a zone that is no more
        _told(schedule, [first], Outcome.FAILED, f"{error.code}: {error}", now)
        schedule.next_slot_at = schedule.next_fire_at = None
        schedule.save(update_fields=["next_slot_at", "next_fire_at"])
        return 0
    due = due_slots(rule, schedule_id=schedule.pk, first=first, now=now)
    more = " and more before it" if due.has_earlier else ""
    _told(schedule, due.missed[:1], Outcome.SKIPPED, f"missed: no clock ticked{more}", now)
    _told(schedule, due.missed[1:], Outcome.SKIPPED, "missed: no clock ticked", now)
    fired = due.fired[:MAX_AT_ONCE]
    started = sum(_fire_slot(schedule, slot, now) for slot in fired)
    _forget(schedule)
    set_next(schedule, rule, after=[first, *due.missed, *fired][-1])
    schedule.save(update_fields=["next_slot_at", "next_fire_at"])
    return started


def _fire_slot(schedule: Schedule, slot: datetime, now: datetime) -> bool:
    """Decide what becomes of one slot; return whether it started an execution."""
    if ScheduleFire.objects.filter(schedule=schedule, slot=slot).exists():
        return False
    others = [] if schedule.overlap == Schedule.Overlap.ALLOW else _going_on(schedule)
    if schedule.overlap == Schedule.Overlap.SKIP and others:
        why = f"overlap: execution {others[0]} goes on"
        _told(schedule, [slot], Outcome.SKIPPED, why, now)
        return False
    if schedule.overlap == Schedule.Overlap.QUEUE:
        queued = ScheduleFire.objects.filter(schedule=schedule, outcome=Outcome.QUEUED).count()
        if queued >= MAX_QUEUED:
            _told(schedule, [slot], Outcome.SKIPPED, f"overlap: {queued} slots wait already", now)
            return False
        if others or queued:
            _told(schedule, [slot], Outcome.QUEUED, "overlap: waits for earlier ones", now)
            return False
    fire = settle(ScheduleFire(schedule=schedule, slot=slot, fired_at=now))
    if fire.outcome != Outcome.STARTED:
        return False
    if schedule.overlap == Schedule.Overlap.CANCEL_OTHER:
        for execution_id in others:
            # It may end, or be deleted, before it can be asked to.
            with suppress(NotApplicable, ExecutionNotFound):
                cancel_execution(execution_id, reason="its schedule is due again", by="schedule")
    return True


def _start_queued(schedule: Schedule, now: datetime) -> int:
    """Start what waits, in order, until something goes on; return how many were started.

    Most often that is one; what ends while it is started makes room for the next at once.
    """
    queued = ScheduleFire.objects.filter(schedule=schedule, outcome=Outcome.QUEUED)
    started = 0
    for fire in queued.order_by("slot")[:MAX_AT_ONCE]:
        if _going_on(schedule):
            break
        fire.schedule, fire.fired_at = schedule, now
        settle(fire, reason="waited for earlier ones")
        started += fire.outcome == Outcome.STARTED
    return started


def _going_on(schedule: Schedule) -> list[str]:
    """Return the ids of the schedule's executions that have not ended, the earliest first."""
    started = ScheduleFire.objects.filter(schedule=schedule, execution__isnull=False)
    alive = started.exclude(execution__status__in=FINAL)
    return list(alive.order_by("slot").values_list("execution_id", flat=True))


def _told(
    schedule: Schedule, slots: Iterable[datetime], outcome: str, reason: str, now: datetime
) -> None:
    """Write down what became of slots that start nothing now."""
    ScheduleFire.objects.bulk_create(
        [
            ScheduleFire(schedule=schedule, slot=slot, outcome=outcome, reason=reason, fired_at=now)
            for slot in slots
        ],
        ignore_conflicts=True,
    )


def _forget(schedule: Schedule) -> None:
    """Delete the oldest history of one schedule, but nothing that still matters."""
    fires = ScheduleFire.objects.filter(schedule=schedule)
    last = fires.order_by("-slot").values_list("slot", flat=True)[FIRES_KEPT : FIRES_KEPT + 1]
    for slot in last:
        is_over = Q(execution=None) | Q(execution__status__in=FINAL)
        fires.filter(is_over, slot__lte=slot).exclude(outcome=Outcome.QUEUED).delete()
