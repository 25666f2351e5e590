"""What flows through one node: what it reads, and whether that is there and of the right type."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from workflows_app.language.assignability import assignable
from workflows_app.language.data_types import DataTypes, Schema
from workflows_app.language.definition import ForeachNode
from workflows_app.language.diagnostics import Diagnostics, Severity
from workflows_app.language.draft import NodeDraft, ScopeDraft
from workflows_app.language.node_sources import (
    Placed,
    case_conditions,
    fields_of,
    loop_condition,
    output_sources,
    own_input,
    parts_of,
)
from workflows_app.language.plan_building import NodeReads
from workflows_app.language.references import Reads, ReferenceChecker
from workflows_app.language.scopes import Reader, Scopes
from workflows_app.language.typecheck import TypeChecker

_NUMBER: Schema = {"type": "number"}
_TIME: Schema = {"type": "string"}
_LIST: Schema = {"type": "array"}
_BOOLEAN: Schema = {"type": "boolean"}
#: Values of a node's own -> what they must be, and what is said when they are not.
_PARTS: Mapping[str, tuple[Schema, str, str]] = {
    "items": (_LIST, "foreach.not_list", "a foreach goes through a list, and this is none"),
    "concurrency": (_NUMBER, "type.mismatch", "the number of items at a time must be a number"),
    "seconds": (_NUMBER, "type.mismatch", "the time to sleep must be a number of seconds"),
    "deadline": (_NUMBER, "type.mismatch", "the deadline must be a number of seconds"),
    "at": (_TIME, "type.mismatch", "the time must be a text such as 2030-01-31T10:00:00Z"),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class FlowChecker:
    """Checks what flows through the nodes of one definition."""

    scopes: Scopes
    references: ReferenceChecker
    types: DataTypes
    checker: TypeChecker
    problems: Diagnostics

    def check(self, draft: NodeDraft) -> NodeReads:
        """Return what ``draft`` looks at, adding what is wrong with that to the problems."""
        node_id = draft.node.id
        here = Reader(scope=self.scopes.homes[node_id], node=node_id)
        into = self.references.check(own_input(draft), reader=here)
        self.checker.check_node(draft, reads=into)
        parts, cases = parts_of(draft), case_conditions(draft)
        own = self.references.check([*fields_of(draft), *parts.values(), *cases], reader=here)
        received = self.types.received_by(node_id)
        self.checker.check_fields_exist(own, reader=here, given=received)
        for name, found in parts.items():
            if name in _PARTS:
                wanted, code, message = _PARTS[name]
                self._check_part(found, wanted, code, message, here, received, own)
        for case in cases:
            self._check_condition(case, here, received, own)
        if isinstance(draft.node, ForeachNode) and draft.node.items is None:
            self._check_list(draft, received)
        return NodeReads(
            own=into | own,
            condition=self._check_loop(draft),
            outputs={body.id: self.check_output(body) for body in draft.bodies},
        )

    def check_output(self, scope: ScopeDraft) -> Reads:
        """Return what the ``output`` of ``scope`` looks at, adding what is wrong to the
        problems."""
        end = Reader(scope=scope.id)
        place = (*scope.place, "output")
        reads = self.references.check(output_sources(scope.output, place), reader=end)
        self.checker.check_fields_exist(reads, reader=end, given=None)
        return reads

    def _check_loop(self, draft: NodeDraft) -> Reads:
        condition = loop_condition(draft)
        if condition is None or not draft.bodies:
            return Reads()
        body = draft.bodies[0].id
        end = Reader(scope=body)
        made = self.types.put_out_by_body(body)
        reads = self.references.check([condition], reader=end)
        self.checker.check_fields_exist(reads, reader=end, given=made)
        self._check_condition(condition, end, made, reads)
        return reads

    def _check_condition(
        self, found: Placed, reader: Reader, given: Schema | None, reads: Reads
    ) -> None:
        message = "a condition must be true or false, and this is something else"
        self._check_part(found, _BOOLEAN, "condition.not_boolean", message, reader, given, reads)

    def _check_part(
        self,
        found: Placed,
        wanted: Schema,
        code: str,
        message: str,
        reader: Reader,
        given: Schema | None,
        reads: Reads,
    ) -> None:
        made = self.checker.schema_of(found, reader=reader, given=given, reads=reads)
        if _cannot_be(made, wanted):
            self.problems.add(
                code, message, *found.inside, node_id=reader.node or reader.scope or None
            )

    def _check_list(self, draft: NodeDraft, received: Schema | None) -> None:
        if _cannot_be(received, _LIST):
            self.problems.add(
                "foreach.not_list",
                f"the foreach {draft.node.id!r} goes through its input, and that is no list",
                *draft.place,
                node_id=draft.node.id,
                fix="name the list in `items`",
            )


def _cannot_be(made: Any, wanted: Schema) -> bool:
    """Return whether values of schema ``made`` are certain not to fit ``wanted``."""
    if not isinstance(made, Mapping):
        return False
    return any(one.severity is Severity.ERROR for one in assignable(made, wanted))
