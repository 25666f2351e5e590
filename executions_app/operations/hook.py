"""A workflow's own code that is called at turns of an execution, and what it is told."""

from __future__ import annotations

import inspect
import logging
from dataclasses import dataclass
from typing import Any

from asgiref.sync import async_to_sync

from executions_app.models import Execution
from executions_app.result import ExecutionResult
from workflows_app.interface import find_callable


@dataclass(frozen=True, slots=True, kw_only=True)
class HookInfo:
    """What a hook is told."""

    run_id: str
    workflow_id: str
    resource_id: str | None
    status: str
    result: Any
    error: dict[str, Any] | None
    steps: dict[str, Any]
    state: dict[str, Any]
    runtime_context: dict[str, Any]
    input_data: Any

    def get_init_data(self) -> Any:
        """Return the execution's input."""
        return self.input_data

    @property
    def logger(self) -> logging.LoggerAdapter[logging.Logger]:
        """Where a hook writes lines; they name the execution."""
        return logging.LoggerAdapter(logging.getLogger("celeriac.hooks"), {"run_id": self.run_id})


def info_of(execution: Execution, result: ExecutionResult) -> HookInfo:
    """Return what hooks of ``execution`` are told."""
    return HookInfo(
        run_id=execution.pk,
        workflow_id=execution.workflow_id,
        resource_id=execution.resource_id or None,
        status=result.status,
        result=result.result,
        error=result.error,
        steps=result.steps,
        state=result.state,
        runtime_context=execution.runtime_context,
        input_data=execution.input,
    )


def call_hook(place: str, info: HookInfo) -> None:
    """Call the hook at ``place``, and wait for one that is asynchronous.

    Raises:
        LookupError: if its code is not installed here.
        Exception: whatever it raises.
    """
    hook = find_callable(place)
    if hook is None:
        raise LookupError(f"the hook {place!r} is not installed here; deploy its app")
    returned = hook(info)
    if inspect.iscoroutine(returned):
        async_to_sync(_awaited)(returned)


async def _awaited(returned: Any) -> None:
    await returned
