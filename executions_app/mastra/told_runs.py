"""Which runs Mastra has chunks for: it knows steps, and nothing of what we build blocks from."""

from __future__ import annotations

from workflows_app.language.plan import NodeKind, Plan, face_of, indexes_of, key_of, node_of

#: What is inside these is told, and they are not.
_UNTOLD = frozenset({NodeKind.BRANCH, NodeKind.LOOP})
#: These begin by waiting, so their waiting is told and no start.
_WAITING_FIRST = frozenset({NodeKind.SLEEP, NodeKind.WAIT})
#: What a run that stands for its container is told of itself.
_OF_THE_INSIDE = frozenset({"step_suspended", "step_resumed", "step_output"})


def is_told(plan: Plan, key: str, event_type: str) -> bool:
    """Return whether Mastra has a chunk for this event of the run ``key``."""
    node = plan.by_id.get(node_of(key))
    if node is None:  # of a version that the execution has left
        return True
    if node.kind in _UNTOLD:
        return False
    match event_type:
        case "step_scheduled" if node.kind in _WAITING_FIRST:
            return False
        case "step_waiting" if node.kind is NodeKind.WORKFLOW:
            return False
        case "step_progress":
            return node.kind is NodeKind.FOREACH
    return stands_for(plan, key) == key or event_type in _OF_THE_INSIDE


def stands_for(plan: Plan, key: str) -> str:
    """Return the run that people see in ``key``: itself, or the container that was named after
    the one step it holds."""
    node = plan.by_id.get(node_of(key))
    if node is None or not node.body or face_of(node.id) != plan.container[node.body].id:
        return key
    holder = plan.container[node.body]
    indexes = indexes_of(key)
    return key_of(holder.id, indexes[:-1] if holder.kind is NodeKind.FOREACH else indexes)
