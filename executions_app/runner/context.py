"""The context a body sees, wired to the tables.  Reads only what is asked for."""

from __future__ import annotations

import logging
from collections.abc import Callable, Mapping, MutableMapping
from copy import deepcopy
from typing import Any

from executions_app.engine.data import Known
from executions_app.engine.storable import readable
from executions_app.models import Execution
from executions_app.rows import ExecutionValues
from executions_app.runner.claim import Claim
from executions_app.values import outputs_of
from workflows_app.authoring.context import StepContext
from workflows_app.authoring.datatypes import NotJson, to_json
from workflows_app.interface import find_connection

#: Lines one attempt may write; more are counted and dropped.
MAX_LOG_LINES = 1_000
Lines = list[tuple[str, str, Mapping[str, Any]]]


class StepLogger(logging.LoggerAdapter[logging.Logger]):
    """Writes to Python's logging, and keeps the lines for the execution's own log."""

    def __init__(self, lines: Lines, extra: Mapping[str, Any]) -> None:
        super().__init__(logging.getLogger("celeriac.step"), dict(extra))
        self._lines = lines

    def log(self, level: int, msg: object, *args: Any, **kwargs: Any) -> None:
        """Keep one line; ``extra=`` becomes its data."""
        keep(
            self._lines,
            logging.getLevelName(level).lower(),
            str(msg) % args if args else str(msg),
            kwargs.get("extra") or {},
        )
        super().log(level, msg, *args, **kwargs)

    def note(self, level: str, message: str, data: Mapping[str, Any]) -> None:
        """Keep one line of a tool's, whose data may use any names."""
        keep(self._lines, level, message, data)
        number = logging.getLevelNamesMapping().get(level.upper(), logging.INFO)
        super().log(number, "%s", message, extra={"data": dict(data)})

    def process(
        self, msg: Any, kwargs: MutableMapping[str, Any]
    ) -> tuple[Any, MutableMapping[str, Any]]:
        """Add which step speaks."""
        return msg, {**kwargs, "extra": {**dict(self.extra or {}), **(kwargs.get("extra") or {})}}


def keep(lines: Lines, level: str, message: str, data: Mapping[str, Any]) -> None:
    """Add one line, unless the attempt has written too many."""
    if len(lines) < MAX_LOG_LINES:
        lines.append((level, readable(message[:10_000]), _fields(data)))


def _fields(data: Mapping[str, Any]) -> dict[str, Any]:
    """Return ``data`` as it can be stored; what has no JSON form is named by its text."""
    fields = {}
    for name, value in data.items():
        try:
            fields[str(name)] = to_json(value)
        except NotJson:
            fields[str(name)] = str(value)
    return dict(readable(fields))


def context_for(
    claim: Claim,
    execution: ExecutionValues,
    known: Known,
    *,
    logs: Lines,
    is_cancelled: Callable[[], bool],
) -> StepContext:
    """Return the context of one attempt; its ``input_data`` comes later."""

    def init_data() -> Any:
        if known.inputs is not None:
            return known.inputs
        return Execution.objects.values_list("input", flat=True).get(pk=claim.execution_id)

    def connection(toolkit: str) -> str | None:
        found = find_connection(execution.owner_id, toolkit)
        return found.account_id if found else None

    return StepContext(
        input_data=None,
        run_id=claim.execution_id,
        workflow_id=execution.workflow_id,
        step_id=claim.node_id,
        resource_id=execution.resource_id or None,
        # A copy, however deep, so that what the body sets can be told apart.
        runtime_context=deepcopy(dict(known.context)),
        state=known.state,
        retry_count=claim.attempt - 1,
        # Without the attempt's number: whoever receives it can drop repeats of the same step.
        idempotency_key=f"{claim.execution_id}:{claim.node_id}",
        restart=claim.deaths > 0,
        logger=StepLogger(
            logs,
            {"run_id": claim.execution_id, "node_id": claim.node_id, "attempt": claim.attempt},
        ),
        read_output=lambda step: outputs_of(claim.execution_id, [step]).get(step),
        read_init_data=init_data,
        is_cancelled=is_cancelled,
        find_connection=connection,
    )
