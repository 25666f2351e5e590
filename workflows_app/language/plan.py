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
    MAP = "map"  # makes a value from earlier ones
    BRANCH = "branch"  # opens the bodies whose condition holds
    LOOP = "loop"  # opens its body again and again
    FOREACH = "foreach"  # opens its body once for each item
    WORKFLOW = "workflow"  # is an execution of its own
    SLEEP = "sleep"  # waits for a time span, or for a moment
    WAIT = "wait"  # waits for an event, then may open a body
    APPROVAL = "approval"  # waits for a person
    BAIL = "bail"  # ends the workflow early


#: Nodes that run somebody's code or act on the world, so always in a worker.
_WORK = frozenset({NodeKind.TOOL, NodeKind.STEP})
#: Nodes that open bodies, and settle when these have.
CONTAINERS = frozenset({NodeKind.BRANCH, NodeKind.LOOP, NodeKind.FOREACH, NodeKind.WAIT})
#: Containers whose bodies are run more than once, so that what stands in them is numbered.
REPEATED = frozenset({NodeKind.LOOP, NodeKind.FOREACH})


class _Frozen(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True, ignored_types=(cached_property,))


class RetryPolicy(_Frozen):
    """When a failed attempt is tried again.  All times in seconds."""

    attempts: int = 0
    delay: float = 0
    backoff: Literal["fixed", "linear", "exponential"] = "fixed"
    max_delay: float | None = None
    jitter: float = 0


class Body(_Frozen):
    """A graph of nodes inside a container."""

    id: str
    """The container's id, or ``<container>/<case>`` for a case of a branch."""
    label: str
    """The key of its output in what a branch puts out: the case's id; else the container's."""
    when: Source | None = None
    """The condition under which a branch opens it."""
    output: Source | Fields | None = None
    output_reads: tuple[str, ...] = ()
    """Steps that ``output`` looks at."""


class PlanNode(_Frozen):
    """One node, with everything about it decided."""

    id: str
    kind: NodeKind
    ref: str = ""
    """The tool's name, the step's id, the nested workflow's id, the event's name, or the place of
    a callable; empty where there is nothing of the kind."""
    name: str | None = None
    body: str = ""
    """The id of the body it stands in; empty for the workflow's own graph."""
    needs: tuple[str, ...] = ()
    """Predecessors, in the order of the document; all of the same body."""
    required: int = 0
    """How many of ``needs`` must have settled well before the node starts."""
    input: Fields | None = None
    fields: Fields | None = None
    """What a mapping makes, what a person is shown, or what a bail hands on, field by field."""
    parts: Fields | None = None
    """Values of the node's own, by name: ``condition`` (loop), ``items`` ``concurrency``
    (foreach), ``seconds`` ``at`` (sleep), ``title`` ``deadline`` (approval), ``result`` (bail).
    Constants are sources too."""
    bodies: tuple[Body, ...] = ()
    """What a container opens, in the order of the document."""
    first_only: bool = False
    """Whether a branch opens only the first body whose condition holds."""
    until: bool = False
    """Whether a loop goes on until its condition holds, instead of while it does."""
    max_iterations: int = 0
    version: int | None = None
    """The number of the nested workflow's version; ``None`` for the one published then."""
    form: dict[str, Any] | None = None
    """JSON Schema of a person's answer."""
    assignees: tuple[str, ...] = ()
    on_deadline: Literal["fail", "skip", "approve", "reject"] = "fail"
    reminder_seconds: float | None = None
    collect: bool = False
    connection: str | None = None
    retry: RetryPolicy = RetryPolicy()
    timeout_seconds: float | None = None
    """How long an attempt may take, how long an event is waited for, or how long a nested
    execution may take."""
    on_error: Literal["fail", "continue", "skip"] = "fail"
    queue: str | None = None
    reads: tuple[str, ...] = ()
    """Steps whose outputs the sources look at, besides what ``needs`` hands over."""
    reads_handover: bool = True
    """Whether anything looks at what the predecessors hand over."""
    reads_inputs: bool = False
    """Whether anything looks at the workflow's input."""
    reads_item: bool = False
    """Whether anything looks at ``item``, which the nearest foreach around hands out."""

    @property
    def title(self) -> str:
        """The name people see."""
        return self.name or self.id

    @property
    def is_plumbing(self) -> bool:
        """Whether the node is evaluated while recording, without a worker."""
        return self.kind not in _WORK and not self.has_code

    @property
    def is_internal(self) -> bool:
        """Whether people need not see the node."""
        return self.kind in (NodeKind.MAP, NodeKind.BRANCH, NodeKind.LOOP, NodeKind.BAIL)

    @property
    def has_code(self) -> bool:
        """Whether a Python callable of the author's takes part in making the value."""
        sources = [
            *(self.input or {}).values(),
            *(self.fields or {}).values(),
            *(self.parts or {}).values(),
            *(body.when for body in self.bodies if body.when is not None),
        ]
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
    context: dict[str, Any] = Field(default_factory=dict)
    """JSON Schema of the runtime context."""
    on_failure: str | None = None
    """The workflow that is started when an execution of this one fails."""
    hooks: dict[str, str] = Field(default_factory=dict)
    """``on_start``, ``on_finish``, ``on_error`` -> the place of a callable."""
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
    def bodies(self) -> Mapping[str, Body]:
        """Every body by its id."""
        return {body.id: body for node in self.nodes for body in node.bodies}

    @cached_property
    def container(self) -> Mapping[str, PlanNode]:
        """Body id -> the node that opens it."""
        return {body.id: node for node in self.nodes for body in node.bodies}

    @cached_property
    def _by_body(self) -> Mapping[str, tuple[PlanNode, ...]]:
        found: dict[str, list[PlanNode]] = {"": []} | {body: [] for body in self.bodies}
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


#: Ends the id of a step that a builder put alone into a container named after it.
BODY_SUFFIX = ":body"


def face_of(node_id: str) -> str:
    """Return the id under which people know a node: ``charge`` for ``charge:body``."""
    return node_id.removesuffix(BODY_SUFFIX)


def node_of(key: str) -> str:
    """Return the node that ``key`` is a run of: ``charge`` of ``charge[5][2]``."""
    return key.partition("[")[0]


def indexes_of(key: str) -> tuple[int, ...]:
    """Return in which rounds of the containers around it the run ``key`` is, outermost first."""
    return tuple(int(part) for part in key.partition("[")[2].rstrip("]").split("][") if part)


def key_of(node_id: str, indexes: Sequence[int] = ()) -> str:
    """Return the key of a run of ``node_id``: its id, and an index for each repeated container
    around it, as in ``charge[5][2]``."""
    return node_id + "".join(f"[{index}]" for index in indexes)


def in_order(ids: Sequence[str], *, plan: Plan) -> list[str]:
    """Return ``ids`` in the order of the document."""
    return sorted(ids, key=plan.position.__getitem__)
