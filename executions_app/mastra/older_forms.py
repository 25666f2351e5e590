"""The forms in which 0.24 told what 1.x tells as chunks: its ``stream`` and its ``watch``.

Folds of the chunks; a step's state is what the chunks said of it.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from executions_app.mastra.chunks import Chunk, Chunks
from executions_app.mastra.fields import milliseconds
from executions_app.models import Event
from executions_app.streaming.log import log_of

_PREFIX = "workflow-"
_ENDS = ("start", "finish")
#: Chunks that say how a step stands.
_STATES = frozenset({"start", "waiting", "suspended", "result"})


class LegacyChunks:
    """Chunks whose types have no prefix: ``start``, ``step-start``, ..., ``finish``."""

    def __init__(self, execution_id: str) -> None:
        self._id = execution_id
        self._chunks = Chunks(execution_id, with_step_finish=True)

    def tell(self, events: Sequence[Event]) -> list[list[Chunk]]:
        """Return, for each of ``events``, the chunks that it becomes."""
        return [[self._older(chunk) for chunk in told] for told in self._chunks.tell(events)]

    def opening(self) -> list[Chunk]:
        """Return what a stream begins with that does not begin with the execution."""
        return [self._older(chunk) for chunk in self._chunks.opening()]

    def closing(self, status: str) -> list[Chunk]:
        """Return what a stream ends with while the execution rests in ``status``."""
        return [self._older(chunk) for chunk in self._chunks.closing(status)]

    def refused(self, error: Exception) -> list[Chunk]:
        """Return the stream of an execution that could not start."""
        return [self._older(chunk) for chunk in self._chunks.refused(error)]

    def _older(self, chunk: Chunk) -> Chunk:
        if not chunk["type"].startswith(_PREFIX):
            return chunk
        kind = chunk["type"].removeprefix(_PREFIX)
        payload = {"runId": self._id} if kind in _ENDS else chunk["payload"]
        return {"type": kind, "payload": payload}


class WatchView:
    """After each change of a step, that step and the whole as it stands."""

    def __init__(self, execution_id: str) -> None:
        self._chunks = Chunks(execution_id)
        self._own_source = log_of(execution_id).source
        self._status = "running"
        self._steps: dict[str, Chunk] = {}
        self._ending: Chunk = {}

    def tell(self, events: Sequence[Event]) -> list[list[Chunk]]:
        """Return, for each of ``events``, the views that it becomes: one or none."""
        told = zip(events, self._chunks.tell(events), strict=True)
        return [self._views(event, chunks) for event, chunks in told]

    def opening(self) -> list[Chunk]:
        """Return nothing: a view is of the whole from the beginning."""
        return []

    def closing(self, status: str) -> list[Chunk]:
        """Return nothing: whoever watches goes on."""
        return []

    def refused(self, error: Exception) -> list[Chunk]:
        """Return nothing: what did not start has no steps."""
        return []

    def _views(self, event: Event, chunks: Sequence[Chunk]) -> list[Chunk]:
        is_own = event.source == self._own_source
        if is_own and event.type in ("execution_suspended", "execution_paused"):
            self._status = event.type.removeprefix("execution_")
            return [self._view(event)]
        return [view for chunk in chunks for view in self._view_of(event, chunk)]

    def _view_of(self, event: Event, chunk: Chunk) -> list[Chunk]:
        kind = chunk["type"]
        if kind == "workflow-start":
            self._status, self._ending = "running", {}
        elif kind == "workflow-finish":
            finish = chunk["payload"]
            self._status = finish["workflowStatus"]
            self._ending = {"result": finish.get("finalWorkflowResult")}
            self._ending |= {"error": finish["metadata"].get("error")}
            return [self._view(event)]
        elif kind.removeprefix("workflow-step-") in _STATES:
            self._status = "waiting" if kind.endswith("waiting") else "running"
            state = {k: v for k, v in chunk["payload"].items() if k not in ("id", "stepName")}
            step_id = chunk["payload"]["id"]
            self._steps[step_id] = {**self._steps.get(step_id, {}), **state}
            return [self._view(event, step_id)]
        return []

    def _view(self, event: Event, step_id: str = "") -> Chunk:
        state: dict[str, Any] = {"status": self._status, "steps": dict(self._steps), **self._ending}
        payload: Chunk = {"workflowState": state}
        if step_id:
            payload = {"currentStep": {"id": step_id, **self._steps[step_id]}, **payload}
        at = milliseconds(event.at)
        return {"type": "watch", "payload": payload, "eventTimestamp": at}
