"""Trying one node once: claim, run, record."""

from __future__ import annotations

import logging
import random
from functools import partial

from django.db import DataError

from executions_app.engine.events import LogWritten, StepCompleted, StepRetrying, StepStarted
from executions_app.engine.failures import Failure
from executions_app.engine.outcomes import Broke, Dropped, Outcome, fact_of
from executions_app.engine.redact import redact
from executions_app.engine.state import NodeStatus
from executions_app.journal import Recording, recording
from executions_app.rows import Overtaken, StepRow
from executions_app.runner.claim import Claim, claim_attempt
from executions_app.runner.execute import Attempt, run_attempt
from executions_app.runner.heartbeat import Watched, heartbeat
from executions_app.runner.time_limit import limit_seconds, timed_out
from workflows_app.interface import get_plan
from workflows_app.language.plan import PlanNode

logger = logging.getLogger("celeriac.attempt")


def execute_attempt(step_run_id: int, attempt: int) -> Outcome | None:
    """Try one node once; return what it came to, or ``None`` if there was nothing to do.

    Safe to deliver twice: the second claim finds nothing.
    """
    claim = claim_attempt(step_run_id, attempt)
    if claim is None:
        return None
    plan = get_plan(claim.version_id)
    node = plan.by_id[claim.node_id]
    watched = Watched(
        claim=claim,
        timeout_seconds=limit_seconds(node),
        on_lasting=announce,
        on_timeout=partial(_record_timeout, node=node),
    )
    with heartbeat.watching(watched):
        tried = run_attempt(claim, plan, node, is_cancelled=watched.cancelled.is_set)
    record_outcome(claim, tried)
    return tried.outcome


def announce(claim: Claim) -> None:
    """Say in the log that the attempt began, because it lasts."""
    with recording(claim.execution_id) as log:
        log.load(claim.node_id)
        if _is_ours(log, claim):
            _add_start(log, claim)


def record_outcome(claim: Claim, tried: Attempt) -> bool:
    """Record what an attempt came to; return whether it was still this worker's to say.

    A worker that lost its lease comes too late: another one has the attempt, or has finished it,
    so nothing is written.
    """
    try:
        return _record_on_trust(claim, tried)
    except (DataError, RecursionError, TypeError, ValueError) as error:
        # What cannot be written would otherwise be run again until it counts as deadly.
        logger.exception(
            "an outcome could not be written, the step fails",
            extra={
                "action": "outcome.refused",
                "run_id": claim.execution_id,
                "node_id": claim.node_id,
                "attempt": claim.attempt,
            },
        )
        refused = Failure(
            name=type(error).__name__,
            message="what the step handed on cannot be stored",
            code="step.output_invalid",
        )
        return _record(claim, Attempt(outcome=Broke(failure=refused, retryable=False)))


def _record_on_trust(claim: Claim, tried: Attempt) -> bool:
    """Record without reading the row: it is as it was claimed, or the write finds out."""
    row = StepRow(
        id=claim.step_run_id,
        node_id=claim.node_id,
        status=claim.status,
        attempt=claim.attempt,
        met=0,
        queue=claim.queue,
        epoch=claim.epoch,
        is_claimed=True,
    )
    try:
        with recording(claim.execution_id) as log:
            log.trust(row)
            _add_attempt(log, claim, tried)
        return True
    except Overtaken:
        return _record(claim, tried)


def _record(claim: Claim, tried: Attempt) -> bool:
    with recording(claim.execution_id) as log:
        log.load(claim.node_id)
        if not _is_ours(log, claim):
            logger.warning(
                "an outcome came too late and was dropped",
                extra={
                    "action": "outcome.fenced",
                    "run_id": claim.execution_id,
                    "node_id": claim.node_id,
                    "attempt": claim.attempt,
                },
            )
            return False
        _add_attempt(log, claim, tried)
    return True


def _add_attempt(log: Recording, claim: Claim, tried: Attempt) -> None:
    if not isinstance(tried.outcome, Dropped):
        _add_start(log, claim)
    for level, message, data in tried.logs:
        log.add(
            LogWritten(
                node_id=claim.node_id,
                attempt=claim.attempt,
                level=level,
                message=message,
                fields=redact(data),
            )
        )
    if tried.context_changes:
        log.merge_context(tried.context_changes)
    _add_outcome(log, claim, tried)


def _is_ours(log: Recording, claim: Claim) -> bool:
    row = log.row(claim.node_id)
    return row.epoch == claim.epoch and row.is_claimed


def _add_start(log: Recording, claim: Claim) -> None:
    if log.state.node(claim.node_id).status is NodeStatus.SCHEDULED:
        log.add(
            StepStarted(node_id=claim.node_id, started_at=claim.claimed_at),
            started_at=claim.claimed_at,
        )


def _add_outcome(log: Recording, claim: Claim, tried: Attempt) -> None:
    fact = fact_of(
        tried.outcome,
        log.plan.by_id[claim.node_id],
        attempt=claim.attempt,
        now=log.now,
        chance=random.random(),
        may_retry=log.state.stopping is None,
    )
    values = {"input": redact(tried.input)}
    match fact:
        case StepCompleted(output=output):
            values["output"] = output
        case StepRetrying(retry_at=retry_at, failure=failure):
            values |= {"due_at": retry_at, "error": failure.to_json()}
    if isinstance(tried.outcome, Broke):
        values["error"] = tried.outcome.failure.to_json()
    log.add(fact, **values)


def _record_timeout(claim: Claim, *, node: PlanNode) -> None:
    # The body cannot be killed on every pool.  Recording now moves the execution on; what the
    # body returns later is fenced off by its old epoch.
    record_outcome(claim, Attempt(outcome=timed_out(node)))
