"""Workflows written in Python: a builder that spells a definition, and seals it."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from typing import Any

from workflows_app.authoring.datatypes import ANYTHING, DataType
from workflows_app.authoring.errors import (
    DuplicateStep,
    InvalidWorkflowId,
    NotSupported,
    WorkflowCommitted,
    WorkflowEmpty,
    WorkflowUncommitted,
)
from workflows_app.authoring.retry import Retry
from workflows_app.authoring.runs import Run, run_factory
from workflows_app.authoring.sources import MapSource
from workflows_app.authoring.step import Step
from workflows_app.language.compile import Compiled
from workflows_app.language.paths import format_path

MapFields = Mapping[str, MapSource | Callable[..., Any]]


#: What can stand in a URL; the tables ask the same.
_ID = re.compile(r"[A-Za-z0-9_][A-Za-z0-9_.\-]{0,199}")


class Workflow:
    """A graph of steps.  Methods return the workflow itself, so that calls can be chained."""

    def __init__(
        self,
        *,
        id: str,
        description: str = "",
        name: str | None = None,
        input_type: DataType = ANYTHING,
        output_type: DataType = ANYTHING,
        state_type: DataType = ANYTHING,
        retry: Retry | None = None,
        timeout_seconds: float | None = None,
    ) -> None:
        if not _ID.fullmatch(id):
            raise InvalidWorkflowId(id)
        self.id = id
        self.name = name or id
        self.description = description
        self.input_type = input_type
        self.output_type = output_type
        self.state_type = state_type
        self.retry = retry
        self.timeout_seconds = timeout_seconds
        self.steps: dict[str, Step] = {}
        """The Python steps by node id."""
        self.callables: dict[str, Callable[..., Any]] = {}
        """Mappings written as Python, by their place: ``node`` or ``node/field``."""
        self.is_committed = False
        self.compiled: Compiled | None = None
        """What it compiled to; there once it is committed."""
        self._nodes: list[dict[str, Any]] = []
        self._ids: set[str] = set()
        self._edges: list[tuple[str, str]] = []
        self._tail: tuple[str, ...] = ()
        self._tail_is_block = False
        self._document: Mapping[str, Any] | None = None

    # -- building -----------------------------------------------------------------------------

    def then(self, step: Step | Workflow) -> Workflow:
        """Run ``step`` after everything so far, with its output."""
        node = self._add_step(step, after=self._tail)
        if self._tail_is_block and len(self._tail) == 1:
            node["collect"] = True
        return self._continue_from(node["id"])

    def parallel(self, steps: Sequence[Step | Workflow]) -> Workflow:
        """Run ``steps`` side by side, each with the same input.

        What follows receives a mapping of their outputs by step id, also when there is one.
        """
        if not steps:
            raise ValueError("parallel() needs at least one step")
        before, collect = self._tail, self._tail_is_block and len(self._tail) == 1
        arms = [self._add_step(step, after=before) for step in steps]
        for arm in arms:
            if collect:
                arm["collect"] = True
        self._tail = tuple(arm["id"] for arm in arms)
        self._tail_is_block = True
        return self

    def graph(self, needs: Mapping[Step | Workflow, Sequence[Step | Workflow]]) -> Workflow:
        """Run any acyclic graph: each step after the steps it needs.

        A step that needs none runs after everything so far.  A step with one need receives its
        output, with several a mapping by step id.  A circle is reported by :meth:`commit`.

        Raises:
            ValueError: if a needed step is not itself a key.
        """
        if not needs:
            raise ValueError("graph() needs at least one step")
        before = self._tail
        ids = {step: self._add_step(step, after=())["id"] for step in needs}
        for step, needed in needs.items():
            for need in needed:
                if need not in ids:
                    raise ValueError(
                        f"step {step.id!r} needs {need.id!r}, which is not a key of the graph"
                    )
                self._edges.append((ids[need], ids[step]))
            if not needed:
                self._edges.extend((earlier, ids[step]) for earlier in before)
        needed_ids = {ids[need] for needed in needs.values() for need in needed}
        self._tail = tuple(node_id for node_id in ids.values() if node_id not in needed_ids)
        self._tail_is_block = False
        return self

    def map(self, mapping: Callable[..., Any] | MapFields, *, id: str | None = None) -> Workflow:
        """Make a new value: by a callable that takes one context, or field by field."""
        self._check_open()
        node_id = id or self._free_id("mapping")
        node: dict[str, Any] = {"id": node_id, "type": "map"}
        if callable(mapping):
            node["code"] = self._add_callable(mapping, node_id)
        else:
            node["fields"] = {
                field: (
                    dict(source.document)
                    if isinstance(source, MapSource)
                    else {"code": self._add_callable(source, f"{node_id}/{field}")}
                )
                for field, source in mapping.items()
            }
        if self._tail_is_block and len(self._tail) == 1:
            node["collect"] = True
        self._add_node(node, after=self._tail)
        return self._continue_from(node_id)

    def branch(self, *_: Any, **__: Any) -> Workflow:
        raise NotSupported("branch()")

    def dowhile(self, *_: Any, **__: Any) -> Workflow:
        raise NotSupported("dowhile()")

    def dountil(self, *_: Any, **__: Any) -> Workflow:
        raise NotSupported("dountil()")

    def foreach(self, *_: Any, **__: Any) -> Workflow:
        raise NotSupported("foreach()")

    def sleep(self, *_: Any, **__: Any) -> Workflow:
        raise NotSupported("sleep()")

    def sleep_until(self, *_: Any, **__: Any) -> Workflow:
        raise NotSupported("sleep_until()")

    def wait_for_event(self, *_: Any, **__: Any) -> Workflow:
        raise NotSupported("wait_for_event()")

    def commit(self) -> Workflow:
        """Seal the workflow and register it; from now on it can run and no longer be changed.

        Raises:
            WorkflowEmpty: if it has no steps.
            WorkflowInvalid: if it does not compile, with everything that is wrong.
        """
        from workflows_app.authoring.registry import registry

        if not self._nodes and self._document is None:
            raise WorkflowEmpty(self.id)
        self.is_committed = True
        try:
            self.compiled = registry.register(self)
        except Exception:
            self.is_committed = False
            raise
        return self

    # -- using ----------------------------------------------------------------------------------

    def to_definition(self) -> dict[str, Any]:
        """Return the JSON definition that means the same."""
        if self._document is not None:
            return dict(self._document)
        document: dict[str, Any] = {"schema_version": 1, "id": self.id, "name": self.name}
        optional: dict[str, Any] = {
            "description": self.description,
            "inputs": self.input_type.json_schema,
            "state": self.state_type.json_schema,
            "retry": self.retry.to_json() if self.retry else None,
            "timeout": self.timeout_seconds,
            "output": self._output(),
        }
        document |= {key: value for key, value in optional.items() if value}
        document["nodes"] = [dict(node) for node in self._nodes]
        document["edges"] = [list(edge) for edge in self._edges]
        return document

    def create_run(self, run_id: str | None = None, resource_id: str | None = None) -> Run:
        """Return a handle to a new execution, or to the one that ``run_id`` names.

        Raises:
            WorkflowEmpty, WorkflowUncommitted: if the workflow is not finished.
        """
        if not self._nodes and self._document is None:
            raise WorkflowEmpty(self.id)
        if not self.is_committed:
            raise WorkflowUncommitted(self.id)
        return run_factory()(self, run_id, resource_id)

    def __repr__(self) -> str:
        return f"<Workflow {self.id!r}: {len(self._nodes)} nodes>"

    # -- inside ---------------------------------------------------------------------------------

    def _check_open(self) -> None:
        if self.is_committed:
            raise WorkflowCommitted(self.id)

    def _add_step(self, step: Step | Workflow, *, after: Sequence[str]) -> dict[str, Any]:
        if isinstance(step, Workflow):
            raise NotSupported(f"a workflow as a step ({step.id!r})")
        if not isinstance(step, Step):
            raise TypeError(f"{step!r} is no step; wrap it with create_step() or @step")
        node: dict[str, Any] = {"id": step.id}
        node |= (
            {"type": "tool", "tool": step.tool} if step.tool else {"type": "step", "step": step.id}
        )
        optional: dict[str, Any] = {
            "name": step.name,
            "retry": None if step.retries is None else {"attempts": step.retries},
            "timeout": step.timeout_seconds,
            "queue": step.queue,
            "join": None if step.join == "all" else step.join,
            "on_error": None if step.on_error == "fail" else step.on_error,
        }
        node |= {key: value for key, value in optional.items() if value is not None}
        self._add_node(node, after=after)
        self.steps[step.id] = step
        return node

    def _add_node(self, node: dict[str, Any], *, after: Sequence[str]) -> None:
        self._check_open()
        if node["id"] in self._ids:
            raise DuplicateStep(self.id, node["id"])
        self._ids.add(node["id"])
        self._nodes.append(node)
        self._edges.extend((earlier, node["id"]) for earlier in after)

    def _add_callable(self, function: Callable[..., Any], place: str) -> str:
        self.callables[place] = function
        return f"{self.id}/{place}"

    def _free_id(self, kind: str) -> str:
        number = 1
        while f"{kind}_{number}" in self._ids:
            number += 1
        return f"{kind}_{number}"

    def _continue_from(self, node_id: str) -> Workflow:
        self._tail, self._tail_is_block = (node_id,), False
        return self

    def _output(self) -> dict[str, Any] | None:
        """A block of one arm hands on a mapping, also at the end."""
        if not (self._tail_is_block and len(self._tail) == 1):
            return None
        return {arm: {"from": format_path(("steps", arm))} for arm in self._tail}
