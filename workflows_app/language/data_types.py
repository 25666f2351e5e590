"""What each node receives and puts out, as far as schemas tell.  Reports nothing.

A schema of ``None`` is not known.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any, TypeAlias

from workflows_app.language.assignability import UNKNOWN, schema_at
from workflows_app.language.catalogue import AmbiguousStep, Catalogue, StepInfo, WorkflowInfo
from workflows_app.language.definition import (
    ApprovalNode,
    BaseNode,
    BranchNode,
    Definition,
    Fields,
    ForeachNode,
    LoopNode,
    SleepNode,
    SleepUntilNode,
    Source,
    StepNode,
    ToolNode,
    WaitForEventNode,
    WorkflowNode,
)
from workflows_app.language.paths import Path, PathError, parse_path
from workflows_app.language.schema_shapes import dereference
from workflows_app.language.scopes import Scopes

Schema: TypeAlias = Mapping[str, Any]

#: What a person answers when the approval has no form of its own.
DEFAULT_FORM: Schema = {
    "type": "object",
    "properties": {"approved": {"type": "boolean"}, "comment": {"type": "string"}},
    "required": ["approved"],
    "additionalProperties": False,
}
#: A schema of more parts is not put into another one, where it would be counted again and again.
_MOST_PARTS = 500
#: How far the way of a value is followed back through nodes that hand it on.
_MOST_STEPS_BACK = 60


@dataclass(slots=True, kw_only=True)
class DataTypes:
    """The schemas of one definition's data flow."""

    header: Definition
    scopes: Scopes
    catalogue: Catalogue
    _known: dict[tuple[str, str], Schema | None] = field(default_factory=dict, init=False)
    _steps_back: int = field(default=0, init=False)

    # -- nodes -----------------------------------------------------------------------------------

    def takes(self, node: BaseNode) -> Schema | None:
        """Return the schema of the input that ``node`` asks for."""
        match node:
            case ToolNode(tool=name):
                tool = self.catalogue.tool(name)
                return tool.input_schema if tool else None
            case StepNode(step=ref):
                step = self.step(ref)
                return step.input_schema if step else None
            case WorkflowNode(workflow=ref):
                workflow = self.workflow(ref)
                return workflow.input_schema if workflow else None
        return None

    def handed_to(self, node_id: str) -> Schema | None:
        """Return the schema of what comes to a node: from its predecessors, or from outside."""
        return self._once("handed", node_id, self._handed_to)

    def received_by(self, node_id: str) -> Schema | None:
        """Return the schema of what a node works on: its own ``input``, or what comes to it."""
        own = self.scopes.draft(node_id).node.input
        return self.handed_to(node_id) if own is None else self._once("own", node_id, self._own)

    def put_out_by(self, node_id: str) -> Schema | None:
        """Return the schema of a node's output."""
        return self._once("output", node_id, self._put_out_by)

    def put_out_by_body(self, scope: str) -> Schema | None:
        """Return the schema of what a body puts out."""
        return self._once("body", scope, self._put_out_by_body)

    def item_of(self, node_id: str) -> Schema | None:
        """Return the schema of what a foreach hands out, one by one."""
        items = self.items_of(node_id)
        return _known(schema_at(items, (0,))) if items else None

    def items_of(self, node_id: str) -> Schema | None:
        """Return the schema of the list that a foreach goes through."""
        node = self.scopes.draft(node_id).node
        if isinstance(node, ForeachNode) and node.items is not None:
            received = self.received_by(node_id)
            return self._of_source(node.items, scope=self.scopes.homes[node_id], given=received)
        return self.received_by(node_id)

    def at(self, path: Path, *, scope: str, given: Schema | None) -> Any:
        """Return the schema of what ``path`` names in ``scope``, ``None`` if it cannot exist, or
        UNKNOWN.

        ``given`` is the schema of ``input`` there.
        """
        match tuple(path):
            case ("inputs", *rest):
                found: Schema | None = self.header.inputs
            case ("steps", str(step), *rest) if step in self.scopes.homes:
                found = self.put_out_by(step)
            case ("input", *rest):
                found = given
            case ("item", *rest):
                found = self._item_in(scope)
            case ("index" | "iteration",):
                return {"type": "integer"}
            case _:
                return UNKNOWN
        return schema_at(found, tuple(rest)) if found else UNKNOWN

    def step(self, ref: str) -> StepInfo | None:
        """Return the step that ``ref`` names, if it is just one."""
        try:
            return self.catalogue.step(ref)
        except AmbiguousStep:
            return None

    def workflow(self, ref: str) -> WorkflowInfo | None:
        """Return the workflow called ``ref``; this very one need not be known outside yet."""
        if ref == self.header.id:
            return WorkflowInfo(id=ref, input_schema=self.header.inputs or None)
        return self.catalogue.workflow(ref)

    # -- inside ----------------------------------------------------------------------------------

    def _once(
        self, what: str, name: str, work_out: Callable[[str], Schema | None]
    ) -> Schema | None:
        key = (what, name)
        if key not in self._known:
            if self._steps_back == _MOST_STEPS_BACK:
                return None
            # A loop's body receives what it puts out; asked again on the way, nothing is known.
            self._known[key] = None
            self._steps_back += 1
            self._known[key] = work_out(name)
            self._steps_back -= 1
        return self._known[key]

    def _handed_to(self, node_id: str) -> Schema | None:
        node = self.scopes.draft(node_id).node
        needs = self.scopes.needs(node_id)
        if not needs:
            return self._enters(self.scopes.homes[node_id])
        if len(needs) == 1 and not node.collect:
            return self.put_out_by(needs[0])
        return _object(
            {need: self.put_out_by(need) for need in needs},
            required=needs if node.join == "all" else (),
        )

    def _enters(self, scope: str) -> Schema | None:
        """Return the schema of what the first nodes of ``scope`` receive."""
        if not scope:
            return self.header.inputs or None
        holder = self.scopes.holders[scope].node
        received = self.received_by(holder.id)
        match holder:
            case ForeachNode():
                return self.item_of(holder.id)
            case LoopNode():
                again = self.put_out_by_body(scope)
                if received is None or again is None:
                    return None
                return {"anyOf": [_written_out(received), _written_out(again)]}
        return received

    def _put_out_by(self, node_id: str) -> Schema | None:
        draft = self.scopes.draft(node_id)
        match draft.node:
            case ToolNode(tool=name):
                tool = self.catalogue.tool(name)
                return tool.output_schema if tool else None
            case StepNode(step=ref):
                step = self.step(ref)
                return step.output_schema if step else None
            case WorkflowNode(workflow=ref):
                workflow = self.workflow(ref)
                return workflow.output_schema if workflow else None
            case SleepNode() | SleepUntilNode():
                return self.received_by(node_id)
            case ApprovalNode(form=form):
                return DEFAULT_FORM if form is None else form
            case BranchNode():
                cases = {body.label: self.put_out_by_body(body.id) for body in draft.bodies}
                return _object(cases, required=())
            case ForeachNode():
                one = self.put_out_by_body(node_id)
                return {"type": "array", "items": _written_out(one or {})}
            case LoopNode() | WaitForEventNode() if draft.bodies:
                return self.put_out_by_body(node_id)
        return None

    def _put_out_by_body(self, scope: str) -> Schema | None:
        graph = self.scopes.graphs.get(scope)
        if graph is None:
            return None
        match graph.scope.output:
            case Source() as source:
                return self._of_source(source, scope=scope, given=None)
            case None:
                ends = graph.terminals
                if len(ends) == 1:
                    return self.put_out_by(ends[0])
                outputs = {end: self.put_out_by(end) for end in ends}
                return _object(outputs, required=()) if ends else {"type": "null"}
            case fields:
                return self._fields(fields, scope=scope, given=None)

    def _own(self, node_id: str) -> Schema:
        fields = self.scopes.draft(node_id).node.input or {}
        given = self.handed_to(node_id)
        return self._fields(fields, scope=self.scopes.homes[node_id], given=given)

    def _fields(self, fields: Fields, *, scope: str, given: Schema | None) -> Schema:
        # A field whose source finds nothing is left out, so none is certain.
        found = {
            name: self._of_source(source, scope=scope, given=given)
            for name, source in fields.items()
        }
        return _object(found, required=())

    def _of_source(self, source: Source, *, scope: str, given: Schema | None) -> Schema | None:
        match source.kind:
            case "template":
                return {"type": "string"}
            case "value":
                return {"const": source.value}
            case "from":
                try:
                    path = parse_path(source.from_ or "")
                except PathError:
                    return None
                return _known(self.at(path, scope=scope, given=given))
        return None

    def _item_in(self, scope: str) -> Schema | None:
        for holder in self.scopes.around(scope):
            if isinstance(holder.node, ForeachNode):
                return self.item_of(holder.node.id)
        return None


def _known(schema: Any) -> Schema | None:
    return schema if isinstance(schema, Mapping) else None


def _object(properties: Mapping[str, Schema | None], *, required: Iterable[str]) -> Schema:
    return {
        "type": "object",
        "properties": {name: _written_out(one or {}) for name, one in properties.items()},
        "required": list(required),
    }


def _written_out(schema: Schema) -> Schema:
    """Return ``schema`` without references, so that it can stand inside another one; empty when
    it refers to itself or is large."""
    left = _MOST_PARTS

    def write(part: Any, depth: int) -> Any:
        nonlocal left
        left -= 1
        if left < 0 or depth > _MOST_STEPS_BACK:
            raise OverflowError
        part = dereference(part, schema)
        if isinstance(part, Mapping):
            return {
                key: write(value, depth + 1)
                for key, value in part.items()
                if key not in ("$defs", "definitions")
            }
        if isinstance(part, list):
            return [write(value, depth + 1) for value in part]
        return part

    try:
        found = write(schema, 0)
    except OverflowError:
        return {}
    return found if isinstance(found, Mapping) else {}
