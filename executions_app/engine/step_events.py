"""What can happen to one run of a node.  See :mod:`.events` for the whole catalogue."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, ClassVar

from executions_app.engine.failures import Failure


@dataclass(frozen=True, slots=True, kw_only=True)
class Fact:
    type: ClassVar[str]


@dataclass(frozen=True, slots=True, kw_only=True)
class NodeFact(Fact):
    node_id: str
    """The key of the run: the node's id, with an index for each repeated container around it."""
    attempt: int = 1
    """1 for the first try."""


@dataclass(frozen=True, slots=True, kw_only=True)
class StepScheduled(NodeFact):
    """Everything the node needs is there; a worker owes us an outcome."""

    type: ClassVar[str] = "step_scheduled"


@dataclass(frozen=True, slots=True, kw_only=True)
class StepStarted(NodeFact):
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
class StepWaiting(NodeFact):
    """The node waits: for a moment, an event, or the waits of a nested execution."""

    type: ClassVar[str] = "step_waiting"
    until: datetime | None = None
    """When it goes on, or gives up (UTC); ``None`` when nothing but an event ends the wait."""
    event: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class StepSuspended(NodeFact):
    """The node has asked somebody, or something, for an answer."""

    type: ClassVar[str] = "step_suspended"
    payload: Any = None
    labels: tuple[str, ...] = ()
    """Names by which it may be resumed."""
    until: datetime | None = None
    """When nobody's answer counts any more (UTC)."""


@dataclass(frozen=True, slots=True, kw_only=True)
class StepResumed(NodeFact):
    """The answer, or the event, is there."""

    type: ClassVar[str] = "step_resumed"
    data: Any = None
    by: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class StepOutput(NodeFact):
    """Something the step wrote while it ran."""

    type: ClassVar[str] = "step_output"
    output: Any = None
    kind: str = ""
    """The writer's own type, as ``data-progress``; empty for plain output."""


@dataclass(frozen=True, slots=True, kw_only=True)
class StepProgress(NodeFact):
    """A round of a repeated container has settled."""

    type: ClassVar[str] = "step_progress"
    current_index: int
    """Which round it was, from 0."""
    completed_count: int
    """Rounds settled by now."""
    total_count: int | None = None
    """``None`` for a loop: nobody knows."""
    iteration_status: str = "completed"
    """``completed``, ``failed`` or ``bailed``."""


@dataclass(frozen=True, slots=True, kw_only=True)
class StepContinued(NodeFact):
    """A loop's condition says: once more."""

    type: ClassVar[str] = "step_continued"
    iteration: int
    """The number of the round that follows, from 1."""


@dataclass(frozen=True, slots=True, kw_only=True)
class StepRetrying(NodeFact):
    """``attempt`` failed and another one follows."""

    type: ClassVar[str] = "step_retrying"
    failure: Failure
    retry_at: datetime
    """When the next attempt is due (UTC)."""


@dataclass(frozen=True, slots=True, kw_only=True)
class StepCompleted(NodeFact):
    """The body returned."""

    type: ClassVar[str] = "step_completed"
    output: Any = None
    bailed: bool = False
    """Whether it ends the workflow, with this output as the result."""
    supplied: str = ""
    """Who gave the output, instead of the node itself."""


@dataclass(frozen=True, slots=True, kw_only=True)
class StepFailed(NodeFact):
    """The last allowed attempt failed."""

    type: ClassVar[str] = "step_failed"
    failure: Failure
    handled: bool = False
    """Whether the execution goes on all the same (``on_error: continue``)."""
    within: str = ""
    """The run inside the container whose failure this is."""


@dataclass(frozen=True, slots=True, kw_only=True)
class StepSkipped(NodeFact):
    """The node failed, and its definition says to do without it (``on_error: skip``)."""

    type: ClassVar[str] = "step_skipped"
    failure: Failure | None = None
    within: str = ""
    """The run inside the container whose failure this is."""


@dataclass(frozen=True, slots=True, kw_only=True)
class StepCancelled(NodeFact):
    """The node was scheduled or waiting for a retry, and will not run any more."""

    type: ClassVar[str] = "step_cancelled"


@dataclass(frozen=True, slots=True, kw_only=True)
class LogWritten(Fact):
    """A line a step, a tool or the engine wrote for people."""

    type: ClassVar[str] = "log"
    message: str
    level: str = "info"
    node_id: str | None = None
    attempt: int | None = None
    fields: Mapping[str, Any] = field(default_factory=dict)
