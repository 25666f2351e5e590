"""Whether what producers put out fits what consumers take, as far as schemas tell."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from workflows_app.language.assignability import UNKNOWN, TypeProblem, assignable, schema_at
from workflows_app.language.data_types import DataTypes, Schema
from workflows_app.language.definition import BaseNode, LoopNode, ToolNode, WorkflowNode
from workflows_app.language.diagnostics import Diagnostics, Severity
from workflows_app.language.draft import NodeDraft, Place
from workflows_app.language.expression_types import type_of_expression
from workflows_app.language.expressions import ExpressionError
from workflows_app.language.expressions import check as check_expression
from workflows_app.language.node_sources import Placed, own_input
from workflows_app.language.paths import Path, format_path
from workflows_app.language.references import Reads
from workflows_app.language.schemas import SchemaError, validate_value
from workflows_app.language.scopes import Reader, Scopes

_TEXT = {"type": "string"}


@dataclass(frozen=True, slots=True, kw_only=True)
class TypeChecker:
    """Checks one definition's data flow, node by node."""

    types: DataTypes
    scopes: Scopes
    problems: Diagnostics

    def check_node(self, draft: NodeDraft, *, reads: Reads) -> None:
        """Check what flows into a node, and that its ``input`` reads fields that can be there."""
        node = draft.node
        consumer = self.types.takes(node)
        look = _Look(
            node=node,
            scope=self.scopes.homes[node.id],
            given=self.types.handed_to(node.id),
        )
        if node.input is None:
            if consumer:
                self._check_handover(look, consumer, draft.place)
        else:
            self._check_fields(look, own_input(draft), consumer or {}, draft.place, reads)
        self.check_fields_exist(reads, reader=_reader(look), given=look.given)

    def check_fields_exist(self, reads: Reads, *, reader: Reader, given: Schema | None) -> None:
        """Warn of paths to fields that their producers do not declare; ``given`` is the schema of
        ``input`` for who reads."""
        for at, path in reads.paths.items():
            parts = tuple(path)
            if parts[:1] == ("inputs",) and len(parts) <= 2:
                continue  # the reference check speaks of undeclared inputs
            if self.types.at(path, scope=reader.scope, given=given) is None:
                self.problems.warn(
                    "reference.unknown_field",
                    f"{format_path(path)!r} names a field that its producer does not declare",
                    *at,
                    "from",
                    node_id=reader.node or reader.scope.partition("/")[0] or None,
                )

    def schema_of(
        self, found: Placed, *, reader: Reader, given: Schema | None, reads: Reads
    ) -> Any:
        """Return the schema of a source's value, ``None`` or UNKNOWN; ``given`` is the schema of
        ``input`` for who reads."""
        source = found.source
        match source.kind:
            case "value":
                return {"const": source.value}
            case "template":
                return _TEXT
            case "expression":
                kind = type_of_expression(source.expression or "")
                if kind:
                    return {"type": kind}
                return self._plain(source.expression or "", reader.scope, given)
            case "from" if found.place in reads.paths:
                return self.types.at(reads.paths[found.place], scope=reader.scope, given=given)
        return UNKNOWN

    def _plain(self, text: str, scope: str, given: Schema | None) -> Any:
        """Return the schema of an expression that is nothing but a path."""
        try:
            path = check_expression(text).plain_path
        except ExpressionError:
            return None
        return None if path is None else self.types.at(path, scope=scope, given=given)

    # -- checks -----------------------------------------------------------------------------------

    def _check_handover(self, look: _Look, consumer: Schema, place: Place) -> None:
        node, producer = look.node, look.given
        needs = self.scopes.needs(node.id)
        by_name = isinstance(node, ToolNode) and not needs and not look.scope
        if by_name:
            declared = (producer or {}).get("properties", {})
            self._check_required(node, consumer, declared, place)
            producer = {**(producer or {}), "required": list(declared)}
        holder = self.scopes.holders[look.scope].node if look.scope and not needs else None
        if isinstance(holder, LoopNode):
            self._check_rounds(look, holder, consumer, place)
            return
        origin = ", ".join(map(repr, needs)) if needs else "the workflow's input"
        if holder is not None:
            origin = f"what {holder.id!r} hands to its body"
        for problem in assignable(producer, consumer):
            if problem.code == "type.missing_property" and by_name:
                continue  # said already, by name
            self._add_type_problem(problem, node, place, f"from {origin}")

    def _check_rounds(self, look: _Look, loop: LoopNode, consumer: Schema, place: Place) -> None:
        """Check what the first round of a loop receives, and what later ones do, if any."""
        for problem in assignable(self.types.received_by(loop.id), consumer):
            self._add_type_problem(problem, look.node, place, f"from the input of {loop.id!r}")
        for problem in assignable(self.types.put_out_by_body(loop.id), consumer):
            self.problems.warn(
                "type.narrowing",
                f"{problem.message} (from the round before, in {loop.id!r})",
                *place,
                node_id=look.node.id,
            )

    def _check_required(
        self, node: BaseNode, consumer: Schema, given: Mapping[str, Any], place: Place
    ) -> None:
        what = _KIND.get(type(node), "step")
        for name in consumer.get("required", ()):
            if name not in given:
                self.problems.add(
                    "tool.input_missing",
                    f"the {what} needs {name!r} and nothing gives it",
                    *place,
                    "input",
                    node_id=node.id,
                    fix=f"add a source for {name!r} to the node's input",
                    subject=name,
                )

    def _check_fields(
        self, look: _Look, sources: list[Placed], consumer: Schema, place: Place, reads: Reads
    ) -> None:
        fields = {str(found.place[-1]): found for found in sources}
        self._check_required(look.node, consumer, fields, place)
        declared = consumer.get("properties")
        for name, found in fields.items():
            if isinstance(declared, Mapping) and name not in declared:
                self._report_unknown_field(look.node, name, declared, consumer, found.place)
                continue
            wanted = schema_at(consumer, (name,)) if isinstance(declared, Mapping) else {}
            self._check_source(found, wanted, look, reads)

    def _report_unknown_field(
        self,
        node: BaseNode,
        name: str,
        declared: Mapping[str, Any],
        consumer: Schema,
        at: Place,
    ) -> None:
        if consumer.get("additionalProperties") not in (None, False):
            return
        report = self.problems.add if isinstance(node, ToolNode) else self.problems.warn
        report(
            "tool.input_unknown",
            f"there is no input {name!r} to take this value",
            *at,
            node_id=node.id,
            fix=f"use one of {', '.join(map(repr, list(declared)[:10]))}",
        )

    def _check_source(self, found: Placed, wanted: Any, look: _Look, reads: Reads) -> None:
        if not isinstance(wanted, Mapping):
            return
        source, at = found.source, found.place
        match source.kind:
            case "value":
                self._check_constant(source.value, wanted, look.node, at)
                return
            case "template":
                producer: Any = _TEXT
            case "from" if at in reads.paths:
                producer = self.types.at(reads.paths[at], scope=look.scope, given=look.given)
                if producer is UNKNOWN and self._is_untyped_tool(reads.paths[at], look.node):
                    self.problems.warn(
                        "type.unknown",
                        f"the type of {format_path(reads.paths[at])!r} is not known, "
                        f"so what {at[-1]!r} receives goes unchecked",
                        *at,
                        "from",
                        node_id=look.node.id,
                        fix="nothing needs to be done; check the value in a first execution",
                    )
            case _:
                return
        if producer is UNKNOWN or producer is None or not producer:
            return
        for misfit in assignable(producer, wanted):
            self._add_type_problem(misfit, look.node, at, f"for {at[-1]!r}")

    def _check_constant(self, value: Any, wanted: Schema, node: BaseNode, at: Place) -> None:
        try:
            misfits = validate_value(wanted, value)
        except SchemaError:  # a tool's own schema that we refuse to run says nothing
            return
        for misfit in misfits:
            self.problems.add("type.mismatch", misfit.message, *at, "value", node_id=node.id)

    def _is_untyped_tool(self, path: Path, node: BaseNode) -> bool:
        parts = tuple(path)
        needs = self.scopes.needs(node.id)
        producer = parts[1] if parts[:1] == ("steps",) and len(parts) > 1 else None
        if parts[:1] == ("input",) and len(needs) == 1:
            producer = needs[0]
        if producer not in self.scopes.homes:
            return False
        return isinstance(self.scopes.draft(str(producer)).node, ToolNode)

    def _add_type_problem(
        self, problem: TypeProblem, node: BaseNode, at: Place, about: str
    ) -> None:
        is_error = problem.severity is Severity.ERROR
        report = self.problems.add if is_error else self.problems.warn
        report(
            "type.mismatch" if is_error else "type.narrowing",
            f"{problem.message} ({about})",
            *at,
            node_id=node.id,
        )


_KIND: Mapping[type[BaseNode], str] = {ToolNode: "tool", WorkflowNode: "workflow"}


@dataclass(frozen=True, slots=True, kw_only=True)
class _Look:
    """A node that receives something, where it stands, and the schema of what comes to it."""

    node: BaseNode
    scope: str
    given: Schema | None


def _reader(look: _Look) -> Reader:
    return Reader(scope=look.scope, node=look.node.id)
