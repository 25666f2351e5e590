"""The catalogue of facts: everything that can happen to an execution, each written once.

A fact says what happened, with every policy already decided, so that folding needs no settings.
``type`` is the name on the wire; ``data`` the part of the stored row that is the fact's own.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, ClassVar, TypeAlias, get_args

from executions_app.engine.failures import Failure
from executions_app.engine.step_events import (
    Fact,
    LogWritten,
    StepCancelled,
    StepCompleted,
    StepContinued,
    StepFailed,
    StepOutput,
    StepProgress,
    StepResumed,
    StepRetrying,
    StepScheduled,
    StepSkipped,
    StepStarted,
    StepSuspended,
    StepWaiting,
)


@dataclass(frozen=True, slots=True, kw_only=True)
class ExecutionQueued(Fact):
    """Somebody asked for the execution, and it waits in its lane until its turn comes."""

    type: ClassVar[str] = "execution_queued"
    lane: str = ""
    """The value of the workflow's key; empty where all its executions are in one lane."""
    limit: int | None = None
    """How many of the lane may have begun and not ended, when it was asked for."""
    start_limit: int | None = None
    """How many of the lane may begin in any ``start_seconds``."""
    start_seconds: float | None = None
    """That span."""
    priority: int = 0
    """Of those that wait the highest is first."""
    per_step: bool = False
    """Whether it is to pause after its first step."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ExecutionStarted(Fact):
    """The execution begins; its input is valid."""

    type: ClassVar[str] = "execution_started"
    trigger: str = "api"
    per_step: bool = False
    """Whether it pauses after its first step."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ExecutionWaiting(Fact):
    """Nothing runs until a timer or an event moves the execution on."""

    type: ClassVar[str] = "execution_waiting"


@dataclass(frozen=True, slots=True, kw_only=True)
class ExecutionSuspended(Fact):
    """Nothing runs until somebody answers."""

    type: ClassVar[str] = "execution_suspended"


@dataclass(frozen=True, slots=True, kw_only=True)
class ExecutionPaused(Fact):
    """Nothing new starts until somebody says so; what runs may finish."""

    type: ClassVar[str] = "execution_paused"
    by: str = ""
    reason: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class ExecutionResumed(Fact):
    """The execution goes on after it waited, was suspended or paused."""

    type: ClassVar[str] = "execution_resumed"
    by: str = ""
    reason: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class ExecutionReopened(Fact):
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
    """The version it goes on with, by its primary key, when that is another; nothing else is done
    then."""
    left: int | None = None
    """The version it had until then."""
    per_step: bool = False
    """Whether it pauses again after one step."""
    by: str = ""
    reason: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class ExecutionStopping(Fact):
    """From here on nothing new starts; what runs may finish, and is then kept as it came out."""

    type: ClassVar[str] = "execution_stopping"
    cause: str
    """``cancel`` or ``timeout``."""
    reason: str = ""
    by: str = ""
    """Who asked, as people know them."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ExecutionCompleted(Fact):
    """Everything that was to run has run."""

    type: ClassVar[str] = "execution_completed"
    output: Any = None


@dataclass(frozen=True, slots=True, kw_only=True)
class ExecutionFailed(Fact):
    """A step failed for good, and everything beside it has settled."""

    type: ClassVar[str] = "execution_failed"
    node_id: str | None = None
    """The first failed step in the order of the document; ``None`` for a timeout."""
    failure: Failure


@dataclass(frozen=True, slots=True, kw_only=True)
class ExecutionCancelled(Fact):
    """The execution was stopped, and nothing of it runs any more."""

    type: ClassVar[str] = "execution_cancelled"
    reason: str = ""
    by: str = ""


Event: TypeAlias = (
    ExecutionQueued
    | ExecutionStarted
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

__all__ = [
    "EVENT_TYPES",
    "FINAL_TYPES",
    "Event",
    "ExecutionCancelled",
    "ExecutionCompleted",
    "ExecutionFailed",
    "ExecutionPaused",
    "ExecutionQueued",
    "ExecutionReopened",
    "ExecutionResumed",
    "ExecutionStarted",
    "ExecutionStopping",
    "ExecutionSuspended",
    "ExecutionWaiting",
    "LogWritten",
    "StepCancelled",
    "StepCompleted",
    "StepContinued",
    "StepFailed",
    "StepOutput",
    "StepProgress",
    "StepResumed",
    "StepRetrying",
    "StepScheduled",
    "StepSkipped",
    "StepStarted",
    "StepSuspended",
    "StepWaiting",
]
