"""The plan: what a definition compiles to, immutable and named by the hash of its content.

It holds what the scheduler and the data flow need and nothing that only a screen needs.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping, Sequence
from functools import cached_property
from typing import Any, Literal

from pydantic import Field

from workflows_app.language.admission import Admission
from workflows_app.language.keys import BODY_SUFFIX, face_of, indexes_of, key_of, node_of
from workflows_app.language.plan_node import (
    CONTAINERS,
    REPEATED,
    Body,
    Frozen,
    NodeKind,
    PlanNode,
    RetryPolicy,
)
from workflows_app.language.sources import Fields, Source

__all__ = [
    "BODY_SUFFIX",
    "CONTAINERS",
    "PLAN_FORMAT",
    "REPEATED",
    "Body",
    "NodeKind",
    "Plan",
    "PlanNode",
    "RetryPolicy",
    "canonical_json",
    "face_of",
    "in_order",
    "indexes_of",
    "key_of",
    "node_of",
    "parse_plan",
]

PLAN_FORMAT = 1


class Plan(Frozen):
    """A workflow, ready to run."""

    format: Literal[1] = 1
    name: str
    inputs: dict[str, Any] = Field(default_factory=dict)
    output: Source | Fields | None = None
    output_reads: tuple[str, ...] = ()
    """Steps that ``output`` looks at."""
    state: dict[str, Any] = Field(default_factory=dict)
    context: dict[str, Any] = Field(default_factory=dict)
    """JSON Schema of the runtime context."""
    on_failure: str | None = None
    """The workflow that is started when an execution of this one fails."""
    hooks: dict[str, str] = Field(default_factory=dict)
    """``on_start``, ``on_finish``, ``on_error`` -> the place of a callable."""
    configs: dict[str, Any] = Field(default_factory=dict)
    timeout_seconds: float | None = None
    admission: Admission | None = None
    """How many executions may go on at a time, and how often one may begin."""
    nodes: tuple[PlanNode, ...]

    @cached_property
    def by_id(self) -> Mapping[str, PlanNode]:
        return {node.id: node for node in self.nodes}

    @cached_property
    def position(self) -> Mapping[str, int]:
        """Each node's place in the order of the document."""
        return {node.id: index for index, node in enumerate(self.nodes)}

    @cached_property
    def successors(self) -> Mapping[str, tuple[str, ...]]:
        """The nodes that need each node, in the order of the document."""
        found: dict[str, list[str]] = {node.id: [] for node in self.nodes}
        for node in self.nodes:
            for need in node.needs:
                found[need].append(node.id)
        return {node_id: tuple(after) for node_id, after in found.items()}

    @cached_property
    def bodies(self) -> Mapping[str, Body]:
        """Every body by its id."""
        return {body.id: body for node in self.nodes for body in node.bodies}

    @cached_property
    def container(self) -> Mapping[str, PlanNode]:
        """Body id -> the node that opens it."""
        return {body.id: node for node in self.nodes for body in node.bodies}

    @cached_property
    def _by_body(self) -> Mapping[str, tuple[PlanNode, ...]]:
        found: dict[str, list[PlanNode]] = {body: [] for body in ("", *self.bodies)}
        for node in self.nodes:
            found[node.body].append(node)
        return {body: tuple(nodes) for body, nodes in found.items()}

    @cached_property
    def _entries(self) -> Mapping[str, tuple[str, ...]]:
        return {
            body: tuple(node.id for node in nodes if not node.needs)
            for body, nodes in self._by_body.items()
        }

    @cached_property
    def _terminals(self) -> Mapping[str, tuple[str, ...]]:
        return {
            body: tuple(node.id for node in nodes if not self.successors[node.id])
            for body, nodes in self._by_body.items()
        }

    def entries(self, body: str = "") -> tuple[str, ...]:
        """Return the nodes of ``body`` that need nothing."""
        return self._entries[body]

    def terminals(self, body: str = "") -> tuple[str, ...]:
        """Return the nodes of ``body`` that nothing needs; their output is the body's."""
        return self._terminals[body]

    @cached_property
    def around(self) -> Mapping[str, tuple[PlanNode, ...]]:
        """Each node's containers, from the outermost to the nearest."""
        found: dict[str, tuple[PlanNode, ...]] = {}
        for node in self.nodes:  # a container stands in the document before what it holds
            holder = self.container[node.body] if node.body else None
            found[node.id] = () if holder is None else (*found[holder.id], holder)
        return found

    @cached_property
    def content_hash(self) -> str:
        """``sha256:`` and the hash of the canonical JSON."""
        return f"sha256:{hashlib.sha256(canonical_json(self.dump()).encode()).hexdigest()}"

    def dump(self) -> dict[str, Any]:
        """Return the plan as JSON; values at their default are left out, so that a field
        added later changes no hash."""
        data = self.model_dump(mode="json", by_alias=True, exclude_unset=False)
        data["nodes"] = [_dump_node(node) for node in self.nodes]
        data["output"] = _dump_sources(self.output)
        if self.admission is not None:
            data["admission"] = self.admission.model_dump(mode="json", exclude_defaults=True)
        given = {key: value for key, value in data.items() if value not in (None, {}, [])}
        # An output without fields is a result of its own: an empty object.
        return given if self.output is None else given | {"output": data["output"]}


def parse_plan(data: Mapping[str, Any]) -> Plan:
    """Return the plan that ``data`` (made by :meth:`Plan.dump`) holds.

    Raises:
        pydantic.ValidationError: if ``data`` is not a plan of a format this release reads.
    """
    return Plan.model_validate(data)


def canonical_json(value: Any) -> str:
    """Return one spelling of ``value``: sorted keys, no spaces.  Source: idea of RFC 8785."""
    return json.dumps(value, sort_keys=True, separators=(",", ":"), ensure_ascii=False)


def _dump_sources(sources: Source | Mapping[str, Source] | None) -> Any:
    match sources:
        case None:
            return None
        case Source():
            return sources.to_json()
        case _:
            return {field: source.to_json() for field, source in sources.items()}


def _dump_node(node: PlanNode) -> dict[str, Any]:
    own = {"input", "fields", "parts", "bodies"}
    data = node.model_dump(mode="json", exclude_defaults=True, exclude=own)
    for key in ("input", "fields", "parts"):
        if getattr(node, key) is not None:
            data[key] = _dump_sources(getattr(node, key))
    if node.bodies:
        data["bodies"] = [_dump_body(body) for body in node.bodies]
    return data


def _dump_body(body: Body) -> dict[str, Any]:
    data = body.model_dump(mode="json", exclude_defaults=True, exclude={"when", "output"})
    for key in ("when", "output"):
        if getattr(body, key) is not None:
            data[key] = _dump_sources(getattr(body, key))
    return data


def in_order(ids: Sequence[str], *, plan: Plan) -> list[str]:
    """Return ``ids`` in the order of the document."""
    return sorted(ids, key=plan.position.__getitem__)
