"""Who is who among the steps of an Agipo document: ids that fit here, and who stands in whom."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from workflows_app.language.agipo_notes import Notes
from workflows_app.language.definition import MAX_NODE_ID_LENGTH

Step = Mapping[str, Any]

_ID = re.compile(r"(?!__)[A-Za-z0-9_][A-Za-z0-9_.:\-]*")


class StepTree:
    """The readable steps of one document, by their place in it."""

    def __init__(self, raw_steps: Sequence[Any], *, notes: Notes) -> None:
        self._notes = notes
        self.steps: dict[int, Step] = dict(self._readable(raw_steps))
        self.node_ids: dict[int, str] = {}
        """Place of a step -> the id of its node."""
        self.by_agipo_id: dict[str, str] = {}
        """Id of a step -> the id of its node; of a repeated id the first."""
        self._name_nodes()
        self.children: dict[int | None, list[int]] = self._families()
        """Container -> the places of what it holds; ``None`` is the outermost scope."""

    def _readable(self, raw_steps: Sequence[Any]) -> Iterator[tuple[int, Step]]:
        for index, raw in enumerate(raw_steps):
            if isinstance(raw, Mapping):
                yield index, raw
            else:
                self._notes.add("agipo.step_invalid", "a step must be an object", "steps", index)

    def _name_nodes(self) -> None:
        taken: set[str] = set()
        for index, step in self.steps.items():
            wanted = step.get("id")
            given = wanted if isinstance(wanted, str) else ""
            node_id = _free(_fitting(given, index), taken)
            taken.add(node_id)
            self.node_ids[index] = node_id
            if node_id != given:
                self._notes.add(
                    "agipo.step_renamed", f"{wanted!r} is called {node_id!r} here", "steps", index
                )
            self.by_agipo_id.setdefault(given, node_id)

    def _families(self) -> dict[int | None, list[int]]:
        """Return the children of each container, ``None`` being the outermost scope."""
        containers: dict[Any, int] = {}
        for index, step in self.steps.items():
            if step.get("type") == "control" and isinstance(step.get("id"), str):
                containers.setdefault(step["id"], index)
        parents: dict[int, int | None] = {}
        for index, step in self.steps.items():
            named = step.get("parentId")
            parent = containers.get(named) if isinstance(named, str) else None
            if named is not None and (parent is None or self._is_inside(parent, index, parents)):
                self._notes.add(
                    "agipo.parent_unknown",
                    f"the container {named!r} is not there; the step stands outside",
                    *("steps", index, "parentId"),
                )
                parent = None
            parents[index] = parent
        children: dict[int | None, list[int]] = {}
        for index, parent in parents.items():
            children.setdefault(parent, []).append(index)
        return children

    @staticmethod
    def _is_inside(index: int | None, of: int, parents: Mapping[int, int | None]) -> bool:
        while index is not None:
            if index == of:
                return True
            index = parents.get(index)
        return False


def _fitting(given: str, index: int) -> str:
    """Return ``given`` as an id of a node, changed as little as that takes."""
    if _ID.fullmatch(given) and len(given) <= MAX_NODE_ID_LENGTH:
        return given
    cleaned = re.sub(r"[^A-Za-z0-9_.:\-]", "-", given)[:100]
    return f"step{cleaned}" if cleaned.startswith("-") else f"step-{cleaned or index + 1}"


def _free(wanted: str, taken: set[str]) -> str:
    number, free = 2, wanted
    while free in taken:
        free, number = f"{wanted[: MAX_NODE_ID_LENGTH - 8]}_{number}", number + 1
    return free
