"""Writing schedules down: new ones, changed ones, and taking them away.

Refuses to touch those that code defines; they follow the code.
"""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.conf import settings
from django.db import transaction

from executions_app import database
from executions_app.engine.preview import OutputRefused, check_size
from executions_app.models import Schedule
from executions_app.operations.find_schedules import ScheduleNotFound
from workflows_app.authoring.datatypes import NotJson, to_json
from workflows_app.authoring.errors import WorkflowError
from workflows_app.authoring.schedule import Schedule as Rule
from workflows_app.authoring.schedule import ScheduleInvalid
from workflows_app.authoring.slots import delay_of, next_slot
from workflows_app.models import Workflow


class ScheduleReadOnly(WorkflowError):
    """Code defines the schedule, so it is changed there; pausing it is possible."""

    code = "schedule.read_only"

    def __init__(self, schedule_id: str) -> None:
        super().__init__(
            f"schedule {schedule_id!r} is defined in Python; change it there, or pause it"
        )


def create_schedule(rule: Rule, *, workflow: Workflow, owner: Any) -> Schedule:
    """Return a new schedule that starts ``workflow`` for ``owner``; it is due after now.

    Raises:
        ScheduleInvalid: if what it hands on cannot be stored.
    """
    schedule = Schedule(workflow=workflow, owner=owner, **columns_of(rule))
    set_next(schedule, rule, after=database.now())
    schedule.save(force_insert=True)
    return schedule


def change_schedule(schedule_id: str, rule: Rule) -> Schedule:
    """Let a schedule follow ``rule`` from now on, and return it.

    What is due next is computed anew if the timing is another.

    Raises:
        ScheduleNotFound: if it was deleted meanwhile.
        ScheduleReadOnly: if code defines it.
        ScheduleInvalid: if what it hands on cannot be stored.
    """
    with transaction.atomic():
        schedule = locked_schedule(schedule_id)
        _check_writable(schedule)
        write_rule(schedule, rule)
    return schedule


def delete_schedule(schedule_id: str) -> None:
    """Delete a schedule and its history; the executions it started stay.

    Raises:
        ScheduleNotFound: if it was deleted meanwhile.
        ScheduleReadOnly: if code defines it.
    """
    with transaction.atomic():
        schedule = locked_schedule(schedule_id)
        _check_writable(schedule)
        schedule.delete()


def locked_schedule(schedule_id: str) -> Schedule:
    """Return a schedule that nobody else fires or changes until the transaction ends.

    Raises:
        ScheduleNotFound: if there is none.
    """
    rows = Schedule.objects.select_related("workflow", "owner")
    schedule = database.locked(rows.filter(pk=schedule_id)).first()
    if schedule is None:
        raise ScheduleNotFound(schedule_id)
    return schedule


def write_rule(schedule: Schedule, rule: Rule) -> bool:
    """Make a locked row say what ``rule`` says; return whether it said something else."""
    columns = columns_of(rule)
    changed = [name for name, value in columns.items() if getattr(schedule, name) != value]
    if not changed:
        return False
    before = schedule.rule
    for name in changed:
        setattr(schedule, name, columns[name])
    written = [*changed, "updated_at"]
    if before.timing != rule.timing or before.jitter_seconds != rule.jitter_seconds:
        set_next(schedule, rule, after=database.now())
        written += ["next_slot_at", "next_fire_at"]
    schedule.save(update_fields=written)
    return True


def columns_of(rule: Rule) -> dict[str, Any]:
    """Return what a row holds of ``rule``.

    Raises:
        ScheduleInvalid: if its values have no JSON form, or are too large.
    """
    return {
        "cron": rule.cron or "",
        "interval_seconds": rule.interval_seconds,
        "timezone": rule.timezone,
        "starts_at": rule.starts_at,
        "ends_at": rule.ends_at,
        "jitter_seconds": rule.jitter_seconds,
        "catch_up": rule.made_up_for,
        "overlap": rule.overlap,
        "input": _json("input_data", rule.input_data),
        "runtime_context": _json("runtime_context", rule.runtime_context or {}),
        "initial_state": _json("initial_state", rule.initial_state or {}),
    }


def set_next(schedule: Schedule, rule: Rule, *, after: datetime) -> None:
    """Set, without saving, what is due next after ``after``; nothing if the schedule has ended."""
    slot = next_slot(rule, after=after)
    schedule.next_slot_at = slot
    schedule.next_fire_at = slot and slot + delay_of(
        slot, schedule_id=schedule.pk, jitter_seconds=rule.jitter_seconds
    )


def _check_writable(schedule: Schedule) -> None:
    if schedule.source == Schedule.Source.PYTHON:
        raise ScheduleReadOnly(schedule.pk)


def _json(name: str, value: Any) -> Any:
    try:
        return check_size(to_json(value), limit_bytes=settings.LIMITS.value_bytes)
    except (NotJson, *OutputRefused) as error:
        raise ScheduleInvalid(name, str(error)) from None
