"""What an attempt came to, and the fact that makes of it.  Policy is applied here, once."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from executions_app.engine.events import (
    Event,
    StepCancelled,
    StepCompleted,
    StepContinued,
    StepFailed,
    StepRetrying,
    StepSkipped,
    StepStarted,
    StepSuspended,
    StepWaiting,
)
from executions_app.engine.failures import Failure
from executions_app.engine.retry import next_delay_seconds
from workflows_app.language.plan import PlanNode


@dataclass(frozen=True, slots=True, kw_only=True)
class Succeeded:
    """The body returned."""

    output: Any


@dataclass(frozen=True, slots=True, kw_only=True)
class Bailed:
    """The node ends the workflow, with ``output`` as its result."""

    output: Any


@dataclass(frozen=True, slots=True, kw_only=True)
class Suspended:
    """The node asks for an answer."""

    payload: Any = None
    labels: tuple[str, ...] = ()
    until: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Waits:
    """The node waits for a moment, or for an event until some moment."""

    until: datetime | None = None
    event: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Opens:
    """The container opens bodies: some of them, or its only one for each of ``items``."""

    bodies: tuple[str, ...] = ()
    items: Sequence[Any] | None = None
    concurrency: int = 1
    warnings: tuple[str, ...] = ()
    """What people should know about how that was decided."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Continues:
    """The loop goes on."""

    iteration: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Nests:
    """The node is an execution of another workflow, with ``input``."""

    input: Any


@dataclass(frozen=True, slots=True, kw_only=True)
class Broke:
    """The body raised, ran out of time, or its worker was lost."""

    failure: Failure
    retryable: bool = True
    retry_after_seconds: float | None = None
    """How long the body itself asks to wait before the next attempt."""


@dataclass(frozen=True, slots=True)
class Dropped:
    """The execution is being stopped, so the body was not begun."""


Outcome = Succeeded | Bailed | Suspended | Waits | Opens | Continues | Nests | Broke | Dropped


def fact_of(
    outcome: Outcome,
    node: PlanNode,
    *,
    key: str,
    attempt: int,
    now: datetime,
    chance: float,
    may_retry: bool,
) -> Event:
    """Return the fact that ``outcome`` of ``attempt`` at the run ``key`` makes.

    ``chance`` in [0, 1) decides jitter; ``may_retry`` is false once the execution is stopping.
    """
    match outcome:
        case Succeeded(output=output):
            return StepCompleted(node_id=key, attempt=attempt, output=output)
        case Bailed(output=output):
            return StepCompleted(node_id=key, attempt=attempt, output=output, bailed=True)
        case Suspended(payload=payload, labels=labels, until=until):
            return StepSuspended(
                node_id=key, attempt=attempt, payload=payload, labels=labels, until=until
            )
        case Waits(until=until, event=event):
            return StepWaiting(node_id=key, attempt=attempt, until=until, event=event)
        case Opens(bodies=bodies, items=items, concurrency=concurrency):
            return StepStarted(
                node_id=key,
                attempt=attempt,
                started_at=now,
                bodies=bodies,
                total=None if items is None else len(items),
                concurrency=concurrency,
            )
        case Continues(iteration=iteration):
            return StepContinued(node_id=key, attempt=attempt, iteration=iteration)
        case Nests():
            return StepStarted(node_id=key, attempt=attempt, started_at=now)
        case Dropped():
            return StepCancelled(node_id=key, attempt=attempt)
        case Broke(failure=failure, retryable=retryable, retry_after_seconds=wanted):
            delay = None
            if retryable and may_retry:
                delay = next_delay_seconds(node.retry, attempt=attempt, chance=chance)
            if delay is None:
                return settled_badly(node, failure, key=key, attempt=attempt)
            return StepRetrying(
                node_id=key,
                attempt=attempt,
                failure=failure,
                retry_at=now + timedelta(seconds=max(delay, wanted or 0)),
            )


def settled_badly(
    node: PlanNode, failure: Failure, *, key: str, attempt: int, within: str = ""
) -> Event:
    """Return the last fact of a node that failed, as its ``on_error`` says.

    ``within`` is the run inside it whose failure it is.
    """
    if node.on_error == "skip":
        return StepSkipped(node_id=key, attempt=attempt, failure=failure, within=within)
    return StepFailed(
        node_id=key,
        attempt=attempt,
        failure=failure,
        within=within,
        handled=node.on_error == "continue",
    )
