"""What an attempt came to, and the fact that makes of it.  Policy is applied here, once."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from executions_app.engine.events import (
    Event,
    StepCancelled,
    StepCompleted,
    StepFailed,
    StepRetrying,
    StepSkipped,
)
from executions_app.engine.failures import Failure
from executions_app.engine.retry import next_delay_seconds
from workflows_app.language.plan import PlanNode


@dataclass(frozen=True, slots=True, kw_only=True)
class Succeeded:
    """The body returned."""

    output: Any


@dataclass(frozen=True, slots=True, kw_only=True)
class Broke:
    """The body raised, ran out of time, or its worker was lost."""

    failure: Failure
    retryable: bool = True


@dataclass(frozen=True, slots=True)
class Dropped:
    """The execution is being stopped, so the body was not begun."""


Outcome = Succeeded | Broke | Dropped


def fact_of(
    outcome: Outcome,
    node: PlanNode,
    *,
    attempt: int,
    now: datetime,
    chance: float,
    may_retry: bool,
) -> Event:
    """Return the fact that ``outcome`` of ``attempt`` makes.

    ``chance`` in [0, 1) decides jitter; ``may_retry`` is false once the execution is stopping.
    """
    match outcome:
        case Succeeded(output=output):
            return StepCompleted(node_id=node.id, attempt=attempt, output=output)
        case Dropped():
            return StepCancelled(node_id=node.id, attempt=attempt)
        case Broke(failure=failure, retryable=retryable):
            delay = None
            if retryable and may_retry:
                delay = next_delay_seconds(node.retry, attempt=attempt, chance=chance)
            if delay is None:
                return settled_badly(node, failure, attempt=attempt)
            return StepRetrying(
                node_id=node.id,
                attempt=attempt,
                failure=failure,
                retry_at=now + timedelta(seconds=delay),
            )


def settled_badly(node: PlanNode, failure: Failure, *, attempt: int) -> Event:
    """Return the last fact of a node that failed, as its ``on_error`` says."""
    if node.on_error == "skip":
        return StepSkipped(node_id=node.id, attempt=attempt, failure=failure)
    return StepFailed(
        node_id=node.id,
        attempt=attempt,
        failure=failure,
        handled=node.on_error == "continue",
    )
