"""Whether what producers put out fits what consumers take, as far as schemas tell."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from workflows_app.language.assignability import UNKNOWN, assignable, schema_at
from workflows_app.language.catalogue import AmbiguousStep, Catalogue
from workflows_app.language.definition import BaseNode, Definition, Source, StepNode, ToolNode
from workflows_app.language.diagnostics import Diagnostics
from workflows_app.language.graph import Graph
from workflows_app.language.paths import Path, format_path
from workflows_app.language.references import Reads
from workflows_app.language.schemas import SchemaError, validate_value

_TEXT = {"type": "string"}
Schema = Mapping[str, Any]
Place = tuple[str | int, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class TypeChecker:
    """Checks one definition's data flow, node by node."""

    header: Definition
    graph: Graph
    catalogue: Catalogue
    problems: Diagnostics

    def check_node(self, node: BaseNode, *, place: Place, reads: Reads) -> None:
        """Check what flows into ``node``."""
        consumer = self._input_schema(node)
        if node.input is None:
            if consumer:
                self._check_handover(node, consumer, place)
        else:
            self._check_fields(node, node.input, consumer or {}, place, reads)
        for at, path in reads.paths.items():
            self._check_field_exists(path, at, node)

    # -- what a node takes and gives ------------------------------------------------------------

    def _input_schema(self, node: BaseNode) -> Schema | None:
        match node:
            case ToolNode(tool=name):
                tool = self.catalogue.tool(name)
                return tool.input_schema if tool else None
            case StepNode(step=ref):
                try:
                    step = self.catalogue.step(ref)
                except AmbiguousStep:
                    return None
                return step.input_schema if step else None
        return None

    def _output_schema(self, node_id: str) -> Schema | None:
        match self.graph.nodes[node_id][1]:
            case ToolNode(tool=name):
                tool = self.catalogue.tool(name)
                return tool.output_schema if tool else None
            case StepNode(step=ref):
                try:
                    step = self.catalogue.step(ref)
                except AmbiguousStep:
                    return None
                return step.output_schema if step else None
        return None

    def _handover_schema(self, node: BaseNode) -> Schema | None:
        needs = self.graph.needs[node.id]
        if not needs:
            return self.header.inputs or None
        if len(needs) == 1 and not node.collect:
            return self._output_schema(needs[0])
        return {
            "type": "object",
            "properties": {need: self._output_schema(need) or {} for need in needs},
            "required": list(needs) if node.join == "all" else [],
        }

    def _schema_of(self, path: Path, node: BaseNode | None) -> Any:
        """Return the schema of what ``path`` names, ``None`` if it cannot exist, or UNKNOWN."""
        match tuple(path):
            case ("inputs", *rest):
                return schema_at(self.header.inputs, tuple(rest)) if self.header.inputs else UNKNOWN
            case ("steps", str(step), *rest) if step in self.graph.nodes:
                schema = self._output_schema(step)
                return schema_at(schema, tuple(rest)) if schema else UNKNOWN
            case ("input", *rest) if node is not None:
                schema = self._handover_schema(node)
                return schema_at(schema, tuple(rest)) if schema else UNKNOWN
        return UNKNOWN

    # -- checks -----------------------------------------------------------------------------------

    def _check_handover(self, node: BaseNode, consumer: Schema, place: Place) -> None:
        needs = self.graph.needs[node.id]
        producer = self._handover_schema(node)
        if isinstance(node, ToolNode) and not needs:
            declared = (producer or {}).get("properties", {})
            self._check_required(node, consumer, declared, place)
            producer = {**(producer or {}), "required": list(declared)}
        if producer is None:
            return
        origin = ", ".join(map(repr, needs)) if needs else "the workflow's input"
        for problem in assignable(producer, consumer):
            if problem.code == "type.missing_property" and isinstance(node, ToolNode) and not needs:
                continue  # said already, by name
            self._add_type_problem(problem, node, place, f"from {origin}")

    def _check_required(
        self, node: BaseNode, consumer: Schema, given: Mapping[str, Any], place: Place
    ) -> None:
        what = "tool" if isinstance(node, ToolNode) else "step"
        for name in consumer.get("required", ()):
            if name not in given:
                self.problems.add(
                    "tool.input_missing",
                    f"the {what} needs {name!r} and nothing gives it",
                    *place,
                    "input",
                    node_id=node.id,
                    fix=f"add a source for {name!r} to the node's input",
                )

    def _check_fields(
        self,
        node: BaseNode,
        fields: Mapping[str, Source],
        consumer: Schema,
        place: Place,
        reads: Reads,
    ) -> None:
        self._check_required(node, consumer, fields, place)
        declared = consumer.get("properties")
        for name, source in fields.items():
            at = (*place, "input", name)
            if isinstance(declared, Mapping) and name not in declared:
                self._report_unknown_field(node, name, declared, consumer, at)
                continue
            wanted = schema_at(consumer, (name,)) if isinstance(declared, Mapping) else {}
            self._check_source(source, wanted, node, at, reads)

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

    def _check_source(
        self, source: Source, wanted: Any, node: BaseNode, at: Place, reads: Reads
    ) -> None:
        if not isinstance(wanted, Mapping):
            return
        match source.kind:
            case "value":
                self._check_constant(source.value, wanted, node, at)
                return
            case "template":
                producer: Any = _TEXT
            case "from" if at in reads.paths:
                producer = self._schema_of(reads.paths[at], node)
                if producer is UNKNOWN and self._is_untyped_tool(reads.paths[at], node):
                    self.problems.warn(
                        "type.unknown",
                        f"the type of {format_path(reads.paths[at])!r} is not known, "
                        f"so what {at[-1]!r} receives goes unchecked",
                        *at,
                        "from",
                        node_id=node.id,
                        fix="nothing needs to be done; check the value in a first execution",
                    )
            case _:
                return
        if producer is UNKNOWN or producer is None or not producer:
            return
        for misfit in assignable(producer, wanted):
            self._add_type_problem(misfit, node, at, f"for {at[-1]!r}")

    def _check_constant(self, value: Any, wanted: Schema, node: BaseNode, at: Place) -> None:
        try:
            misfits = validate_value(wanted, value)
        except SchemaError:  # a tool's own schema that we refuse to run says nothing
            return
        for misfit in misfits:
            self.problems.add("type.mismatch", misfit.message, *at, "value", node_id=node.id)

    def _is_untyped_tool(self, path: Path, node: BaseNode) -> bool:
        parts = tuple(path)
        producer = parts[1] if parts[:1] == ("steps",) and len(parts) > 1 else None
        if parts[:1] == ("input",) and len(self.graph.needs[node.id]) == 1:
            producer = self.graph.needs[node.id][0]
        if producer not in self.graph.nodes:
            return False
        return isinstance(self.graph.nodes[str(producer)][1], ToolNode)

    def _check_field_exists(self, path: Path, at: Place, node: BaseNode) -> None:
        parts = tuple(path)
        if parts[:1] == ("inputs",) and len(parts) <= 2:
            return  # the reference check speaks of undeclared inputs
        if self._schema_of(path, node) is None:
            self.problems.warn(
                "reference.unknown_field",
                f"{format_path(path)!r} names a field that its producer does not declare",
                *at,
                "from",
                node_id=node.id,
            )

    def _add_type_problem(self, problem: Any, node: BaseNode, at: Place, about: str) -> None:
        is_error = str(problem.severity) == "error"
        report = self.problems.add if is_error else self.problems.warn
        report(
            "type.mismatch" if is_error else "type.narrowing",
            f"{problem.message} ({about})",
            *at,
            node_id=node.id,
        )
