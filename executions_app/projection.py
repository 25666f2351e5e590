"""Writing a state into the rows people query.  Knows columns, decides nothing."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

from django.conf import settings

from executions_app import database
from executions_app.dispatch import Due
from executions_app.engine.events import (
    Event,
    ExecutionCancelled,
    ExecutionCompleted,
    ExecutionFailed,
    ExecutionStopping,
    StepCompleted,
    dump_event,
)
from executions_app.engine.preview import preview
from executions_app.engine.state import LIVE, ExecutionState, ExecutionStatus, NodeState, NodeStatus
from executions_app.models import Event as EventRow
from executions_app.models import Execution, StepRun
from workflows_app.language.plan import Plan

#: What recording reads of an execution: nothing that grows with it, and no values.
HOT_COLUMNS = (
    "id",
    "workflow_id",
    "version_id",
    "owner_id",
    "status",
    "live",
    "failed_position",
    "stopping",
    "stop_reason",
    "stopped_by",
    "last_seq",
    "deadline_at",
)
_STEP_COLUMNS = (
    "id",
    "execution_id",
    "node_id",
    "position",
    "status",
    "attempt",
    "met",
    "queue",
    "epoch",
    "claimed_at",
    "due_at",
    "wake_at",
    "sends",
    "deaths",
)
_WAITS_FOR_A_WORKER = frozenset({NodeStatus.SCHEDULED, NodeStatus.RETRYING})


def state_of(execution: Execution) -> ExecutionState:
    """Return the fold that the execution's row holds, without nodes."""
    return ExecutionState(
        status=ExecutionStatus(execution.status),
        live=execution.live,
        failed_position=execution.failed_position,
        stopping=execution.stopping or None,
    )


def with_rows(state: ExecutionState, rows: Iterable[StepRun]) -> ExecutionState:
    """Return ``state`` with the nodes that ``rows`` hold."""
    nodes = state.nodes
    for row in rows:
        nodes = nodes.insert(row.node_id, node_state(row))
    return replace(state, nodes=nodes)


def node_state(row: StepRun) -> NodeState:
    """Return the fold that one step run's row holds."""
    return NodeState(status=NodeStatus(row.status), met=row.met, attempt=row.attempt)


def rows_of(execution_id: str, node_ids: Iterable[str]) -> list[StepRun]:
    """Return the rows of those of ``node_ids`` that have one, locked in one order."""
    wanted = list(node_ids)
    if not wanted:
        return []
    rows = StepRun.objects.filter(execution_id=execution_id, node_id__in=wanted)
    return list(database.locked(rows.only(*_STEP_COLUMNS).order_by("id")))


def unclaimed_rows(execution_id: str) -> list[StepRun]:
    """Return the rows whose attempt nobody has begun, locked in one order."""
    rows = StepRun.objects.filter(
        execution_id=execution_id, status__in=LIVE, claimed_at__isnull=True
    )
    return list(database.locked(rows.only(*_STEP_COLUMNS).order_by("id")))


def error_of(execution_id: str, node_id: str) -> Any:
    """Return the error that history keeps for a failed step."""
    rows = StepRun.objects.filter(execution_id=execution_id, node_id=node_id)
    return rows.values_list("error", flat=True).get()


class Projection:
    """The rows of one execution that one transaction reads and writes."""

    def __init__(self, execution: Execution, plan: Plan, now: datetime) -> None:
        self._execution = execution
        self._plan = plan
        self._now = now
        self.rows: dict[str, StepRun] = {}
        self._touched: set[str] = set()

    def load(self, node_ids: Iterable[str]) -> list[StepRun]:
        """Return the rows of ``node_ids`` that exist and were not loaded before."""
        rows = rows_of(self._execution.pk, set(node_ids) - self.rows.keys())
        self.take(rows)
        return rows

    def take(self, rows: Iterable[StepRun]) -> None:
        """Add rows that the caller has locked."""
        self.rows |= {row.node_id: row for row in rows}

    def write_rows(self, state: ExecutionState, values: Mapping[str, Mapping[str, Any]]) -> None:
        """Bring the rows in line with ``state``; ``values`` are further columns by node."""
        new: list[StepRun] = []
        met_only: list[StepRun] = []
        for node_id, node in state.nodes.items():
            row = self.rows.get(node_id)
            if row is None:
                new.append(self._new_row(node_id, node))
            elif node_id in values or row.status != node.status or row.attempt != node.attempt:
                self._update(row, node, values.get(node_id, {}))
            elif row.met != node.met:
                row.met = node.met
                met_only.append(row)
        if new:
            StepRun.objects.bulk_create(new, batch_size=500)
            self.take(new)
            self._touched |= {row.node_id for row in new}
        if len(met_only) == 1:
            StepRun.objects.filter(pk=met_only[0].pk).update(met=met_only[0].met)
        elif met_only:
            StepRun.objects.bulk_update(met_only, ["met"], batch_size=500)

    def write_log(self, state: ExecutionState, facts: Sequence[Event]) -> None:
        """Append ``facts`` and write the execution's own row."""
        execution = self._execution
        EventRow.objects.bulk_create(
            [
                EventRow(
                    execution_id=execution.pk,
                    seq=execution.last_seq + number,
                    type=fact.type,
                    at=self._now,
                    data=self._event_data(fact),
                )
                for number, fact in enumerate(facts, start=1)
            ],
            batch_size=500,
        )
        changes: dict[str, Any] = {
            "last_seq": execution.last_seq + len(facts),
            "status": state.status.value,
            "live": state.live,
            "failed_position": state.failed_position,
            "stopping": state.stopping or "",
        }
        for fact in facts:
            match fact:
                case ExecutionStopping(reason=reason, by=by):
                    changes |= {"stop_reason": reason, "stopped_by": by}
                case ExecutionCompleted(output=output):
                    changes |= {"output": output, "ended_at": self._now}
                case ExecutionFailed(failure=failure):
                    changes |= {"error": failure.to_json(), "ended_at": self._now}
                case ExecutionCancelled():
                    changes |= {"ended_at": self._now}
        before = {name: getattr(execution, name) for name in changes if name in HOT_COLUMNS}
        changes = {k: v for k, v in changes.items() if k not in before or before[k] != v}
        Execution.objects.filter(pk=execution.pk).update(**changes)
        for name, value in changes.items():
            setattr(execution, name, value)

    def due(self) -> list[tuple[datetime, Due]]:
        """Return the attempts that this transaction made due, with their times."""
        found = []
        for node_id in sorted(self._touched, key=self._plan.position.__getitem__):
            row = self.rows[node_id]
            if row.status in _WAITS_FOR_A_WORKER and row.claimed_at is None and row.due_at:
                found.append(
                    (row.due_at, due_of(row, f"{self._plan.name} · {self._title(node_id)}"))
                )
        return found

    # -- inside ---------------------------------------------------------------------------------

    def _title(self, node_id: str) -> str:
        return self._plan.by_id[node_id].title

    def _new_row(self, node_id: str, node: NodeState) -> StepRun:
        planned = self._plan.by_id[node_id]
        scheduled = node.status is not NodeStatus.PENDING
        return StepRun(
            execution_id=self._execution.pk,
            version_id=self._execution.version_id,
            node_id=node_id,
            position=self._plan.position[node_id],
            name=planned.title,
            kind=planned.kind.value,
            internal=planned.is_plumbing,
            queue=planned.queue or "",
            status=node.status.value,
            met=node.met,
            **(self._scheduled() if scheduled else {}),
        )

    def _scheduled(self) -> dict[str, Any]:
        lost_after = timedelta(seconds=settings.RESCUE_SECONDS)
        return {
            "scheduled_at": self._now,
            "due_at": self._now,
            "wake_at": self._now + lost_after,
            "sends": 1,
        }

    def _update(self, row: StepRun, node: NodeState, values: Mapping[str, Any]) -> None:
        changes: dict[str, Any] = {"met": node.met, **values}
        if row.status != node.status or row.attempt != node.attempt:
            changes |= {"status": node.status.value, "attempt": node.attempt}
            changes |= self._lease(row, node, values)
            self._touched.add(row.node_id)
        StepRun.objects.filter(pk=row.pk).update(**changes)
        for name, value in changes.items():
            setattr(row, name, value)

    def _lease(
        self, row: StepRun, node: NodeState, values: Mapping[str, Any]
    ) -> dict[str, Any]:
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


def due_of(row: StepRun, label: str) -> Due:
    """Return the message for the attempt that ``row`` holds."""
    return Due(step_run_id=row.pk, attempt=row.attempt, queue=row.queue, label=label)
