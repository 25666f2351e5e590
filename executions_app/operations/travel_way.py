"""The way to the step that somebody travels to: which run in which execution.  Reads plans only."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from executions_app.errors import UnknownStep
from executions_app.operations.failed_steps import StepName, name_of, parts_of
from workflows_app.interface import find_version, get_plan
from workflows_app.language.plan import (
    BODY_SUFFIX,
    REPEATED,
    NodeKind,
    Plan,
    PlanNode,
    face_of,
    indexes_of,
    node_of,
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Way:
    """A node of one execution, and the way on inside it."""

    plan: Plan
    node: PlanNode
    rounds: tuple[int, ...] = ()
    """In which rounds around the node, as far as somebody has said."""
    inner: Way | None = None
    """The way inside the nested workflow that the node is."""

    @property
    def target(self) -> Way:
        """The way's last node, with its plan."""
        return self if self.inner is None else self.inner.target

    @property
    def name(self) -> str:
        """The ids on the way down, joined by dots."""
        here = face_of(self.node.id)
        return here if self.inner is None else f"{here}.{self.inner.name}"


def way_to(plan: Plan, step: StepName) -> Way:
    """Return the way to ``step``: an id, a path of ids and rounds (a list, or dotted), or a key.

    Raises:
        UnknownStep: if there is no such step, with those there are.
    """
    parts = [] if step is None else [part for part in parts_of(step) if part]
    found = _way(plan, parts) if parts else None
    if found is None:
        known = [face_of(node.id) for node in plan.nodes if not node.is_internal]
        raise UnknownStep("" if step is None else name_of(step), known)
    return found


def find_node(plan: Plan, name: str) -> PlanNode | None:
    """Return the node that people call ``name``."""
    return plan.by_id.get(name)


def _way(plan: Plan, parts: Sequence[str]) -> Way | None:
    """Follow ``parts`` as far down as they lead; ids may hold dots, so the longest one counts."""
    for cut in range(len(parts[0]), 0, -1):
        if cut < len(parts[0]) and parts[0][cut] != ".":
            continue
        key = parts[0][:cut]
        node = find_node(plan, node_of(key))
        if node is None:
            continue
        rest = [parts[0][cut + 1 :], *parts[1:]] if cut < len(parts[0]) else list(parts[1:])
        found = _on(plan, node, indexes_of(key), rest)
        if found is not None:
            return found
    return None


def _on(plan: Plan, node: PlanNode, rounds: tuple[int, ...], rest: list[str]) -> Way | None:
    while rest and rest[0].isdigit():
        rounds, rest = (*rounds, int(rest[0])), rest[1:]
    if len(rounds) > _rounds_around(plan, node):
        inside = plan.by_id.get(node.id + BODY_SUFFIX)
        if inside is not None and len(rounds) <= _rounds_around(plan, inside):
            node = inside
        elif not rest:
            return None
    if not rest:
        return Way(plan=plan, node=node, rounds=rounds)
    if node.bodies:
        inner = _way(plan, rest)
        is_inside = inner is not None and node in plan.around[inner.node.id]
        if inner is not None and is_inside:
            return Way(plan=plan, node=inner.node, rounds=rounds or inner.rounds, inner=inner.inner)
        inside = plan.by_id.get(node.id + BODY_SUFFIX)
        node = inside if inside is not None else node
    if node.kind is not NodeKind.WORKFLOW:
        return None
    version = find_version(node.ref, number=node.version)
    deeper = None if version is None else _way(get_plan(version.pk), rest)
    return None if deeper is None else Way(plan=plan, node=node, rounds=rounds, inner=deeper)


def _rounds_around(plan: Plan, node: PlanNode) -> int:
    return sum(it.kind in REPEATED for it in plan.around[node.id])
