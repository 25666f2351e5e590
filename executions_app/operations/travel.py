"""Bringing one execution, and those inside it on the way, back to before a step.  The caller holds
the recording, and has checked that nothing of it is at work.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from django.conf import settings

from executions_app.engine.data import no_callables
from executions_app.engine.decisions import Moment
from executions_app.engine.events import StepScheduled
from executions_app.engine.outcomes import Nests
from executions_app.engine.progress import Progress, holders
from executions_app.engine.reopening import Reopening, has_settled_well, in_order
from executions_app.engine.statuses import UNSETTLED, NodeStatus
from executions_app.errors import InputInvalid, StepNotApplicable
from executions_app.models import Item
from executions_app.operations.failed_steps import NOWHERE, failed_site
from executions_app.operations.reopen import Command, Site, nested_in, reopen, reopen_all
from executions_app.operations.supply import replace_value, supply
from executions_app.operations.travel_values import NOTHING, Values, inner_keys
from executions_app.operations.travel_way import Way
from executions_app.recording import plumbing
from executions_app.recording.frame import Frame
from executions_app.recording.outcome_facts import add_outcome
from executions_app.recording.values import read_values
from workflows_app.language.plan import (
    NodeKind,
    Plan,
    PlanNode,
    face_of,
    indexes_of,
    key_of,
    node_of,
)


def travel(
    frame: Frame, way: Way, values: Values, command: Command, *, per_step: bool = False
) -> None:
    """Put ``frame`` back to where the way's step is next, what comes before it as it came out, or
    as ``values`` say.

    Raises:
        StepNotApplicable: if a step before it was never reached, and nothing is given for it.
        InputInvalid: if there is an input, and no place for it.
    """
    frame.load_all()
    site = _site(frame, way, values)
    (first,) = site.keys[:1]
    goes_in = way.inner is not None and node_of(first) == way.node.id
    inner = _inner(frame, first, values) if goes_in else None
    if inner is not None:
        site.keeps.add(first)
    what = site.reopening(with_what_follows=True)
    gaps = _Gaps(frame, values, what).around(first)
    if values.has_input and not goes_in:
        gaps |= _input_of(frame, first, values.input_data)
    reopen(site, _with_gaps(frame, what, gaps), command, per_step=per_step)
    for inside in site.inside.values():
        reopen_all(inside, command)
    for key in in_order(frame.plan, gaps):
        _fill(frame, key, gaps[key], values, by=command.by)
    if goes_in and way.inner is not None:
        is_new = inner is None
        inner = inner or _begin_nested(frame, first)
        node = frame.plan.by_id[node_of(first)]
        travel(inner, way.inner, values.inside(node, first, is_new=is_new), command)


# -- what is done again -----------------------------------------------------------------------


def _site(frame: Frame, way: Way, values: Values) -> Site:
    """Return what is done again first: the step, or the container around it that starts over."""
    plan, state, used = frame.plan, frame.state, 0
    chain = [*plan.around[way.node.id], way.node]
    for container, inside in zip(chain, [*chain[1:], None], strict=True):
        key = key_of(container.id, way.rounds[:used])
        progress = state.node(key).progress
        if container.kind is NodeKind.FOREACH and progress is not None:
            if len(way.rounds) > used and way.rounds[used] < progress.next and inside is not None:
                used += 1
                continue
            if not _gets_other_items(container, values):
                return _items_again(frame, key)
        if inside is None or not _stays_open(container, inside, progress, plan, values):
            only = (
                (key_of(inside.body, way.rounds[:used]),)
                if inside is not None and container.kind is NodeKind.BRANCH
                else ()
            )
            return Site(frame, keys=[key], only=only)
    raise AssertionError("unreachable: the last of the chain is returned")


def _stays_open(
    container: PlanNode, inside: PlanNode, progress: Progress | None, plan: Plan, values: Values
) -> bool:
    """Whether a container keeps what it has, although something inside it is done again."""
    if progress is None or container.kind is NodeKind.LOOP:
        return False
    if container.kind is NodeKind.BRANCH:
        # Other data may make another choice; then its conditions are asked again.
        outside = any(container not in plan.around.get(name, ()) for name in values.outputs)
        is_entry = not inside.needs
        return inside.body in progress.open and not outside and not (values.has_input and is_entry)
    return True


def _gets_other_items(foreach: PlanNode, values: Values) -> bool:
    read = {*foreach.needs, *foreach.reads}
    return values.has_input or any(face_of(name) in values.outputs for name in read)


def _items_again(frame: Frame, key: str) -> Site:
    """Return that of a foreach only the items are done again that did not succeed."""
    site, _ = failed_site(frame, lambda place: True, around=NOWHERE, within=key, held=True)
    site.keys.insert(0, key)
    site.keeps.add(key)
    return site


def _inner(frame: Frame, key: str, values: Values) -> Frame | None:
    """Return the execution nested in the run ``key``, if there is one to go on in."""
    return None if values.is_new else nested_in(frame, key)


# -- what comes before, and beside ----------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class _Gaps:
    """Finds the runs that have no output, or get another one, so that the step can be next."""

    frame: Frame
    values: Values
    what: Reopening

    def around(self, first: str) -> dict[str, Any]:
        """Return key -> output, or ``_MADE_UP``, for the runs before and beside ``first``."""
        found: dict[str, Any] = {}
        missing: list[str] = []
        for key in (first, *(holder.key for holder in holders(self.frame.plan, first))):
            found |= self._beside(key, missing)
        if missing:
            raise StepNotApplicable(
                ", ".join(missing),
                "comes before it and was never reached; begin there, or give its output",
                status=NodeStatus.PENDING.value,
            )
        return found

    def _beside(self, key: str, missing: list[str]) -> Iterable[tuple[str, Any]]:
        plan, indexes = self.frame.plan, indexes_of(key)
        node = plan.by_id[node_of(key)]
        before, after = _before(plan, node), _after(plan, node)
        for other in plan.nodes:
            if other.body != node.body or other is node or other.id in after:
                continue
            mine = key_of(other.id, indexes)
            output = self.values.of(plan, other, mine)
            it = self.frame.state.node(mine)
            if output is not NOTHING:
                yield mine, output
            elif has_settled_well(plan, mine, it) or it.status in UNSETTLED:
                continue
            elif other.kind is NodeKind.MAP:
                continue  # made of what is there, once that is there
            elif it.status is NodeStatus.PENDING and other.id in before and not self.values.is_new:
                missing.append(face_of(other.id))
            else:
                yield mine, _MADE_UP


_MADE_UP: Any = object()


def _before(plan: Plan, node: PlanNode) -> set[str]:
    found: set[str] = set()
    todo = list(node.needs)
    while todo:
        if (need := todo.pop()) not in found:
            found.add(need)
            todo += plan.by_id[need].needs
    return found


def _after(plan: Plan, node: PlanNode) -> set[str]:
    found: set[str] = set()
    todo = list(plan.successors[node.id])
    while todo:
        if (successor := todo.pop()) not in found:
            found.add(successor)
            todo += plan.successors[successor]
    return found


def _with_gaps(frame: Frame, what: Reopening, gaps: Mapping[str, Any]) -> Reopening:
    """Return ``what`` with the runs that get another output at work again, to be completed, and
    mappings that broke forgotten, to be made anew."""
    plan, state = frame.plan, frame.state
    begun = {key for key in gaps if state.node(key).status is not NodeStatus.PENDING}
    maps = {
        key
        for key, it in state.nodes.items()
        if plan.by_id[node_of(key)].kind is NodeKind.MAP
        and it.status in (NodeStatus.FAILED, NodeStatus.CANCELLED)
        and not has_settled_well(plan, key, it)
        and key not in gaps
        and _is_in_scope(plan, key, what)
    }
    resets = {*what.resets, *maps} - begun
    reopens = {*what.reopens, *begun} - resets
    return Reopening(resets=in_order(plan, resets), reopens=in_order(plan, reopens))


def _is_in_scope(plan: Plan, key: str, what: Reopening) -> bool:
    holder = next(holders(plan, key), None)
    return holder is None or holder.key in what.reopens


def _fill(frame: Frame, key: str, output: Any, values: Values, *, by: str) -> None:
    node = frame.plan.by_id[node_of(key)]
    frame.write_rows()
    if output is _MADE_UP:
        output = _passed_through(frame, node, key) if node.kind is NodeKind.SLEEP else {}
    elif frame.state.node(key).progress is None:
        for inner, inside in inner_keys(frame.plan, node, key, values.outputs).items():
            supply(frame, inner, inside, by=by)
    supply(frame, key, output, by=by)


def _passed_through(frame: Frame, node: PlanNode, key: str) -> Any:
    """Return what a sleep puts out: what it receives."""
    _, known = read_values(frame.plan, node, frame.id, key)
    at = Moment(now=frame.now, limits=settings.LIMITS)
    return plumbing.received(frame.plan, node, frame.id, key, known, at, call=no_callables)


# -- the step's own input ---------------------------------------------------------------------


def _input_of(frame: Frame, key: str, value: Any) -> dict[str, Any]:
    """Make ``value`` what the run ``key`` receives; return the outputs with which that is done."""
    node, indexes = frame.plan.by_id[node_of(key)], indexes_of(key)
    if node.input is not None:
        raise _no_place(node, "its input is made by sources of its own")
    if len(node.needs) == 1 and not node.collect:
        return {key_of(node.needs[0], indexes): value}
    if node.needs:
        names = {face_of(need): need for need in node.needs}
        if not isinstance(value, Mapping) or not names.keys() >= value.keys():
            raise _no_place(node, f"it receives an object with the fields {sorted(names)}")
        return {key_of(names[name], indexes): item for name, item in value.items()}
    holder = next(holders(frame.plan, key), None)
    if holder is None:
        replace_value(frame, "input", value)
    elif holder.node.kind is NodeKind.FOREACH:
        index = int(holder.label)
        items = Item.objects.filter(execution_id=frame.id, node_id=holder.key, index=index)
        items.update(value=value)
    else:
        frame.values.setdefault(holder.key, {})["input"] = value
    return {}


def _no_place(node: PlanNode, why: str) -> InputInvalid:
    said = f"{face_of(node.id)!r} takes no input here: {why}; give the outputs of steps in context"
    return InputInvalid([("", said)])


# -- inside -----------------------------------------------------------------------------------


def _begin_nested(frame: Frame, key: str) -> Frame:
    """Begin the execution nested in the run ``key``, and return it before anything in it runs."""
    node = frame.plan.by_id[node_of(key)]
    frame.add(StepScheduled(node_id=key))
    frame.write_rows()
    _, known = read_values(frame.plan, node, frame.id, key)
    at = Moment(now=frame.now, limits=settings.LIMITS)
    value = plumbing.received(frame.plan, node, frame.id, key, known, at, call=no_callables)
    add_outcome(frame, node, key, Nests(input=value), attempt=1, value=value)
    inner = nested_in(frame, key)
    if inner is None:
        raise _no_place(node, "what it would receive does not fit its own inputs")
    inner.write_rows()
    return inner
