"""Reading the values a node's sources look at, and no others."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from executions_app.engine.data import Known, needed_steps
from executions_app.engine.state import NodeStatus
from executions_app.models import Execution, StepRun
from workflows_app.language.plan import Plan, PlanNode

#: What a step that did not complete hands on, where the definition goes on without it.
_SETTLED_WELL = (NodeStatus.COMPLETED, NodeStatus.SKIPPED, NodeStatus.FAILED)


def outputs_of(execution_id: str, node_ids: Iterable[str]) -> dict[str, Any]:
    """Return the outputs of those of ``node_ids`` that have settled, in the document's order."""
    wanted = list(node_ids)
    if not wanted:
        return {}
    rows = StepRun.objects.filter(
        execution_id=execution_id, node_id__in=wanted, status__in=_SETTLED_WELL
    )
    return dict(rows.order_by("position").values_list("node_id", "output"))


def known_to(node: PlanNode, execution_id: str) -> Known:
    """Return what ``node`` may look at."""
    needs_input = node.reads_inputs or (not node.needs and node.reads_handover)
    fields = ("runtime_context", "state", *(("input",) if needs_input else ()))
    row = Execution.objects.filter(pk=execution_id).values(*fields).get()
    return Known(
        inputs=row.get("input"),
        outputs=outputs_of(execution_id, needed_steps(node)),
        context=row["runtime_context"],
        state=row["state"],
    )


def known_at_the_end(plan: Plan, execution: Execution) -> Known:
    """Return what a workflow's result may look at."""
    read = plan.terminals if plan.output is None else plan.output_reads
    row = Execution.objects.filter(pk=execution.pk).values("input", "runtime_context", "state")
    values = row.get() if plan.output is not None else {}
    return Known(
        inputs=values.get("input"),
        outputs=outputs_of(execution.pk, read),
        context=values.get("runtime_context", {}),
        state=values.get("state", {}),
    )
