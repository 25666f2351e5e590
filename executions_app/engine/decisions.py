"""What a node that runs nobody's body comes to: mappings, containers, waits.  Pure.

The same function decides in the recording transaction, where no author's code may run, and in a
worker, where it may: the caller of callables comes in.
"""

from __future__ import annotations

import math
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from typing import Any

from executions_app.engine.data import (
    CallableCaller,
    CallableMissing,
    Known,
    evaluated,
    mapped,
    one,
    part,
)
from executions_app.engine.failures import Failure
from executions_app.engine.limits import DEFAULTS, Limits
from executions_app.engine.outcomes import (
    Bailed,
    Broke,
    Continues,
    Nests,
    Opens,
    Outcome,
    Succeeded,
    Suspended,
    Waits,
)
from executions_app.engine.preview import check_size
from executions_app.engine.statuses import NodeStatus
from workflows_app.language.plan import NodeKind, Plan, PlanNode

#: Nothing sleeps longer.
LONGEST_SLEEP = timedelta(days=366)


@dataclass(frozen=True, slots=True, kw_only=True)
class Moment:
    """Where a node stands when it is asked."""

    now: datetime
    status: NodeStatus = NodeStatus.SCHEDULED
    rounds: int = 0
    """Rounds of a loop that have settled."""
    limits: Limits = DEFAULTS
    """Those of the installation it runs in."""


class Undecidable(Exception):
    """A value that the node needs is not what it must be."""

    retryable = False

    def __init__(self, message: str, *, code: str = "step.input_invalid") -> None:
        super().__init__(message)
        self.code = code


def decide(
    plan: Plan, node: PlanNode, value: Any, known: Known, at: Moment, *, call: CallableCaller
) -> Outcome:
    """Return what the node comes to that received ``value``; of a loop, its last output.

    Raises:
        MappingFailed, Undecidable: if a value cannot be had, or is of no use.
        OutputTooLarge, NotStorable: if a value may not be handed on.
    """
    match node.kind:
        case NodeKind.MAP:
            return Succeeded(output=_bounded(mapped(plan, node, value, known, call=call), at))
        case NodeKind.BRANCH:
            return _branch(plan, node, value, known, call)
        case NodeKind.LOOP:
            return _loop(plan, node, value, known, at, call)
        case NodeKind.FOREACH:
            return _foreach(plan, node, value, known, at, call)
        case NodeKind.SLEEP:
            return _sleep(plan, node, value, known, at, call)
        case NodeKind.WAIT:
            return _wait(node, at)
        case NodeKind.APPROVAL:
            return _approval(plan, node, value, known, at, call)
        case NodeKind.BAIL:
            return _bail(plan, node, value, known, at, call)
        case NodeKind.WORKFLOW:
            return Nests(input=value)
    raise AssertionError(f"unreachable: a {node.kind} is run, not decided")


def _branch(plan: Plan, node: PlanNode, value: Any, known: Known, call: CallableCaller) -> Outcome:
    chosen, warnings = [], []
    for body in node.bodies:
        if body.when is None:
            continue
        try:
            holds = bool(one(plan, body.when, body.label, known, value, call=call))
        except CallableMissing:
            raise  # nobody has looked whether it holds
        except Exception as error:
            # A condition that cannot be worked out does not hold; people are told.
            warnings.append(f"the condition of {body.label!r} counts as false: {error}")
            continue
        if holds:
            chosen.append(body.id)
            if node.first_only:
                break
    return Opens(bodies=tuple(chosen), warnings=tuple(warnings))


def _loop(
    plan: Plan, node: PlanNode, value: Any, known: Known, at: Moment, call: CallableCaller
) -> Outcome:
    if not at.rounds:
        return Opens()
    known = replace(known, iteration=at.rounds)  # its own, not that of a loop around it
    holds = bool(part(plan, node, "condition", known, value, call=call))
    if holds is node.until:
        return Succeeded(output=value)
    if at.rounds >= node.max_iterations:
        raise Undecidable(
            f"the loop has run {at.rounds:,} times, which is its limit; "
            "correct its condition, or raise max_iterations",
            code="iteration.limit",
        )
    return Continues(iteration=at.rounds + 1)


def _foreach(
    plan: Plan, node: PlanNode, value: Any, known: Known, at: Moment, call: CallableCaller
) -> Outcome:
    has_items = "items" in (node.parts or {})
    items = part(plan, node, "items", known, value, call=call) if has_items else value
    if not isinstance(items, list):
        raise Undecidable(f"foreach needs a list and received {_named(items)}")
    if len(items) > at.limits.items:
        raise Undecidable(
            f"foreach received {len(items):,} items, the limit is {at.limits.items:,}; "
            "hand them over in parts",
            code="items.limit",
        )
    wanted = part(plan, node, "concurrency", known, value, call=call)
    return Opens(items=items, concurrency=_concurrency(wanted, at.limits))


def _concurrency(wanted: Any, limits: Limits) -> int:
    is_number = isinstance(wanted, int | float) and not isinstance(wanted, bool)
    if not is_number or not math.isfinite(wanted) or wanted < 1:
        return 1
    return min(int(wanted), limits.open_items)


def _sleep(
    plan: Plan, node: PlanNode, value: Any, known: Known, at: Moment, call: CallableCaller
) -> Outcome:
    if at.status is NodeStatus.WAITING:
        return Succeeded(output=value)
    if "at" in (node.parts or {}):
        until = _time(part(plan, node, "at", known, value, call=call))
    else:
        until = at.now + _span(part(plan, node, "seconds", known, value, call=call))
    if until - at.now > LONGEST_SLEEP:
        raise Undecidable(f"a sleep lasts {LONGEST_SLEEP.days} days at most")
    return Waits(until=until) if until > at.now else Succeeded(output=value)


def _span(value: Any) -> timedelta:
    is_number = isinstance(value, int | float) and not isinstance(value, bool)
    if not is_number or math.isnan(value):
        raise Undecidable(f"a sleep needs a number of seconds and received {_named(value)}")
    # Beyond every limit it is refused later, by its name.
    return timedelta(seconds=max(0.0, min(float(value), 10 * LONGEST_SLEEP.total_seconds())))


def _time(value: Any) -> datetime:
    try:
        moment = datetime.fromisoformat(value)
    except (TypeError, ValueError):
        raise Undecidable(
            f"sleep_until needs an ISO 8601 time and received {_named(value)}"
        ) from None
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC)


def _wait(node: PlanNode, at: Moment) -> Outcome:
    if at.status is NodeStatus.WAITING:
        failure = Failure(
            name="EventTimeout",
            message=f"Timeout waiting for event {node.ref!r}",
            code="event.timeout",
            details={"event": node.ref, "timeout_seconds": node.timeout_seconds},
        )
        return Broke(failure=failure, retryable=False)
    seconds = node.timeout_seconds
    until = None if seconds is None else at.now + timedelta(seconds=seconds)
    return Waits(until=until, event=node.ref)


def _approval(
    plan: Plan, node: PlanNode, value: Any, known: Known, at: Moment, call: CallableCaller
) -> Outcome:
    if at.status is NodeStatus.SUSPENDED:
        return _deadline_passed(node)
    context = evaluated(plan, node.fields or {}, known, value, call=call)
    seconds = part(plan, node, "deadline", known, value, call=call)
    payload = {
        "title": str(part(plan, node, "title", known, value, call=call) or node.title),
        "context": context,
        "form": dict(node.form or {}),
        "assignees": list(node.assignees),
    }
    until = None if seconds is None else at.now + _span(seconds)
    return Suspended(payload=_bounded(payload, at), until=until)


def _deadline_passed(node: PlanNode) -> Outcome:
    match node.on_deadline:
        case "approve":
            return Succeeded(output={"approved": True})
        case "reject":
            return Succeeded(output={"approved": False})
        case "skip":
            return Succeeded(output=None)
    failure = Failure(
        name="ApprovalTimeout",
        message=f"nobody answered {node.title!r} before its deadline",
        code="approval.timeout",
    )
    return Broke(failure=failure, retryable=False)


def _bail(
    plan: Plan, node: PlanNode, value: Any, known: Known, at: Moment, call: CallableCaller
) -> Outcome:
    if node.fields is not None:
        return Bailed(output=_bounded(evaluated(plan, node.fields, known, value, call=call), at))
    if "result" in (node.parts or {}):
        return Bailed(output=_bounded(part(plan, node, "result", known, value, call=call), at))
    return Bailed(output=value)


def _bounded(value: Any, at: Moment) -> Any:
    return check_size(value, limit_bytes=at.limits.value_bytes)


def _named(value: Any) -> str:
    return {
        type(None): "nothing",
        dict: "an object",
        list: "a list",
        str: f"the text {str(value)[:40]!r}",
        bool: "a boolean",
    }.get(type(value), f"{value!r}")
