"""Writing a state into the rows people query.  Knows columns, decides nothing."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any

from django.conf import settings

from executions_app import rows
from executions_app.dispatch import Due
from executions_app.engine.events import (
    Event,
    ExecutionCancelled,
    ExecutionCompleted,
    ExecutionFailed,
    ExecutionReopened,
    ExecutionStarted,
    ExecutionStopping,
)
from executions_app.engine.state import ExecutionState, NodeState
from executions_app.engine.statuses import UNSETTLED, ExecutionStatus, NodeStatus
from executions_app.models import StepRun
from executions_app.rows import ExecutionRow, StepRow
from workflows_app.language.plan import Plan, indexes_of, node_of

if TYPE_CHECKING:
    from executions_app.recording.frame import Frame

#: Columns of an execution that hold the numbers of its fold.
COUNTED = (
    *("live", "timers", "listeners", "suspended", "containers", "doomed"),
    *("failed_position", "bailed_position", "begun", "stepping"),
)


def state_of(execution: ExecutionRow) -> ExecutionState:
    """Return the fold that the execution's row holds, without nodes."""
    return ExecutionState(
        status=ExecutionStatus(execution.status),
        stopping=execution.stopping or None,
        **{name: getattr(execution, name) for name in COUNTED},
    )


def with_rows(state: ExecutionState, steps: Iterable[StepRow]) -> ExecutionState:
    """Return ``state`` with the nodes that ``steps`` hold."""
    nodes = state.nodes
    for row in steps:
        node = NodeState(
            status=NodeStatus(row.status),
            met=row.met,
            attempt=row.attempt,
            is_timed=row.is_timed,
            progress=row.progress,
        )
        nodes = nodes.insert(row.node_id, node)
    return replace(state, nodes=nodes)


def error_of(execution_id: str, node_id: str) -> Any:
    """Return the error that history keeps for a failed step."""
    found = StepRun.objects.filter(execution_id=execution_id, node_id=node_id)
    return found.values_list("error", flat=True).get()


_HELD = frozenset({NodeStatus.WAITING.value, NodeStatus.SUSPENDED.value})


class Projection:
    """The rows of one execution that one transaction reads and writes."""

    def __init__(self, execution: ExecutionRow, plan: Plan, now: datetime) -> None:
        self._execution = execution
        self._plan = plan
        self._now = now
        self.rows: dict[str, StepRow] = {}
        self._touched: set[str] = set()

    def load(self, node_ids: Iterable[str]) -> list[StepRow]:
        """Return the rows of ``node_ids`` that exist and were not loaded before."""
        missing = set(node_ids) - self.rows.keys()
        loaded = rows.lock_steps(self._execution.id, missing) if missing else []
        self.take(loaded)
        return loaded

    def load_all(self, statuses: Sequence[str]) -> list[StepRow]:
        """Return the rows in one of ``statuses``, or all, that were not loaded before."""
        found = rows.lock_steps_in(self._execution.id, *statuses)
        loaded = [row for row in found if row.node_id not in self.rows]
        self.take(loaded)
        return loaded

    def forget(self, keys: Iterable[str]) -> None:
        """Delete the rows of ``keys``."""
        rows.delete_steps(self._execution.id, keys)
        for key in keys:
            self.rows.pop(key, None)

    def take(self, steps: Iterable[StepRow]) -> None:
        """Add rows that the caller has locked."""
        self.rows |= {row.node_id: row for row in steps}

    def go_on_by(self, plan: Plan) -> None:
        """Give the rows the places and names that another version's ``plan`` has for them, and
        forget those of runs that have not begun."""
        self._plan = plan
        self.forget([key for key, row in self.rows.items() if row.status == NodeStatus.PENDING])
        self._touched &= self.rows.keys()
        for key, row in self.rows.items():
            node = plan.by_id[node_of(key)]
            place = {"version_id": self._execution.version_id, "name": node.title}
            rows.update_step(row, place | {"position": plan.position[node.id]})

    def write_rows(self, state: ExecutionState, values: Mapping[str, Mapping[str, Any]]) -> None:
        """Bring the rows in line with ``state``; ``values`` are further columns by node."""
        new: list[dict[str, Any]] = []
        for node_id, node in state.nodes.items():
            row = self.rows.get(node_id)
            if row is None:
                new.append(self._new_row(node_id, node))
            elif row.status != node.status or row.attempt != node.attempt:
                self._move(row, node, values.get(node_id, {}), state)
            elif row.met != node.met or row.progress != node.progress or node_id in values:
                self._adjust(row, node, values.get(node_id, {}))
        if new:
            # The state keeps no order; rows are numbered as the document has them.
            new.sort(key=lambda row: (row["position"], indexes_of(row["node_id"])))
            self._insert(new)
            for row in [self.rows[item["node_id"]] for item in new if item["node_id"] in values]:
                self._adjust(row, state.nodes[row.node_id], values[row.node_id])

    def due(self) -> list[tuple[datetime, Due]]:
        """Return the attempts that this transaction made due, with their times."""
        found = []
        for node_id in sorted(
            self._touched, key=lambda key: (self._plan.position[node_of(key)], indexes_of(key))
        ):
            row = self.rows.get(node_id)
            if row and row.status in UNSETTLED and not row.is_claimed and row.due_at:
                label = f"{self._plan.name} · {self._plan.by_id[node_of(node_id)].title}"
                due = Due(step_run_id=row.id, attempt=row.attempt, queue=row.queue, label=label)
                found.append((row.due_at, due))
        return found

    # -- inside ---------------------------------------------------------------------------------

    def _new_row(self, key: str, node: NodeState) -> dict[str, Any]:
        planned = self._plan.by_id[node_of(key)]
        nothing = {"scheduled_at": None, "due_at": None, "wake_at": None, "sends": 0}
        return {
            "execution_id": self._execution.id,
            "root_id": self._execution.root_id or self._execution.id,
            "version_id": self._execution.version_id,
            "node_id": key,
            "position": self._plan.position[planned.id],
            "name": planned.title,
            "kind": planned.kind.value,
            "internal": planned.is_internal,
            "queue": planned.queue or "",
            "status": node.status.value,
            "attempt": node.attempt,
            "met": node.met,
            "epoch": 0,
            "claimed_by": "",
            "deaths": 0,
            "event": "",
            "labels": [],
            **(self._scheduled() if node.status in UNSETTLED else nothing),
        }

    def _insert(self, new: Sequence[Mapping[str, Any]]) -> None:
        ids = rows.insert_steps(new)
        names = ("node_id", "status", "attempt", "met", "queue", "epoch", "due_at")
        for values in new:
            row = StepRow(
                id=ids[values["node_id"]],
                is_claimed=False,
                **{name: values[name] for name in names},
            )
            self.rows[row.node_id] = row
            self._touched.add(row.node_id)

    def _scheduled(self) -> dict[str, Any]:
        lost_after = timedelta(seconds=settings.RESCUE_SECONDS)
        return {
            "scheduled_at": self._now,
            "due_at": self._now,
            "wake_at": self._now + lost_after,
            "sends": 1,
            "unknown_since": None,
        }

    def _adjust(self, row: StepRow, node: NodeState, values: Mapping[str, Any]) -> None:
        """Write what changed in a node that keeps its status."""
        changes: dict[str, Any] = {"met": node.met, **values}
        if row.progress != node.progress:
            changes["progress"] = node.progress
        rows.update_step(row, changes)
        row.met, row.progress = node.met, node.progress

    def _move(
        self, row: StepRow, node: NodeState, values: Mapping[str, Any], state: ExecutionState
    ) -> None:
        """Write a node's new status, with everything that goes with it."""
        changes: dict[str, Any] = {"status": node.status.value, "attempt": node.attempt}
        changes |= {**values, **self._lease(row, node, values)}
        if row.met != node.met:
            changes["met"] = node.met
        if row.progress != node.progress:
            changes["progress"] = node.progress
        if state.status is ExecutionStatus.PAUSED and changes.get("claimed_at", 0) is None:
            changes["wake_at"] = None  # parked until somebody lets it go on
        rows.update_step(row, changes)
        row.status, row.attempt, row.met = node.status.value, node.attempt, node.met
        row.progress, row.is_timed = node.progress, node.is_timed
        row.epoch = changes.get("epoch", row.epoch)
        row.is_claimed = row.is_claimed and "claimed_at" not in changes
        row.due_at = changes.get("due_at", row.due_at)
        self._touched.add(row.node_id)

    def _lease(self, row: StepRow, node: NodeState, values: Mapping[str, Any]) -> dict[str, Any]:
        """Return the lease columns that go with the status ``node`` moves to."""
        if node.status not in UNSETTLED:
            return {"ended_at": self._now, "wake_at": None, "claimed_at": None, "due_at": None}
        match node.status:
            case NodeStatus.SCHEDULED:
                return self._scheduled() | {"claimed_at": None, "epoch": row.epoch + 1}
            case NodeStatus.RETRYING:
                return self._due_from(row, values["due_at"])
            case NodeStatus.WAITING | NodeStatus.SUSPENDED:
                return self._due_from(row, values.get("due_at"))
            case NodeStatus.RUNNING if row.status in _HELD and values.get("due_at"):
                return self._due_from(row, values["due_at"])
        return {}

    def _due_from(self, row: StepRow, due_at: datetime | None) -> dict[str, Any]:
        """Return the lease columns of a run that a worker may take from ``due_at`` on."""
        lost_after = timedelta(seconds=settings.RESCUE_SECONDS)
        sent_now = due_at is not None and due_at <= self._now
        return {
            "claimed_at": None,
            "epoch": row.epoch + 1,
            "deaths": 0,
            "deaths_alone": 0,
            "stops": 0,
            "due_at": due_at,
            "sends": int(sent_now),
            "unknown_since": None,
            "wake_at": self._now + lost_after if sent_now else due_at,
        }


def changes(frame: Frame, facts: Sequence[Event]) -> dict[str, Any]:
    """Return the columns of an execution's own row that ``facts`` change."""
    execution, state = frame.execution, frame.state
    fold = {"status": state.status.value, "stopping": state.stopping or ""}
    fold |= {name: getattr(state, name) for name in COUNTED}
    changed = {name: fold[name] for name in fold if getattr(execution, name) != fold[name]}
    if frame.recorded_bytes != execution.recorded_bytes:
        changed["recorded_bytes"] = frame.recorded_bytes
    for fact in facts:
        match fact:
            case ExecutionStopping(reason=reason, by=by):
                changed |= {"stop_reason": reason, "stopped_by": by}
            case ExecutionCompleted(output=output):
                changed |= {"output": output, "ended_at": frame.now}
            case ExecutionFailed(failure=failure):
                changed |= {"error": failure.to_json(), "ended_at": frame.now}
            case ExecutionStarted():
                changed |= {"started_at": frame.now}
            case ExecutionCancelled():
                changed |= {"ended_at": frame.now}
            case ExecutionReopened():
                changed |= {"output": None, "error": None, "ended_at": None, "hooks_at": None}
                changed |= {"stop_reason": "", "stopped_by": ""}
    return changed
