"""Steps by the name of what they run: tools, registered steps, workflows, agents.

Nothing is imported and nothing is looked up here; compiling says which names there are.  It is also
how one step, workflow or tool is used more than once, each time under an id of its own.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Protocol, Unpack, runtime_checkable

from workflows_app.authoring.errors import WorkflowUncommitted
from workflows_app.authoring.sources import MapSource
from workflows_app.authoring.spelling import NodeOptions
from workflows_app.authoring.step import Step


@runtime_checkable
class NestableWorkflow(Protocol):
    """A workflow, as far as a step that runs it needs it."""

    id: str
    is_committed: bool


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class NamedStep:
    """One node of a document.  Two are the same only if they are the same object."""

    id: str
    fields: Mapping[str, Any]
    """Its type, and what it names."""
    options: NodeOptions = field(default_factory=NodeOptions)
    step: Step | None = None
    """The Python step it names, where that is at hand."""


def use_tool(
    tool: str,
    *,
    id: str | None = None,
    connection: str | None = None,
    **options: Unpack[NodeOptions],
) -> NamedStep:
    """Return a step that calls the tool called ``tool``, as in ``use_tool("http.request")``.

    Without ``id`` the step is called like the tool.  ``connection`` picks one of the owner's
    connections by its label or account.
    """
    fields = {"type": "tool", "tool": tool}
    if connection is not None:
        fields["connection"] = connection
    return NamedStep(id=id or tool.replace(" ", "_"), fields=fields, options=options)


def use_step(
    step: Step | str, *, id: str | None = None, **options: Unpack[NodeOptions]
) -> NamedStep:
    """Return a step that runs ``step``, a Python step or the id of a registered one.

    The id is ``step`` or, where several workflows have a step of that id, ``workflow/step``.
    What is not given among the options is as ``step`` has it.
    """
    if isinstance(step, str):
        node_id = id or step.rpartition("/")[2]
        return NamedStep(id=node_id, fields={"type": "step", "step": step}, options=options)
    return named(step, id=id, **options)


def use_workflow(
    workflow: NestableWorkflow | str,
    *,
    id: str | None = None,
    version: int | None = None,
    **options: Unpack[NodeOptions],
) -> NamedStep:
    """Return a step that runs ``workflow``, or the one of that id, as an execution of its own.

    ``version`` is a published one; without it, the one that is published then.

    Raises:
        WorkflowUncommitted: if the workflow is not finished.
    """
    if not isinstance(workflow, str):
        if not workflow.is_committed:
            raise WorkflowUncommitted(workflow.id)
        workflow = workflow.id
    fields: dict[str, Any] = {"type": "workflow", "workflow": workflow}
    if version is not None:
        fields["version"] = version
    return NamedStep(id=id or workflow, fields=fields, options=options)


def use_agent(
    agent: str,
    *,
    id: str | None = None,
    prompt: str | MapSource | None = None,
    **options: Unpack[NodeOptions],
) -> NamedStep:
    """Return a step that asks the agent called ``agent``."""
    fields: dict[str, Any] = {"type": "agent", "agent": agent}
    if prompt is not None:
        fields["prompt"] = dict(prompt.document) if isinstance(prompt, MapSource) else prompt
    return NamedStep(id=id or agent.replace(" ", "_"), fields=fields, options=options)


def named(step: Step, *, id: str | None = None, **options: Unpack[NodeOptions]) -> NamedStep:
    """Return the node that runs ``step``, a Python step or a tool's."""
    own: NodeOptions = {
        "name": step.name,
        "timeout": step.timeout_seconds,
        "queue": step.queue,
        "join": step.join,
        "on_error": step.on_error,
    }
    if "retry" not in options:
        own["retries"] = step.retries
    fields = {"type": "tool", "tool": step.tool} if step.tool else {"type": "step", "step": step.id}
    return NamedStep(id=id or step.id, fields=fields, options=own | options, step=step)
