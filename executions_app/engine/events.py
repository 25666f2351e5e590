"""The catalogue of facts: everything that can happen to an execution, each written once.

A fact says what happened, with every policy already decided, so that folding needs no settings.
``type`` is the name on the wire; ``data`` the part of the stored row that is the fact's own.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, fields
from datetime import datetime
from typing import Any, ClassVar, TypeAlias

from executions_app.engine.failures import Failure, failure_from_json


@dataclass(frozen=True, slots=True, kw_only=True)
class _Fact:
    type: ClassVar[str]


@dataclass(frozen=True, slots=True, kw_only=True)
class _NodeFact(_Fact):
    node_id: str
    attempt: int = 1
    """1 for the first try."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ExecutionStarted(_Fact):
    """Somebody asked for the execution; its input is valid."""

    type: ClassVar[str] = "execution_started"
    trigger: str = "api"


@dataclass(frozen=True, slots=True, kw_only=True)
class StepScheduled(_NodeFact):
    """Everything the node needs is there; a worker owes us an outcome."""

    type: ClassVar[str] = "step_scheduled"


@dataclass(frozen=True, slots=True, kw_only=True)
class StepStarted(_NodeFact):
    """A worker began the first attempt."""

    type: ClassVar[str] = "step_started"
    started_at: datetime
    """When the worker claimed the attempt (UTC); earlier than the fact was recorded."""


@dataclass(frozen=True, slots=True, kw_only=True)
class StepRetrying(_NodeFact):
    """``attempt`` failed and another one follows."""

    type: ClassVar[str] = "step_retrying"
    failure: Failure
    retry_at: datetime
    """When the next attempt is due (UTC)."""


@dataclass(frozen=True, slots=True, kw_only=True)
class StepCompleted(_NodeFact):
    """The body returned."""

    type: ClassVar[str] = "step_completed"
    output: Any = None


@dataclass(frozen=True, slots=True, kw_only=True)
class StepFailed(_NodeFact):
    """The last allowed attempt failed."""

    type: ClassVar[str] = "step_failed"
    failure: Failure
    handled: bool = False
    """Whether the execution goes on all the same (``on_error: continue``)."""


@dataclass(frozen=True, slots=True, kw_only=True)
class StepSkipped(_NodeFact):
    """The node failed, and its definition says to do without it (``on_error: skip``)."""

    type: ClassVar[str] = "step_skipped"
    failure: Failure | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class StepCancelled(_NodeFact):
    """The node was scheduled or waiting for a retry, and will not run any more."""

    type: ClassVar[str] = "step_cancelled"


@dataclass(frozen=True, slots=True, kw_only=True)
class LogWritten(_Fact):
    """A line a step, a tool or the engine wrote for people."""

    type: ClassVar[str] = "log"
    message: str
    level: str = "info"
    node_id: str | None = None
    attempt: int | None = None
    fields: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class ExecutionStopping(_Fact):
    """From here on nothing new starts; what runs may finish, and is then kept as it came out."""

    type: ClassVar[str] = "execution_stopping"
    cause: str
    """``cancel`` or ``timeout``."""
    reason: str = ""
    by: str = ""
    """Who asked, as people know them."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ExecutionCompleted(_Fact):
    """Everything that was to run has run."""

    type: ClassVar[str] = "execution_completed"
    output: Any = None


@dataclass(frozen=True, slots=True, kw_only=True)
class ExecutionFailed(_Fact):
    """A step failed for good, and everything beside it has settled."""

    type: ClassVar[str] = "execution_failed"
    node_id: str | None = None
    """The first failed step in the order of the document; ``None`` for a timeout."""
    failure: Failure


@dataclass(frozen=True, slots=True, kw_only=True)
class ExecutionCancelled(_Fact):
    """The execution was stopped, and nothing of it runs any more."""

    type: ClassVar[str] = "execution_cancelled"
    reason: str = ""
    by: str = ""


Event: TypeAlias = (
    ExecutionStarted
    | StepScheduled
    | StepStarted
    | StepRetrying
    | StepCompleted
    | StepFailed
    | StepSkipped
    | StepCancelled
    | LogWritten
    | ExecutionStopping
    | ExecutionCompleted
    | ExecutionFailed
    | ExecutionCancelled
)

EVENT_TYPES: Mapping[str, type[Event]] = {
    kind.type: kind
    for kind in (
        ExecutionStarted,
        StepScheduled,
        StepStarted,
        StepRetrying,
        StepCompleted,
        StepFailed,
        StepSkipped,
        StepCancelled,
        LogWritten,
        ExecutionStopping,
        ExecutionCompleted,
        ExecutionFailed,
        ExecutionCancelled,
    )
}

#: Nothing follows one of these.
FINAL_TYPES = frozenset({"execution_completed", "execution_failed", "execution_cancelled"})
_TIMES = frozenset({"started_at", "retry_at"})


def dump_event(event: Event) -> dict[str, Any]:
    """Return the fact's own fields as JSON; ``type`` is stored beside them."""
    data: dict[str, Any] = {}
    for item in fields(event):
        value = getattr(event, item.name)
        if isinstance(value, Failure):
            value = value.to_json()
        elif isinstance(value, datetime):
            value = value.isoformat()
        elif isinstance(value, Mapping):
            value = dict(value)
        data["error" if item.name == "failure" else item.name] = value
    return data


def parse_event(type_name: str, data: Mapping[str, Any]) -> Event:
    """Return the fact that :func:`dump_event` wrote.

    Raises:
        KeyError: if ``type_name`` is in no release's catalogue.
    """
    kind = EVENT_TYPES[type_name]
    known = {item.name for item in fields(kind)}
    values: dict[str, Any] = {}
    for name, value in data.items():
        if name == "error" and "failure" in known:
            values["failure"] = failure_from_json(value) if value else None
        elif name in _TIMES and value is not None:
            values[name] = datetime.fromisoformat(value)
        elif name in known:
            values[name] = value
    return kind(**values)
