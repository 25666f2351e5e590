"""Which runs are done again, and which are at work again, when somebody has part of an execution
repeated.  Pure; refuses to guess what somebody means: the keys come in.

*Reset* runs count as if they had never been.  *Reopened* ones, containers and nested workflows
mostly, keep what they have and are at work again.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass

from executions_app.engine.progress import holder_of, holders
from executions_app.engine.state import ExecutionState, NodeState
from executions_app.engine.statuses import UNSETTLED, NodeStatus
from workflows_app.language.plan import CONTAINERS, Plan, indexes_of, key_of, node_of


@dataclass(frozen=True, slots=True, kw_only=True)
class Reopening:
    """The two lists of an ``ExecutionReopened``."""

    resets: tuple[str, ...] = ()
    reopens: tuple[str, ...] = ()
    """Outermost first."""


def broken(plan: Plan, state: ExecutionState, *, within: str = "", held: bool = False) -> list[str]:
    """Return the innermost runs inside ``within`` that keep it from going on: those that failed
    for good or were cancelled.  With ``held`` also those that have not settled.

    A container stands for itself only where nothing inside it is to blame.
    """
    inside = _by_holder(plan, state)

    def descend(outer: str) -> list[str]:
        found: list[str] = []
        for key in inside.get(outer, ()):
            it = state.nodes[key]
            if not is_broken(plan, key, it) and not (held and it.status in UNSETTLED):
                continue
            found += descend(key) or [key]
        return found

    return descend(within)


def reopening(
    plan: Plan,
    state: ExecutionState,
    keys: Iterable[str],
    *,
    going_on: Collection[str] = frozenset(),
    with_what_follows: bool,
) -> Reopening:
    """Return what happens to the runs of a whole ``state`` when those of ``keys`` are done again.

    Those of ``going_on`` among them keep what they have, and so does a container that had begun
    and is itself to blame.  ``with_what_follows`` repeats everything after them too; without it
    nothing that has settled well is touched.
    """
    inside = _by_holder(plan, state)
    resets: set[str] = set()
    reopens: set[str] = set()

    def forget(key: str) -> None:
        todo = [key]
        while todo:
            resets.add(each := todo.pop())
            todo += inside.get(each, ())

    moved = list(keys)
    for key in moved:
        reopens.add(key) if key in going_on else forget(key)
    seen: set[str] = set()
    while moved:
        if (key := moved.pop()) in seen:
            continue
        seen.add(key)
        holder = holder_of(plan, key)
        if holder is not None:
            reopens.add(holder.key)
            moved.append(holder.key)
        if with_what_follows:
            for after in _successors(plan, key):
                if after in state.nodes:
                    forget(after)
                    moved.append(after)
    return Reopening(resets=in_order(plan, resets), reopens=in_order(plan, reopens - resets))


def keeps_progress(plan: Plan, state: ExecutionState, key: str) -> bool:
    """Whether the run is of a container that has begun, so that it can go on where it stood."""
    node = plan.by_id[node_of(key)]
    return node.kind in CONTAINERS and state.node(key).progress is not None


def is_broken(plan: Plan, key: str, it: NodeState) -> bool:
    """Whether the run came to an end that nothing can follow."""
    for_good = plan.by_id[node_of(key)].on_error == "fail"
    return it.status is NodeStatus.CANCELLED or (it.status is NodeStatus.FAILED and for_good)


def has_settled_well(plan: Plan, key: str, it: NodeState) -> bool:
    """Whether what needs the run may begin."""
    if it.status is NodeStatus.FAILED:
        return plan.by_id[node_of(key)].on_error != "fail"
    return it.status in (NodeStatus.COMPLETED, NodeStatus.SKIPPED)


def _by_holder(plan: Plan, state: ExecutionState) -> Mapping[str, list[str]]:
    """Return the keys that stand directly inside each container run, in order."""
    found: dict[str, list[str]] = defaultdict(list)
    for key in in_order(plan, state.nodes):
        holder = next(holders(plan, key), None)
        found[holder.key if holder else ""].append(key)
    return found


def _successors(plan: Plan, key: str) -> list[str]:
    indexes = indexes_of(key)
    return [key_of(successor, indexes) for successor in plan.successors[node_of(key)]]


def in_order(plan: Plan, keys: Iterable[str]) -> tuple[str, ...]:
    """Return keys in the order of the document, and of rounds."""
    return tuple(sorted(keys, key=lambda key: (plan.position[node_of(key)], indexes_of(key))))
