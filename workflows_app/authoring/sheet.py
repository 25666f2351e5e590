"""What one document collects while it is written: ids, Python steps, callables by their place."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from workflows_app.authoring.errors import DuplicateStep
from workflows_app.authoring.step import Step


@dataclass(frozen=True, slots=True)
class OwnPlace:
    """The place of a callable in the workflow that is being written, whatever its id will be."""

    place: str


@dataclass(slots=True, kw_only=True)
class Sheet:
    """Names and code of one document, over all its scopes."""

    workflow_id: str
    ids: set[str] = field(default_factory=set)
    steps: dict[str, Step] = field(default_factory=dict)
    """The Python steps by their own id, under which nodes name them."""
    callables: dict[str, Callable[..., Any]] = field(default_factory=dict)
    """Callables by their place: ``node``, ``node/field``, ``on_start``, ..."""

    def claim(self, node_id: str) -> str:
        """Return ``node_id``, which from now on is taken.

        Raises:
            DuplicateStep: if it was taken before.
        """
        if node_id in self.ids:
            raise DuplicateStep(self.workflow_id, node_id)
        self.ids.add(node_id)
        return node_id

    def claim_or_number(self, node_id: str | None, *, kind: str) -> str:
        """Return ``node_id`` or, without one, the first free of ``kind_1``, ``kind_2``, ..."""
        if node_id is not None:
            return self.claim(node_id)
        number = 1
        while f"{kind}_{number}" in self.ids:
            number += 1
        return self.claim(f"{kind}_{number}")

    def add_step(self, step: Step) -> None:
        """Make ``step`` known under its id.

        Raises:
            DuplicateStep: if another step of the document has it.
        """
        if self.steps.setdefault(step.id, step) is not step:
            raise DuplicateStep(self.workflow_id, step.id)

    def add_callable(self, function: Callable[..., Any], place: str) -> OwnPlace:
        """Keep ``function`` at ``place``.

        Raises:
            DuplicateStep: if there is one already, as for a node that is called like a hook.
        """
        if place in self.callables:
            raise DuplicateStep(self.workflow_id, place)
        self.callables[place] = function
        return OwnPlace(place)


def as_json(value: Any, *, workflow_id: str) -> Any:
    """Return ``value`` copied, with every place written out as one in ``workflow_id``."""
    match value:
        case OwnPlace(place=place):
            return f"{workflow_id}/{place}"
        case Mapping():
            return {key: as_json(item, workflow_id=workflow_id) for key, item in value.items()}
        case list() | tuple():
            return [as_json(item, workflow_id=workflow_id) for item in value]
    return value
