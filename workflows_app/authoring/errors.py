"""What authors and callers of workflows may have to catch.

WorkflowError
├── WorkflowEmpty, WorkflowUncommitted, WorkflowInvalid, DuplicateStep   (authoring)
├── SuspendDataInvalid, StateInvalid, WorkflowUnknown                     (a step asks its context)
├── PlanUnreadable, WorkflowNotInstalled                                  (another release's)
└── ...                                                                   (executions_app)
NonRetryableError                                                         (raised by steps)
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from types import MappingProxyType
from typing import Any

from workflows_app.language.diagnostics import Diagnostic


class WorkflowError(Exception):
    """A caller broke a promise, or asks for what cannot be.  ``code`` is stable."""

    code: str = "workflow.error"

    def __init__(
        self,
        message: str,
        *,
        code: str | None = None,
        details: Mapping[str, Any] = MappingProxyType({}),
    ) -> None:
        super().__init__(message)
        self.code = code or self.code
        self.details = dict(details)


class InvalidWorkflowId(WorkflowError):
    """The id cannot stand in a URL."""

    code = "workflow.invalid_id"

    def __init__(self, workflow_id: str) -> None:
        super().__init__(
            f"{workflow_id!r} cannot be a workflow's id; use letters, digits, dots, dashes and "
            "underscores, at most 200"
        )


class WorkflowEmpty(WorkflowError):
    """The workflow has no steps."""

    code = "workflow.empty"

    def __init__(self, workflow_id: str) -> None:
        super().__init__(
            "Execution flow of workflow is not defined. "
            f"Add steps to {workflow_id!r} with .then(), .parallel() or .graph()."
        )


class WorkflowUncommitted(WorkflowError):
    """The workflow was built and never sealed."""

    code = "workflow.uncommitted"

    def __init__(self, workflow_id: str) -> None:
        super().__init__(
            "Uncommitted step flow changes detected. "
            f"Call .commit() after the last step of {workflow_id!r}."
        )


class WorkflowCommitted(WorkflowError):
    """A sealed workflow cannot be changed."""

    code = "workflow.committed"

    def __init__(self, workflow_id: str) -> None:
        super().__init__(
            f"workflow {workflow_id!r} is committed and can no longer be changed; "
            "add steps before .commit(), or make a copy with clone_workflow()"
        )


class DuplicateStep(WorkflowError):
    """Two steps of one workflow share an id."""

    code = "step.duplicate_id"

    def __init__(self, workflow_id: str, step_id: str) -> None:
        super().__init__(
            f"workflow {workflow_id!r} has two steps with the id {step_id!r}; "
            f"use clone_step(step, id=...) for the second",
            details={"step_id": step_id},
        )


class WorkflowInvalid(WorkflowError):
    """The workflow does not compile; ``diagnostics`` says everything that is wrong."""

    code = "workflow.invalid"

    def __init__(self, workflow_id: str, diagnostics: Sequence[Diagnostic]) -> None:
        said = "; ".join(f"{item.path or '/'}: {item.message}" for item in diagnostics[:5])
        super().__init__(
            f"workflow {workflow_id!r} does not compile: {said}",
            details={"diagnostics": [item.to_json() for item in diagnostics]},
        )
        self.diagnostics = tuple(diagnostics)


class SuspendDataInvalid(WorkflowError):
    """A step suspends with a payload that does not fit its suspend schema."""

    code = "suspend.invalid_data"

    def __init__(self, step_id: str, problems: str) -> None:
        super().__init__(
            f"Invalid suspend data of step {step_id!r}: \n{problems}", details={"step_id": step_id}
        )


class StateInvalid(WorkflowError):
    """A step sets state that does not fit its state schema."""

    code = "state.invalid"

    def __init__(self, step_id: str, problems: str) -> None:
        super().__init__(
            f"Invalid state set by step {step_id!r}: \n{problems}", details={"step_id": step_id}
        )


class WorkflowUnknown(WorkflowError):
    """No workflow of this id is defined in code."""

    code = "workflow.not_found"

    def __init__(self, workflow_id: str) -> None:
        super().__init__(
            f"there is no workflow {workflow_id!r} in this process; define it in the workflows.py "
            "of an installed app"
        )


class PlanUnreadable(WorkflowError):
    """A version's plan is of a format that this release does not read."""

    code = "plan.unreadable"

    def __init__(self, version_id: int, problem: str) -> None:
        super().__init__(
            f"the plan of version {version_id} cannot be read by this release: {problem}; deploy "
            "the release that wrote it, or a later one, and what runs by it goes on",
            details={"version": version_id},
        )


class WorkflowNotInstalled(WorkflowError):
    """The workflow was defined by code that is not installed; nothing was started."""

    code = "workflow.not_installed"

    def __init__(self, workflow_id: str) -> None:
        super().__init__(
            f"workflow {workflow_id!r} is no longer in the code that is installed here; deploy its "
            "app, or delete the workflow"
        )


class EngineMissing(WorkflowError):
    """Nothing in this process can run workflows."""

    code = "workflow.no_engine"

    def __init__(self) -> None:
        super().__init__("add 'executions_app' to INSTALLED_APPS to run workflows")


class NotSupported(WorkflowError):
    """Part of the vocabulary that this release does not run."""

    code = "construct.not_supported"

    def __init__(self, what: str) -> None:
        super().__init__(f"{what} is not supported in this release")


class NonRetryableError(Exception):
    """Raised by a step whose failure no further attempt can cure."""
