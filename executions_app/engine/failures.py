"""A failure: what went wrong in a step, as a value that history keeps.  No stack, no secrets."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from executions_app.engine.preview import PREVIEW_BYTES, preview
from executions_app.engine.storable import readable, storable_bytes
from workflows_app.authoring.datatypes import DataInvalid, NotJson, to_json
from workflows_app.authoring.errors import NonRetryableError, WorkflowError

#: A chain of causes longer than this is cut.
MAX_CAUSES = 5
#: Longer messages are cut.
MAX_MESSAGE_CHARS = 10_000

#: Codes a failure may carry besides those of tools, with the sentence the reference prints.
CODES: Mapping[str, str] = {
    "step.failed": "The step's code raised an exception.",
    "step.input_invalid": "What the step received does not fit its input schema.",
    "step.output_invalid": "What the step returned has no JSON form.",
    "step.timeout": "The attempt took longer than its timeout.",
    "step.worker_lost": "The worker died in three attempts in a row.",
    "step.unknown": "The code of the step is not installed on the worker.",
    "mapping.failed": "A source of the step's input could not be evaluated.",
    "step.out_of_memory": "The step took more memory than its worker has.",
    "output.too_large": "The output passes the limit of bytes.",
    "execution.too_large": "What is recorded of the execution passes the limit of bytes.",
    "value.lost": "The file that holds a value is gone or damaged.",
    "execution.timeout": "The execution took longer than its timeout.",
    "event.timeout": "The event did not come before the wait's timeout.",
    "approval.timeout": "Nobody answered before the approval's deadline.",
    "iteration.limit": "The loop has run as often as it may.",
    "items.limit": "The foreach received more items than it takes.",
    "step.limit": "The execution has run as many steps as it may.",
    "state.limit": "The shared state passes the limit of bytes.",
    "depth.limit": "Workflows are nested deeper than they may be.",
    "children.limit": "The execution has begun as many nested ones as it may.",
    "nested.cancelled": "The nested execution was cancelled by itself.",
    "workflow.unknown": "There is no published workflow of that id to run inside this one.",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Failure:
    """One thing that went wrong."""

    name: str
    """The exception's class, or the kind of failure."""
    message: str
    code: str
    details: Mapping[str, Any] = field(default_factory=dict)
    """The exception's own fields, as far as they have a JSON form."""
    cause: Failure | None = None

    def to_json(self) -> dict[str, Any]:
        data: dict[str, Any] = {
            "name": self.name,
            "message": self.message,
            "code": self.code,
            "details": dict(self.details),
        }
        if self.cause is not None:
            data["cause"] = self.cause.to_json()
        return data


def failure_from_json(data: Mapping[str, Any]) -> Failure:
    """Return the failure that :meth:`Failure.to_json` wrote."""
    cause = data.get("cause")
    return Failure(
        name=data["name"],
        message=data["message"],
        code=data["code"],
        details=data.get("details", {}),
        cause=failure_from_json(cause) if cause else None,
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class Classified:
    """A failure, and whether another attempt may cure it."""

    failure: Failure
    retryable: bool


def classify(exception: BaseException) -> Classified:
    """Return what ``exception`` means for the step that raised it.  Total: knows an answer for
    everything."""
    failure = _failure(exception, depth=1, seen=frozenset())
    match exception:
        case NonRetryableError() | NotJson():
            return Classified(failure=failure, retryable=False)
        case _ if isinstance(getattr(exception, "retryable", None), bool):
            return Classified(failure=failure, retryable=exception.retryable)  # type: ignore[attr-defined]
    return Classified(failure=failure, retryable=True)


def _failure(exception: BaseException, *, depth: int, seen: frozenset[int]) -> Failure:
    cause = exception.__cause__
    follow = cause is not None and depth < MAX_CAUSES and id(cause) not in seen
    return Failure(
        name=type(exception).__name__,
        message=readable(_message(exception)[:MAX_MESSAGE_CHARS]),
        code=_code(exception),
        details=_details(exception),
        cause=(
            _failure(cause, depth=depth + 1, seen=seen | {id(exception)})
            if follow and cause is not None
            else None
        ),
    )


def _message(exception: BaseException) -> str:
    if isinstance(exception, MemoryError):
        said = str(exception) or "no memory is left"
        return f"{said}; work on less at a time, or give the worker more memory"
    return str(exception)


def _code(exception: BaseException) -> str:
    match exception:
        case DataInvalid():
            return "step.input_invalid"
        case NotJson():
            return "step.output_invalid"
        case WorkflowError(code=code):
            return code
        case MemoryError():
            return "step.out_of_memory"
    own = getattr(exception, "code", None)
    if isinstance(own, str) and "." in own and hasattr(exception, "retryable"):
        return own
    return "step.failed"


def _details(exception: BaseException) -> dict[str, Any]:
    own = getattr(exception, "details", None)
    fields = dict(own) if isinstance(own, Mapping) else dict(vars(exception))
    kept: dict[str, Any] = {}
    room_bytes = PREVIEW_BYTES
    for name, value in fields.items():
        if isinstance(name, str) and not name.startswith("_"):
            try:
                shown = preview(readable(to_json(value)))
            except NotJson:
                continue
            room_bytes -= len(name) + storable_bytes(shown)
            if room_bytes < 0:
                break  # a failure is read in lists
            kept[readable(name)] = shown
    return kept
