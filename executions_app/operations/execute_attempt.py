"""Trying one node once: claim, run, record."""

from __future__ import annotations

import logging
from collections.abc import Callable, Mapping, Sequence
from functools import partial

from django.db import DatabaseError, DataError, connection

from executions_app import inline
from executions_app.engine.events import Event, StepStarted
from executions_app.engine.failures import Failure, classify
from executions_app.engine.outcomes import Broke, Dropped, Outcome
from executions_app.engine.redact import redact
from executions_app.engine.statuses import NodeStatus
from executions_app.recording.frame import Frame
from executions_app.recording.journal import recording
from executions_app.recording.outcome_facts import add_outcome
from executions_app.recording.stopping import stop
from executions_app.rows import Overtaken, StepRow
from executions_app.runner.claim import Claim, claim_attempt
from executions_app.runner.execute import Attempt, run_attempt
from executions_app.runner.heartbeat import Watched, heartbeat
from executions_app.runner.one_transaction import OneTransaction
from executions_app.runner.time_limit import limit_seconds, timed_out
from executions_app.runner.told import Told
from executions_app.sync_points import Point, reach
from workflows_app.interface import get_plan
from workflows_app.language.plan import CONTAINERS, NodeKind, PlanNode, node_of

logger = logging.getLogger("celeriac.attempt")


#: Kinds whose start is told before they end, because somebody's code runs meanwhile.
_TOLD = frozenset({NodeKind.STEP, NodeKind.TOOL, NodeKind.MAP})


def execute_attempt(step_run_id: int, attempt: int, *, is_recorded: bool = True) -> Outcome | None:
    """Try one node once; return what it came to, or ``None`` if there was nothing to do.

    Safe to deliver twice: the second claim finds nothing.  Without ``is_recorded`` it ends as if
    the worker had died with the result in its hands.
    """
    reach(Point.RECEIVED)
    claim = claim_attempt(step_run_id, attempt)
    if claim is None:
        return None
    reach(Point.CLAIMED)
    plan = get_plan(claim.version_id)
    node = plan.by_id[node_of(claim.node_id)]
    told = Told(claim.node_id, claim.attempt)
    told.flush = partial(tell, claim, told)
    watched = Watched(
        claim=claim,
        timeout_seconds=limit_seconds(node),
        on_lasting=partial(announce, told=told) if node.kind in _TOLD else None,
        on_timeout=partial(_record_timeout, node=node, told=told),
        on_look=lambda: told.flush(),
    )
    with heartbeat.watching(watched), OneTransaction() as whole:
        tried = run_attempt(
            claim,
            plan,
            node,
            told,
            is_cancelled=_looks_out(watched),
            on_atomic=partial(_begin_whole, whole, told, watched),
        )
        reach(Point.DONE)
        if whole.is_open:
            return _end_whole(whole, claim, tried, told, is_recorded=is_recorded)
    if is_recorded:
        record_outcome(claim, tried, told)
    return tried.outcome


def _begin_whole(whole: OneTransaction, told: Told, watched: Watched) -> None:
    """Begin what the body of an atomic step and its outcome are part of.

    Meanwhile nothing is told: what another transaction told could not be taken back.
    """
    told.flush = _keep_quiet
    watched.on_lasting = None
    whole.begin()


def _keep_quiet() -> None:
    return None


def _end_whole(
    whole: OneTransaction, claim: Claim, tried: Attempt, told: Told, *, is_recorded: bool
) -> Outcome:
    """Record what an atomic step came to with what its body wrote; both last, or neither."""
    if isinstance(tried.outcome, Broke):
        whole.roll_back()
    else:
        try:
            with told.rest() as facts:
                if is_recorded and _record_on_trust(claim, tried, facts, told.usage):
                    whole.commit()
                else:  # another worker has the attempt, and its writes are the ones that count
                    whole.roll_back()
            return tried.outcome
        except _UNWRITABLE as error:
            if whole.is_open:
                whole.roll_back()
            tried = Attempt(outcome=_refused(claim, error))
        except DatabaseError as error:
            if whole.is_open:
                whole.roll_back()
            classified = classify(error)
            broke = Broke(failure=classified.failure, retryable=classified.retryable)
            tried = Attempt(outcome=broke, input=tried.input)
    if is_recorded:
        record_outcome(claim, tried, told)
    return tried.outcome


def _looks_out(watched: Watched) -> Callable[[], bool]:
    """Return how a body learns that it should stop."""
    here = inline.active
    if here is not None:
        return lambda: here.is_cancelled(watched.claim.execution_id)
    return watched.cancelled.is_set


def announce(claim: Claim, told: Told | None = None) -> None:
    """Say in the log that the attempt began, because it lasts."""
    with recording(claim.execution_id, root_id=claim.root_id) as log:
        log.load(claim.node_id)
        if _is_ours(log, claim):
            _add_start(log, claim, told)


def tell(claim: Claim, told: Told) -> None:
    """Record what the body has said by now; what cannot be recorded now is kept for later."""
    if told.is_empty or (connection.in_atomic_block and inline.active is None):
        return
    try:
        with told.some() as facts:
            if facts:
                _record_facts(claim, told, facts)
    except DatabaseError as error:
        logger.warning(
            "what a step says could not be recorded, it will be with what follows",
            extra={
                "action": "tell.refused",
                "run_id": claim.execution_id,
                "node_id": claim.node_id,
                "attempt": claim.attempt,
                "error": repr(error),
            },
        )


def _record_facts(claim: Claim, told: Told, facts: Sequence[Event]) -> None:
    with recording(claim.execution_id, root_id=claim.root_id) as log:
        log.load(claim.node_id)
        if _is_ours(log, claim):
            _add_start(log, claim, told)
            for fact in facts:
                log.add(fact)


def record_outcome(claim: Claim, tried: Attempt, told: Told | None = None) -> bool:
    """Record what an attempt came to; return whether it was still this worker's to say.

    A worker that lost its lease comes too late: another one has the attempt, or has finished it,
    so nothing is written.
    """
    told = told or Told(claim.node_id, claim.attempt)
    with told.rest() as facts:
        try:
            return _record_on_trust(claim, tried, facts, told.usage)
        except _UNWRITABLE as error:
            # What cannot be written would otherwise be run again until it counts as deadly.
            refused = Attempt(outcome=_refused(claim, error))
            return _record(claim, refused, (), told.usage)


#: What is raised where a value has no place in a database.
_UNWRITABLE = (DataError, RecursionError, TypeError, ValueError)


def _refused(claim: Claim, error: Exception) -> Broke:
    logger.error(
        "an outcome could not be written, the step fails",
        exc_info=error,
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
    return Broke(failure=refused, retryable=False)


def _record_on_trust(
    claim: Claim, tried: Attempt, facts: Sequence[Event], usage: Mapping[str, int]
) -> bool:
    """Record without reading the row: it is as it was claimed, or the write finds out."""
    if claim.kind in CONTAINERS:
        return _record(claim, tried, facts, usage)
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
    try:
        with recording(claim.execution_id, root_id=claim.root_id) as log:
            log.trust(row)
            _add_attempt(log, claim, tried, facts, usage)
        return True
    except Overtaken:
        return _record(claim, tried, facts, usage)


def _record(claim: Claim, tried: Attempt, facts: Sequence[Event], usage: Mapping[str, int]) -> bool:
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
        _add_attempt(log, claim, tried, facts, usage)
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
    add_outcome(log, node, claim.node_id, tried.outcome, attempt=claim.attempt, value=tried.input)
    if tried.is_aborted:
        reason = f"step {node.title!r} asked for it"
        stop(log.recording.root, cause="cancel", reason=reason, by="")


def _is_ours(log: Frame, claim: Claim) -> bool:
    row = log.row(claim.node_id)
    return row.epoch == claim.epoch and row.is_claimed


def _add_start(log: Frame, claim: Claim, told: Told | None = None) -> None:
    """Say that the attempt began, and with what: ``told`` knows, where nothing else will soon."""
    if log.state.node(claim.node_id).status is NodeStatus.SCHEDULED:
        known = {"input": redact(told.input)} if told is not None and told.has_input else {}
        log.add(
            StepStarted(node_id=claim.node_id, started_at=claim.claimed_at),
            started_at=claim.claimed_at,
            **known,
        )


def _record_timeout(claim: Claim, *, node: PlanNode, told: Told) -> None:
    # The body cannot be killed on every pool.  Recording now moves the execution on; what the
    # body returns later is fenced off by its old epoch.
    record_outcome(claim, Attempt(outcome=timed_out(node)), told)
