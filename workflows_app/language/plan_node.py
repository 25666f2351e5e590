"""One node of a plan, with everything about it decided.  Immutable; knows no other node."""

from __future__ import annotations

from enum import StrEnum
from functools import cached_property
from typing import Any, Literal

from pydantic import BaseModel, ConfigDict

from workflows_app.language.keys import face_of
from workflows_app.language.sources import Fields, Source


class NodeKind(StrEnum):
    TOOL = "tool"  # calls a registered tool in a worker
    STEP = "step"  # runs a registered Python step in a worker
    MAP = "map"  # makes a value from earlier ones
    BRANCH = "branch"  # opens the bodies whose condition holds
    LOOP = "loop"  # opens its body again and again
    FOREACH = "foreach"  # opens its body once for each item
    WORKFLOW = "workflow"  # is an execution of its own
    SLEEP = "sleep"  # waits for a time span, or for a moment
    WAIT = "wait"  # waits for an event, then may open a body
    APPROVAL = "approval"  # waits for a person
    BAIL = "bail"  # ends the workflow early


#: Nodes that run somebody's code or act on the world, so always in a worker.
_WORK = frozenset({NodeKind.TOOL, NodeKind.STEP})
#: Nodes that open bodies, and settle when these have.
CONTAINERS = frozenset({NodeKind.BRANCH, NodeKind.LOOP, NodeKind.FOREACH, NodeKind.WAIT})
#: Containers whose bodies are run more than once, so that what stands in them is numbered.
REPEATED = frozenset({NodeKind.LOOP, NodeKind.FOREACH})


class Frozen(BaseModel):
    """A part of a plan."""

    model_config = ConfigDict(extra="forbid", frozen=True, ignored_types=(cached_property,))


class RetryPolicy(Frozen):
    """When a failed attempt is tried again.  All times in seconds."""

    attempts: int = 0
    delay: float = 0
    backoff: Literal["fixed", "linear", "exponential"] = "fixed"
    max_delay: float | None = None
    jitter: float = 0


class Body(Frozen):
    """A graph of nodes inside a container."""

    id: str
    """The container's id, or ``<container>/<case>`` for a case of a branch."""
    label: str
    """The key of its output in what a branch puts out: the case's id; else the container's."""
    when: Source | None = None
    """The condition under which a branch opens it."""
    output: Source | Fields | None = None
    output_reads: tuple[str, ...] = ()
    """Steps that ``output`` looks at."""


class PlanNode(Frozen):
    """One node, with everything about it decided."""

    id: str
    kind: NodeKind
    ref: str = ""
    """The tool's name, the step's id, the nested workflow's id, the event's name, or the place of
    a callable; empty where there is nothing of the kind."""
    name: str | None = None
    body: str = ""
    """The id of the body it stands in; empty for the workflow's own graph."""
    needs: tuple[str, ...] = ()
    """Predecessors, in the order of the document; all of the same body."""
    required: int = 0
    """How many of ``needs`` must have settled well before the node starts."""
    input: Fields | None = None
    fields: Fields | None = None
    """What a mapping makes, what a person is shown, or what a bail hands on, field by field."""
    parts: Fields | None = None
    """Values of the node's own, by name: ``condition`` (loop), ``items`` ``concurrency``
    (foreach), ``seconds`` ``at`` (sleep), ``title`` ``deadline`` (approval), ``result`` (bail).
    Constants are sources too."""
    bodies: tuple[Body, ...] = ()
    """What a container opens, in the order of the document."""
    first_only: bool = False
    """Whether a branch opens only the first body whose condition holds."""
    until: bool = False
    """Whether a loop goes on until its condition holds, instead of while it does."""
    max_iterations: int = 0
    version: int | None = None
    """The number of the nested workflow's version; ``None`` for the one published then."""
    form: dict[str, Any] | None = None
    """JSON Schema of a person's answer."""
    assignees: tuple[str, ...] = ()
    on_deadline: Literal["fail", "skip", "approve", "reject"] = "fail"
    reminder_seconds: float | None = None
    collect: bool = False
    connection: str | None = None
    retry: RetryPolicy = RetryPolicy()
    timeout_seconds: float | None = None
    """How long an attempt may take, how long an event is waited for, or how long a nested
    execution may take."""
    on_error: Literal["fail", "continue", "skip"] = "fail"
    queue: str | None = None
    reads: tuple[str, ...] = ()
    """Steps whose outputs the sources look at, besides what ``needs`` hands over."""
    reads_handover: bool = True
    """Whether anything looks at what the predecessors hand over."""
    reads_inputs: bool = False
    """Whether anything looks at the workflow's input."""
    reads_item: bool = False
    """Whether anything looks at ``item``, which the nearest foreach around hands out."""

    @property
    def title(self) -> str:
        """The name people see."""
        return self.name or face_of(self.id)

    @property
    def is_plumbing(self) -> bool:
        """Whether the node is evaluated while recording, without a worker."""
        return self.kind not in _WORK and not self.has_code

    @property
    def is_internal(self) -> bool:
        """Whether people need not see the node."""
        return self.kind in (NodeKind.MAP, NodeKind.BRANCH, NodeKind.LOOP, NodeKind.BAIL)

    @property
    def has_code(self) -> bool:
        """Whether a Python callable of the author's takes part in making the value."""
        sources = [
            *(self.input or {}).values(),
            *(self.fields or {}).values(),
            *(self.parts or {}).values(),
            *(body.when for body in self.bodies if body.when is not None),
        ]
        is_callable_map = self.kind is NodeKind.MAP and bool(self.ref)
        return is_callable_map or any(source.kind == "code" for source in sources)
