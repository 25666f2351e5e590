"""Reading a document leniently: what can be read is read, what cannot becomes diagnostics."""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from pydantic import ValidationError

from workflows_app.language.definition import (
    MAX_SCOPE_DEPTH,
    NODE_MODELS,
    SCHEMA_VERSION,
    BaseNode,
    BranchNode,
    Definition,
    Scope,
)
from workflows_app.language.diagnostics import Diagnostics
from workflows_app.language.draft import Draft, Edge, NodeDraft, Place, ScopeDraft
from workflows_app.language.limits import DEFINITION, DefinitionLimits
from workflows_app.language.shape_problems import report_shape


def parse(
    document: Mapping[str, Any], *, problems: Diagnostics, limits: DefinitionLimits = DEFINITION
) -> Draft:
    """Read ``document``, adding what is wrong to ``problems``.

    Never raises: a part that cannot be read is left out, so that the rest can still be checked.
    """
    reader = _Reader(problems, limits)
    header = reader.header(document)
    # What cannot even be written as JSON is not walked into.
    root = reader.scope(document if _is_readable(document, problems, limits) else {}, place=())
    return Draft(
        header=header,
        root=replace(root, output=header.output),
        declared={node_id: frozenset(places) for node_id, places in reader.declared.items()},
    )


def _is_readable(
    document: Mapping[str, Any], problems: Diagnostics, limits: DefinitionLimits
) -> bool:
    try:
        text = json.dumps(document, ensure_ascii=False, default=str)
    except (RecursionError, ValueError):
        problems.add("depth.limit", "the definition is nested too deeply to be read")
        return False
    size = len(text.encode("utf-8", "replace"))
    if size > limits.bytes:
        problems.add(
            "definition.too_large",
            f"the definition is {size:,} bytes long, the limit is {limits.bytes:,}",
        )
    return True


@dataclass(slots=True)
class _Reader:
    """Reads scopes and counts what it has read."""

    problems: Diagnostics
    limits: DefinitionLimits
    declared: defaultdict[str, set[Place]] = field(default_factory=lambda: defaultdict(set))
    nodes_read: int = 0

    def header(self, document: Mapping[str, Any]) -> Definition:
        """Return everything but nodes and edges."""
        fields = {key: value for key, value in document.items() if key not in ("nodes", "edges")}
        version = fields.pop("schema_version", SCHEMA_VERSION)
        if version != SCHEMA_VERSION or isinstance(version, bool):
            self.problems.add(
                "definition.version_unknown",
                f"schema_version {version!r} is not read here",
                "schema_version",
                fix=f"write {SCHEMA_VERSION}",
            )
        # Each round drops the fields that cannot be read, so one bad field hides no other.
        for _ in range(len(fields) + 2):
            try:
                return Definition.model_validate(fields)
            except ValidationError as error:
                report_shape(error, document, (), self.problems)
                bad = {item["loc"][0] if item["loc"] else None for item in error.errors()}
                fields = {key: value for key, value in fields.items() if key not in bad}
                if "name" in bad:
                    fields["name"] = "?"
        raise AssertionError("unreachable: a header without fields but a name is always readable")

    def scope(
        self, raw: Mapping[str, Any], *, place: Place, id: str = "", label: str = "", depth: int = 0
    ) -> ScopeDraft:
        """Return what can be read of a graph of nodes; its ``output`` is the caller's concern."""
        raw_nodes = self._listed(raw, "nodes", place)
        for item in raw_nodes:
            if isinstance(item, Mapping) and isinstance(item.get("id"), str):
                self.declared[item["id"]].add(place)
        nodes = []
        for index, item in enumerate(raw_nodes):
            if self.nodes_read >= self.limits.nodes:
                self._report_too_many(place)
                break
            self.nodes_read += 1
            if (found := self._node(item, (*place, "nodes", index), depth)) is not None:
                nodes.append(found)
        edges = self._edges(self._listed(raw, "edges", place), place)
        return ScopeDraft(
            id=id,
            label=label,
            place=place,
            nodes=tuple(nodes),
            edges=edges,
            has_nodes=bool(raw_nodes),
        )

    def _report_too_many(self, place: Place) -> None:
        if self.nodes_read > self.limits.nodes:
            return  # said already
        self.nodes_read += 1
        self.problems.add(
            "definition.too_large",
            f"the definition has more than {self.limits.nodes:,} nodes; the rest is not looked at",
            *place,
            "nodes",
            fix="move parts of it into workflows of their own",
        )

    def _listed(self, raw: Mapping[str, Any], key: str, place: Place) -> list[Any]:
        value = raw.get(key, [])
        if isinstance(value, list):
            return value
        self.problems.add("definition.field_invalid", f"{key} must be a list", *place, key)
        return []

    def _node(self, raw: Any, place: Place, depth: int) -> NodeDraft | None:
        if not isinstance(raw, Mapping):
            self.problems.add("definition.field_invalid", "a node must be an object", *place)
            return None
        node_id = raw["id"] if isinstance(raw.get("id"), str) else None
        kind = raw.get("type")
        model = NODE_MODELS.get(kind) if isinstance(kind, str) else None
        if model is None:
            self.problems.add(
                "node.type_unknown",
                f"there is no node type {kind!r}" if "type" in raw else "the node has no type",
                *place,
                *(("type",) if "type" in raw else ()),
                node_id=node_id,
                fix=f"use one of {', '.join(sorted(NODE_MODELS))}",
            )
            return None
        # Bodies are read one by one, so that a bad node in one of them spoils nothing else.
        bodies = self._bodies(raw, model, node_id or "", place, depth)
        try:
            node = model.model_validate(_without_bodies(raw, model))
        except ValidationError as error:
            report_shape(error, raw, place, self.problems, node_id=node_id)
            return None
        if isinstance(node, BranchNode):
            bodies = [
                replace(body, when=case.when, label=case.id, id=f"{node.id}/{case.id}")
                for body, case in zip(bodies, node.cases, strict=True)
            ]
        return NodeDraft(place=place, node=node, bodies=tuple(bodies))

    def _bodies(
        self, raw: Mapping[str, Any], model: type[BaseNode], node_id: str, place: Place, depth: int
    ) -> list[ScopeDraft]:
        if model is BranchNode:
            cases = raw.get("cases")
            listed = cases if isinstance(cases, list) else []
            return [
                self._body(
                    case.get("body", {}) if isinstance(case, Mapping) else {},
                    (*place, "cases", index, "body"),
                    node_id,
                    depth + 1,
                )
                for index, case in enumerate(listed)
            ]
        if "body" not in model.model_fields or raw.get("body") is None:
            return []
        return [self._body(raw["body"], (*place, "body"), node_id, depth + 1)]

    def _body(self, raw: Any, place: Place, node_id: str, depth: int) -> ScopeDraft:
        nothing = ScopeDraft(id=node_id, label=node_id, place=place, nodes=(), edges=())
        if not isinstance(raw, Mapping):
            return nothing  # the container's own model says what is wrong
        if depth > MAX_SCOPE_DEPTH:
            self.problems.add(
                "depth.limit",
                f"bodies stand in each other more than {MAX_SCOPE_DEPTH} deep",
                *place,
                node_id=node_id or None,
                fix="move the inner part into a workflow of its own",
            )
            return replace(nothing, has_nodes=True)
        read = self.scope(raw, place=place, id=node_id, label=node_id, depth=depth)
        own = {key: value for key, value in raw.items() if key not in ("nodes", "edges")}
        try:
            return replace(read, output=Scope.model_validate(own).output)
        except ValidationError as error:
            report_shape(error, raw, place, self.problems, node_id=node_id or None)
            return read

    def _edges(self, raw_edges: Sequence[Any], place: Place) -> tuple[Edge, ...]:
        edges = []
        for index, raw in enumerate(raw_edges):
            match raw:
                case [str(source), str(target)]:
                    edges.append(Edge(index=index, source=source, target=target))
                case _:
                    self.problems.add(
                        "definition.field_invalid",
                        "an edge must be a pair of node ids",
                        *place,
                        "edges",
                        index,
                        fix='write ["from", "to"]',
                    )
        return tuple(edges)


def _without_bodies(raw: Mapping[str, Any], model: type[BaseNode]) -> dict[str, Any]:
    """Return ``raw`` with empty bodies in the place of those that are objects."""
    own = dict(raw)
    if "body" in model.model_fields and isinstance(raw.get("body"), Mapping):
        own["body"] = {}
    if model is BranchNode and isinstance(raw.get("cases"), list):
        own["cases"] = [
            {**case, "body": {}}
            if isinstance(case, Mapping) and isinstance(case.get("body"), Mapping)
            else case
            for case in raw["cases"]
        ]
    return own
