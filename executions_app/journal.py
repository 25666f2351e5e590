"""The only writer of history: facts and the rows people query, in one transaction, then told.

    with recording(execution_id) as log:        # locks the execution, loads nothing else
        log.load("charge")                      # the rows around what is about to change
        log.add(StepCompleted(...), output=...)
                                                # leaving: what follows is decided, all is
                                                # written, and after commit workers and
                                                # browsers are told

The cost is that of the rows loaded: the nodes that change, and those successors that join several
others.  A successor with a single need cannot have a row yet, so none is looked for.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import replace
from datetime import datetime, timedelta
from functools import partial
from typing import Any

from django.db import transaction

from executions_app import database, dispatch, plumbing, projection, rows
from executions_app.engine.events import (
    Event,
    ExecutionCancelled,
    ExecutionCompleted,
    ExecutionFailed,
    ExecutionStopping,
    StepScheduled,
    StepStarted,
)
from executions_app.engine.failures import failure_from_json
from executions_app.engine.scheduler import advance
from executions_app.engine.state import ExecutionStatus, evolve
from executions_app.errors import ExecutionNotFound
from executions_app.models import Execution
from executions_app.rows import ExecutionRow, StepRow
from executions_app.streaming.publish import publish
from workflows_app.interface import get_plan
from workflows_app.language.plan import Plan, PlanNode

#: More plumbing than this in a row is left to later transactions, so that none takes long.
MAX_PLUMBING = 100


class Recording:
    """One transaction's working set: a partial state, the facts added to it, and their values."""

    def __init__(
        self,
        execution: ExecutionRow,
        plan: Plan,
        now: datetime,
        *,
        unsaved: Execution | None = None,
    ) -> None:
        self.execution = execution
        self._unsaved = unsaved
        self.plan = plan
        self.now = now
        self.state = projection.state_of(execution)
        self._projection = projection.Projection(execution, plan, now)
        self._facts: list[Event] = []
        self._values: dict[str, dict[str, Any]] = {}
        self._plumbing_left = MAX_PLUMBING

    def load(self, *node_ids: str) -> None:
        """Load the rows of ``node_ids`` and of the joins after them, if they are not loaded."""
        joins = {
            successor
            for node_id in node_ids
            for successor in self.plan.successors[node_id]
            if len(self.plan.by_id[successor].needs) > 1
        }
        loaded = self._projection.load({*node_ids, *joins})
        self.state = projection.with_rows(self.state, loaded)

    def trust(self, row: StepRow) -> None:
        """Take ``row`` for what the table holds, and load the joins after it.

        Saves reading it.  Leaving the recording raises :class:`~executions_app.rows.Overtaken`,
        and nothing is written, if it is not so.
        """
        row.is_trusted = True
        self.take([row])
        self.load(row.node_id)

    def take(self, steps: list[StepRow]) -> None:
        """Add rows that the caller has locked."""
        self._projection.take(steps)
        self.state = projection.with_rows(self.state, steps)

    def row(self, node_id: str) -> StepRow:
        """Return a loaded row."""
        return self._projection.rows[node_id]

    def add(self, fact: Event, **values: Any) -> None:
        """Add one fact; ``values`` are columns of its node's row (``input``, ``output``, ...)."""
        self.state = evolve(self.plan, self.state, fact)
        self._facts.append(fact)
        if isinstance(fact, ExecutionStopping):
            self.execution.stop_reason, self.execution.stopped_by = fact.reason, fact.by
        if values:
            self._values.setdefault(fact.node_id, {}).update(values)  # type: ignore[union-attr]

    def merge_context(self, changes: Mapping[str, Any]) -> None:
        """Set keys of the runtime context, for the steps that come."""
        before = rows.read_execution(self.execution.id, with_input=False).runtime_context
        rows.update_execution(self.execution.id, {"runtime_context": {**before, **changes}})

    def finish(self) -> None:
        """Decide what follows, write everything, and have it told after commit."""
        self._settle()
        self._write()

    def _settle(self) -> None:
        """Add everything that follows from what was added."""
        while True:
            facts, self.state = advance(self.plan, self.state)
            if not facts:
                return
            self._facts += [self._with_values(fact) for fact in facts]
            for fact in facts:
                if isinstance(fact, StepScheduled):
                    self._evaluate_plumbing(self.plan.by_id[fact.node_id])

    def _write(self) -> None:
        """Write the facts and the rows, and have them told after commit."""
        if not self._facts:
            return
        changes = self._projection.changes(self.state, self._facts)
        if self._unsaved is not None:
            # Written once, as it comes out of this transaction.
            for name, value in changes.items():
                setattr(self._unsaved, name, value)
            self._write_rows()
        else:
            self._write_rows()
            rows.update_execution(self.execution.id, changes)
        self._projection.write_log(self._facts)
        due = self._projection.due()
        ready = [item for at, item in due if at <= self.now]
        if ready:
            transaction.on_commit(partial(dispatch.send, ready))
        for at, _ in due:
            if at > self.now:
                transaction.on_commit(partial(dispatch.alarm.set, at))
        transaction.on_commit(partial(publish, self.execution.id))

    def _write_rows(self) -> None:
        if self._unsaved is not None:
            self._unsaved.save(force_insert=True)
            self._unsaved = None
        self._projection.write_rows(self.state, self._values)
        self._values = {}

    # -- what facts need of the data --------------------------------------------------------------

    def _with_values(self, fact: Event) -> Event:
        match fact:
            case ExecutionCompleted():
                self._write_rows()
                ending = plumbing.ending_of(self.plan, self.execution.id)
                if isinstance(ending, ExecutionFailed):
                    self.state = replace(self.state, status=ExecutionStatus.FAILED)
                return ending
            case ExecutionFailed(node_id=str(node_id)):
                self._write_rows()
                error = projection.error_of(self.execution.id, node_id)
                return replace(fact, failure=failure_from_json(error))
            case ExecutionCancelled():
                by, reason = self.execution.stopped_by, self.execution.stop_reason
                return replace(fact, by=by, reason=reason)
        return fact

    def _evaluate_plumbing(self, node: PlanNode) -> None:
        if not node.is_plumbing or self._plumbing_left == 0:
            return
        self._plumbing_left -= 1
        self._write_rows()
        self.load(node.id)
        self.add(StepStarted(node_id=node.id, started_at=self.now), started_at=self.now)
        fact, values = plumbing.map_node(self.plan, node, self.execution.id)
        self.add(fact, **values)


@contextmanager
def recording(execution_id: str) -> Iterator[Recording]:
    """Open a transaction that adds to the log of ``execution_id``.

    Raises:
        ExecutionNotFound: if there is no such execution.
    """
    with transaction.atomic():
        locked = rows.lock_execution(execution_id)
        if locked is None:
            raise ExecutionNotFound(execution_id)
        execution, now = locked
        log = Recording(execution, get_plan(execution.version_id), now)
        yield log
        log.finish()


@contextmanager
def recording_new(execution: Execution) -> Iterator[Recording]:
    """Open a transaction that writes ``execution`` and begins its log."""
    with transaction.atomic():
        plan = get_plan(execution.version_id)
        now = database.now()
        execution.created_at = now
        if plan.timeout_seconds is not None:
            execution.deadline_at = now + timedelta(seconds=plan.timeout_seconds)
        row = ExecutionRow(
            **{name: getattr(execution, name) for name in ExecutionRow.__dataclass_fields__}
        )
        log = Recording(row, plan, now, unsaved=execution)
        yield log
        log.finish()
