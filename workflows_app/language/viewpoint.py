"""A place in a definition where a source stands: what may be named there, and of which type.

Reads documents that do not compile, because they are being written.  Evaluates nothing.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from workflows_app.language.assignability import UNKNOWN, assignable
from workflows_app.language.catalogue import Catalogue
from workflows_app.language.data_types import DataTypes, Schema
from workflows_app.language.definition import BranchNode, Definition, ForeachNode
from workflows_app.language.diagnostics import Diagnostic, Diagnostics, Severity
from workflows_app.language.draft import Draft, NodeDraft
from workflows_app.language.limits import DEFINITION, DefinitionLimits
from workflows_app.language.node_sources import Placed
from workflows_app.language.parse import parse
from workflows_app.language.paths import format_path
from workflows_app.language.references import AVAILABLE_ROOTS, Reads, ReferenceChecker
from workflows_app.language.scopes import Hidden, Reader, Scopes, build_scopes
from workflows_app.language.sources import Source
from workflows_app.language.typecheck import TypeChecker

_BOOLEAN: Schema = {"type": "boolean"}


class At(StrEnum):
    """Which of a node's sources is meant; it says what ``input`` is."""

    INPUT = "input"  # a field of its ``input``: there it is what comes to the node
    OWN = "own"  # any other field of it: there it is what the node works on
    END = "end"  # after its body, as a loop's condition; without a node, the workflow's result


class PlaceUnknown(LookupError):
    """The definition has no such node, or the node no such body."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Checked:
    """What can be said of a source without any data."""

    reads: Reads
    schema: Schema | None
    """Of its value; ``None`` when it is not known."""
    problems: tuple[Diagnostic, ...]
    """Errors first; what they say of places in the document is of no use here."""

    @property
    def error(self) -> Diagnostic | None:
        """The first thing that keeps it from being worked out."""
        return next((one for one in self.problems if one.severity is Severity.ERROR), None)


@dataclass(frozen=True, slots=True, kw_only=True)
class Viewpoint:
    """One place, and the definition around it."""

    at: At
    node: NodeDraft | None
    """The node whose source it is; ``None`` for the workflow's result."""
    reader: Reader
    header: Definition
    scopes: Scopes
    types: DataTypes
    declared: Mapping[str, Any]
    catalogue: Catalogue

    @property
    def roots(self) -> frozenset[str]:
        """The names that have a value here."""
        return AVAILABLE_ROOTS | self.scopes.roots_in(self.reader.scope)

    @property
    def given(self) -> Schema | None:
        """The schema of ``input`` here."""
        match self.at, self.node:
            case At.INPUT, NodeDraft(node=node):
                return self.types.handed_to(node.id)
            case At.OWN, NodeDraft(node=node):
                return self.types.received_by(node.id)
            case At.END, NodeDraft():
                return self.types.put_out_by_body(self.reader.scope)
        return self.header.inputs or None

    def visible(self) -> Iterator[NodeDraft]:
        """Yield the nodes whose output can be looked at from here, in the document's order."""
        for node_id in self.scopes.position:
            if self.scopes.hides(node_id, reader=self.reader) is None:
                yield self.scopes.draft(node_id)

    def hidden(self) -> Iterator[tuple[NodeDraft, Hidden, Diagnostic]]:
        """Yield the other nodes, and why each cannot be looked at."""
        for node_id in self.scopes.position:
            hidden = self.scopes.hides(node_id, reader=self.reader)
            if hidden is not None:
                path = Source.model_validate({"from": format_path(("steps", node_id))})
                problem = self.check(path).error
                if problem is not None:
                    yield self.scopes.draft(node_id), hidden, problem

    def schema_of(self, root: str) -> Schema | None:
        """Return the schema of the name ``root`` here."""
        match root:
            case "inputs":
                return self.header.inputs or None
            case "state":
                return self.header.state or None
            case "context":
                return self.header.context or None
            case "input":
                return self.given
            case "configs":
                kinds = {name: {"const": value} for name, value in self.header.configs.items()}
                return {"type": "object", "properties": kinds}
        found = self.types.at((root,), scope=self.reader.scope, given=self.given)
        return found if isinstance(found, Mapping) else None

    def check(self, source: Source, *, is_condition: bool = False) -> Checked:
        """Return what can be said of ``source`` if it stood here."""
        problems = Diagnostics()
        placed = Placed(source=source, place=(), is_bare=is_condition)
        references = ReferenceChecker(
            header=self.header,
            scopes=self.scopes,
            declared_ids=self.declared,
            catalogue=self.catalogue,
            problems=problems,
        )
        reads = references.check([placed], reader=self.reader)
        checker = TypeChecker(types=self.types, scopes=self.scopes, problems=problems)
        given = self.given
        schema: Any = None
        if not problems.has_errors:
            checker.check_fields_exist(reads, reader=self.reader, given=given)
            schema = checker.schema_of(placed, reader=self.reader, given=given, reads=reads)
        if schema is UNKNOWN or not isinstance(schema, Mapping):
            schema = None
        if is_condition and schema is not None and _cannot_be_boolean(schema):
            problems.add(
                "condition.not_boolean",
                "a condition must be true or false, and this is something else",
            )
        return Checked(reads=reads, schema=schema, problems=problems.sorted())


def viewpoint(
    document: Mapping[str, Any],
    *,
    catalogue: Catalogue,
    node_id: str | None = None,
    at: At = At.INPUT,
    case: str | None = None,
    workflow_id: str | None = None,
    limits: DefinitionLimits = DEFINITION,
) -> Viewpoint:
    """Return the place in ``document`` where a source of ``node_id`` stands.

    ``at`` says which of its sources; ``case`` which of a branch's bodies ends.  Without a node it
    is the place of the workflow's result.  A node that cannot be read stands where it is written.

    Raises:
        PlaceUnknown: if there is no such node, or no such body.
    """
    draft, scopes = _read(document, limits)
    if node_id is not None and node_id not in scopes.homes:
        draft, scopes = _read(_with_stand_in(document, node_id), limits)
        if node_id not in scopes.homes:
            raise PlaceUnknown(f"the definition has no node {node_id!r}")
    header = draft.header
    if workflow_id is not None:
        header = header.model_copy(update={"id": workflow_id})
    node = None if node_id is None else scopes.draft(node_id)
    return Viewpoint(
        at=at if node is not None else At.END,
        node=node,
        reader=_reader(node, at, case, scopes),
        header=header,
        scopes=scopes,
        types=DataTypes(header=header, scopes=scopes, catalogue=catalogue),
        declared=draft.declared,
        catalogue=catalogue,
    )


def title_of(draft: NodeDraft) -> str:
    """Return how people call a node."""
    return draft.node.name or draft.node.id


def type_of(draft: NodeDraft) -> str:
    """Return the ``type`` that a node has in the document."""
    return str(draft.node.type)  # type: ignore[attr-defined]


def hands_items(draft: NodeDraft) -> bool:
    """Return whether what the first nodes of the node's body receive is an item of a list."""
    return isinstance(draft.node, ForeachNode)


def _read(document: Mapping[str, Any], limits: DefinitionLimits) -> tuple[Draft, Scopes]:
    problems = Diagnostics()
    draft = parse(document, problems=problems, limits=limits)
    return draft, build_scopes(draft, problems=problems)


def _reader(node: NodeDraft | None, at: At, case: str | None, scopes: Scopes) -> Reader:
    if node is None:
        return Reader(scope="")
    if at is not At.END:
        return Reader(scope=scopes.homes[node.node.id], node=node.node.id)
    wanted = case if isinstance(node.node, BranchNode) else node.node.id
    for body in node.bodies:
        if body.label == wanted and body.id in scopes.graphs:
            return Reader(scope=body.id)
    which = f"case {case!r}" if case else "body"
    raise PlaceUnknown(f"the node {node.node.id!r} has no {which} that could end")


def _with_stand_in(part: Any, node_id: str) -> Any:
    """Return ``part`` of a document with a readable node in the place of the one of this id."""
    if isinstance(part, Mapping):
        if part.get("id") == node_id and "type" in part:
            return {"id": node_id, "type": "map", "fields": {}}
        return {key: _with_stand_in(value, node_id) for key, value in part.items()}
    if isinstance(part, list):
        return [_with_stand_in(value, node_id) for value in part]
    return part


def _cannot_be_boolean(schema: Schema) -> bool:
    return any(one.severity is Severity.ERROR for one in assignable(schema, _BOOLEAN))
