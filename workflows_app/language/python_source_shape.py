"""The shape of a graph, as someone would write it: one after another, side by side, or a graph.

Keeps the order of the document, because plans do.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

Node = Mapping[str, Any]


@dataclass(frozen=True, slots=True, kw_only=True)
class Stretch:
    """Nodes between two points where everything that was last hands over to everything next."""

    nodes: tuple[Node, ...]
    needs: Mapping[str, tuple[str, ...]]
    """Node id -> those of the stretch that it needs, in the order of the document."""

    @property
    def is_block(self) -> bool:
        """Whether its nodes stand side by side."""
        return not any(self.needs.values())


def stretches(nodes: Sequence[Node], edges: Sequence[Sequence[str]]) -> list[Stretch]:
    """Return the stretches of a graph of ``nodes``, whose ids are unique, and ``edges`` among them.

    In every stretch, nodes without needs in it need exactly the ends of the one before.
    """
    place = {node["id"]: index for index, node in enumerate(nodes)}
    needs: list[set[int]] = [set() for _ in nodes]
    after: list[set[int]] = [set() for _ in nodes]
    for earlier, later in edges:
        needs[place[later]].add(place[earlier])
        after[place[earlier]].add(place[later])
    cuts = [0, *_cuts(needs, after), len(nodes)]
    return [
        Stretch(
            nodes=tuple(nodes[start:end]),
            needs={
                nodes[index]["id"]: tuple(
                    nodes[need]["id"] for need in sorted(needs[index]) if need >= start
                )
                for index in range(start, end)
            },
        )
        for start, end in pairwise(cuts)
        if start < end
    ]


def _cuts(needs: Sequence[set[int]], after: Sequence[set[int]]) -> Iterator[int]:
    """Yield the places before which everything hands over to what comes after, ascending."""
    blocked = _blocked(needs, after)
    ends: set[int] = set()
    for cut in range(1, len(needs)):
        ends -= needs[cut - 1]
        if all(later >= cut for later in after[cut - 1]):
            ends.add(cut - 1)
        if not blocked[cut] and _hands_over(ends, needs, after):
            yield cut


def _blocked(needs: Sequence[set[int]], after: Sequence[set[int]]) -> list[bool]:
    """Return for each place whether some node by itself forbids to cut before it."""
    depth = [0] * (len(needs) + 2)

    def forbid(first: int, last: int) -> None:
        if first <= last:
            depth[first] += 1
            depth[last + 1] -= 1

    for index, (needed, later) in enumerate(zip(needs, after, strict=True)):
        if not needed:  # it would be taken for one that needs what is before
            forbid(1, index)
        if later:  # some of what needs it is on this side, and some on the other
            forbid(max(index, min(later)) + 1, max(later))
    blocked, open_ = [], 0
    for change in depth:
        open_ += change
        blocked.append(open_ > 0)
    return blocked


def _hands_over(ends: set[int], needs: Sequence[set[int]], after: Sequence[set[int]]) -> bool:
    """Return whether what comes next needs all of ``ends`` and nothing else."""
    if not ends:
        return False
    first, *rest = ends
    following = after[first]
    return (
        bool(following)
        and all(after[end] == following for end in rest)
        and all(needs[node] == ends for node in following)
    )
