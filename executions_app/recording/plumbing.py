"""What needs no worker: decisions and results, worked out while recording.

Reads values inside the recording's transaction and returns outcomes; writes nothing.
"""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.conf import settings

from executions_app import rows
from executions_app.engine.data import (
    Known,
    MappingFailed,
    body_output,
    no_callables,
    node_input,
    result,
)
from executions_app.engine.decisions import Moment, Undecidable, decide
from executions_app.engine.events import ExecutionCompleted, ExecutionFailed
from executions_app.engine.failures import classify
from executions_app.engine.outcomes import Bailed, Broke, Outcome, Succeeded
from executions_app.engine.preview import OutputRefused, check_size
from executions_app.engine.progress import Progress
from executions_app.models.stored_value import ValueLost
from executions_app.recording.values import (
    known_after_body,
    known_at_the_end,
    read_values,
    rounds_of,
)
from workflows_app.language.plan import Body, NodeKind, Plan, PlanNode, indexes_of, key_of

#: Why a value cannot be had.
Refused = (MappingFailed, Undecidable, ValueLost, *OutputRefused)


def moment(now: datetime, progress: Progress | None) -> Moment:
    """Return where a run stands that is decided upon here, ``progress`` if it is a container's."""
    rounds = progress.done if progress else 0
    return Moment(now=now, rounds=rounds, limits=settings.LIMITS)


def decide_here(
    plan: Plan, node: PlanNode, execution_id: str, key: str, at: Moment
) -> tuple[Outcome, Any]:
    """Return what the run ``key`` comes to, and what it received."""
    value = None
    try:
        _, known = read_values(plan, node, execution_id, key)
        value = received(plan, node, execution_id, key, known, at, call=no_callables)
        return decide(plan, node, value, known, at, call=no_callables), value
    except Refused as error:
        return Broke(failure=classify(error).failure, retryable=False), value


def received(
    plan: Plan,
    node: PlanNode,
    execution_id: str,
    key: str,
    known: Known,
    at: Moment,
    *,
    call: Any,
) -> Any:
    """Return what a node goes by: its input; of a loop that has run, what its body put out; of
    one that has waited, what it received before."""
    if node.kind is NodeKind.LOOP and at.rounds:
        inside = key_of(node.id, (*indexes_of(key), at.rounds - 1))
        (body,) = node.bodies
        return body_output(plan, body, known_after_body(plan, body, execution_id, inside))
    if at.status != "scheduled" and node.kind is not NodeKind.MAP:
        stored = rows.read_step_values(execution_id, key, "input")
        if stored is not None and stored["input"] is not None:
            return stored["input"]
    return node_input(plan, node, known, call=call, limits=settings.LIMITS)


def gathered_of(
    plan: Plan, node: PlanNode, execution_id: str, key: str, progress: Progress
) -> Outcome:
    """Return what the container run ``key`` comes to, all of whose bodies have settled."""
    try:
        if progress.bailed:
            values = rows.read_step_values(execution_id, progress.bailed, "output")
            return Bailed(output=values["output"] if values else None)
        return Succeeded(output=_bounded(_gathered(plan, node, execution_id, key, progress)))
    except Refused as error:
        return Broke(failure=classify(error).failure, retryable=False)


def ending_of(
    plan: Plan, execution_id: str, *, bailed: str | None = None
) -> ExecutionCompleted | ExecutionFailed:
    """Return how an execution ends all of whose steps went well, or that the run ``bailed`` ended
    early: its result may still fail."""
    try:
        if bailed is not None:
            values = rows.read_step_values(execution_id, bailed, "output")
            return ExecutionCompleted(output=values["output"] if values else None)
        known = known_at_the_end(plan, execution_id)
        return ExecutionCompleted(output=_bounded(result(plan, known)))
    except Refused as error:
        return ExecutionFailed(failure=classify(error).failure)


def _bounded(value: Any) -> Any:
    return check_size(value, limit_bytes=settings.LIMITS.value_bytes)


def _gathered(plan: Plan, node: PlanNode, execution_id: str, key: str, progress: Progress) -> Any:
    outer = indexes_of(key)
    match node.kind:
        case NodeKind.FOREACH:
            return _items_out(plan, node.bodies[0], execution_id, key, progress.total)
        case NodeKind.BRANCH:
            return {
                body.label: _body_out(plan, body, execution_id, key)
                for body in node.bodies
                if body.id in progress.open
            }
    return _body_out(plan, node.bodies[0], execution_id, key_of(node.id, outer))


def _body_out(plan: Plan, body: Body, execution_id: str, inside: str) -> Any:
    return body_output(plan, body, known_after_body(plan, body, execution_id, inside))


def _items_out(plan: Plan, body: Body, execution_id: str, key: str, total: int) -> list[Any]:
    outer = indexes_of(key)
    if body.output is not None:
        inside = [key_of(key.partition("[")[0], (*outer, index)) for index in range(total)]
        return [_body_out(plan, body, execution_id, each) for each in inside]
    terminals = plan.terminals(body.id)
    return [
        body_output(plan, body, Known(outputs=outputs))
        for outputs in rounds_of(plan, execution_id, terminals, outer, total)
    ]
