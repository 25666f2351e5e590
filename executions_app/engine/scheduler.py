"""Deciding what happens next.  Pure: no clock, no database, no queue."""

from __future__ import annotations

from executions_app.engine.events import (
    Event,
    ExecutionCancelled,
    ExecutionCompleted,
    ExecutionFailed,
    StepScheduled,
)
from executions_app.engine.failures import Failure
from executions_app.engine.state import (
    ExecutionState,
    ExecutionStatus,
    NodeStatus,
    evolve,
)
from workflows_app.language.plan import Plan

#: Stands where the journal puts the failed step's own error, which a state does not hold.
ERROR_IN_HISTORY = Failure(name="StepFailed", message="", code="step.failed")
TIMED_OUT = Failure(
    name="ExecutionTimeout",
    message="the execution took longer than its timeout allows",
    code="execution.timeout",
)


def advance(plan: Plan, state: ExecutionState) -> tuple[list[Event], ExecutionState]:
    """Return the facts that follow from ``state``, and the state after them.

    Looks at the nodes that ``state`` holds and no others, so its cost is theirs.  A fixed point:
    advancing the returned state gives nothing more.
    """
    if state.status is not ExecutionStatus.RUNNING:
        return [], state
    facts: list[Event] = []
    if state.stopping is None:
        facts = [
            StepScheduled(node_id=node_id)
            for node_id in sorted(state.nodes, key=plan.position.__getitem__)
            if _is_ready(plan, state, node_id)
        ]
    if not facts and state.live == 0:
        facts = [_ending(plan, state)]
    for fact in facts:
        state = evolve(plan, state, fact)
    return facts, state


def _is_ready(plan: Plan, state: ExecutionState, node_id: str) -> bool:
    node = state.nodes[node_id]
    return node.status is NodeStatus.PENDING and node.met >= plan.by_id[node_id].required


def _ending(plan: Plan, state: ExecutionState) -> Event:
    match state.stopping:
        case "cancel":
            return ExecutionCancelled()
        case "timeout":
            return ExecutionFailed(failure=TIMED_OUT)
    if state.failed_position is not None:
        failed = plan.nodes[state.failed_position].id
        return ExecutionFailed(node_id=failed, failure=ERROR_IN_HISTORY)
    return ExecutionCompleted()
