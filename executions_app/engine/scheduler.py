"""Deciding what happens next.  Pure: no clock, no database, no queue.

What depends on values is not decided here: ``gathered`` names the containers that owe an output,
and a node that becomes scheduled owes an outcome, whoever works it out.
"""

from __future__ import annotations

from collections.abc import Iterator

from executions_app.engine.events import (
    Event,
    ExecutionCancelled,
    ExecutionCompleted,
    ExecutionFailed,
    ExecutionPaused,
    ExecutionResumed,
    ExecutionSuspended,
    ExecutionWaiting,
    StepCancelled,
    StepFailed,
    StepProgress,
    StepScheduled,
)
from executions_app.engine.evolve import evolve
from executions_app.engine.failures import Failure
from executions_app.engine.limits import DEFAULTS, Limits
from executions_app.engine.outcomes import settled_badly
from executions_app.engine.progress import Progress, holders, order_of
from executions_app.engine.state import ExecutionState, NodeState
from executions_app.engine.statuses import FINAL, ExecutionStatus, NodeStatus
from workflows_app.language.plan import (
    CONTAINERS,
    REPEATED,
    NodeKind,
    Plan,
    PlanNode,
    indexes_of,
    key_of,
    node_of,
)

S, E = NodeStatus, ExecutionStatus

#: Stands where the journal puts the failed step's own error, which a state does not hold.
ERROR_IN_HISTORY = Failure(name="StepFailed", message="", code="step.failed")
TIMED_OUT = Failure(
    name="ExecutionTimeout",
    message="the execution took longer than its timeout allows",
    code="execution.timeout",
)


def advance(
    plan: Plan, state: ExecutionState, *, limits: Limits = DEFAULTS
) -> tuple[list[Event], ExecutionState]:
    """Return the facts that follow from ``state``, and the state after them.

    Looks at the nodes that ``state`` holds and no others, so its cost is theirs.  A fixed point:
    advancing the returned state gives nothing more.
    """
    found: list[Event] = []
    while facts := _next(plan, state, limits):
        for fact in facts:
            state = evolve(plan, state, fact)
        found += facts
    return found, state


def gathered(plan: Plan, state: ExecutionState) -> list[str]:
    """Return the keys of the containers whose bodies have all settled: each owes an output."""
    if state.stopping is not None or state.status is E.PAUSED:
        return []
    return [
        key for key, it, progress in _open_containers(plan, state) if _is_over(key, plan, progress)
    ]


def _next(plan: Plan, state: ExecutionState, limits: Limits) -> list[Event]:
    """Return what follows at once; each kind of consequence waits for those before it."""
    if state.status in FINAL or state.status is E.PAUSED:
        return []
    if state.status is E.PENDING:
        return [ExecutionCancelled()] if state.stopping else []  # its turn has not come
    if state.stopping is None:
        ready = _ready(plan, state)
        if ready and state.stepping == 2:
            return [] if state.live else [ExecutionPaused()]
        if state.stepping:
            ready = [] if state.live or state.timers else ready[:1]
        if ready:
            return _scheduled(state, ready, limits)
    inside = [fact for key in _in_order(plan, state) for fact in _inside(plan, state, key, limits)]
    if inside:
        return inside
    if gathered(plan, state):
        return []
    return _standing(plan, state)


def _scheduled(state: ExecutionState, keys: list[str], limits: Limits) -> list[Event]:
    """Return the facts that begin ``keys``; those beyond the limit of runs fail at once."""
    room = max(0, limits.steps - state.begun)
    facts: list[Event] = [StepScheduled(node_id=key) for key in keys]
    failure = _too_many_runs(limits.steps)
    return facts + [StepFailed(node_id=key, failure=failure) for key in keys[room:]]


def _too_many_runs(limit: int) -> Failure:
    return Failure(
        name="StepLimit",
        message=f"an execution may run {limit:,} steps, rounds counted each, and has; "
        "do part of the work in workflows of their own",
        code="step.limit",
        details={"limit": limit},
    )


def _ready(plan: Plan, state: ExecutionState) -> list[str]:
    return sorted(
        (
            key
            for key, it in state.nodes.items()
            if it.status is S.PENDING and it.met >= plan.by_id[node_of(key)].required
        ),
        key=lambda key: (plan.position[node_of(key)], indexes_of(key)),
    )


# -- containers -------------------------------------------------------------------------------


def _open_containers(
    plan: Plan, state: ExecutionState
) -> Iterator[tuple[str, NodeState, Progress]]:
    for key, it in state.nodes.items():
        is_container = plan.by_id[node_of(key)].kind in CONTAINERS
        if is_container and it.status is S.RUNNING and it.progress is not None:
            yield key, it, it.progress


def _in_order(plan: Plan, state: ExecutionState) -> list[str]:
    found = (key for key, _, _ in _open_containers(plan, state))
    return sorted(found, key=lambda key: order_of(plan, key))


def _inside(plan: Plan, state: ExecutionState, key: str, limits: Limits) -> list[Event]:
    """Return what follows inside the open container ``key``: rounds that end, rounds that begin,
    bodies that open, and its own end where no value is needed."""
    node, it = plan.by_id[node_of(key)], state.nodes[key]
    progress = it.progress or Progress()
    if state.stopping is not None:
        is_idle = not any(progress.open.values())
        return [StepCancelled(node_id=key, attempt=it.attempt)] if is_idle else []
    if node.kind in REPEATED:
        settled = _settled_rounds(node, key, progress)
        if settled:
            return settled
    if _owes_a_decision(node, progress):
        return [StepScheduled(node_id=key)]
    if progress.failed and not progress.todo and not any(progress.open.values()):
        within = progress.failed
        return [settled_badly(node, ERROR_IN_HISTORY, key=key, attempt=it.attempt, within=within)]
    return _scheduled(state, _opening(plan, node, key, progress), limits)


def _owes_a_decision(node: PlanNode, progress: Progress) -> bool:
    """Whether a loop is at work again whose condition could not be worked out."""
    has_run = not progress.open and 0 < progress.total <= progress.done
    return node.kind is NodeKind.LOOP and has_run and not progress.is_doomed


def _settled_rounds(node: PlanNode, key: str, progress: Progress) -> list[Event]:
    rounds = sorted(int(label) for label, count in progress.open.items() if count == 0)
    if node.kind is NodeKind.LOOP and progress.is_doomed:
        return []
    return [
        StepProgress(
            node_id=key,
            current_index=index,
            completed_count=progress.done + number,
            total_count=progress.total if node.kind is NodeKind.FOREACH else None,
            iteration_status=_came_to(progress, index),
        )
        for number, index in enumerate(rounds, start=1)
    ]


def _came_to(progress: Progress, index: int) -> str:
    for run, word in ((progress.failed, "failed"), (progress.bailed, "bailed")):
        if run and indexes_of(run)[-1] == index:
            return word
    return "completed"


def _opening(plan: Plan, node: PlanNode, key: str, progress: Progress) -> list[str]:
    """Return the runs with which the bodies begin that may be opened now."""
    indexes = indexes_of(key)
    if node.kind not in REPEATED:
        return [key_of(entry, indexes) for body in progress.todo for entry in plan.entries(body)]
    found: list[str] = []
    body = node.bodies[0].id
    free = progress.concurrency - len(progress.open)
    for index in range(progress.next, min(progress.total, progress.next + free)):
        if progress.is_doomed or not progress.may_begin(index):
            break
        found += [key_of(entry, (*indexes, index)) for entry in plan.entries(body)]
    return found


def _is_over(key: str, plan: Plan, progress: Progress) -> bool:
    """Whether an open container has nothing left to do but to put something out."""
    node = plan.by_id[node_of(key)]
    if progress.failed or progress.todo or any(progress.open.values()):
        return False
    if progress.bailed:
        return True
    match node.kind:
        case NodeKind.FOREACH:
            return progress.done >= progress.total
        case NodeKind.LOOP:
            return False  # its condition says when it is
    return True


# -- the execution ----------------------------------------------------------------------------


def _standing(plan: Plan, state: ExecutionState) -> list[Event]:
    """Return how the execution stands, now that nothing else follows, if that is news."""
    if state.live:
        wanted = E.RUNNING
    elif is_stuck_in_doom(state):
        return []  # what waits inside is given up first, for that may change how it ends
    elif _is_over_now(state):
        return [_ending(plan, state)]
    elif state.timers or state.listeners:
        wanted = E.WAITING
    elif state.suspended:
        wanted = E.SUSPENDED
    else:
        return []  # an open container that is not loaded here
    return [] if wanted is state.status else [_told(wanted)]


def _told(standing: ExecutionStatus) -> Event:
    match standing:
        case E.WAITING:
            return ExecutionWaiting()
        case E.SUSPENDED:
            return ExecutionSuspended()
    return ExecutionResumed()


def _is_over_now(state: ExecutionState) -> bool:
    if state.timers:
        return False
    if state.is_doomed:
        return True  # nobody's answer would change how it ends
    return not (state.listeners or state.suspended or state.containers)


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


def is_stuck_in_doom(state: ExecutionState) -> bool:
    """Whether all that is left are answers and events that a failed container still waits for."""
    if state.status in FINAL or not state.doomed or state.live or state.timers:
        return False
    return bool(state.suspended or state.listeners)


def abandoned(plan: Plan, state: ExecutionState) -> list[str]:
    """Return the keys of the runs that wait inside a container whose end is settled already."""
    doomed = {key for key, _, progress in _open_containers(plan, state) if progress.is_doomed}
    found = (
        key
        for key, it in state.nodes.items()
        if it.status in (S.WAITING, S.SUSPENDED)
        and any(holder.key in doomed for holder in holders(plan, key))
    )
    return sorted(found, key=lambda key: order_of(plan, key))
