"""The nodes of a definition, one model a type.  Shapes only, no meaning."""

from __future__ import annotations

from typing import Annotated, Any, ClassVar, Literal

from pydantic import Field, model_validator

from workflows_app.language.sources import (
    Condition,
    Edge,
    Fields,
    Model,
    NodeIdText,
    Seconds,
    Source,
)


class Retry(Model):
    """How a failed attempt is tried again."""

    attempts: int = Field(
        default=0, ge=0, le=100, description="Tries after the first; 0 means one try in all."
    )
    delay: Seconds = Field(default=0, description="Seconds before the first retry.")
    backoff: Literal["fixed", "linear", "exponential"] = "fixed"
    max_delay: Seconds | None = Field(default=None, description="No wait is longer, in seconds.")
    jitter: float = Field(
        default=0, ge=0, le=1, description="Share of the wait that is drawn by chance, 0 to 1."
    )


class BaseNode(Model):
    """What every node has."""

    id: NodeIdText
    name: str | None = Field(default=None, max_length=200)
    description: str | None = Field(default=None, max_length=10_000)
    input: Fields | None = Field(
        default=None, description="Replaces what the predecessors hand over, field by field."
    )
    collect: bool = Field(
        default=False, description="Key the input by predecessor even when there is only one."
    )
    retry: Retry | None = None
    timeout: Annotated[float, Field(gt=0, allow_inf_nan=False)] | None = Field(
        default=None, description="Seconds one attempt may take."
    )
    on_error: Literal["fail", "continue", "skip"] = "fail"
    queue: str | None = Field(default=None, max_length=200)
    join: Literal["all", "any"] | Annotated[int, Field(ge=1)] = "all"

    supported: ClassVar[bool] = False


class ToolNode(BaseNode):
    """Calls a registered tool."""

    type: Literal["tool"] = "tool"
    tool: str = Field(max_length=200)
    connection: str | None = Field(
        default=None, max_length=200, description="Which of the owner's connections to use."
    )
    supported: ClassVar[bool] = True


class StepNode(BaseNode):
    """Runs a registered Python step."""

    type: Literal["step"] = "step"
    step: str = Field(max_length=400)
    supported: ClassVar[bool] = True


class MapNode(BaseNode):
    """Makes a new value from earlier ones."""

    type: Literal["map"] = "map"
    fields: Fields | None = None
    code: str | None = Field(
        default=None, description="A Python callable, by its place in a registered workflow."
    )
    supported: ClassVar[bool] = True

    @model_validator(mode="after")
    def _fields_or_code(self) -> MapNode:
        if (self.fields is None) == (self.code is None):
            raise ValueError("give either fields or code")
        return self


class WorkflowNode(BaseNode):
    """Runs another workflow as an execution of its own."""

    type: Literal["workflow"] = "workflow"
    workflow: str = Field(max_length=200)
    version: Annotated[int, Field(ge=1)] | None = Field(
        default=None, description="A published version; without it, the one published then."
    )
    supported: ClassVar[bool] = True


class AgentNode(BaseNode):
    """Asks an agent."""

    type: Literal["agent"] = "agent"
    agent: str = Field(max_length=200)
    prompt: Source | str | None = None


class Scope(Model):
    """An acyclic graph of nodes inside a container."""

    nodes: list[Node] = Field(default_factory=list)
    edges: list[Edge] = Field(default_factory=list)
    output: Source | Fields | None = Field(
        default=None, description="What the body puts out; without it, what its last nodes do."
    )


class Case(Model):
    """One way a branch can go."""

    id: NodeIdText
    when: Condition
    body: Scope = Field(default_factory=Scope)


class BranchNode(BaseNode):
    """Runs the cases whose condition holds."""

    type: Literal["branch"] = "branch"
    mode: Literal["all", "first"] = "all"
    cases: Annotated[list[Case], Field(min_length=1, max_length=200)]
    supported: ClassVar[bool] = True


class LoopNode(BaseNode):
    """Repeats its body while, or until, a condition holds; runs it once at least."""

    type: Literal["loop"] = "loop"
    while_: Condition | None = Field(default=None, alias="while")
    until: Condition | None = None
    max_iterations: Annotated[int, Field(ge=1, le=10_000)] = 1_000
    body: Scope
    supported: ClassVar[bool] = True

    @model_validator(mode="after")
    def _one_condition(self) -> LoopNode:
        if (self.while_ is None) == (self.until is None):
            raise ValueError("give either while or until")
        return self


class ForeachNode(BaseNode):
    """Runs its body once for each item."""

    type: Literal["foreach"] = "foreach"
    items: Source | None = Field(
        default=None, description="The list; without it, the node's input is the list."
    )
    concurrency: Annotated[int, Field(ge=1, le=50)] | Source = 1
    body: Scope
    supported: ClassVar[bool] = True


class SleepNode(BaseNode):
    """Waits for a time span, and hands on what it received."""

    type: Literal["sleep"] = "sleep"
    seconds: float | Source = Field(description="At most 366 days; nothing below zero waits.")
    supported: ClassVar[bool] = True


class SleepUntilNode(BaseNode):
    """Waits for a moment, and hands on what it received."""

    type: Literal["sleep_until"] = "sleep_until"
    at: str | Source = Field(description="An ISO 8601 time; without a zone it is UTC.")
    supported: ClassVar[bool] = True


class WaitForEventNode(BaseNode):
    """Waits for an event sent to the execution; ``timeout`` bounds the wait, in seconds.

    Puts out the event's data, or what its body puts out; the body's steps receive the node's
    input, and the event's data as their resume data.
    """

    type: Literal["wait_for_event"] = "wait_for_event"
    event: str = Field(min_length=1, max_length=200)
    body: Scope | None = None
    supported: ClassVar[bool] = True


class ApprovalNode(BaseNode):
    """Asks a person; puts out what they answered."""

    type: Literal["approval"] = "approval"
    title: str | Source
    form: dict[str, Any] | None = Field(
        default=None,
        description="JSON Schema of the answer; without it, `approved` (boolean) and `comment`.",
    )
    context: Fields | None = Field(default=None, description="What the person is shown.")
    assignees: list[Annotated[str, Field(min_length=1, max_length=200)]] = Field(
        default_factory=list,
        description="User names, or ``group:`` and a group's name; empty for the owner alone.",
    )
    deadline: Seconds | Source | None = Field(default=None, description="Seconds the person has.")
    on_deadline: Literal["fail", "skip", "approve", "reject"] = "fail"
    reminder: Seconds | None = Field(
        default=None, description="Seconds after which the person is reminded, once."
    )
    supported: ClassVar[bool] = True


class BailNode(BaseNode):
    """Ends the workflow early, with a result."""

    type: Literal["bail"] = "bail"
    result: Source | Fields | None = Field(
        default=None, description="Without it, what the node received."
    )
    supported: ClassVar[bool] = True


Node = Annotated[
    ToolNode
    | StepNode
    | MapNode
    | WorkflowNode
    | AgentNode
    | BranchNode
    | LoopNode
    | ForeachNode
    | SleepNode
    | SleepUntilNode
    | WaitForEventNode
    | ApprovalNode
    | BailNode,
    Field(discriminator="type"),
]

#: ``type`` in a document -> its model.
NODE_MODELS: dict[str, type[BaseNode]] = {
    "tool": ToolNode,
    "step": StepNode,
    "map": MapNode,
    "workflow": WorkflowNode,
    "agent": AgentNode,
    "branch": BranchNode,
    "loop": LoopNode,
    "foreach": ForeachNode,
    "sleep": SleepNode,
    "sleep_until": SleepUntilNode,
    "wait_for_event": WaitForEventNode,
    "approval": ApprovalNode,
    "bail": BailNode,
}

for _model in (Scope, Case, BranchNode, LoopNode, ForeachNode, WaitForEventNode):
    _model.model_rebuild()
