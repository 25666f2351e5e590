"""The definition: the document an editor saves and Python builders write.  Shapes only, no meaning.

Every model forbids fields it does not know, so a typing error is a diagnostic and not silence.
"""

from __future__ import annotations

from typing import Annotated, Any, ClassVar, Literal

from pydantic import BaseModel, ConfigDict, Field, model_validator

SCHEMA_VERSION = 1
MAX_NODES = 10_000
MAX_DEFINITION_BYTES = 1_000_000
MAX_NODE_ID_LENGTH = 200

#: Letters, digits, ``_``, ``-``, ``.`` and ``:`` — what can stand in a URL and in a log line.
NodeIdText = Annotated[
    str, Field(pattern=r"^[A-Za-z0-9_][A-Za-z0-9_.:\-]*$", max_length=MAX_NODE_ID_LENGTH)
]
Seconds = Annotated[float, Field(ge=0, le=366 * 86_400, allow_inf_nan=False)]


class _Model(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True, populate_by_name=True)


class Source(_Model):
    """Where one value comes from: exactly one of the five."""

    value: Any = None
    from_: str | None = Field(default=None, alias="from", max_length=2_000)
    expression: str | None = Field(default=None, max_length=4_096)
    template: str | None = Field(default=None, max_length=65_536)
    code: str | None = Field(
        default=None, description="A Python callable, by its place in a registered workflow."
    )

    @model_validator(mode="after")
    def _exactly_one(self) -> Source:
        if len(self.model_fields_set) != 1:
            raise ValueError("give exactly one of value, from, expression, template or code")
        return self

    @property
    def kind(self) -> str:
        """``value``, ``from``, ``expression``, ``template`` or ``code``."""
        (name,) = self.model_fields_set
        return "from" if name == "from_" else name

    def to_json(self) -> dict[str, Any]:
        """Return the object as it stands in a definition."""
        (name,) = self.model_fields_set
        return {self.kind: getattr(self, name)}


Fields = dict[str, Source]


class Retry(_Model):
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


class BaseNode(_Model):
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


class Scope(_Model):
    """An acyclic graph of nodes inside a container."""

    nodes: list[Any] = Field(default_factory=list)
    edges: list[Any] = Field(default_factory=list)
    output: Fields | Source | None = None


class WorkflowNode(BaseNode):
    """Runs another workflow."""

    type: Literal["workflow"] = "workflow"
    workflow: str = Field(max_length=200)
    version: int | None = None


class AgentNode(BaseNode):
    """Asks an agent."""

    type: Literal["agent"] = "agent"
    agent: str = Field(max_length=200)
    prompt: Source | str | None = None


class Case(_Model):
    id: NodeIdText
    when: str = Field(max_length=4_096)
    body: Scope


class BranchNode(BaseNode):
    """Runs the cases whose condition holds."""

    type: Literal["branch"] = "branch"
    mode: Literal["all", "first"] = "all"
    cases: list[Case]


class LoopNode(BaseNode):
    """Repeats its body while, or until, a condition holds."""

    type: Literal["loop"] = "loop"
    while_: str | None = Field(default=None, alias="while", max_length=4_096)
    until: str | None = Field(default=None, max_length=4_096)
    max_iterations: Annotated[int, Field(ge=1, le=10_000)] = 1_000
    body: Scope


class ForeachNode(BaseNode):
    """Runs its body once for each item."""

    type: Literal["foreach"] = "foreach"
    items: Source
    concurrency: Annotated[int, Field(ge=1, le=50)] | Source = 1
    body: Scope


class SleepNode(BaseNode):
    """Waits for a time span."""

    type: Literal["sleep"] = "sleep"
    seconds: Seconds | Source


class SleepUntilNode(BaseNode):
    """Waits for a moment."""

    type: Literal["sleep_until"] = "sleep_until"
    at: str | Source


class WaitForEventNode(BaseNode):
    """Waits for an event sent to the execution."""

    type: Literal["wait_for_event"] = "wait_for_event"
    event: str = Field(max_length=200)
    body: Scope | None = None


class ApprovalNode(BaseNode):
    """Asks a person."""

    type: Literal["approval"] = "approval"
    title: str = Field(max_length=500)
    form: dict[str, Any] | None = None
    context: Fields | None = None
    assignees: list[str] = Field(default_factory=list)
    deadline: Seconds | Source | None = None
    on_deadline: str | None = None


class BailNode(BaseNode):
    """Ends the workflow early, with a result."""

    type: Literal["bail"] = "bail"
    result: Source | Fields | None = None


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

Edge = tuple[str, str]
AnySchema = dict[str, Any]


class Definition(_Model):
    """One workflow, as a document."""

    schema_version: Literal[1] = 1
    id: Annotated[str, Field(max_length=200)] | None = Field(
        default=None, description="The workflow's own id; never changes what runs."
    )
    name: str = Field(max_length=200)
    description: str = Field(default="", max_length=10_000)
    inputs: AnySchema = Field(default_factory=dict, description="JSON Schema of the input.")
    output: Source | Fields | None = Field(
        default=None, description="The result; without it, what the last nodes put out."
    )
    state: AnySchema = Field(default_factory=dict, description="JSON Schema of the shared state.")
    configs: dict[str, Any] = Field(
        default_factory=dict, description="Settings that every execution sees, by name."
    )
    retry: Retry | None = Field(default=None, description="For nodes that set none of their own.")
    timeout: Annotated[float, Field(gt=0, allow_inf_nan=False)] | None = Field(
        default=None, description="Seconds an execution may take."
    )
    nodes: list[Node] = Field(default_factory=list)
    edges: list[Edge] = Field(default_factory=list)
    ui: dict[str, Any] = Field(
        default_factory=dict, description="Positions and notes; never changes what runs."
    )


def definition_json_schema() -> dict[str, Any]:
    """Return the JSON Schema (2020-12) of a definition, as published by the API."""
    schema = Definition.model_json_schema(by_alias=True)
    return {"$schema": "https://json-schema.org/draft/2020-12/schema", **schema}
