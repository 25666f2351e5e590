"""Making a plan's nodes out of what was read and checked.  Judges nothing."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from workflows_app.language.admission import admission_of
from workflows_app.language.data_types import DEFAULT_FORM, DataTypes
from workflows_app.language.definition import (
    ApprovalNode,
    BailNode,
    BaseNode,
    BranchNode,
    Definition,
    Fields,
    ForeachNode,
    LoopNode,
    MapNode,
    Retry,
    SleepNode,
    SleepUntilNode,
    Source,
    StepNode,
    ToolNode,
    WaitForEventNode,
    WorkflowNode,
)
from workflows_app.language.draft import NodeDraft, ScopeDraft
from workflows_app.language.node_sources import loop_condition, parts_of, placed_condition
from workflows_app.language.plan import Body, NodeKind, Plan, PlanNode, RetryPolicy
from workflows_app.language.references import Reads
from workflows_app.language.scopes import Scopes


@dataclass(frozen=True, slots=True, kw_only=True)
class NodeReads:
    """What a node looks at, by when."""

    own: Reads
    """Its input, and the values of its own that are worked out before its bodies open."""
    condition: Reads
    """A loop's condition, worked out when its body has ended."""
    outputs: Mapping[str, Reads]
    """Body id -> what the body's ``output`` looks at."""


@dataclass(frozen=True, slots=True, kw_only=True)
class PlanBuilder:
    """Builds the nodes of one plan."""

    header: Definition
    scopes: Scopes
    types: DataTypes

    def node(self, draft: NodeDraft, reads: NodeReads) -> PlanNode:
        """Return the plan's node for ``draft``."""
        node = draft.node
        needs = self.scopes.needs(node.id)
        scope = self.scopes.homes[node.id]
        step = self.types.step(node.step) if isinstance(node, StepNode) else None
        own_timeout = step.timeout_seconds if step else None
        has_input = node.input is not None
        roots = reads.own.roots | (reads.condition.roots - {"input"})
        if isinstance(node, MapNode) and node.code and "item" in self.scopes.roots_in(scope):
            roots |= {"item"}  # a callable may look at all of it, and nobody can tell
        return PlanNode(
            id=node.id,
            name=node.name,
            body=scope,
            needs=needs,
            required=_required(node, needs),
            input=node.input,
            parts=_parts(draft),
            bodies=tuple(self._body(body, reads.outputs[body.id]) for body in _bodies(draft)),
            collect=node.collect,
            retry=self._retry(node, step.retries if step else None),
            timeout_seconds=own_timeout if node.timeout is None else node.timeout,
            on_error=node.on_error,
            queue=node.queue or (step.queue if step else None),
            reads=self._in_order(reads.own.steps | reads.condition.steps),
            reads_handover=not has_input or "input" in roots,
            reads_inputs="inputs" in roots or (not scope and not needs and not has_input),
            reads_item="item" in roots,
            **_of_kind(node),
        )

    def plan(self, nodes: Iterable[PlanNode], result: Reads) -> Plan:
        """Return the whole plan; ``result`` is what the workflow's output looks at."""
        header = self.header
        return Plan(
            name=header.name,
            inputs=header.inputs,
            output=header.output,
            output_reads=tuple(sorted(result.steps)),
            state=header.state,
            context=header.context,
            on_failure=header.on_failure,
            hooks=header.hooks.model_dump(exclude_none=True) if header.hooks else {},
            configs=header.configs,
            timeout_seconds=header.timeout,
            admission=admission_of(header),
            nodes=tuple(nodes),
        )

    def _body(self, body: ScopeDraft, reads: Reads) -> Body:
        return Body(
            id=body.id,
            label=body.label,
            when=None if body.when is None else placed_condition(body.when, ()).source,
            output=body.output,
            output_reads=self._in_order(reads.steps),
        )

    def _in_order(self, steps: Iterable[str]) -> tuple[str, ...]:
        return tuple(sorted(steps, key=self.scopes.position.__getitem__))

    def _retry(self, node: BaseNode, of_step: int | None) -> RetryPolicy:
        """Merge the three layers: the workflow's, the step's own, the node's."""
        # A nested workflow hands its parent's retries to nothing inside, so it takes none itself.
        from_workflow = isinstance(node, ToolNode | StepNode | MapNode)
        layers: list[Retry | None] = [
            self.header.retry if from_workflow else None,
            None if of_step is None else Retry(attempts=of_step),
            node.retry,
        ]
        merged: dict[str, Any] = {}
        for layer in layers:
            if layer is not None:
                merged |= layer.model_dump(exclude_unset=True)
        return RetryPolicy(**merged)


def _bodies(draft: NodeDraft) -> tuple[ScopeDraft, ...]:
    """Return the bodies that are opened: a wait with nothing in its body has none."""
    if isinstance(draft.node, WaitForEventNode):
        return tuple(one for one in draft.bodies if one.nodes or one.output is not None)
    return draft.bodies


def _parts(draft: NodeDraft) -> Fields | None:
    parts = {name: found.source for name, found in parts_of(draft).items()}
    condition = loop_condition(draft)
    if condition is not None:
        parts["condition"] = condition.source
    return parts or None


def _of_kind(node: BaseNode) -> dict[str, Any]:
    """Return the fields that only nodes of this kind have."""
    match node:
        case ToolNode():
            return {"kind": NodeKind.TOOL, "ref": node.tool, "connection": node.connection}
        case StepNode():
            return {"kind": NodeKind.STEP, "ref": node.step}
        case MapNode():
            return {"kind": NodeKind.MAP, "ref": node.code or "", "fields": node.fields}
        case WorkflowNode():
            return {"kind": NodeKind.WORKFLOW, "ref": node.workflow, "version": node.version}
        case BranchNode():
            return {"kind": NodeKind.BRANCH, "first_only": node.mode == "first"}
        case LoopNode():
            return {
                "kind": NodeKind.LOOP,
                "until": node.until is not None,
                "max_iterations": node.max_iterations,
            }
        case ForeachNode():
            return {"kind": NodeKind.FOREACH}
        case SleepNode() | SleepUntilNode():
            return {"kind": NodeKind.SLEEP}
        case WaitForEventNode():
            return {"kind": NodeKind.WAIT, "ref": node.event}
        case ApprovalNode():
            return {
                "kind": NodeKind.APPROVAL,
                "fields": node.context,
                "form": DEFAULT_FORM if node.form is None else node.form,
                "assignees": tuple(node.assignees),
                "on_deadline": node.on_deadline,
                "reminder_seconds": node.reminder,
            }
        case BailNode(result=result):
            return {"kind": NodeKind.BAIL, "fields": None if isinstance(result, Source) else result}
    raise AssertionError(f"unreachable: {type(node).__name__} is not supported")


def _required(node: BaseNode, needs: tuple[str, ...]) -> int:
    match node.join:
        case "all":
            return len(needs)
        case "any":
            return min(1, len(needs))
        case number:
            return number
