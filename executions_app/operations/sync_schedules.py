"""Bringing the schedules that code defines into the table, in step with the code.

A redeploy changes what changed; what people did, the pause, stays.  Refuses to delete schedules of
modules that could not be imported.
"""

from __future__ import annotations

import hashlib
import logging
from collections.abc import Mapping
from itertools import groupby
from typing import Any

from django.db import transaction

from executions_app import database
from executions_app.models import Schedule
from executions_app.models.schedule import MAX_ID_CHARS
from executions_app.operations.set_schedule import columns_of, locked_schedule, set_next, write_rule
from workflows_app.authoring.registry import registry
from workflows_app.authoring.schedule import Schedule as Rule
from workflows_app.authoring.schedule import check_schedules
from workflows_app.models import Workflow

logger = logging.getLogger("celeriac.schedules")

_HASH_CHARS = 16


def sync_schedules() -> list[str]:
    """Write the schedules of every registered workflow; return the ids of rows that changed.

    Safe to run in many processes at once.  What cannot be written is logged and does not keep the
    others out.
    """
    rows = Schedule.objects.filter(source=Schedule.Source.PYTHON).order_by("workflow_id", "pk")
    pairs = groupby(rows.values_list("workflow_id", "pk"), key=lambda pair: pair[0])
    known = {workflow_id: {pk for _, pk in found} for workflow_id, found in pairs}
    changed = []
    for workflow_id, workflow in registry.workflows.items():
        stored = known.pop(workflow_id, set())
        try:
            rules = check_schedules(getattr(workflow, "schedules", ()))
            wanted = {row_id(workflow_id, rule.id): rule for rule in rules}
            if wanted or stored:
                changed += _sync(workflow_id, wanted)
        except Exception:
            logger.exception(
                "schedules from code could not be registered",
                extra={"action": "schedules.sync", "workflow_id": workflow_id},
            )
    # A module that cannot be imported has not given its schedules up.
    if not registry.problems:
        gone = Schedule.objects.filter(source=Schedule.Source.PYTHON, workflow_id__in=list(known))
        changed += list(gone.values_list("pk", flat=True))
        gone.delete()
    return changed


def row_id(workflow_id: str, schedule_id: str | None) -> str:
    """Return the id of the row of a schedule in code: ``wf_<workflow>`` or ``wf_<workflow>__<id>``.

    A long one is cut and made unique again by a hash.
    """
    whole = f"wf_{workflow_id}" + (f"__{schedule_id}" if schedule_id else "")
    if len(whole) <= MAX_ID_CHARS:
        return whole
    digest = hashlib.sha256(whole.encode()).hexdigest()[:_HASH_CHARS]
    return f"{whole[: MAX_ID_CHARS - _HASH_CHARS - 1]}-{digest}"


@transaction.atomic
def _sync(workflow_id: str, wanted: Mapping[str, Rule]) -> list[str]:
    """Make the rows of one workflow those that are wanted; return the ids of what changed."""
    workflow = Workflow.objects.filter(pk=workflow_id, source=Workflow.Source.PYTHON).first()
    if workflow is None:  # could not be registered itself, which is in the log
        return []
    mine = Schedule.objects.filter(workflow=workflow, source=Schedule.Source.PYTHON)
    gone = mine.exclude(pk__in=list(wanted))
    changed = list(gone.values_list("pk", flat=True))
    gone.delete()
    # One order in every process, so that two of them cannot wait for each other.
    for key, rule in sorted(wanted.items()):
        if _write(key, rule, workflow):
            changed.append(key)
    return changed


def _write(key: str, rule: Rule, workflow: Workflow) -> bool:
    new = Schedule(pk=key)
    columns = columns_of(rule)
    set_next(new, rule, after=database.now())
    defaults: dict[str, Any] = {
        **columns,
        "workflow": workflow,
        "source": Schedule.Source.PYTHON,
        "next_slot_at": new.next_slot_at,
        "next_fire_at": new.next_fire_at,
    }
    _, created = Schedule.objects.get_or_create(pk=key, defaults=defaults)
    if created:
        return True
    row = locked_schedule(key)
    if row.workflow_id != workflow.pk or row.source != Schedule.Source.PYTHON:
        raise ValueError(
            f"the schedule id {key!r} belongs to workflow {row.workflow_id!r}; give the schedule "
            "another id"
        )
    return write_rule(row, rule)
