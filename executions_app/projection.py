"""Writing a state into the rows people query.  Knows columns, decides nothing."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

from django.conf import settings

from executions_app import rows
from executions_app.dispatch import Due
from executions_app.engine.events import (
    Event,
    ExecutionCancelled,
    ExecutionCompleted,
    ExecutionFailed,
    ExecutionStarted,
    ExecutionStopping,
    StepCompleted,
    dump_event,
)
from executions_app.engine.preview import preview
from executions_app.engine.state import LIVE, ExecutionState, ExecutionStatus, NodeState, NodeStatus
from executions_app.models import StepRun
from executions_app.rows import ExecutionRow, StepRow
from workflows_app.language.plan import Plan

_WAITS_FOR_A_WORKER = frozenset({NodeStatus.SCHEDULED, NodeStatus.RETRYING})


def state_of(execution: ExecutionRow) -> ExecutionState:
    """Return the fold that the execution's row holds, without nodes."""
    return ExecutionState(
        status=ExecutionStatus(execution.status),
        live=execution.live,
        failed_position=execution.failed_position,
        stopping=execution.stopping or None,
    )


def with_rows(state: ExecutionState, steps: Iterable[StepRow]) -> ExecutionState:
    """Return ``state`` with the nodes that ``steps`` hold."""
    nodes = state.nodes
    for row in steps:
        node = NodeState(status=NodeStatus(row.status), met=row.met, attempt=row.attempt)
        nodes = nodes.insert(row.node_id, node)
    return replace(state, nodes=nodes)


def error_of(execution_id: str, node_id: str) -> Any:
    """Return the error that history keeps for a failed step."""
    found = StepRun.objects.filter(execution_id=execution_id, node_id=node_id)
    return found.values_list("error", flat=True).get()


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

    def take(self, steps: Iterable[StepRow]) -> None:
        """Add rows that the caller has locked."""
        self.rows |= {row.node_id: row for row in steps}

    def write_rows(self, state: ExecutionState, values: Mapping[str, Mapping[str, Any]]) -> None:
        """Bring the rows in line with ``state``; ``values`` are further columns by node."""
        new: list[dict[str, Any]] = []
        for node_id, node in state.nodes.items():
            row = self.rows.get(node_id)
            if row is None:
                new.append(self._new_row(node_id, node))
            elif row.status != node.status or row.attempt != node.attempt:
                self._move(row, node, values.get(node_id, {}))
            elif row.met != node.met or node_id in values:
                rows.update_step(row, {"met": node.met, **values.get(node_id, {})})
                row.met = node.met
        if new:
            self._insert(new)

    def write_log(self, facts: Sequence[Event]) -> None:
        """Append ``facts``, numbered after those the log has."""
        rows.insert_events(
            self._execution.id,
            self._execution.last_seq + 1,
            self._now,
            [(fact.type, self._event_data(fact)) for fact in facts],
        )

    def changes(self, state: ExecutionState, facts: Sequence[Event]) -> dict[str, Any]:
        """Return the columns of the execution's own row that ``facts`` change."""
        execution = self._execution
        changes: dict[str, Any] = {"last_seq": execution.last_seq + len(facts)}
        fold = {
            "status": state.status.value,
            "live": state.live,
            "failed_position": state.failed_position,
            "stopping": state.stopping or "",
        }
        changes |= {name: fold[name] for name in fold if getattr(execution, name) != fold[name]}
        for fact in facts:
            match fact:
                case ExecutionStopping(reason=reason, by=by):
                    changes |= {"stop_reason": reason, "stopped_by": by}
                case ExecutionCompleted(output=output):
                    changes |= {"output": output, "ended_at": self._now}
                case ExecutionFailed(failure=failure):
                    changes |= {"error": failure.to_json(), "ended_at": self._now}
                case ExecutionStarted():
                    changes |= {"started_at": self._now}
                case ExecutionCancelled():
                    changes |= {"ended_at": self._now}
        return changes

    def due(self) -> list[tuple[datetime, Due]]:
        """Return the attempts that this transaction made due, with their times."""
        found = []
        for node_id in sorted(self._touched, key=self._plan.position.__getitem__):
            row = self.rows[node_id]
            if row.status in _WAITS_FOR_A_WORKER and not row.is_claimed and row.due_at:
                label = f"{self._plan.name} · {self._plan.by_id[node_id].title}"
                due = Due(step_run_id=row.id, attempt=row.attempt, queue=row.queue, label=label)
                found.append((row.due_at, due))
        return found

    # -- inside ---------------------------------------------------------------------------------

    def _new_row(self, node_id: str, node: NodeState) -> dict[str, Any]:
        planned = self._plan.by_id[node_id]
        nothing = {"scheduled_at": None, "due_at": None, "wake_at": None, "sends": 0}
        return {
            "execution_id": self._execution.id,
            "version_id": self._execution.version_id,
            "node_id": node_id,
            "position": self._plan.position[node_id],
            "name": planned.title,
            "kind": planned.kind.value,
            "internal": planned.is_plumbing,
            "queue": planned.queue or "",
            "status": node.status.value,
            "attempt": node.attempt,
            "met": node.met,
            "epoch": 0,
            "claimed_by": "",
            "deaths": 0,
            **(nothing if node.status is NodeStatus.PENDING else self._scheduled()),
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
        }

    def _move(self, row: StepRow, node: NodeState, values: Mapping[str, Any]) -> None:
        """Write a node's new status, with everything that goes with it."""
        changes: dict[str, Any] = {
            "status": node.status.value,
            "attempt": node.attempt,
            **values,
            **self._lease(row, node, values),
        }
        if row.met != node.met:
            changes["met"] = node.met
        rows.update_step(row, changes)
        row.status, row.attempt, row.met = node.status.value, node.attempt, node.met
        row.epoch = changes.get("epoch", row.epoch)
        row.is_claimed = row.is_claimed and "claimed_at" not in changes
        row.due_at = changes.get("due_at", row.due_at)
        self._touched.add(row.node_id)

    def _lease(self, row: StepRow, node: NodeState, values: Mapping[str, Any]) -> dict[str, Any]:
        """Return the lease columns that go with the status ``node`` moves to."""
        if node.status not in LIVE:
            return {"ended_at": self._now, "wake_at": None, "claimed_at": None, "due_at": None}
        match node.status:
            case NodeStatus.SCHEDULED:
                return self._scheduled()
            case NodeStatus.RETRYING:
                lost_after = timedelta(seconds=settings.RESCUE_SECONDS)
                sent_now = values["due_at"] <= self._now
                return {
                    "claimed_at": None,
                    "epoch": row.epoch + 1,
                    "deaths": 0,
                    "sends": int(sent_now),
                    "wake_at": self._now + lost_after if sent_now else values["due_at"],
                }
        return {}

    def _event_data(self, fact: Event) -> dict[str, Any]:
        data = dump_event(fact)
        if isinstance(fact, StepCompleted | ExecutionCompleted):
            data["output"] = preview(fact.output)
        node_id = data.get("node_id")
        if node_id is not None and node_id in self._plan.by_id:
            node = self._plan.by_id[node_id]
            data["name"] = node.title
            if node.is_plumbing:
                data["internal"] = True
        return data
