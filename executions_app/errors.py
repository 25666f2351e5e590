"""What a caller of the engine may have to catch.

WorkflowError
├── NotExecutable          the workflow has no version that can run
├── ConnectionsMissing     the workflow acts with accounts its owner has not connected
├── InputInvalid           the input does not fit the workflow's schema
│   └── ValueTooLarge      a value that somebody hands over is larger than is kept
├── ExecutionNotFound      no such execution, or not yours
├── StartClaimed           the execution was started before
├── StartRefused           the workflow's own code does not want it to start
├── LaneUnknown            the workflow's key has no value for the input
├── IdempotencyMismatch    the key was used with another request
├── ExecutionRunning       it is at work, and what was asked needs it at rest
├── ExecutionNotActive     nothing of it is at work, so there is nothing to take up
├── UnknownStep            the workflow has no such step, or nothing of it was reached
└── NotApplicable          the command does not fit the execution's state
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from workflows_app.authoring.errors import WorkflowError


class NotExecutable(WorkflowError):
    """The workflow has no published version."""

    code = "workflow.not_executable"

    def __init__(self, workflow_id: str, diagnostics: Sequence[Any]) -> None:
        super().__init__(
            f"workflow {workflow_id!r} has no version that can run; correct its errors and save",
            details={"diagnostics": list(diagnostics)},
        )


class ConnectionsMissing(WorkflowError):
    """The workflow acts with accounts that its owner has not connected; nothing was started."""

    code = "connection.missing"

    def __init__(self, toolkits: Sequence[str], node_ids: Sequence[str]) -> None:
        names = ", ".join(repr(toolkit) for toolkit in toolkits)
        super().__init__(
            f"connect {names} before running this workflow",
            details={"toolkits": list(toolkits), "node_ids": list(node_ids)},
        )


class InputInvalid(WorkflowError):
    """The input does not fit the workflow's schema; nothing was started."""

    code = "input.invalid"

    def __init__(
        self,
        problems: Sequence[tuple[str, str]],
        *,
        what: str = "input",
        code: str = "input.invalid",
    ) -> None:
        # Most sentences name the place themselves.
        said = "\n".join(
            f"- {message}" if path and path in message else f"- {path or '.'}: {message}"
            for path, message in problems
        )
        super().__init__(
            f"Invalid {what} data: \n{said}",
            code=code,
            details={"problems": [{"path": path, "message": text} for path, text in problems]},
        )


class ValueTooLarge(InputInvalid):
    """A value that somebody hands over is larger than is kept; nothing was changed."""

    code = "input.too_large"

    def __init__(self, problem: str, *, what: str, details: Mapping[str, Any]) -> None:
        super().__init__([("", problem)], what=what, code=self.code)
        self.details |= details


class ExecutionNotFound(WorkflowError):
    """There is no such execution."""

    code = "execution.not_found"

    def __init__(self, execution_id: str) -> None:
        super().__init__(f"there is no execution {execution_id!r}")


class StartClaimed(WorkflowError):
    """The execution was started before; its result stays as it is."""

    code = "start.claimed"

    def __init__(self, execution_id: str) -> None:
        super().__init__(
            f"execution {execution_id!r} was started before; use another run_id, or rerun() it",
            details={"execution_id": execution_id},
        )


class StartRefused(WorkflowError):
    """The workflow's ``on_start`` raised; nothing was started."""

    code = "start.refused"

    def __init__(self, workflow_id: str, reason: str) -> None:
        super().__init__(
            f"the on_start of workflow {workflow_id!r} refused: {reason}",
            details={"workflow_id": workflow_id},
        )


class LaneUnknown(WorkflowError):
    """The key by which executions wait for each other has no value; nothing was started."""

    code = "concurrency.key_failed"

    def __init__(self, key: str, problem: str) -> None:
        super().__init__(
            f"the concurrency key {key!r} has no value for this input: {problem}",
            details={"key": key},
        )


class IdempotencyMismatch(WorkflowError):
    """The idempotency key was used with another request."""

    code = "idempotency.mismatch"

    def __init__(self, key: str, execution_id: str) -> None:
        super().__init__(
            f"the idempotency key {key!r} belongs to another request; use a new key",
            details={"execution_id": execution_id},
        )


class NotApplicable(WorkflowError):
    """The command does not fit the execution's state."""

    code = "command.not_applicable"

    def __init__(self, command: str, status: str, *, instead: str = "") -> None:
        hint = f"; {instead}" if instead else ""
        super().__init__(
            f"an execution that is {status} cannot be {command}{hint}", details={"status": status}
        )


class StepNotApplicable(WorkflowError):
    """The command does not fit the step's state."""

    code = "command.not_applicable"

    def __init__(self, step: str, why: str, *, status: str) -> None:
        super().__init__(f"step {step!r} {why}", details={"step": step, "status": status})


class VersionDiffers(WorkflowError):
    """Another version lacks steps of which the execution keeps what they came to."""

    code = "command.not_applicable"

    def __init__(self, steps: Sequence[str]) -> None:
        named = ", ".join(repr(step) for step in steps)
        super().__init__(
            f"the published version has {named} no more, or otherwise; travel to a step before, "
            'or go on with version="pinned"',
            details={"steps": list(steps)},
        )


class ExecutionRunning(WorkflowError):
    """The execution is at work; what was asked needs it at rest."""

    code = "execution.running"

    def __init__(self, execution_id: str, status: str) -> None:
        super().__init__(
            f"This workflow run is still running, cannot time travel: execution {execution_id!r} "
            f"is {status}; wait until it rests, or cancel it first",
            details={"status": status},
        )


class ExecutionNotActive(WorkflowError):
    """Nothing of the execution is at work, so there is nothing to take up again."""

    code = "execution.not_active"

    def __init__(self, execution_id: str, status: str, *, instead: str) -> None:
        super().__init__(
            f"This workflow run was not active: execution {execution_id!r} is {status}; {instead}",
            details={"status": status},
        )


class UnknownStep(WorkflowError):
    """The workflow has no step of this name, or none that the command could be about."""

    code = "command.unknown_step"

    def __init__(self, step: str, steps: Sequence[str]) -> None:
        known = ", ".join(dict.fromkeys(steps)) or "none"
        super().__init__(
            f"there is no step {step!r} to do that with; there are: {known}",
            details={"step": step, "steps": list(dict.fromkeys(steps))},
        )


class ResumeRefused(WorkflowError):
    """The execution cannot be resumed as asked; nothing was changed."""

    code = "resume.not_suspended"


class NotSuspended(ResumeRefused):
    """Nothing of the execution is suspended."""

    code = "resume.not_suspended"

    def __init__(self, execution_id: str, status: str) -> None:
        super().__init__(
            f"This workflow run was not suspended: execution {execution_id!r} is {status}",
            details={"status": status},
        )


class ResumeClaimed(ResumeRefused):
    """Somebody else was quicker, and what they sent counts."""

    code = "resume.claimed"

    def __init__(self, step: str) -> None:
        super().__init__(f"step {step!r} has been resumed already; look at what it came to")


class ResumeAmbiguous(ResumeRefused):
    """Several steps are suspended, and none was named."""

    code = "resume.ambiguous"

    def __init__(self, steps: Sequence[str]) -> None:
        named = ", ".join(f"[{step}]" for step in steps)
        super().__init__(
            f"Multiple suspended steps found: {named}. "
            'Please specify which step to resume using the "step" parameter.',
            details={"steps": list(steps)},
        )


class ResumeUnknownStep(ResumeRefused):
    """The step that was named is not suspended."""

    code = "resume.unknown_step"

    def __init__(self, step: str, steps: Sequence[str]) -> None:
        super().__init__(
            f"This workflow step {step!r} was not suspended. "
            f"Available suspended steps: [{', '.join(steps)}]",
            details={"step": step, "steps": list(steps)},
        )


class ResumeUnknownLabel(ResumeRefused):
    """No suspended step has the label."""

    code = "resume.unknown_label"

    def __init__(self, label: str, labels: Sequence[str]) -> None:
        super().__init__(
            f"no suspended step has the label {label!r}; there are [{', '.join(labels)}]",
            details={"label": label, "labels": list(labels)},
        )


class ResumeDataInvalid(ResumeRefused):
    """The data does not fit what the step asks for."""

    code = "resume.invalid_data"

    def __init__(self, problems: Sequence[tuple[str, str]]) -> None:
        said = "\n".join(f"- {path or '.'}: {message}" for path, message in problems)
        super().__init__(
            f"Invalid resume data: \n{said}",
            details={"problems": [{"path": path, "message": text} for path, text in problems]},
        )
