"""Trying one node once: claim, run, record."""

from __future__ import annotations

import logging
from collections.abc import Callable, Mapping, Sequence
from functools import partial

from django.db import DataError, connection

from executions_app import inline
from executions_app.engine.events import Event, StepStarted
from executions_app.engine.failures import Failure
from executions_app.engine.outcomes import Broke, Dropped, Outcome
from executions_app.engine.statuses import NodeStatus
from executions_app.frame import Frame
from executions_app.journal import recording
from executions_app.operations.cancel import stop
from executions_app.outcome_facts import add_outcome
from executions_app.rows import Overtaken, StepRow
from executions_app.runner.claim import Claim, claim_attempt
from executions_app.runner.execute import Attempt, run_attempt
from executions_app.runner.heartbeat import Watched, heartbeat
from executions_app.runner.time_limit import limit_seconds, timed_out
from executions_app.runner.told import Told
from workflows_app.interface import get_plan
from workflows_app.language.plan import CONTAINERS, NodeKind, PlanNode, node_of

logger = logging.getLogger("celeriac.attempt")


#: Kinds whose start is told before they end, because somebody's code runs meanwhile.
_TOLD = frozenset({NodeKind.STEP, NodeKind.TOOL, NodeKind.MAP})


def execute_attempt(
    step_run_id: int, attempt: int, *, is_recorded: bool = True
) -> Outcome | None:
    """Try one node once; return what it came to, or ``None`` if there was nothing to do.

    Safe to deliver twice: the second claim finds nothing.  Without ``is_recorded`` it ends as if
    the worker had died with the result in its hands.
    """
    claim = claim_attempt(step_run_id, attempt)
    if claim is None:
        return None
    plan = get_plan(claim.version_id)
    node = plan.by_id[node_of(claim.node_id)]
    told = Told(claim.node_id, claim.attempt)
    told.flush = partial(tell, claim, told)
    watched = Watched(
        claim=claim,
        timeout_seconds=limit_seconds(node),
        on_lasting=announce if node.kind in _TOLD else None,
        on_timeout=partial(_record_timeout, node=node),
        on_look=told.flush,
    )
    with heartbeat.watching(watched):
        tried = run_attempt(claim, plan, node, told, is_cancelled=_looks_out(watched))
    if is_recorded:
        record_outcome(claim, tried, told)
    return tried.outcome


def _looks_out(watched: Watched) -> Callable[[], bool]:
    """Return how a body learns that it should stop."""
    here = inline.active
    if here is not None:
        return lambda: here.is_cancelled(watched.claim.execution_id)
    return watched.cancelled.is_set


def announce(claim: Claim) -> None:
    """Say in the log that the attempt began, because it lasts."""
    with recording(claim.execution_id, root_id=claim.root_id) as log:
        log.load(claim.node_id)
        if _is_ours(log, claim):
            _add_start(log, claim)


def tell(claim: Claim, told: Told) -> None:
    """Record what the body has said by now; what cannot be recorded now is kept for later."""
    if told.is_empty or (connection.in_atomic_block and inline.active is None):
        return
    with recording(claim.execution_id, root_id=claim.root_id) as log:
        log.load(claim.node_id)
        if _is_ours(log, claim):
            _add_start(log, claim)
            _add_told(log, told)


def record_outcome(claim: Claim, tried: Attempt, told: Told | None = None) -> bool:
    """Record what an attempt came to; return whether it was still this worker's to say.

    A worker that lost its lease comes too late: another one has the attempt, or has finished it,
    so nothing is written.
    """
    told = told or Told(claim.node_id, claim.attempt)
    try:
        return _record_on_trust(claim, tried, told)
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
        return _record(claim, Attempt(outcome=Broke(failure=refused, retryable=False)), told)


def _record_on_trust(claim: Claim, tried: Attempt, told: Told) -> bool:
    """Record without reading the row: it is as it was claimed, or the write finds out."""
    if claim.kind in CONTAINERS:
        return _record(claim, tried, told)
    row = StepRow(
        id=claim.step_run_id,
        node_id=claim.node_id,
        status=claim.status,
        attempt=claim.attempt,
        met=0,
        queue=claim.queue,
        epoch=claim.epoch,
        is_claimed=True,
        is_timed=claim.status == NodeStatus.WAITING,
    )
    facts = told.take()
    try:
        with recording(claim.execution_id, root_id=claim.root_id) as log:
            log.trust(row)
            _add_attempt(log, claim, tried, facts, told.usage)
        return True
    except Overtaken:
        return _record(claim, tried, told, facts)


def _record(
    claim: Claim, tried: Attempt, told: Told, facts: Sequence[Event] = ()
) -> bool:
    with recording(claim.execution_id, root_id=claim.root_id) as log:
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
        _add_attempt(log, claim, tried, [*facts, *told.take()], told.usage)
    return True


def _add_attempt(
    log: Frame, claim: Claim, tried: Attempt, facts: Sequence[Event], usage: Mapping[str, int]
) -> None:
    node = log.plan.by_id[node_of(claim.node_id)]
    if node.kind in _TOLD and not isinstance(tried.outcome, Dropped):
        _add_start(log, claim)
    for fact in facts:
        log.add(fact)
    if usage:
        log.add_usage(usage)
    if tried.context_changes:
        log.merge_context(tried.context_changes)
    if tried.state_changes:
        log.merge_state(tried.state_changes)
    add_outcome(
        log, node, claim.node_id, tried.outcome, attempt=claim.attempt, value=tried.input
    )
    if tried.is_aborted:
        reason = f"step {node.title!r} asked for it"
        stop(log.recording.root, cause="cancel", reason=reason, by="")


def _add_told(log: Frame, told: Told) -> None:
    for fact in told.take():
        log.add(fact)


def _is_ours(log: Frame, claim: Claim) -> bool:
    row = log.row(claim.node_id)
    return row.epoch == claim.epoch and row.is_claimed


def _add_start(log: Frame, claim: Claim) -> None:
    if log.state.node(claim.node_id).status is NodeStatus.SCHEDULED:
        log.add(
            StepStarted(node_id=claim.node_id, started_at=claim.claimed_at),
            started_at=claim.claimed_at,
        )


def _record_timeout(claim: Claim, *, node: PlanNode) -> None:
    # The body cannot be killed on every pool.  Recording now moves the execution on; what the
    # body returns later is fenced off by its old epoch.
    record_outcome(claim, Attempt(outcome=timed_out(node)))
