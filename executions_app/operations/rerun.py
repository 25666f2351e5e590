"""Running a workflow again with the input of an earlier execution, or an edited one."""

from __future__ import annotations

from functools import partial
from typing import Any

from executions_app.models import Execution
from executions_app.operations.failed_steps import StepName
from executions_app.operations.reopen import Command
from executions_app.operations.start_execution import start_execution
from executions_app.operations.travel import travel
from executions_app.operations.travel_values import Values
from executions_app.operations.travel_way import way_to
from executions_app.operations.unchanged import UNCHANGED, Unchanged
from executions_app.recording.frame import Frame
from workflows_app.authoring.errors import WorkflowError


class NoRerunOfTests(WorkflowError):
    """The execution is the test of one step."""

    code = "command.not_applicable"

    def __init__(self, status: str) -> None:
        super().__init__(
            "the test of a step is not run again; test the step again", details={"status": status}
        )


def rerun_execution(
    execution: Execution,
    *,
    input_data: Any = UNCHANGED,
    from_step: StepName = None,
    version: str = "pinned",
    owner: Any = None,
    idempotency_key: str | None = None,
) -> Execution:
    """Return a new execution with a link to ``execution``, which stays as it is.

    With ``from_step``, an id or a path of ids, it begins there: what comes before has the outputs
    it had, and does not run; the shared state is what it was at last.  ``version`` is
    ``"pinned"`` for the version that ran, or ``"latest"`` for the published one.

    Raises:
        ValueError: if ``version`` is neither.
        NotExecutable, InputInvalid: as when starting.
        UnknownStep: if there is no step ``from_step``.
        StepNotApplicable: if a step before it was never reached.
        NoRerunOfTests: if it is the test of one step.
    """
    if version not in ("pinned", "latest"):
        raise ValueError(f"version must be 'pinned' or 'latest', not {version!r}")
    if execution.trigger == Execution.Trigger.TEST:
        # What comes before the step stands for steps that this version does not have.
        raise NoRerunOfTests(execution.status)
    return start_execution(
        execution.workflow,
        input_data=execution.input if isinstance(input_data, Unchanged) else input_data,
        owner=owner,
        runtime_context=execution.runtime_context,
        resource_id=execution.resource_id,
        trigger=Execution.Trigger.RERUN,
        version=execution.version if version == "pinned" else None,
        rerun_of=execution,
        idempotency_key=idempotency_key,
        initial_state=None if from_step is None else execution.state,
        begin=None if from_step is None else partial(_begin_at, execution, from_step),
    )


def _begin_at(earlier: Execution, step: StepName, log: Frame) -> None:
    reason = f"as execution {earlier.pk} had come to it"
    values = Values(earlier=earlier)
    travel(log, way_to(log.plan, step), values, Command(cause="rerun", reason=reason))


__all__ = ["UNCHANGED", "rerun_execution"]
