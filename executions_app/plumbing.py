"""What needs no worker: mappings, and the result of a workflow, evaluated while recording.

Reads values inside the recording's transaction and returns facts; writes nothing.
"""

from __future__ import annotations

from typing import Any

from executions_app.engine.data import MappingFailed, mapped, no_callables, node_input, result
from executions_app.engine.events import Event, ExecutionCompleted, ExecutionFailed, StepCompleted
from executions_app.engine.failures import classify
from executions_app.engine.outcomes import settled_badly
from executions_app.engine.preview import OutputRefused, check_size
from executions_app.values import known_at_the_end, read_values
from workflows_app.language.plan import Plan, PlanNode


def map_node(plan: Plan, node: PlanNode, execution_id: str) -> tuple[Event, dict[str, Any]]:
    """Return how the mapping ``node`` settles, and the columns its row gets."""
    _, known = read_values(node, execution_id)
    value = None
    try:
        value = node_input(plan, node, known, call=no_callables)
        output = check_size(mapped(plan, node, value, known, call=no_callables))
    except (MappingFailed, *OutputRefused) as error:
        failure = classify(error).failure
        fact = settled_badly(node, failure, attempt=1)
        return fact, {"input": value, "error": failure.to_json()}
    return StepCompleted(node_id=node.id, output=output), {"input": value, "output": output}


def ending_of(plan: Plan, execution_id: str) -> ExecutionCompleted | ExecutionFailed:
    """Return how an execution ends all of whose steps went well: its result may still fail."""
    known = known_at_the_end(plan, execution_id)
    try:
        return ExecutionCompleted(output=check_size(result(plan, known)))
    except (MappingFailed, *OutputRefused) as error:
        return ExecutionFailed(failure=classify(error).failure)
