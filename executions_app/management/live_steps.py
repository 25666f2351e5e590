"""The steps of an execution as a viewer keeps them: folded from events, never read from rows."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from executions_app.following.follow import Look
from executions_app.management.event_lines import (
    error_line,
    event_detail,
    progress_line,
    waiting_line,
)
from workflows_app.language.plan import BODY_SUFFIX, NodeKind, Plan, PlanNode, node_of

#: Event -> the status it gives its step.
_STATUS: Mapping[str, str] = {
    "step_scheduled": "scheduled",
    "step_started": "running",
    "step_resumed": "running",
    "step_retrying": "retrying",
    "step_waiting": "waiting",
    "step_suspended": "suspended",
    "step_completed": "completed",
    "step_failed": "failed",
    "step_skipped": "skipped",
    "step_cancelled": "cancelled",
}
_ENDED = frozenset({"completed", "failed", "skipped", "cancelled"})


@dataclass(slots=True, kw_only=True)
class StepLine:
    """One step, as it is shown."""

    name: str
    status: str = "pending"
    attempt: int = 1
    started_at: datetime | None = None
    ended_at: datetime | None = None
    detail: str = ""

    def seconds(self, now: datetime) -> float | None:
        """Return how long the step ran, or has been running."""
        if self.started_at is None:
            return None
        return max(0.0, ((self.ended_at or now) - self.started_at).total_seconds())


class LiveSteps:
    """The visible steps of one plan, in the order of the document.

    A step in a loop has one line, which shows its last round; a foreach has one for all items; a
    nested execution has that of the step it belongs to.
    """

    def __init__(self, plan: Plan, *, source: str = "") -> None:
        self.lines: dict[str, StepLine] = {
            node.id: StepLine(name=node.title) for node in plan.nodes if _is_shown(plan, node)
        }
        self._plan = plan
        self._source = source
        self.has_begun = False
        """Whether a worker has taken up anything."""
        self.waits = ""
        """What it waits for before it begins, if it has to."""
        self._claimed: Mapping[str, datetime] = {}

    def take(self, look: Look) -> None:
        """Take in everything that ``look`` saw."""
        for event in look.events:
            self._fold(event)
        self._claimed = look.claimed
        self.has_begun = self.has_begun or bool(look.claimed)
        for step_id in look.claimed.keys() & self.lines.keys():
            line = self.lines[step_id]
            line.started_at = line.started_at or look.claimed[step_id]

    def status_of(self, step_id: str) -> str:
        """Return the status people see: what a worker has in hand is running."""
        line = self.lines[step_id]
        return "running" if step_id in self._claimed and line.status not in _ENDED else line.status

    def _fold(self, event: Mapping[str, Any]) -> None:
        if event.get("source", "") != self._source:
            return  # a nested execution has a plan of its own
        if event["type"] == "execution_queued":
            self.waits = event_detail(event)
        if event["type"] == "execution_reopened":
            self._forget(event.get("resets") or ())
        path = event.get("path") or [None]
        line = self.lines.get(str(event.get("step_id")))
        if line is None or isinstance(path[-1], int):
            return
        match event["type"]:
            case "log":
                line.detail = event_detail(event)
            case "step_progress":
                line.detail = progress_line(event)
            case kind if kind in _STATUS:
                self._move(line, _STATUS[kind], event)

    def _move(self, line: StepLine, status: str, event: Mapping[str, Any]) -> None:
        line.status = status
        line.attempt = int(event.get("attempt") or line.attempt)
        at = datetime.fromisoformat(str(event["at"]))
        if status == "scheduled":
            line.started_at = line.ended_at = None
            line.detail = ""  # another round knows nothing of the one before
        elif event["type"] == "step_started":
            self.has_begun = True
            line.started_at = datetime.fromisoformat(str(event.get("started_at") or event["at"]))
        elif status == "retrying":
            line.attempt += 1
            line.detail = error_line(event)
        elif status == "waiting":
            self.has_begun = True
            line.detail = waiting_line(event)
        elif status == "suspended":
            self.has_begun = True
            line.detail = event_detail(event)
        elif status == "running":
            line.detail = ""
        elif status in _ENDED:
            line.ended_at = at
            line.detail = error_line(event) if event.get("error") else ""

    def _forget(self, keys: Iterable[str]) -> None:
        reset = {node_of(key) for key in keys}
        for node_id in reset & self.lines.keys():
            self._stand(self.lines[node_id], "pending")
        around = {holder.id for node_id in reset for holder in self._plan.around.get(node_id, ())}
        for container in (around - reset) & self.lines.keys():
            self._stand(self.lines[container], "running")  # it goes on, and no event says so

    @staticmethod
    def _stand(line: StepLine, status: str) -> None:
        line.status, line.attempt, line.detail, line.ended_at = status, 1, "", None
        if status == "pending":
            line.started_at = None


def _is_shown(plan: Plan, node: PlanNode) -> bool:
    is_item = any(around.kind is NodeKind.FOREACH for around in plan.around[node.id])
    return not (node.is_internal or is_item or node.id.endswith(BODY_SUFFIX))
