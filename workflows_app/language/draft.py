"""What could be read of a document: its header, and the tree of its scopes.  Holds, judges nothing.

A scope is a graph of nodes: the workflow's own, or a body inside a container.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import TypeAlias

from workflows_app.language.definition import BaseNode, Condition, Definition, Fields, Source

#: The parts of a JSON Pointer into the document.
Place: TypeAlias = tuple[str | int, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Edge:
    """One arrow, and where it stands in its scope."""

    index: int
    source: str
    target: str


@dataclass(frozen=True, slots=True, kw_only=True)
class NodeDraft:
    """A node that could be read.  Its bodies stand here and not in the model."""

    place: Place
    node: BaseNode
    bodies: tuple[ScopeDraft, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class ScopeDraft:
    """What could be read of a graph of nodes."""

    id: str
    """The id of its body in the plan: the container's, or ``<container>/<case>``; empty for the
    workflow's own."""
    label: str
    """The id of the case, or of the container."""
    place: Place
    nodes: tuple[NodeDraft, ...]
    """Ids may repeat."""
    edges: tuple[Edge, ...]
    has_nodes: bool = False
    """Whether any are written down, readable or not."""
    output: Source | Fields | None = None
    when: Condition | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Draft:
    """What could be read of a document."""

    header: Definition
    """Everything but nodes and edges; fields that could not be read hold their defaults."""
    root: ScopeDraft
    declared: Mapping[str, frozenset[Place]]
    """Every id written down, also of nodes that could not be read, with the places of the scopes
    that have a node of that id."""


def walk(scope: ScopeDraft) -> Iterator[NodeDraft]:
    """Yield the nodes of ``scope`` and of all bodies in it, a container before what it holds."""
    for draft in scope.nodes:
        yield draft
        for body in draft.bodies:
            yield from walk(body)
