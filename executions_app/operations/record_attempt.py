"""Writing down what an attempt says and comes to.  Only its holder is heard: a worker that lost its
lease comes too late, whatever it brings.
"""

from __future__ import annotations

import logging
from collections.abc import Mapping, Sequence

from django.db import DatabaseError, DataError, connection

from executions_app import inline
from executions_app.database_retry import insisting
from executions_app.engine.events import Event, StepStarted
from executions_app.engine.failures import Failure
from executions_app.engine.outcomes import Broke, Dropped
from executions_app.engine.redact import redact
from executions_app.engine.statuses import NodeStatus
from executions_app.recording.frame import Frame
from executions_app.recording.journal import recording
from executions_app.recording.outcome_facts import add_outcome
from executions_app.recording.stopping import stop
from executions_app.rows import Overtaken, StepRow
from executions_app.runner.claim import Claim
from executions_app.runner.execute import Attempt
from executions_app.runner.told import Told
from workflows_app.language.plan import CONTAINERS, NodeKind, node_of

logger = logging.getLogger("celeriac.attempt")

#: Kinds whose start is told before they end, because somebody's code runs meanwhile.
TOLD = frozenset({NodeKind.STEP, NodeKind.TOOL, NodeKind.MAP})
#: What is raised where a value has no place in a database.
UNWRITABLE = (DataError, RecursionError, TypeError, ValueError)


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


def record_outcome(
    claim: Claim, tried: Attempt, told: Told | None = None, *, patience_seconds: float = 0.0
) -> bool:
    """Record what an attempt came to; return whether it was still this worker's to say.

    A worker that lost its lease comes too late: another one has the attempt, or has finished it,
    so nothing is written.  While the database is away it is tried again for ``patience_seconds``:
    the body has done its work, and that must not be lost.
    """
    told = told or Told(claim.node_id, claim.attempt)
    with told.rest() as facts:
        try:
            return insisting(
                lambda: record_on_trust(claim, tried, facts, told.usage),
                # An earlier try may have been committed, and only its answer lost.
                on_doubt=lambda: _record(claim, tried, facts, told.usage),
                seconds=patience_seconds,
            )
        except UNWRITABLE as error:
            # What cannot be written would otherwise be run again until it counts as deadly.
            failed = Attempt(outcome=refused(claim, error))
            return _record(claim, failed, (), told.usage)


def refused(claim: Claim, error: Exception) -> Broke:
    """Return the failure of a step whose outcome a database will not take, having logged it."""
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
    failure = Failure(
        name=type(error).__name__,
        message="what the step handed on cannot be stored",
        code="step.output_invalid",
    )
    return Broke(failure=failure, retryable=False)


def record_on_trust(
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
    if node.kind in TOLD and not isinstance(tried.outcome, Dropped):
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
