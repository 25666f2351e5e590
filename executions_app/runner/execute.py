"""One attempt: its input, its body, its outcome.  Writes no history and never raises."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable, Coroutine, Mapping
from dataclasses import dataclass, field
from typing import Any

from asgiref.sync import async_to_sync
from django.conf import settings

from executions_app import rows
from executions_app.database_retry import insisting
from executions_app.engine.data import CallableMissing, node_input
from executions_app.engine.decisions import Moment, decide
from executions_app.engine.failures import classify
from executions_app.engine.outcomes import (
    Bailed,
    Broke,
    Dropped,
    Outcome,
    Succeeded,
    Suspended,
)
from executions_app.engine.statuses import NodeStatus
from executions_app.recording.plumbing import received
from executions_app.recording.values import read_values
from executions_app.runner.claim import Claim
from executions_app.runner.context import context_for
from executions_app.runner.handed_on import bounded, output_of, shared
from executions_app.runner.time_limit import StepTimeout
from executions_app.runner.told import Told
from executions_app.runner.tools import run_tool
from workflows_app.authoring.context import StepContext
from workflows_app.authoring.datatypes import DataInvalid, to_json
from workflows_app.authoring.requests import Requests
from workflows_app.authoring.step import Step
from workflows_app.connectors.base import UnknownTool
from workflows_app.interface import find_callable, find_step
from workflows_app.language.plan import NodeKind, Plan, PlanNode

logger = logging.getLogger("celeriac.runner")

_READ_PATIENCE_SECONDS = 60.0


class StepUnknown(Exception):
    """The code of the step is not installed on this worker."""

    code = "step.unknown"
    retryable = True  # another worker, or this one after a deploy, may have it


class StepInputInvalid(Exception):
    """What the step received does not fit its input schema."""

    code = "step.input_invalid"
    retryable = True  # counts like any other failed attempt


#: Raised where another worker, with other code, may do better.
_CODE_MISSING = (StepUnknown, CallableMissing, UnknownTool)


@dataclass(slots=True, kw_only=True)
class Attempt:
    """An attempt that ran, with everything history keeps of it."""

    outcome: Outcome
    input: Any = None
    context_changes: Mapping[str, Any] = field(default_factory=dict)
    """Keys of the runtime context that the body set, with their values."""
    state_changes: Mapping[str, Any] = field(default_factory=dict)
    """Keys of the shared state that the body set, with their values."""
    is_aborted: bool = False
    """Whether the body asked for the whole execution to be cancelled."""
    lacks_code: bool = False
    """Whether nothing was tried, because this worker does not have the code."""


def run_attempt(
    claim: Claim,
    plan: Plan,
    node: PlanNode,
    told: Told,
    *,
    is_cancelled: Callable[[], bool],
    on_atomic: Callable[[], None] = lambda: None,
) -> Attempt:
    """Return what the attempt came to.

    ``on_atomic`` is called before the body of a step whose writes are to be one with its outcome.
    Everything that goes wrong, in the sources, the schemas or the body, is an outcome.
    """
    attempt = Attempt(outcome=Succeeded(output=None))
    try:
        # A database that is away is no fault of the step's.
        execution, known = insisting(
            lambda: read_values(plan, node, claim.execution_id, claim.node_id),
            seconds=_READ_PATIENCE_SECONDS,
        )
        if execution.stopping:
            # A stop drops what is unclaimed; an attempt whose worker was lost meets it here.
            return Attempt(outcome=Dropped())
        told.room_bytes = settings.LIMITS.execution_bytes - execution.recorded_bytes
        context = context_for(claim, plan, execution, known, told=told, is_cancelled=is_cancelled)
        if node.kind in (NodeKind.STEP, NodeKind.TOOL):
            call = _caller(context)
            attempt.input = node_input(plan, node, known, call=call, limits=settings.LIMITS)
            context.input_data = attempt.input
            if node.kind is NodeKind.TOOL:
                note = context.logger.note  # type: ignore[union-attr]
                told.received(attempt.input)
                output = run_tool(
                    node, attempt.input, context, owner_id=execution.owner_id, note=note
                )
            else:
                step = step_of(node, workflow_id=execution.workflow_id)
                parsed, attempt.input = _parsed(step, attempt.input)
                context.input_data = attempt.input
                told.received(attempt.input)
                if step.atomic:
                    on_atomic()
                output = _run_step(step, parsed, context, node.timeout_seconds)
            output = output_of(output, claim)
            attempt.outcome = _asked_for(context.requests) or Succeeded(output=output)
        else:
            at = _moment(claim, node)
            context.iteration_count = at.rounds or context.iteration_count
            call = _caller(context)
            attempt.input = received(
                plan, node, claim.execution_id, claim.node_id, known, at, call=call
            )
            attempt.outcome = decide(plan, node, attempt.input, known, at, call=call)
        attempt.state_changes = shared(known.state, context.requests.state_changes)
        attempt.is_aborted = context.requests.aborted
        attempt.context_changes = _changes(known.context, context.runtime_context)
    except (Exception, SystemExit) as error:
        classified = classify(error)
        attempt.lacks_code = isinstance(error, _CODE_MISSING)
        attempt.outcome = Broke(
            failure=classified.failure,
            retryable=classified.retryable,
            retry_after_seconds=_retry_after(error),
        )
        logger.info(
            "a step failed",
            exc_info=classified.failure.code == "step.failed",
            extra={
                "action": "step.failed",
                "run_id": claim.execution_id,
                "node_id": claim.node_id,
                "attempt": claim.attempt,
                "code": classified.failure.code,
            },
        )
    return attempt


def _asked_for(requests: Requests) -> Outcome | None:
    """Return what the body asked for instead of its output, if anything."""
    if requests.bailed is not None:
        return Bailed(output=bounded(requests.bailed.result))
    if requests.suspended is not None:
        payload = bounded(requests.suspended.payload)
        return Suspended(payload=payload, labels=requests.suspended.labels)
    return None


def _moment(claim: Claim, node: PlanNode) -> Moment:
    rounds = 0
    if node.kind is NodeKind.LOOP:
        progress = rows.read_progress(claim.execution_id, claim.node_id)
        rounds = progress.done if progress else 0
    status = NodeStatus(claim.status)
    return Moment(now=claim.claimed_at, status=status, rounds=rounds, limits=settings.LIMITS)


def _retry_after(error: BaseException) -> float | None:
    seconds = getattr(error, "retry_after_seconds", None)
    return float(seconds) if isinstance(seconds, int | float) else None


def _changes(before: Mapping[str, Any], after: Mapping[str, Any]) -> Mapping[str, Any]:
    """Return what a body set, by key; keys are merged, so taking one away changes nothing."""
    changed = {key: value for key, value in after.items() if before.get(key, _UNSET) != value}
    return dict(bounded(to_json(changed))) if changed else {}


_UNSET = object()


def step_of(node: PlanNode, *, workflow_id: str) -> Step:
    """Return the code of a step.

    Raises:
        StepUnknown: if this worker does not have it.
    """
    step = find_step(node.ref, workflow_id=workflow_id)
    if step is None:
        raise StepUnknown(f"step {node.ref!r} is not installed on this worker; deploy its app here")
    return step


def _parsed(step: Step, value: Any) -> tuple[Any, Any]:
    """Return ``value`` as the body receives it, and as JSON: filled in and stripped alike."""
    try:
        parsed = step.input_type.parse(value)
    except DataInvalid as error:
        raise StepInputInvalid(f"Step input validation failed: \n{error}") from None
    return parsed, value if parsed is value else to_json(parsed)


def _run_step(step: Step, parsed: Any, context: StepContext, timeout_seconds: float | None) -> Any:
    if step.body is None:
        raise StepUnknown(f"step {step.id!r} calls the tool {step.tool!r} and has no body")
    context.suspend_type, context.state_type = step.suspend_type, step.state_type
    if context.resume_data is not None:
        context.resume_data = step.resume_type.normalise(context.resume_data)
    returned = step.body(*step.arguments(parsed, context))
    if asyncio.iscoroutine(returned):
        # Database calls of an atomic body have to come back to this thread and its transaction.
        run = async_to_sync(_within) if step.atomic else _run_alone
        returned = run(timeout_seconds, returned)
    return to_json(returned)


def _run_alone(timeout_seconds: float | None, body: Coroutine[Any, Any, Any]) -> Any:
    return asyncio.run(_within(timeout_seconds, body))


async def _within(timeout_seconds: float | None, body: Coroutine[Any, Any, Any]) -> Any:
    """Await ``body``; one that takes too long is cancelled and gives its worker back."""
    try:
        async with asyncio.timeout(timeout_seconds) as limit:
            return await body
    except TimeoutError:
        if limit.expired() and timeout_seconds is not None:
            raise StepTimeout(timeout_seconds) from None
        raise  # the body's own


def _caller(context: StepContext) -> Callable[[str, Any], Any]:
    def call(place: str, given: Any) -> Any:
        function = find_callable(place)
        if function is None:
            raise CallableMissing(place)
        context.input_data = given
        return to_json(function(context))

    return call
