"""What changed from one definition to another, node by node.  Pure; judges no change."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from itertools import islice
from typing import Any, Literal

from workflows_app.language.diagnostics import pointer

MAX_CHANGES = 1_000

Place = tuple[str | int, ...]
_ABSENT = object()


@dataclass(frozen=True, slots=True, kw_only=True)
class Change:
    """One difference."""

    op: Literal["add", "remove", "replace"]
    path: str
    """JSON Pointer into the newer document, or into the older one for what was removed."""
    node_id: str | None
    before: Any = None
    after: Any = None


def differences(older: Mapping[str, Any], newer: Mapping[str, Any]) -> tuple[list[Change], bool]:
    """Return what has to be done to ``older`` to get ``newer``, and whether there is more.

    Nodes are compared by id, wherever they stand in the list; edges as pairs, in no order.
    """
    found = list(islice(_documents(older, newer), MAX_CHANGES + 1))
    return found[:MAX_CHANGES], len(found) > MAX_CHANGES


def _documents(older: Mapping[str, Any], newer: Mapping[str, Any]) -> Iterator[Change]:
    apart = {
        key
        for key, read in (("nodes", _nodes), ("edges", _edges))
        if read(older) is not None and read(newer) is not None
    }
    for key in {**older, **newer}:
        if key not in apart:
            before, after = older.get(key, _ABSENT), newer.get(key, _ABSENT)
            yield from _values(before, after, (key,), None)
    if "nodes" in apart:
        yield from _by_key(_nodes(older) or {}, _nodes(newer) or {}, "nodes")
    if "edges" in apart:
        yield from _by_key(_edges(older) or {}, _edges(newer) or {}, "edges")


def _nodes(document: Mapping[str, Any]) -> dict[Any, tuple[int, Any]] | None:
    """Return each node by id, or ``None`` where ids do not tell the nodes apart."""
    nodes = document.get("nodes", [])
    if not isinstance(nodes, list):
        return None
    found = {
        node["id"]: (index, node)
        for index, node in enumerate(nodes)
        if isinstance(node, Mapping) and isinstance(node.get("id"), str)
    }
    return found if len(found) == len(nodes) else None


def _edges(document: Mapping[str, Any]) -> dict[Any, tuple[int, Any]] | None:
    edges = document.get("edges", [])
    if not isinstance(edges, list):
        return None
    found = {
        tuple(edge): (index, edge)
        for index, edge in enumerate(edges)
        if isinstance(edge, list) and len(edge) == 2 and all(isinstance(e, str) for e in edge)
    }
    return found if len(found) == len(edges) else None


def _by_key(
    older: dict[Any, tuple[int, Any]], newer: dict[Any, tuple[int, Any]], name: str
) -> Iterator[Change]:
    for key in {**older, **newer}:
        index, _ = newer.get(key) or older[key]
        _, before = older.get(key, (0, _ABSENT))
        _, after = newer.get(key, (0, _ABSENT))
        yield from _values(before, after, (name, index), key if name == "nodes" else None)


def _values(before: Any, after: Any, place: Place, node_id: str | None) -> Iterator[Change]:
    if isinstance(before, Mapping) and isinstance(after, Mapping):
        for key in {**before, **after}:
            inner = before.get(key, _ABSENT), after.get(key, _ABSENT)
            yield from _values(*inner, (*place, key), node_id)
        return
    path = pointer(*place)
    if before is _ABSENT:
        yield Change(op="add", path=path, node_id=node_id, after=after)
    elif after is _ABSENT:
        yield Change(op="remove", path=path, node_id=node_id, before=before)
    # JSON tells true from 1, Python does not.
    elif before != after or type(before) is not type(after):
        yield Change(op="replace", path=path, node_id=node_id, before=before, after=after)
