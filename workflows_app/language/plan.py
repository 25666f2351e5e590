"""The plan: what a definition compiles to, immutable and named by the hash of its content.

It holds what the scheduler and the data flow need and nothing that only a screen needs.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping, Sequence
from enum import StrEnum
from functools import cached_property
from typing import Any, Literal

from pydantic import BaseModel, ConfigDict, Field

from workflows_app.language.definition import Fields, Source

PLAN_FORMAT = 1


class NodeKind(StrEnum):
    TOOL = "tool"  # calls a registered tool in a worker
    STEP = "step"  # runs a registered Python step in a worker
    MAP = "map"  # makes a value from earlier ones; plumbing


class _Frozen(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True, ignored_types=(cached_property,))


class RetryPolicy(_Frozen):
    """When a failed attempt is tried again.  All times in seconds."""

    attempts: int = 0
    delay: float = 0
    backoff: Literal["fixed", "linear", "exponential"] = "fixed"
    max_delay: float | None = None
    jitter: float = 0


class PlanNode(_Frozen):
    """One node, with everything about it decided."""

    id: str
    kind: NodeKind
    ref: str = ""
    """The tool's name, the step's id, or the place of a callable; empty for a mapping of fields."""
    name: str | None = None
    needs: tuple[str, ...] = ()
    """Predecessors, in the order of the document."""
    required: int = 0
    """How many of ``needs`` must have settled well before the node starts."""
    input: Fields | None = None
    fields: Fields | None = None
    collect: bool = False
    connection: str | None = None
    retry: RetryPolicy = RetryPolicy()
    timeout_seconds: float | None = None
    on_error: Literal["fail", "continue", "skip"] = "fail"
    queue: str | None = None
    reads: tuple[str, ...] = ()
    """Steps whose outputs the sources look at, besides what ``needs`` hands over."""
    reads_handover: bool = True
    """Whether anything looks at what the predecessors hand over."""
    reads_inputs: bool = False
    """Whether anything looks at the workflow's input."""

    @property
    def title(self) -> str:
        """The name people see."""
        return self.name or self.id

    @property
    def is_plumbing(self) -> bool:
        """Whether the node is evaluated while recording, without a worker."""
        return self.kind is NodeKind.MAP and not self.has_code

    @property
    def has_code(self) -> bool:
        """Whether a Python callable of the author's takes part in making the value."""
        sources = [*(self.input or {}).values(), *(self.fields or {}).values()]
        is_callable_map = self.kind is NodeKind.MAP and bool(self.ref)
        return is_callable_map or any(source.kind == "code" for source in sources)


class Plan(_Frozen):
    """A workflow, ready to run."""

    format: Literal[1] = 1
    name: str
    inputs: dict[str, Any] = Field(default_factory=dict)
    output: Source | Fields | None = None
    output_reads: tuple[str, ...] = ()
    """Steps that ``output`` looks at."""
    state: dict[str, Any] = Field(default_factory=dict)
    configs: dict[str, Any] = Field(default_factory=dict)
    timeout_seconds: float | None = None
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
    def entries(self) -> tuple[str, ...]:
        """The nodes that need nothing."""
        return tuple(node.id for node in self.nodes if not node.needs)

    @cached_property
    def terminals(self) -> tuple[str, ...]:
        """The nodes that nothing needs; their output is the workflow's."""
        return tuple(node.id for node in self.nodes if not self.successors[node.id])

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
        return {key: value for key, value in data.items() if value not in (None, {}, [])}


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
    data = node.model_dump(mode="json", exclude_defaults=True, exclude={"input", "fields"})
    for key in ("input", "fields"):
        if getattr(node, key) is not None:
            data[key] = _dump_sources(getattr(node, key))
    return data


def in_order(ids: Sequence[str], *, plan: Plan) -> list[str]:
    """Return ``ids`` in the order of the document."""
    return sorted(ids, key=plan.position.__getitem__)
