"""Giving an attempt back unended: its worker stops, or lacks the code.  Counts as no attempt.

The row is freed under a new epoch, so that whatever this worker still writes is fenced off.  What
happened is said in a line of the log, which folds to nothing.
"""

from __future__ import annotations

import logging
from datetime import datetime, timedelta
from functools import partial
from typing import Any

from django.conf import settings
from django.db import transaction
from django.db.models import F

from executions_app import database, dispatch
from executions_app.dispatch import Due
from executions_app.engine.events import LogWritten
from executions_app.engine.statuses import ExecutionStatus
from executions_app.models import StepRun
from executions_app.recording.frame import Frame
from executions_app.recording.journal import recording
from executions_app.runner.claim import Claim, worker_name
from workflows_app.interface import PlanUnreadable

logger = logging.getLogger("celeriac.give_back")

#: Between two looks for a worker that has the code, at first and at most.
_FIRST_LOOK, _LAST_LOOK = timedelta(seconds=1), timedelta(seconds=5)
#: Between two looks for a worker that can read the plan.
_PLAN_LOOKS = timedelta(seconds=30)


def pass_on(step_run_id: int, attempt: int) -> None:
    """Tell another worker of an attempt that this one, which stops, was told of."""
    rows = StepRun.objects.filter(pk=step_run_id, attempt=attempt, claimed_at=None)
    dispatch.send([_due(row) for row in rows.only("attempt", "queue", "name")])


def give_back(claim: Claim) -> bool:
    """Let another worker begin the attempt again at once; return whether it was ours to give."""
    with recording(claim.execution_id, root_id=claim.root_id) as log:
        if not _is_ours(log, claim):
            return False
        _free(log, claim, at=None, stops=claim.stops + 1)
        _say(log, claim, "was stopped before this step had ended; it is begun again")
    _note(claim, "give_back.stopping", "a worker stops, its step is given back")
    return True


def wait_for_code(claim: Claim, why: str) -> bool:
    """Have the attempt tried later, by a worker that has its code; return ``False`` once it has
    waited for one as long as it may.

    ``why`` says what is missing here.
    """
    grace = timedelta(seconds=settings.UNKNOWN_STEP_GRACE_SECONDS)
    with recording(claim.execution_id, root_id=claim.root_id) as log:
        if not _is_ours(log, claim):
            return True  # somebody else's by now
        row = StepRun.objects.only("unknown_since").get(pk=claim.step_run_id)
        since = row.unknown_since or log.now
        waited = log.now - since
        if waited >= grace:
            return False
        at = min(log.now + min(max(waited / 2, _FIRST_LOOK), _LAST_LOOK), since + grace)
        _free(log, claim, at=log.now if log.state.stopping else at, unknown_since=since)
        if row.unknown_since is None:
            _say(log, claim, f"does not have this step's code, another may: {why}")
    _note(claim, "give_back.no_code", "a step is left to a worker that has its code")
    return True


def leave_unread(claim: Claim, error: PlanUnreadable) -> None:
    """Leave the attempt to a worker that can read the plan, for as long as that takes.

    Without its plan nothing can be added to an execution's log.
    """
    now = database.now()
    StepRun.objects.filter(
        pk=claim.step_run_id, epoch=claim.epoch, claimed_at__isnull=False
    ).update(
        claimed_at=None,
        epoch=F("epoch") + 1,
        sends=0,
        due_at=now + _PLAN_LOOKS,
        wake_at=now + _PLAN_LOOKS,
    )
    _note(claim, "give_back.plan_unreadable", str(error))


def _is_ours(log: Frame, claim: Claim) -> bool:
    log.load(claim.node_id)
    row = log.row(claim.node_id)
    return row.epoch == claim.epoch and row.is_claimed


def _free(log: Frame, claim: Claim, *, at: datetime | None, **changes: Any) -> None:
    """Take the lease off the row and have it claimed from ``at`` on, or now."""
    rows = StepRun.objects.filter(pk=claim.step_run_id, epoch=claim.epoch)
    is_later = at is not None and at > log.now
    lost_after = timedelta(seconds=settings.RESCUE_SECONDS)
    # While it is paused nobody may look at it; whoever lets it go on makes it due.
    is_parked = log.state.status is ExecutionStatus.PAUSED
    wake_at = None if is_parked else at if is_later else log.now + lost_after
    if at is not None:
        changes["due_at"] = at
    rows.update(
        claimed_at=None, epoch=claim.epoch + 1, sends=int(not is_later), wake_at=wake_at, **changes
    )
    if is_parked:
        return
    if is_later:
        transaction.on_commit(partial(dispatch.alarm.set, at))
    else:
        row = rows.model.objects.only("attempt", "queue", "name").get(pk=claim.step_run_id)
        transaction.on_commit(partial(dispatch.send, [_due(row)]))


def _say(log: Frame, claim: Claim, what: str) -> None:
    log.add(
        LogWritten(
            node_id=claim.node_id,
            attempt=claim.attempt,
            level="warning",
            message=f"worker {worker_name()} {what}",
        )
    )


def _note(claim: Claim, action: str, sentence: str) -> None:
    logger.warning(
        sentence,
        extra={
            "action": action,
            "run_id": claim.execution_id,
            "node_id": claim.node_id,
            "attempt": claim.attempt,
        },
    )


def _due(row: StepRun) -> Due:
    return Due(step_run_id=row.pk, attempt=row.attempt, queue=row.queue, label=row.name)
