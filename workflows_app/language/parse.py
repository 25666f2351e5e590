"""Reading a document leniently: what can be read is read, what cannot becomes diagnostics."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from pydantic import ValidationError

from workflows_app.language.definition import (
    MAX_DEFINITION_BYTES,
    MAX_NODES,
    NODE_MODELS,
    SCHEMA_VERSION,
    BaseNode,
    Definition,
)
from workflows_app.language.diagnostics import Diagnostics


@dataclass(frozen=True, slots=True, kw_only=True)
class Edge:
    """One arrow, and where it stands in the document."""

    index: int
    source: str
    target: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Draft:
    """What could be read of a document."""

    header: Definition
    """Everything but nodes and edges; fields that could not be read hold their defaults."""
    nodes: tuple[tuple[int, BaseNode], ...]
    """Readable nodes with their index in the document; ids may repeat."""
    declared_ids: frozenset[str]
    """Every id written down, also of nodes that could not be read."""
    edges: tuple[Edge, ...]


def parse(document: Mapping[str, Any], *, problems: Diagnostics) -> Draft:
    """Read ``document``, adding what is wrong to ``problems``.

    Never raises: a part that cannot be read is left out, so that the rest can still be checked.
    """
    _check_size(document, problems)
    header = _header(document, problems)
    raw_nodes = _listed(document, "nodes", problems)
    nodes = tuple(
        (index, node)
        for index, raw in enumerate(raw_nodes[:MAX_NODES])
        if (node := _node(index, raw, problems)) is not None
    )
    declared = frozenset(
        raw["id"]
        for raw in raw_nodes
        if isinstance(raw, Mapping) and isinstance(raw.get("id"), str)
    )
    edges = _edges(_listed(document, "edges", problems), problems)
    return Draft(header=header, nodes=nodes, declared_ids=declared, edges=edges)


def _check_size(document: Mapping[str, Any], problems: Diagnostics) -> None:
    size = len(json.dumps(document, ensure_ascii=False, default=str).encode("utf-8", "replace"))
    if size > MAX_DEFINITION_BYTES:
        problems.add(
            "definition.too_large",
            f"the definition is {size:,} bytes long, the limit is {MAX_DEFINITION_BYTES:,}",
        )
    nodes = document.get("nodes")
    if isinstance(nodes, list) and len(nodes) > MAX_NODES:
        problems.add(
            "definition.too_large",
            f"the definition has {len(nodes):,} nodes, the limit is {MAX_NODES:,}",
            "nodes",
            fix="move parts of it into workflows of their own",
        )


def _header(document: Mapping[str, Any], problems: Diagnostics) -> Definition:
    fields = {key: value for key, value in document.items() if key not in ("nodes", "edges")}
    version = fields.pop("schema_version", SCHEMA_VERSION)
    if version != SCHEMA_VERSION or isinstance(version, bool):
        problems.add(
            "definition.version_unknown",
            f"schema_version {version!r} is not read here",
            "schema_version",
            fix=f"write {SCHEMA_VERSION}",
        )
    # Each round drops the top-level fields that cannot be read, so one bad field hides no other.
    for _ in range(len(fields) + 2):
        try:
            return Definition.model_validate(fields)
        except ValidationError as error:
            bad: set[Any] = set()
            for item in error.errors(include_url=False):
                _report(item, document, (), problems)
                bad.add(item["loc"][0] if item["loc"] else None)
            fields = {key: value for key, value in fields.items() if key not in bad}
            if "name" in bad:
                fields["name"] = "?"
    raise AssertionError("unreachable: a header without fields but a name is always readable")


def _listed(document: Mapping[str, Any], key: str, problems: Diagnostics) -> list[Any]:
    value = document.get(key, [])
    if isinstance(value, list):
        return value
    problems.add("definition.field_invalid", f"{key} must be a list", key)
    return []


def _node(index: int, raw: Any, problems: Diagnostics) -> BaseNode | None:
    if not isinstance(raw, Mapping):
        problems.add("definition.field_invalid", "a node must be an object", "nodes", index)
        return None
    node_id = raw["id"] if isinstance(raw.get("id"), str) else None
    kind = raw.get("type")
    model = NODE_MODELS.get(kind) if isinstance(kind, str) else None
    if model is None:
        problems.add(
            "node.type_unknown",
            f"there is no node type {kind!r}" if "type" in raw else "the node has no type",
            "nodes",
            index,
            *(("type",) if "type" in raw else ()),
            node_id=node_id,
            fix=f"use one of {', '.join(sorted(NODE_MODELS))}",
        )
        return None
    try:
        return model.model_validate(raw)
    except ValidationError as error:
        for item in error.errors(include_url=False):
            _report(item, raw, ("nodes", index), problems, node_id=node_id)
        return None


def _edges(raw_edges: Sequence[Any], problems: Diagnostics) -> tuple[Edge, ...]:
    edges = []
    for index, raw in enumerate(raw_edges):
        match raw:
            case [str(source), str(target)]:
                edges.append(Edge(index=index, source=source, target=target))
            case _:
                problems.add(
                    "definition.field_invalid",
                    "an edge must be a pair of node ids",
                    "edges",
                    index,
                    fix='write ["from", "to"]',
                )
    return tuple(edges)


def _report(
    item: Any,
    document: Any,
    prefix: tuple[str | int, ...],
    problems: Diagnostics,
    *,
    node_id: str | None = None,
) -> None:
    message = item["msg"].removeprefix("Value error, ")
    problems.add(
        "definition.field_invalid",
        message[0].lower() + message[1:],
        *prefix,
        *_place(item["loc"], item["type"], document),
        node_id=node_id,
    )


def _place(loc: tuple[Any, ...], kind: str, document: Any) -> tuple[str | int, ...]:
    """Return ``loc`` without the names of union members that pydantic puts into it."""
    place: list[str | int] = []
    here = document
    for part in loc:
        if (isinstance(here, Mapping) and part in here) or (
            isinstance(here, list) and isinstance(part, int) and 0 <= part < len(here)
        ):
            place.append(part)
            here = here[part]
    if kind == "missing" and loc:
        place.append(loc[-1])
    return tuple(place)
