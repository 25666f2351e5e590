"""The definition: the document an editor saves and Python builders write.  Shapes only, no meaning.

Every model forbids fields it does not know, so a typing error is a diagnostic and not silence.
"""

from __future__ import annotations

from typing import Annotated, Any, Literal

from pydantic import Field

from workflows_app.language.admission import Concurrency, Priority, StartRate
from workflows_app.language.nodes import (
    NODE_MODELS,
    AgentNode,
    ApprovalNode,
    BailNode,
    BaseNode,
    BranchNode,
    Case,
    ForeachNode,
    LoopNode,
    MapNode,
    Node,
    Retry,
    Scope,
    SleepNode,
    SleepUntilNode,
    StepNode,
    ToolNode,
    WaitForEventNode,
    WorkflowNode,
)
from workflows_app.language.sources import (
    MAX_NODE_ID_LENGTH,
    MAX_WAIT_SECONDS,
    Condition,
    Edge,
    Fields,
    Model,
    NodeIdText,
    Seconds,
    Source,
)

__all__ = [
    "MAX_NODE_ID_LENGTH",
    "MAX_SCOPE_DEPTH",
    "MAX_WAIT_SECONDS",
    "NODE_MODELS",
    "SCHEMA_VERSION",
    "AgentNode",
    "AnySchema",
    "ApprovalNode",
    "BailNode",
    "BaseNode",
    "BranchNode",
    "Case",
    "Concurrency",
    "Condition",
    "Definition",
    "Edge",
    "Fields",
    "ForeachNode",
    "Hooks",
    "LoopNode",
    "MapNode",
    "Node",
    "NodeIdText",
    "Retry",
    "Scope",
    "Seconds",
    "SleepNode",
    "SleepUntilNode",
    "Source",
    "StartRate",
    "StepNode",
    "ToolNode",
    "WaitForEventNode",
    "WorkflowNode",
    "definition_json_schema",
]

SCHEMA_VERSION = 1
MAX_SCOPE_DEPTH = 20
"""Bodies inside each other; the workflow's own graph does not count."""

AnySchema = dict[str, Any]


class Hooks(Model):
    """Python callables that are told about an execution, by their place."""

    on_start: str | None = None
    on_finish: str | None = None
    on_error: str | None = None


class Definition(Model):
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
    context: AnySchema = Field(
        default_factory=dict, description="JSON Schema of the runtime context."
    )
    configs: dict[str, Any] = Field(
        default_factory=dict, description="Settings that every execution sees, by name."
    )
    retry: Retry | None = Field(default=None, description="For nodes that set none of their own.")
    timeout: Annotated[float, Field(gt=0, allow_inf_nan=False)] | None = Field(
        default=None, description="Seconds an execution may take."
    )
    concurrency: Concurrency | None = Field(
        default=None, description="How many executions may go on at a time."
    )
    start_rate: StartRate | None = Field(
        default=None, description="How many executions may begin in a span of time."
    )
    priority: Priority = Field(
        default=0, description="Of executions that wait, those of the highest begin first."
    )
    on_failure: Annotated[str, Field(max_length=200)] | None = Field(
        default=None, description="The id of a workflow that is started when this one fails."
    )
    hooks: Hooks | None = None
    nodes: list[Node] = Field(default_factory=list)
    edges: list[Edge] = Field(default_factory=list)
    ui: dict[str, Any] = Field(
        default_factory=dict, description="Positions and notes; never changes what runs."
    )


def definition_json_schema() -> dict[str, Any]:
    """Return the JSON Schema (2020-12) of a definition, as published by the API."""
    schema = Definition.model_json_schema(by_alias=True)
    return {"$schema": "https://json-schema.org/draft/2020-12/schema", **schema}
