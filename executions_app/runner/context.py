"""The context a body sees, wired to the tables.  Reads only what is asked for."""

from __future__ import annotations

import logging
from collections.abc import Callable, Mapping, MutableMapping
from copy import deepcopy
from typing import Any

from executions_app import rows
from executions_app.engine.data import Known
from executions_app.engine.progress import holder_of
from executions_app.models import Execution
from executions_app.models.value_field import resolved
from executions_app.recording.values import outputs_of
from executions_app.rows import ExecutionValues
from executions_app.runner.claim import Claim
from executions_app.runner.told import Told
from workflows_app.authoring.context import StepContext
from workflows_app.interface import find_connection
from workflows_app.language.plan import NodeKind, Plan, face_of, node_of


class StepLogger(logging.LoggerAdapter[logging.Logger]):
    """Writes to Python's logging, and keeps the lines for the execution's own log."""

    def __init__(self, told: Told, extra: Mapping[str, Any]) -> None:
        super().__init__(logging.getLogger("celeriac.step"), dict(extra))
        self._told = told

    def log(self, level: int, msg: object, *args: Any, **kwargs: Any) -> None:
        """Keep one line; ``extra=`` becomes its data."""
        self._told.log(
            logging.getLevelName(level).lower(),
            str(msg) % args if args else str(msg),
            kwargs.get("extra") or {},
        )
        super().log(level, msg, *args, **kwargs)

    def note(self, level: str, message: str, data: Mapping[str, Any]) -> None:
        """Keep one line of a tool's, whose data may use any names."""
        self._told.log(level, message, data)
        number = logging.getLevelNamesMapping().get(level.upper(), logging.INFO)
        super().log(number, "%s", message, extra={"data": dict(data)})

    def process(
        self, msg: Any, kwargs: MutableMapping[str, Any]
    ) -> tuple[Any, MutableMapping[str, Any]]:
        """Add which step speaks."""
        return msg, {**kwargs, "extra": {**dict(self.extra or {}), **(kwargs.get("extra") or {})}}


def context_for(
    claim: Claim,
    plan: Plan,
    execution: ExecutionValues,
    known: Known,
    *,
    told: Told,
    is_cancelled: Callable[[], bool],
) -> StepContext:
    """Return the context of one attempt; its ``input_data`` comes later."""

    def init_data() -> Any:
        if known.inputs is not None:
            return known.inputs
        found = Execution.objects.values_list("input", flat=True).get(pk=claim.execution_id)
        return resolved(found, of="the execution's input")

    def connection(toolkit: str) -> str | None:
        found = find_connection(execution.owner_id, toolkit)
        return found.account_id if found else None

    def output(node_id: str) -> Any:
        if node_id not in plan.by_id:
            return None
        found = outputs_of(plan, claim.execution_id, [node_id], seen_from=claim.node_id)
        return found.get(node_id)

    resumed = _resumed(claim, plan)
    return StepContext(
        input_data=None,
        run_id=claim.execution_id,
        workflow_id=execution.workflow_id,
        step_id=face_of(node_of(claim.node_id)),
        resource_id=execution.resource_id or None,
        # A copy, however deep, so that what the body sets can be told apart.
        runtime_context=deepcopy(dict(known.context)),
        state=deepcopy(dict(known.state)),
        retry_count=claim.attempt - 1,
        index=known.index,
        iteration_count=known.iteration,
        resume_data=resumed["resume_data"],
        suspend_data=resumed["suspend_payload"],
        # Without the attempt's number: whoever receives it can drop repeats of the same step.
        idempotency_key=f"{claim.execution_id}:{claim.node_id}",
        restart=claim.deaths + claim.stops > 0,
        logger=StepLogger(
            told,
            {"run_id": claim.execution_id, "node_id": claim.node_id, "attempt": claim.attempt},
        ),
        write=told.write,
        read_output=output,
        read_init_data=init_data,
        is_cancelled=is_cancelled,
        find_connection=connection,
    )


def _resumed(claim: Claim, plan: Plan) -> dict[str, Any]:
    """Return what a resumed run was told; the first steps of a wait's body get its event."""
    nothing = {"resume_data": None, "suspend_payload": None}
    if claim.was_resumed:
        return rows.read_step_values(claim.execution_id, claim.node_id, *nothing) or nothing
    holder = holder_of(plan, claim.node_id)
    if holder is None or holder.node.kind is not NodeKind.WAIT:
        return nothing
    found = rows.read_step_values(claim.execution_id, holder.key, "resume_data")
    return nothing | (found or {})
