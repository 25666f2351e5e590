"""Reading the values a node's sources look at, and no others."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from executions_app import rows
from executions_app.engine.data import Known, needed_steps
from executions_app.rows import ExecutionValues
from workflows_app.language.plan import Plan, PlanNode


def outputs_of(execution_id: str, node_ids: Iterable[str]) -> dict[str, Any]:
    """Return the outputs of those of ``node_ids`` that have settled, in the document's order."""
    wanted = sorted(node_ids)
    return rows.read_outputs(execution_id, wanted) if wanted else {}


def read_values(node: PlanNode, execution_id: str) -> tuple[ExecutionValues, Known]:
    """Return whose execution it is, and what ``node`` may look at."""
    needs_input = node.reads_inputs or (not node.needs and node.reads_handover)
    values = rows.read_execution(execution_id, with_input=needs_input)
    known = Known(
        inputs=values.input,
        outputs=outputs_of(execution_id, needed_steps(node)),
        context=values.runtime_context,
        state=values.state,
    )
    return values, known


def known_at_the_end(plan: Plan, execution_id: str) -> Known:
    """Return what a workflow's result may look at."""
    read = plan.terminals() if plan.output is None else plan.output_reads
    if plan.output is None:
        return Known(outputs=outputs_of(execution_id, read))
    values = rows.read_execution(execution_id, with_input=True)
    return Known(
        inputs=values.input,
        outputs=outputs_of(execution_id, read),
        context=values.runtime_context,
        state=values.state,
    )
