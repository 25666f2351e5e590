"""Where a new execution waits for its turn: the lane that the workflow's key gives it."""

from __future__ import annotations

import hashlib
from typing import Final

from executions_app.engine.events import ExecutionQueued
from executions_app.errors import InputInvalid, LaneUnknown
from executions_app.models import Execution
from executions_app.recording.admission import limits_in_force
from workflows_app.interface import get_plan
from workflows_app.language.admission import MAX_PRIORITY
from workflows_app.language.expressions import ExpressionError, evaluate
from workflows_app.language.plan import canonical_json

#: Longer values of a key are known by their hash.
MAX_LANE_CHARS: Final = 200


def line_up(
    execution: Execution, *, published_id: int | None, priority: int | None, per_step: bool
) -> ExecutionQueued | None:
    """Give ``execution`` its priority and its lane; return the fact that it waits, or ``None`` if
    nothing bounds when it begins.

    Raises:
        InputInvalid: if ``priority`` is none.
        LaneUnknown: if the workflow's key has no value for this input.
    """
    limits = limits_in_force(published_id)
    execution.priority = limits.priority if priority is None else _checked(priority)
    if published_id is None or not limits.is_limited:
        return None
    execution.lane = "" if limits.key is None else _value(limits.key, published_id, execution)
    return ExecutionQueued(
        lane=execution.lane,
        limit=limits.limit,
        start_limit=limits.start_limit,
        start_seconds=limits.start_seconds,
        priority=execution.priority,
        per_step=per_step,
    )


def _checked(priority: int) -> int:
    if not isinstance(priority, int) or isinstance(priority, bool) or abs(priority) > MAX_PRIORITY:
        problem = f"write a whole number from -{MAX_PRIORITY} to {MAX_PRIORITY}"
        raise InputInvalid([("priority", problem)], what="priority")
    return priority


def _value(key: str, published_id: int, execution: Execution) -> str:
    known = {
        "inputs": execution.input,
        "input": execution.input,
        "context": execution.runtime_context,
        "configs": get_plan(published_id).configs,
    }
    try:
        value = evaluate(key, known)
    except ExpressionError as error:
        raise LaneUnknown(key, str(error)) from None
    text = value if isinstance(value, str) else canonical_json(value)
    if len(text) <= MAX_LANE_CHARS:
        return text
    return f"sha256:{hashlib.sha256(text.encode()).hexdigest()}"
