"""The catalogue of facts: everything that can happen to an execution, each written once.

A fact says what happened, with every policy already decided, so that folding needs no settings.
``type`` is the name on the wire; ``data`` the part of the stored row that is the fact's own.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, fields
from datetime import datetime
from typing import Any, ClassVar, TypeAlias, get_args

from executions_app.engine.failures import Failure, failure_from_json


@dataclass(frozen=True, slots=True, kw_only=True)
class _Fact:
    type: ClassVar[str]


@dataclass(frozen=True, slots=True, kw_only=True)
class _NodeFact(_Fact):
    node_id: str
    """The key of the run: the node's id, with an index for each repeated container around it."""
    attempt: int = 1
    """1 for the first try."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ExecutionStarted(_Fact):
    """Somebody asked for the execution; its input is valid."""

    type: ClassVar[str] = "execution_started"
    trigger: str = "api"
    per_step: bool = False
    """Whether it pauses after its first step."""


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
    bodies: tuple[str, ...] = ()
    """The bodies that a branch opens."""
    total: int | None = None
    """How many items a foreach has."""
    concurrency: int = 1
    """How many of them may be open at once."""


@dataclass(frozen=True, slots=True, kw_only=True)
class StepWaiting(_NodeFact):
    """The node waits: for a moment, an event, or the waits of a nested execution."""

    type: ClassVar[str] = "step_waiting"
    until: datetime | None = None
    """When it goes on, or gives up (UTC); ``None`` when nothing but an event ends the wait."""
    event: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class StepSuspended(_NodeFact):
    """The node has asked somebody, or something, for an answer."""

    type: ClassVar[str] = "step_suspended"
    payload: Any = None
    labels: tuple[str, ...] = ()
    """Names by which it may be resumed."""
    until: datetime | None = None
    """When nobody's answer counts any more (UTC)."""


@dataclass(frozen=True, slots=True, kw_only=True)
class StepResumed(_NodeFact):
    """The answer, or the event, is there."""

    type: ClassVar[str] = "step_resumed"
    data: Any = None
    by: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class StepOutput(_NodeFact):
    """Something the step wrote while it ran."""

    type: ClassVar[str] = "step_output"
    output: Any = None
    kind: str = ""
    """The writer's own type, as ``data-progress``; empty for plain output."""


@dataclass(frozen=True, slots=True, kw_only=True)
class StepProgress(_NodeFact):
    """A round of a repeated container has settled."""

    type: ClassVar[str] = "step_progress"
    current_index: int
    completed_count: int
    """Rounds settled by now."""
    total_count: int | None = None
    """``None`` for a loop: nobody knows."""
    iteration_status: str = "completed"
    """``completed``, ``failed`` or ``bailed``."""


@dataclass(frozen=True, slots=True, kw_only=True)
class StepContinued(_NodeFact):
    """A loop's condition says: once more."""

    type: ClassVar[str] = "step_continued"
    iteration: int
    """The number of the round that follows, from 1."""


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
    bailed: bool = False
    """Whether it ends the workflow, with this output as the result."""
    supplied: str = ""
    """Who gave the output, instead of the node itself."""


@dataclass(frozen=True, slots=True, kw_only=True)
class StepFailed(_NodeFact):
    """The last allowed attempt failed."""

    type: ClassVar[str] = "step_failed"
    failure: Failure
    handled: bool = False
    """Whether the execution goes on all the same (``on_error: continue``)."""
    within: str = ""
    """The run inside the container whose failure this is."""


@dataclass(frozen=True, slots=True, kw_only=True)
class StepSkipped(_NodeFact):
    """The node failed, and its definition says to do without it (``on_error: skip``)."""

    type: ClassVar[str] = "step_skipped"
    failure: Failure | None = None
    within: str = ""


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
class ExecutionWaiting(_Fact):
    """Nothing runs until a timer or an event moves the execution on."""

    type: ClassVar[str] = "execution_waiting"


@dataclass(frozen=True, slots=True, kw_only=True)
class ExecutionSuspended(_Fact):
    """Nothing runs until somebody answers."""

    type: ClassVar[str] = "execution_suspended"


@dataclass(frozen=True, slots=True, kw_only=True)
class ExecutionPaused(_Fact):
    """Nothing new starts until somebody says so; what runs may finish."""

    type: ClassVar[str] = "execution_paused"
    by: str = ""
    reason: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class ExecutionResumed(_Fact):
    """The execution goes on after it waited, was suspended or paused."""

    type: ClassVar[str] = "execution_resumed"
    by: str = ""
    reason: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class ExecutionReopened(_Fact):
    """Somebody had part of the execution done again."""

    type: ClassVar[str] = "execution_reopened"
    cause: str
    """``retry``, ``skip``, ``time_travel`` or ``rerun``."""
    resets: tuple[str, ...] = ()
    """The keys of the runs that count as if they had never been."""
    reopens: tuple[str, ...] = ()
    """The keys of runs that are at work again with what they have, outermost first: containers,
    nested workflows, and runs whose output somebody replaces."""
    only: tuple[str, ...] = ()
    """The bodies, with the rounds they are in, that alone may be opened when their branch, which is
    reset, decides again."""
    version: int | None = None
    """The version it goes on with, by its primary key, when that is another."""
    per_step: bool = False
    """Whether it pauses again after one step."""
    by: str = ""
    reason: str = ""


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
    | StepWaiting
    | StepSuspended
    | StepResumed
    | StepOutput
    | StepProgress
    | StepContinued
    | StepRetrying
    | StepCompleted
    | StepFailed
    | StepSkipped
    | StepCancelled
    | LogWritten
    | ExecutionWaiting
    | ExecutionSuspended
    | ExecutionPaused
    | ExecutionResumed
    | ExecutionReopened
    | ExecutionStopping
    | ExecutionCompleted
    | ExecutionFailed
    | ExecutionCancelled
)

EVENT_TYPES: Mapping[str, type[Event]] = {kind.type: kind for kind in get_args(Event)}

#: Nothing follows one of these, unless somebody opens the execution again.
FINAL_TYPES = frozenset({"execution_completed", "execution_failed", "execution_cancelled"})
_TIMES = frozenset({"started_at", "retry_at", "until"})
_TUPLES = frozenset({"bodies", "labels", "resets", "reopens", "only"})


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
        elif isinstance(value, tuple):
            value = list(value)
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
        elif name in _TUPLES:
            values[name] = tuple(value)
        elif name in known:
            values[name] = value
    return kind(**values)
