"""Trying one node once: claim, run, record."""

from __future__ import annotations

import logging
from collections.abc import Callable
from contextlib import AbstractContextManager, nullcontext
from functools import partial

from django.db import DatabaseError

from executions_app import inline
from executions_app.database_retry import UNAVAILABLE, was_given_up
from executions_app.engine.failures import classify
from executions_app.engine.outcomes import Broke, Outcome
from executions_app.engine.statuses import NodeStatus
from executions_app.operations.record_attempt import (
    TOLD,
    UNWRITABLE,
    announce,
    record_on_trust,
    record_outcome,
    refused,
    tell,
)
from executions_app.runner import leaving
from executions_app.runner.claim import Claim, claim_attempt
from executions_app.runner.execute import Attempt, run_attempt
from executions_app.runner.give_back import give_back, leave_unread, pass_on, wait_for_code
from executions_app.runner.heartbeat import Watched, heartbeat
from executions_app.runner.one_transaction import OneTransaction
from executions_app.runner.quarantine import quarantine
from executions_app.runner.time_limit import limit_seconds, timed_out
from executions_app.runner.told import Told
from executions_app.sync_points import Point, reach
from workflows_app.interface import PlanUnreadable, get_plan
from workflows_app.language.plan import PlanNode, node_of

logger = logging.getLogger("celeriac.attempt")


#: The result of a body is worth waiting for a database that is away.
PATIENCE_SECONDS = 300.0
#: A message that has come may wait this long for a database that is away.
_CLAIM_PATIENCE_SECONDS = 30.0


def execute_attempt(step_run_id: int, attempt: int, *, is_recorded: bool = True) -> Outcome | None:
    """Try one node once; return what it came to, or ``None`` if there was nothing to do.

    Safe to deliver twice: the second claim finds nothing.  Without ``is_recorded`` it ends as if
    the worker had died with the result in its hands.
    """
    reach(Point.RECEIVED)
    if leaving.has_begun():
        pass_on(step_run_id, attempt)
        return None
    claim = claim_attempt(step_run_id, attempt, patience_seconds=_CLAIM_PATIENCE_SECONDS)
    if claim is None:
        return None
    reach(Point.CLAIMED)
    try:
        plan = get_plan(claim.version_id)
    except PlanUnreadable as error:
        leave_unread(claim, error)
        return None
    node = plan.by_id[node_of(claim.node_id)]
    told = Told(claim.node_id, claim.attempt)
    told.flush = partial(tell, claim, told)
    watched = Watched(
        claim=claim,
        timeout_seconds=limit_seconds(node),
        on_lasting=partial(announce, told=told) if node.kind in TOLD else None,
        on_timeout=partial(_record_timeout, node=node, told=told),
        on_look=lambda: told.flush(),
        on_leaving=give_back,
    )
    # In here until it is recorded: who runs alone must be alone until nothing of it can be lost.
    with heartbeat.watching(watched), _room_for(claim, watched):
        with OneTransaction() as whole:
            tried = run_attempt(
                claim,
                plan,
                node,
                told,
                is_cancelled=_looks_out(watched),
                on_atomic=partial(_begin_whole, whole, told, watched),
            )
            watched.end()
            reach(Point.DONE)
            if whole.is_open:
                return _end_whole(whole, claim, tried, told, is_recorded=is_recorded)
        if tried.lacks_code and is_recorded and wait_for_code(claim, _said(tried)):
            return None
        if is_recorded:
            record_outcome(claim, tried, told, patience_seconds=PATIENCE_SECONDS)
    return tried.outcome


def _room_for(claim: Claim, watched: Watched) -> AbstractContextManager[None]:
    """Return what lets the attempt in; a timer that comes due runs nobody's code, and may."""
    if claim.status == NodeStatus.WAITING:
        return nullcontext()
    return quarantine.entered(claim, watched)


def _said(tried: Attempt) -> str:
    return tried.outcome.failure.message if isinstance(tried.outcome, Broke) else ""


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
                if is_recorded and record_on_trust(claim, tried, facts, told.usage):
                    whole.commit()
                else:  # another worker has the attempt, and its writes are the ones that count
                    whole.roll_back()
            return tried.outcome
        except UNWRITABLE as error:
            if whole.is_open:
                whole.roll_back()
            tried = Attempt(outcome=refused(claim, error))
        except DatabaseError as error:
            if whole.is_open:
                whole.roll_back()
            if isinstance(error, UNAVAILABLE) and not was_given_up(error):
                # Perhaps it was committed: whoever takes it up when the lease ends finds out.
                logger.warning("a database went away under an atomic step", exc_info=error)
                return tried.outcome
            classified = classify(error)
            broke = Broke(failure=classified.failure, retryable=classified.retryable)
            tried = Attempt(outcome=broke, input=tried.input)
    if is_recorded:
        record_outcome(claim, tried, told, patience_seconds=PATIENCE_SECONDS)
    return tried.outcome


def _looks_out(watched: Watched) -> Callable[[], bool]:
    """Return how a body learns that it should stop."""
    here = inline.active
    if here is not None:
        return lambda: here.is_cancelled(watched.claim.execution_id)
    return watched.cancelled.is_set


def _record_timeout(claim: Claim, *, node: PlanNode, told: Told) -> None:
    # The body cannot be killed on every pool.  Recording now moves the execution on; what the
    # body returns later is fenced off by its old epoch.
    record_outcome(claim, Attempt(outcome=timed_out(node)), told)
