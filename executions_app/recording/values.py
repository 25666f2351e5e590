"""Reading the values a node's sources look at, and no others."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

from executions_app import rows
from executions_app.engine.data import Known, needed_steps
from executions_app.engine.progress import holders
from executions_app.rows import ExecutionValues
from workflows_app.language.plan import (
    REPEATED,
    Body,
    NodeKind,
    Plan,
    PlanNode,
    indexes_of,
    key_of,
    node_of,
)


def outputs_of(
    plan: Plan, execution_id: str, node_ids: Iterable[str], *, seen_from: str = ""
) -> dict[str, Any]:
    """Return the outputs of those of ``node_ids`` that have settled, in the document's order.

    Which run of a node inside a loop is meant depends on the run ``seen_from``: the one in the
    same round, else the last.
    """
    rounds = _rounds(plan, seen_from) if seen_from else {}
    return outputs_in(plan, execution_id, node_ids, rounds=rounds)


def outputs_in(
    plan: Plan, execution_id: str, node_ids: Iterable[str], *, rounds: Mapping[str, int]
) -> dict[str, Any]:
    """Return outputs like :func:`outputs_of`, as seen from the given round of each repeated
    container, by its id."""
    keys = keys_in(plan, execution_id, node_ids, rounds=rounds)
    if not keys:
        return {}
    found = rows.read_outputs(execution_id, list(keys), forgiven=_forgiven(plan, keys))
    return {keys[key]: output for key, output in found.items()}


def keys_in(
    plan: Plan, execution_id: str, node_ids: Iterable[str], *, rounds: Mapping[str, int]
) -> dict[str, str]:
    """Return the keys of the runs of ``node_ids`` that are within reach -> the node's id."""
    return {
        key: node_id
        for node_id in sorted(set(node_ids))
        if (key := _within_reach(plan, execution_id, node_id, rounds)) is not None
    }


def read_values(
    plan: Plan, node: PlanNode, execution_id: str, key: str
) -> tuple[ExecutionValues, Known]:
    """Return whose execution it is, and what the run ``key`` of ``node`` may look at."""
    starts_here = not node.needs and not node.body and node.reads_handover
    values = rows.read_execution(execution_id, with_input=node.reads_inputs or starts_here)
    known = Known(
        inputs=values.input,
        outputs=outputs_of(plan, execution_id, needed_steps(node), seen_from=key),
        context=values.runtime_context,
        state=values.state,
        **_surroundings(plan, node, execution_id, key),
    )
    return values, known


def known_at_the_end(plan: Plan, execution_id: str) -> Known:
    """Return what a workflow's result may look at."""
    if plan.output is None:
        return Known(outputs=outputs_of(plan, execution_id, plan.terminals()))
    values = rows.read_execution(execution_id, with_input=True)
    return Known(
        inputs=values.input,
        outputs=outputs_of(plan, execution_id, plan.output_reads),
        context=values.runtime_context,
        state=values.state,
    )


def known_after_body(plan: Plan, body: Body, execution_id: str, inside: str) -> Known:
    """Return what the output of ``body`` may look at; ``inside`` is the key that a run of its
    container would have were it one of its nodes: the container's, with the round."""
    read = plan.terminals(body.id) if body.output is None else body.output_reads
    container = plan.container[body.id]
    # From the containers: the first step that is read may stand outside of all of them.
    around = [it.id for it in (*plan.around[container.id], container) if it.kind in REPEATED]
    rounds = dict(zip(around, indexes_of(inside), strict=True))
    outputs = outputs_in(plan, execution_id, read, rounds=rounds)
    if body.output is None:
        return Known(outputs=outputs)
    values = rows.read_execution(execution_id, with_input=True)
    handed: dict[str, Any] = {}
    if container.kind is NodeKind.FOREACH:
        *outer, index = indexes_of(inside)
        item = rows.read_item(execution_id, key_of(container.id, outer), index)
        handed = {"item": item, "index": index}
    return Known(
        inputs=values.input,
        outputs=outputs,
        context=values.runtime_context,
        state=values.state,
        **handed,
    )


def rounds_of(
    plan: Plan, execution_id: str, node_ids: Sequence[str], outer: tuple[int, ...], total: int
) -> Iterator[dict[str, Any]]:
    """Yield, for each of ``total`` rounds, the outputs of ``node_ids`` in it."""
    for start in range(0, total, 200):
        part = range(start, min(total, start + 200))
        keys = [key_of(node_id, (*outer, index)) for index in part for node_id in node_ids]
        found = rows.read_outputs(execution_id, keys, forgiven=_forgiven(plan, keys))
        for index in part:
            yield {
                node_id: found[key]
                for node_id in node_ids
                if (key := key_of(node_id, (*outer, index))) in found
            }


def _forgiven(plan: Plan, keys: Iterable[str]) -> frozenset[str]:
    """Return those of ``keys`` whose failure the definition does without."""
    return frozenset(key for key in keys if plan.by_id[node_of(key)].on_error != "fail")


def _surroundings(plan: Plan, node: PlanNode, execution_id: str, key: str) -> dict[str, Any]:
    """Return what the containers around a run give it to look at."""
    if not node.body and node.kind is not NodeKind.LOOP:
        return {}
    found: dict[str, Any] = {}
    for number, holder in enumerate(holders(plan, key)):
        match holder.node.kind:
            case NodeKind.LOOP:
                found.setdefault("iteration", int(holder.label) + 1)
            case NodeKind.FOREACH if "index" not in found:
                found["index"] = int(holder.label)
                hands_item = number == 0 and not node.needs and node.reads_handover
                if node.reads_item or hands_item:
                    found["item"] = rows.read_item(execution_id, holder.key, found["index"])
        if number == 0 and not node.needs and node.reads_handover:
            found["handed"] = (
                found.get("item")
                if holder.node.kind is NodeKind.FOREACH
                else _input_of(execution_id, holder.key)
            )
    return found


def _input_of(execution_id: str, key: str) -> Any:
    values = rows.read_step_values(execution_id, key, "input")
    return None if values is None else values["input"]


def _within_reach(
    plan: Plan, execution_id: str, node_id: str, mine: Mapping[str, int]
) -> str | None:
    """Return the key of the run of ``node_id`` that is meant in ``mine``, the rounds of those
    containers around it in which the reader stands too."""
    around = [it for it in plan.around.get(node_id, ()) if it.kind in REPEATED]
    if not around:
        return node_id
    indexes: list[int] = []
    for container in around:
        if container.id in mine:
            indexes.append(mine[container.id])
            continue
        progress = rows.read_progress(execution_id, key_of(container.id, indexes))
        if progress is None or progress.next == 0:
            return None
        indexes.append(progress.next - 1)
    return key_of(node_id, indexes)


def _rounds(plan: Plan, key: str) -> dict[str, int]:
    """Return in which round of each repeated container around it the run ``key`` is."""
    around = [it.id for it in plan.around[node_of(key)] if it.kind in REPEATED]
    return dict(zip(around, indexes_of(key), strict=True))
