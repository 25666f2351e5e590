"""What lists say of a document without compiling it: how many nodes it has, and of which types.

Counts what cannot be read as well, and refuses nothing.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

#: Bodies inside each other that are looked into; far more than a definition may have.
_MAX_DEPTH = 50


def nodes_in(document: Mapping[str, Any]) -> Iterator[Mapping[str, Any]]:
    """Yield the nodes of ``document`` as they are written, those in bodies after their own."""
    scopes: list[tuple[Any, int]] = [(document, 0)]
    while scopes:
        scope, depth = scopes.pop()
        if not isinstance(scope, Mapping) or not isinstance(scope.get("nodes"), list):
            continue
        for node in scope["nodes"]:
            if not isinstance(node, Mapping):
                continue
            yield node
            if depth < _MAX_DEPTH:
                scopes += [(body, depth + 1) for body in _bodies(node)]


def count_nodes(document: Mapping[str, Any]) -> int:
    """Return how many nodes ``document`` has, in all its bodies."""
    return sum(1 for _ in nodes_in(document))


def node_types_of(document: Mapping[str, Any]) -> list[str]:
    """Return the types of nodes that ``document`` names, each once, by name."""
    types = {node.get("type") for node in nodes_in(document)}
    return sorted(kind for kind in types if isinstance(kind, str))


def _bodies(node: Mapping[str, Any]) -> list[Any]:
    cases = node.get("cases")
    listed = cases if isinstance(cases, list) else []
    return [node.get("body"), *(case.get("body") for case in listed if isinstance(case, Mapping))]
