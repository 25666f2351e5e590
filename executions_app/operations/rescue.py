"""Taking up lost work: messages nobody claimed, retries that are due, workers that are gone.

Runs inside every worker process.  Any number of rescuers may run at once: each row is taken by
one of them, and sending a message twice changes nothing.
"""

from __future__ import annotations

import logging
from collections.abc import Collection, Iterator
from contextlib import contextmanager, suppress
from datetime import datetime, timedelta
from functools import partial

from django.conf import settings
from django.db import transaction

from executions_app import database, dispatch
from executions_app.engine.events import LogWritten
from executions_app.engine.failures import Failure
from executions_app.engine.outcomes import settled_badly
from executions_app.engine.statuses import FINAL
from executions_app.errors import NotApplicable
from executions_app.models import Execution, StepRun
from executions_app.operations.admit_waiting import admit_waiting
from executions_app.operations.cancel import time_out_execution
from executions_app.operations.remind import remind
from executions_app.operations.work_bulk import wake_bulk_commands
from executions_app.recording.journal import recording
from executions_app.sync_points import Point, reach
from workflows_app.authoring.errors import PlanUnreadable
from workflows_app.language.plan import node_of

logger = logging.getLogger("celeriac.rescue")

#: Rows looked at in one transaction.
BATCH = 200
#: A step that lost its worker this often is not tried again ...
MAX_DEATHS = 3
#: ... if so many of them ran nothing else: one may be chance ...
MIN_DEATHS_ALONE = 2
#: ... or if it was never to be had alone, which its neighbours are not to blame for either.
MAX_DEATHS_IN_COMPANY = 10
_VALUES = ("input", "output", "error", "suspend_payload", "resume_data")
#: A message is never thought lost later than this.
_LONGEST_WAIT = timedelta(minutes=5)


def rescue(*, may_judge: bool = True, queues: Collection[str] = ()) -> int:
    """Take up everything whose time to be looked at has come; return how much that was.

    Without ``may_judge`` no worker is taken for lost: after a time in which none could say that it
    lives.  ``queues`` are looked into, where messages seem lost: an empty one has lost them.
    """
    if queues:
        _stop_waiting_for(queues)
    found = _rescue_steps(may_judge=may_judge) + _stop_overdue() + _call_owed_hooks()
    found += admit_waiting() + wake_bulk_commands()
    remind()
    return found


def _rescue_steps(*, may_judge: bool) -> int:
    dead: list[StepRun] = []
    lost: list[StepRun] = []
    with transaction.atomic():
        now = database.exact_now()  # workers compare with it what is sent below
        rows = StepRun.objects.filter(wake_at__lte=now).order_by("wake_at")
        if not may_judge:
            rows = rows.filter(claimed_at=None)
        found = list(database.locked(rows.defer(*_VALUES), skip=True)[:BATCH])
        to_send = []
        for row in found:
            if row.claimed_at is not None:
                lost.append(row)
                _release(row, now, dead)
            elif row.due_at is not None:
                _send_again(row, now)
            if row.claimed_at is None:
                to_send.append(_due(row))
        StepRun.objects.bulk_update(
            found,
            ["claimed_at", "epoch", "deaths", "deaths_alone", "sends", "wake_at"],
            batch_size=BATCH,
        )
        reach(Point.RESCUING)
        transaction.on_commit(partial(dispatch.send, to_send))
    for row in lost:
        with _if_readable(row.execution_id):
            _note_loss(row)
    for row in dead:
        with _if_readable(row.execution_id):
            _give_up(row)
    return len(found)


def _release(row: StepRun, now: datetime, dead: list[StepRun]) -> None:
    """Take an attempt out of the hands of a worker that let its lease run out."""
    row.deaths += 1
    row.deaths_alone += row.alone
    logger.warning(
        "a worker was lost, its step is taken up again",
        extra={
            "action": "rescue.worker_lost",
            "run_id": row.execution_id,
            "node_id": row.node_id,
            "attempt": row.attempt,
            "deaths": row.deaths,
        },
    )
    is_deadly = row.deaths_alone >= MIN_DEATHS_ALONE
    if row.deaths >= (MAX_DEATHS if is_deadly else MAX_DEATHS_IN_COMPANY):
        # Stays claimed, so that nobody begins it; given up after this transaction, and looked at
        # again if this process dies before it comes to that.
        row.wake_at = now + timedelta(seconds=settings.LEASE_SECONDS)
        dead.append(row)
        return
    row.claimed_at = None
    row.epoch += 1
    row.sends = 1
    row.wake_at = now + timedelta(seconds=settings.RESCUE_SECONDS)


def _send_again(row: StepRun, now: datetime) -> None:
    # A long queue is not a lost message, so each repetition waits twice as long.
    wait = timedelta(seconds=settings.RESCUE_SECONDS * 2 ** min(row.sends, 10))
    row.sends = min(row.sends + 1, 1_000)
    row.wake_at = now + min(wait, _LONGEST_WAIT)


def _stop_waiting_for(queues: Collection[str]) -> None:
    """Let what was sent again to those of ``queues`` that are empty be looked at now.

    Only the broker knows which are: a worker that has room may just not have been served yet, and
    what is sent again too early makes a long queue longer.
    """
    now = database.now()
    sent_before = now - timedelta(seconds=settings.RESCUE_SECONDS)
    again = StepRun.objects.filter(
        sends__gt=1, claimed_at=None, wake_at__gt=now, due_at__lte=sent_before, queue__in=queues
    )
    found = list(again.order_by("due_at").values_list("pk", "queue")[:BATCH])
    empty = {queue for queue in {queue for _, queue in found} if dispatch.is_empty(queue)}
    ids = [pk for pk, queue in found if queue in empty]
    # Whoever was claimed, or has moved on, in between is left alone.
    StepRun.objects.filter(pk__in=ids, claimed_at=None, sends__gt=1, wake_at__gt=now).update(
        wake_at=now, sends=0
    )


def _due(row: StepRun) -> dispatch.Due:
    return dispatch.Due(step_run_id=row.pk, attempt=row.attempt, queue=row.queue, label=row.name)


def _note_loss(row: StepRun) -> None:
    """Tell people, in the execution's own log, why the step takes so long."""
    with recording(row.execution_id, root_id=row.root_id) as log:
        if log.state.status in FINAL:  # another worker was quick
            return
        log.add(
            LogWritten(
                node_id=row.node_id,
                attempt=row.attempt,
                level="warning",
                message=f"worker {row.claimed_by} was lost while it ran this step",
            )
        )


def _give_up(row: StepRun) -> None:
    with recording(row.execution_id, root_id=row.root_id) as log:
        log.load(row.node_id)
        current = log.row(row.node_id)
        if current.epoch != row.epoch or not current.is_claimed:
            return
        failure = Failure(
            name="WorkerLost",
            message=f"the worker was lost {row.deaths} times while it ran this step",
            code="step.worker_lost",
            details={"worker": row.claimed_by, "deaths": row.deaths},
        )
        log.add(
            settled_badly(
                log.plan.by_id[node_of(row.node_id)],
                failure,
                key=row.node_id,
                attempt=row.attempt,
            ),
            error=failure.to_json(),
        )


def _call_owed_hooks() -> int:
    """Have hooks called whose message seems lost."""
    lost_before = database.now() - timedelta(seconds=settings.RESCUE_SECONDS)
    owed = Execution.objects.filter(hooks_at__lte=lost_before).order_by("hooks_at")
    ids = list(owed.values_list("pk", flat=True)[:BATCH])
    for execution_id in ids:
        dispatch.tell_hooks(execution_id)
    return 0


def _stop_overdue() -> int:
    overdue = Execution.objects.filter(
        ended_at=None, deadline_at__lte=database.now(), stopping=""
    ).values_list("pk", flat=True)[:BATCH]
    for execution_id in overdue:
        with suppress(NotApplicable), _if_readable(execution_id):  # or it ended in the meantime
            time_out_execution(execution_id)
    return len(overdue)


@contextmanager
def _if_readable(execution_id: str) -> Iterator[None]:
    """Leave an execution whose plan this release cannot read to workers of another."""
    try:
        yield
    except PlanUnreadable as error:
        extra = {"action": "rescue.plan_unreadable", "run_id": execution_id, "error": str(error)}
        logger.warning("an execution is left to workers that can read its plan", extra=extra)
