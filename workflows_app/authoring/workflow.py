"""Workflows written in Python: a flow with an id, sealed once it is complete."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from typing import TYPE_CHECKING, Any

from workflows_app.authoring.concurrency import Concurrency
from workflows_app.authoring.datatypes import ANYTHING, DataType
from workflows_app.authoring.errors import (
    InvalidWorkflowId,
    WorkflowCommitted,
    WorkflowEmpty,
    WorkflowUncommitted,
)
from workflows_app.authoring.flow import Flow
from workflows_app.authoring.named_steps import use_workflow
from workflows_app.authoring.retry import Retry
from workflows_app.authoring.runs import Run, run_factory
from workflows_app.authoring.schedule import Schedule
from workflows_app.authoring.sheet import Sheet, as_json
from workflows_app.authoring.sources import MapSource
from workflows_app.authoring.spelling import output_json
from workflows_app.authoring.writing import Piece, Writer
from workflows_app.language.compile import Compiled

if TYPE_CHECKING:
    from workflows_app.authoring.step import Step

#: What can stand in a URL; the tables ask the same.
_ID = re.compile(r"[A-Za-z0-9_][A-Za-z0-9_.\-]{0,199}")


class Workflow(Flow):
    """A graph of steps.  Once committed it can run, and stand in other workflows as a step."""

    def __init__(
        self,
        *,
        id: str,
        description: str = "",
        name: str | None = None,
        input_type: DataType = ANYTHING,
        output_type: DataType = ANYTHING,
        state_type: DataType = ANYTHING,
        context_type: DataType = ANYTHING,
        retry: Retry | None = None,
        timeout_seconds: float | None = None,
        output: MapSource | Mapping[str, MapSource] | None = None,
        configs: Mapping[str, Any] | None = None,
        on_failure: str | None = None,
        schedules: Sequence[Schedule] = (),
        concurrency: Concurrency | None = None,
        priority: int = 0,
    ) -> None:
        if not _ID.fullmatch(id):
            raise InvalidWorkflowId(id)
        super().__init__(Sheet(workflow_id=id))
        self.id = id
        self.name = id if name is None else name
        self.description = description
        self.input_type = input_type
        self.output_type = output_type
        self.state_type = state_type
        self.context_type = context_type
        self.retry = retry
        self.timeout_seconds = timeout_seconds
        self.output = output
        self.configs = dict(configs or {})
        self.on_failure = on_failure
        """The id of the workflow that is started when this one fails."""
        self.schedules = tuple(schedules)
        self.concurrency = concurrency
        self.priority = priority
        """Of executions that wait those of the highest begin first."""
        self.is_committed = False
        self.compiled: Compiled | None = None
        """What it compiled to; there once it is committed."""
        self._hooks: dict[str, Any] = {}
        self._document: Mapping[str, Any] | None = None

    @property
    def steps(self) -> dict[str, Step]:
        """The Python steps, of all scopes, by their own id."""
        return self._sheet.steps

    @property
    def callables(self) -> dict[str, Callable[..., Any]]:
        """Callables that are no step bodies by their place: ``node``, ``node/field``, a hook."""
        return self._sheet.callables

    def commit(self) -> Workflow:
        """Seal the workflow and register it; from now on it can run and no longer be changed.

        Raises:
            WorkflowEmpty: if it has no steps.
            WorkflowInvalid: if it does not compile, with everything that is wrong.
        """
        from workflows_app.authoring.registry import registry

        if self._is_empty:
            raise WorkflowEmpty(self.id)
        self.is_committed = True
        try:
            self.compiled = registry.register(self)
        except Exception:
            self.is_committed = False
            raise
        return self

    def to_definition(self) -> dict[str, Any]:
        """Return the JSON definition that means the same."""
        if self._document is not None:
            return dict(self._document)
        output = self._block_output() if self.output is None else output_json(self.output)
        optional: dict[str, Any] = {
            "description": self.description,
            "inputs": self.input_type.json_schema,
            "state": self.state_type.json_schema,
            "context": self.context_type.json_schema,
            "configs": self.configs,
            "retry": self.retry.to_json() if self.retry else None,
            "timeout": self.timeout_seconds,
            **(self.concurrency.to_json() if self.concurrency else {}),
            "priority": self.priority,
            "on_failure": self.on_failure,
            "hooks": self._hooks,
        }
        document: dict[str, Any] = {"schema_version": 1, "id": self.id, "name": self.name}
        document |= {key: value for key, value in optional.items() if value}
        if output is not None:
            document["output"] = output
        document |= {"nodes": self._nodes, "edges": self._edges}
        written: dict[str, Any] = as_json(document, workflow_id=self.id)
        return written

    def create_run(self, run_id: str | None = None, resource_id: str | None = None) -> Run:
        """Return a handle to a new execution, or to the one that ``run_id`` names.

        Raises:
            WorkflowEmpty, WorkflowUncommitted: if the workflow is not finished.
        """
        if self._is_empty:
            raise WorkflowEmpty(self.id)
        if not self.is_committed:
            raise WorkflowUncommitted(self.id)
        return run_factory()(self, run_id, resource_id)

    def __repr__(self) -> str:
        return f"<Workflow {self.id!r}: {len(self._nodes)} nodes>"

    # -- inside ---------------------------------------------------------------------------------

    @property
    def _is_empty(self) -> bool:
        return not self._nodes and self._document is None

    def _write(self, entry: Callable[[Any], None]) -> None:
        if self.is_committed:
            raise WorkflowCommitted(self.id)
        super()._write(entry)

    def _as_piece(self, other: Writer) -> Piece:
        return other._piece(use_workflow(self))

    def _as_body(self, sheet: Sheet, node_id: str | None) -> dict[str, Any]:
        return Writer(sheet)._body(use_workflow(self), node_id=node_id)

    def _add_hook(self, name: str, hook: Callable[..., Any] | MapSource) -> None:
        """Tell ``hook`` when ``name`` happens; a place is named with ``code()``."""
        if isinstance(hook, MapSource):
            if "code" not in hook.document:
                raise TypeError(f"{name}={hook!r} is no hook; give a callable")
            self._hooks[name] = hook.document["code"]
        else:
            self._hooks[name] = self._sheet.add_callable(hook, name)
