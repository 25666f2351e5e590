"""Taking an attempt into one worker's hands, and giving it back.  Writes leases, no history."""

from __future__ import annotations

import os
import socket
import threading
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import partial

from django.conf import settings

from executions_app import database, inline
from executions_app.database_retry import insisting
from executions_app.engine.statuses import UNSETTLED, NodeStatus
from executions_app.models import StepRun

_TABLE = StepRun._meta.db_table
_UNSETTLED = ", ".join(f"'{status.value}'" for status in sorted(UNSETTLED))

# Celery may deliver a message twice, late, or out of order, so claiming is one conditional UPDATE:
# whoever changes the row runs the attempt.  The epoch fences off everybody who held it before.
# The database itself says what time it is: a process's own reading of its clock is a little behind
# another's, and an attempt found not due yet would wait for the rescuer.  What nobody is to look
# at (``wake_at`` is null, as while the execution is paused) nobody may take.
_CLAIM = f"""
    UPDATE {_TABLE}
       SET epoch = epoch + 1, claimed_at = {{now}}, claimed_by = %s, wake_at = {{until}},
           alone = %s
     WHERE id = %s AND attempt = %s AND {{free}} AND due_at <= {{now}}
       AND wake_at IS NOT NULL AND status IN ({_UNSETTLED})
 RETURNING execution_id, root_id, version_id, node_id, epoch, status, queue, deaths, stops,
           claimed_at, kind, resumed_at
"""  # noqa: S608 - table and statuses are our own constants


@dataclass(frozen=True, slots=True, kw_only=True)
class Claim:
    """One attempt in this worker's hands, until its lease runs out."""

    step_run_id: int
    execution_id: str
    root_id: str
    """The execution in whose log the outcome is recorded."""
    version_id: int
    node_id: str
    """The run's key."""
    attempt: int
    epoch: int
    claimed_at: datetime
    status: str
    """The fold of the log at the claim."""
    queue: str
    deaths: int
    """Workers that were lost over this very attempt before."""
    stops: int = 0
    """Workers that stopped and gave this very attempt back before."""
    kind: str = ""
    was_resumed: bool = False
    """Whether somebody has answered what the run asked."""

    @property
    def was_announced(self) -> bool:
        """Whether the log already says that the node started."""
        return self.status != NodeStatus.SCHEDULED


def lease() -> timedelta:
    """Return how long a claim holds without a heartbeat."""
    return timedelta(seconds=settings.LEASE_SECONDS)


def worker_name() -> str:
    """Return the name under which this process claims."""
    return f"{socket.gethostname()}:{os.getpid()}"


def _claimant() -> str:
    """Return the name of this thread, which holds one attempt at a time."""
    return f"{worker_name()}/{threading.get_native_id()}"


def claim_attempt(step_run_id: int, attempt: int, *, patience_seconds: float = 0.0) -> Claim | None:
    """Return the attempt if it is due and nobody holds it, else ``None``.

    Safe to call any number of times: only the first finds something.  While the database is away
    it is tried again for ``patience_seconds``.
    """
    return insisting(
        partial(_claim, step_run_id, attempt, free="claimed_at IS NULL"),
        # The answer to an earlier try may be what was lost.
        on_doubt=partial(
            _claim, step_run_id, attempt, free="(claimed_at IS NULL OR claimed_by = %s)"
        ),
        seconds=patience_seconds,
    )


def _claim(step_run_id: int, attempt: int, *, free: str) -> Claim | None:
    now, at = database.clock()
    until, then = database.clock(plus=lease())
    me, is_alone = _claimant(), inline.active is not None
    mine = [me] if "%s" in free else []
    row = database.returning(
        _CLAIM.format(now=now, until=until, free=free),
        [*at, me, *then, is_alone, step_run_id, attempt, *mine, *at],
    )
    if row is None:
        return None
    execution_id, root_id, version_id, node_id, *rest = row
    epoch, status, queue, deaths, stops, claimed_at, kind, resumed_at = rest
    return Claim(
        step_run_id=step_run_id,
        execution_id=execution_id,
        root_id=root_id,
        version_id=version_id,
        node_id=node_id,
        attempt=attempt,
        epoch=epoch,
        claimed_at=database.as_time(claimed_at),
        status=status,
        queue=queue,
        deaths=deaths,
        stops=stops,
        kind=kind,
        was_resumed=resumed_at is not None,
    )


def renew(claims: Sequence[Claim]) -> None:
    """Extend the leases of ``claims`` that are still ours."""
    until = database.now() + lease()
    for claim in claims:
        StepRun.objects.filter(
            pk=claim.step_run_id, epoch=claim.epoch, claimed_at__isnull=False
        ).update(wake_at=until)


def set_alone(claim: Claim, *, alone: bool) -> None:
    """Say whether this worker holds nothing else: only then is its death this attempt's doing."""
    StepRun.objects.filter(
        pk=claim.step_run_id, epoch=claim.epoch, claimed_at__isnull=False
    ).update(alone=alone)
