"""Telling an execution's events as the chunks of Mastra's streams.

Every chunk follows from one event and the rows of the run it is about, so that a reader who comes
back in the middle is told the same.  Refuses to tell what Mastra has no word for.
"""

from __future__ import annotations

import uuid
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.db.models import Q

from executions_app.engine.data import no_callables, node_input
from executions_app.engine.redact import redact
from executions_app.mastra.fields import own_fields
from executions_app.mastra.table import CHUNK_OF, CUSTOM, STEP_FINISH, status_of
from executions_app.mastra.told_runs import is_told, stands_for
from executions_app.mastra.usage import total_usage
from executions_app.models import Event, Execution, StepRun
from executions_app.recording.plumbing import Refused
from executions_app.recording.values import read_values
from executions_app.streaming.log import log_of
from executions_app.streaming.wire import shown
from workflows_app.interface import get_plan
from workflows_app.language.plan import Plan, face_of, indexes_of, node_of

Chunk = dict[str, Any]

_CALLS = uuid.UUID("0f7a3c52-5b1e-4d53-9a3e-6f0f4f3f9c10")


@dataclass(frozen=True, slots=True, kw_only=True)
class _Owner:
    """The execution that an event is about."""

    execution_id: str
    prefix: str
    """Before the ids of its steps: the way down to it."""
    plan: Plan


class Chunks:
    """Tells the events of one execution, and of those nested in it."""

    def __init__(
        self, execution_id: str, *, with_ends: bool = True, with_step_finish: bool = False
    ) -> None:
        """``with_ends`` tells the start and the finish of the whole; ``with_step_finish`` also
        that a step is done, after its result."""
        self._id = execution_id
        self._with_ends = with_ends
        self._with_step_finish = with_step_finish
        self._own_source = log_of(execution_id).source
        self._owners: dict[str, _Owner] = {}

    def tell(self, events: Sequence[Event]) -> list[list[Chunk]]:
        """Return, for each of ``events``, the chunks that it becomes; often none, or several."""
        runs = _read_runs(events)
        return [list(self._chunks_of(event, runs)) for event in events]

    def opening(self) -> list[Chunk]:
        """Return what a stream begins with that does not begin with the execution."""
        return [self._start()] if self._with_ends else []

    def closing(self, status: str) -> list[Chunk]:
        """Return what a stream ends with while the execution rests in ``status``."""
        return [self._finish(status)] if self._with_ends else []

    def refused(self, error: Exception) -> list[Chunk]:
        """Return the stream of an execution that could not start."""
        told = {"name": type(error).__name__, "message": str(error)}
        if code := getattr(error, "code", None):
            told["code"] = code
        return [self._start(), self._finish("failed", error=told)]

    # -- inside ---------------------------------------------------------------------------------

    def _chunks_of(self, event: Event, runs: Mapping[tuple[str, str], StepRun]) -> Iterator[Chunk]:
        kind = CHUNK_OF[event.type]
        if kind is None:
            return
        if event.type.startswith("execution_"):
            if self._with_ends and event.source == self._own_source:
                yield from self._of_execution(kind, event)
            return
        owner, key = self._owner(event.source or event.execution_id), event.data["node_id"]
        if is_told(owner.plan, key, event.type):
            run = runs.get((owner.execution_id, key))
            yield from self._of_step(kind, event, owner, key, run)

    def _of_execution(self, kind: str, event: Event) -> Iterator[Chunk]:
        if kind == "workflow-start":
            yield self._start()
            return
        if kind != "workflow-finish":
            yield self._chunk(kind, {})
        match event.type:
            case "execution_completed":
                result = shown(event.data.get("output"), event)
                yield self._finish("completed", finalWorkflowResult=result)
            case "execution_failed":
                yield self._finish("failed", error=event.data.get("error"))
            case "execution_cancelled":
                yield self._finish("cancelled")

    def _of_step(
        self, kind: str, event: Event, owner: _Owner, key: str, run: StepRun | None
    ) -> Iterator[Chunk]:
        name = f"{owner.prefix}{face_of(node_of(key))}"
        whole = f"{owner.execution_id}/{stands_for(owner.plan, key)}"
        told: Chunk = {
            "id": name,
            "stepName": name,
            "stepCallId": str(uuid.uuid5(_CALLS, whole)),
        }
        if kind == "workflow-step-output":
            yield self._output(event, told)
            return
        own = own_fields(kind, event, run)
        if kind != "workflow-step-progress":
            own["payload"] = shown(_payload(owner, key, run), event)
        yield self._chunk(kind, told | own)
        if kind == "workflow-step-result" and self._with_step_finish:
            rounds = indexes_of(key)
            metadata = {"iterationCount": rounds[-1] + 1} if rounds else {}
            yield self._chunk(STEP_FINISH, told | {"metadata": metadata})

    def _output(self, event: Event, told: Chunk) -> Chunk:
        value, kind = shown(event.data["output"], event), event.data.get("kind") or ""
        if kind.startswith(CUSTOM):
            return {"type": kind, "runId": self._id, "from": "USER", "data": value}
        output = {"type": kind, "data": value} if kind else value
        payload = told | {"runId": self._id, "output": output}
        return self._chunk("workflow-step-output", payload, by="USER")

    def _owner(self, execution_id: str) -> _Owner:
        if execution_id not in self._owners:
            row = Execution.objects.only("parent", "parent_key", "version").get(pk=execution_id)
            prefix = ""
            if execution_id != self._id and row.parent_id:
                around = self._owner(row.parent_id)
                prefix = f"{around.prefix}{face_of(node_of(row.parent_key))}."
            plan = get_plan(row.version_id)
            self._owners[execution_id] = _Owner(execution_id=execution_id, prefix=prefix, plan=plan)
        return self._owners[execution_id]

    def _start(self) -> Chunk:
        found = Execution.objects.filter(pk=self._id).values_list("workflow_id", flat=True)
        return self._chunk("workflow-start", {"workflowId": found.first()})

    def _finish(self, status: str, *, error: Any = None, **more: Any) -> Chunk:
        metadata = {"error": error, "errorMessage": error.get("message", "")} if error else {}
        usage = usage_of(self._id)
        payload = {"workflowStatus": status_of(status), "output": {"usage": usage}}
        return self._chunk("workflow-finish", payload | {"metadata": metadata, **more})

    def _chunk(self, kind: str, payload: Chunk, *, by: str = "WORKFLOW") -> Chunk:
        return {"type": kind, "runId": self._id, "from": by, "payload": payload}


def usage_of(execution_id: str) -> dict[str, int]:
    """Return the tokens that an execution and those nested in it reported by now."""
    family = Execution.objects.filter(Q(pk=execution_id) | Q(root_id=execution_id))
    return total_usage(family.order_by().values_list("usage", flat=True))


def _read_runs(events: Sequence[Event]) -> dict[tuple[str, str], StepRun]:
    wanted: dict[str, set[str]] = {}
    for event in events:
        if CHUNK_OF[event.type] and "node_id" in event.data and event.type != "step_output":
            about = event.source or event.execution_id
            wanted.setdefault(about, set()).add(event.data["node_id"])
    found = {}
    for execution_id, keys in wanted.items():
        rows = StepRun.objects.filter(execution_id=execution_id, node_id__in=sorted(keys))
        found |= {(execution_id, row.node_id): row for row in rows.defer("output", "error")}
    return found


def _payload(owner: _Owner, key: str, run: StepRun | None) -> Any:
    """Return what a run received, or, where no worker has said yet, what it will receive."""
    node = owner.plan.by_id.get(node_of(key))
    if run is None or run.input is not None or run.ended_at is not None or node is None:
        return run.input if run else None
    try:
        _, known = read_values(owner.plan, node, owner.execution_id, key)
        return redact(node_input(owner.plan, node, known, call=no_callables))
    except (*Refused, ValueError):  # only its worker can say, or its rows are gone
        return None
