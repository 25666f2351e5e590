"""The tree of an expression.  Positions are offsets in the text, from 0; nothing here evaluates.

Chains of operators and of accesses are flat nodes, so a tree is only as deep as its brackets.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, TypeAlias


@dataclass(frozen=True, slots=True)
class Literal:
    position: int
    value: Any


@dataclass(frozen=True, slots=True)
class Name:
    position: int
    name: str


@dataclass(frozen=True, slots=True)
class Step:
    """One ``.key`` (a text literal) or ``[node]`` of an access."""

    position: int
    key: Node


@dataclass(frozen=True, slots=True)
class Access:
    position: int
    base: Node
    steps: tuple[Step, ...]


@dataclass(frozen=True, slots=True)
class Has:
    position: int
    operand: Access


@dataclass(frozen=True, slots=True)
class Call:
    """``f(a, b)``; ``a.f(b)`` is the same call."""

    position: int
    function: str
    arguments: tuple[Node, ...]


@dataclass(frozen=True, slots=True)
class Macro:
    position: int
    kind: str
    over: Node
    variable: str
    bodies: tuple[Node, ...]


@dataclass(frozen=True, slots=True)
class Unary:
    position: int
    operators: str
    operand: Node


@dataclass(frozen=True, slots=True)
class Chain:
    """``first op operand op operand ...`` of one level of precedence, read from the left."""

    position: int
    first: Node
    rest: tuple[tuple[str, int, Node], ...]


@dataclass(frozen=True, slots=True)
class Conditional:
    position: int
    test: Node
    then: Node
    otherwise: Node


@dataclass(frozen=True, slots=True)
class ListNode:
    position: int
    items: tuple[Node, ...]


@dataclass(frozen=True, slots=True)
class MapNode:
    position: int
    entries: tuple[tuple[Node, Node], ...]


Node: TypeAlias = (
    Literal | Name | Access | Has | Call | Macro | Unary | Chain | Conditional | ListNode | MapNode
)
