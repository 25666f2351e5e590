"""Finding what an address names.  Refuses to tell a foreign id from one that never was."""

from __future__ import annotations

from rest_framework.request import Request

from executions_app.models import Execution, StepRun
from executions_app.queries import get_execution, get_step
from workflows_app.authoring.errors import WorkflowError


class StepNotFound(WorkflowError):
    """The execution has no such step, or has not reached it."""

    code = "step.not_found"

    def __init__(self, execution_id: str, step_id: str) -> None:
        super().__init__(
            f"execution {execution_id!r} has not reached a step {step_id!r}; "
            f"/api/executions/{execution_id}/ lists those it has"
        )


def execution_of(request: Request, execution_id: str) -> Execution:
    """Return the execution as a list shows it, if the caller may see it.

    Raises:
        ExecutionNotFound: if not.
    """
    return get_execution(request.user, execution_id)


def step_of(execution: Execution, step_id: str, *, previews: bool = False) -> StepRun:
    """Return one step with its whole values, or with previews of large ones.

    Raises:
        StepNotFound: if the execution has not reached one of that id.
    """
    try:
        return get_step(execution, step_id, previews=previews)
    except StepRun.DoesNotExist:
        raise StepNotFound(execution.pk, step_id) from None
