"""One reason why an execution waits: a code for programs, a sentence for people."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Any

from workflows_app.language.plan import face_of, node_of


class Code(StrEnum):
    """Why something waits.  Stable: programs may go by it."""

    LIMIT = "limit"  # as many of its lane have begun as may at a time
    START_RATE = "start_rate"  # as many of its lane have begun lately as may
    TURN = "turn"  # there is room, and it begins at once
    PAUSED = "paused"  # somebody, or the end of a single step, holds the execution
    STOPPING = "stopping"  # it is being cancelled, or its time is over; what runs may finish
    RUNNING = "running"  # a worker has the step in its hands
    WORKER_LOST = "worker_lost"  # the worker that has it has not been heard of in time
    RECOVERING = "recovering"  # due again after its worker was lost
    DUE = "due"  # no worker has taken the step up
    RETRY = "retry"  # the last attempt failed, another follows
    SLEEP = "sleep"  # until a moment
    EVENT = "event"  # until somebody sends an event
    ANSWER = "answer"  # until somebody resumes the step
    APPROVAL = "approval"  # until one of the people asked answers
    NESTED = "nested"  # until an execution inside it ends; its own reasons follow
    CODE_MISSING = "code_missing"  # workers so far did not have the step's code
    PLAN_UNREADABLE = "plan_unreadable"  # this release cannot read its plan
    MORE = "more"  # stands for the reasons that are not named
    NOTHING = "nothing"  # nothing recorded would move it on


@dataclass(frozen=True, slots=True, kw_only=True)
class Reason:
    """One thing that an execution waits for."""

    code: Code
    message: str
    """One sentence for people: what it waits for, and what would move it on."""
    execution_id: str
    """The execution that waits: the one asked about, or one inside it."""
    key: str | None = None
    """The run that waits."""
    path: tuple[str | int, ...] = ()
    """The way down to it: ids of steps, and the numbers of the rounds they are in."""
    since: datetime | None = None
    until: datetime | None = None
    """When it goes on by itself, or gives up."""
    details: Mapping[str, Any] = field(default_factory=dict)

    @property
    def step_id(self) -> str | None:
        """The step that waits."""
        return None if self.key is None else face_of(node_of(self.key))


def moment(at: datetime | None) -> str:
    """Return a time as sentences have it."""
    return f"{at:%Y-%m-%d %H:%M:%S} UTC" if at else "an unknown moment"
