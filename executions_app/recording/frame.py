"""One execution inside a recording: its partial state, and the facts added to it."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import TYPE_CHECKING, Any

from executions_app import rows
from executions_app.engine.event_json import dump_event
from executions_app.engine.events import (
    Event,
    ExecutionCompleted,
    ExecutionReopened,
    ExecutionStopping,
    LogWritten,
    StepCompleted,
    StepOutput,
    StepResumed,
    StepSuspended,
)
from executions_app.engine.evolve import evolve
from executions_app.engine.preview import preview
from executions_app.engine.progress import holders, path_of
from executions_app.engine.storable import storable_bytes
from executions_app.models import Execution
from executions_app.recording import approvals, projection
from executions_app.rows import ExecutionRow, StepRow
from workflows_app.language.plan import Plan, indexes_of, key_of, node_of

if TYPE_CHECKING:
    from executions_app.recording.working_set import Recording


#: Fields of facts whose whole value is in the row of the run, or of the execution.
_IN_ROWS: Mapping[type[Event], str] = {
    StepCompleted: "output",
    StepSuspended: "payload",
    StepResumed: "data",
    ExecutionCompleted: "output",
}
#: Of a run that had settled and is at work again.
_AT_WORK = dict.fromkeys(("ended_at", "output", "error", "due_at", "wake_at", "claimed_at"))


class Frame:
    """One execution's part of a transaction: the state loaded, and columns to write."""

    def __init__(
        self,
        recording: Recording,
        execution: ExecutionRow,
        plan: Plan,
        *,
        unsaved: Execution | None = None,
    ) -> None:
        self.recording = recording
        self.execution = execution
        self.plan = plan
        self.state = projection.state_of(execution)
        self.unsaved = self._begun = unsaved
        self.projection = projection.Projection(execution, plan, recording.now)
        self.recorded_bytes = execution.recorded_bytes
        """Of a root: of all values recorded of it and inside it, this transaction's among them."""
        self.values: dict[str, dict[str, Any]] = {}
        """Further columns to write, by key."""
        self.columns: dict[str, Any] = {}
        """Further columns of the execution's own row to write."""

    @property
    def id(self) -> str:
        return self.execution.id

    @property
    def now(self) -> datetime:
        return self.recording.now

    def load(self, *keys: str) -> None:
        """Load the runs ``keys``, the joins after them, and the containers around them with the
        joins after those, if they are not loaded."""
        wanted: set[str] = set()
        for key in keys:
            wanted.add(key)
            wanted |= self._joins_after(key)
            for holder in holders(self.plan, key):
                wanted |= {holder.key, *self._joins_after(holder.key)}
        self._loaded(self.projection.load(wanted))

    def load_all(self, *statuses: str) -> None:
        """Load the runs in one of ``statuses``, or all, with the containers around them."""
        self._loaded(self.projection.load_all(statuses))
        if statuses:
            self.load(*list(self.projection.rows))

    def trust(self, row: StepRow) -> None:
        """Take ``row`` for what the table holds, and load what stands around it.

        Saves reading it.  Leaving the recording raises :class:`~executions_app.rows.Overtaken`,
        and nothing is written, if it is not so.
        """
        row.is_trusted = True
        self.take([row])
        self.load(row.node_id)

    def take(self, steps: list[StepRow]) -> None:
        """Add rows that the caller has locked."""
        self.projection.take(steps)
        self._loaded(steps)

    def row(self, key: str) -> StepRow:
        """Return a loaded row."""
        return self.projection.rows[key]

    def add(self, fact: Event, **values: Any) -> None:
        """Add one fact; ``values`` are columns of its run's row (``input``, ``output``, ...)."""
        self.state = evolve(self.plan, self.state, fact)
        self.note(fact)
        if isinstance(fact, ExecutionStopping):
            self.execution.stop_reason, self.execution.stopped_by = fact.reason, fact.by
        if isinstance(fact, ExecutionReopened):
            self.execution.stop_reason = self.execution.stopped_by = ""
            approvals.forget(self.id, fact.resets)
            self.projection.forget(fact.resets)
            approvals.ask_again(self)
            for key in fact.reopens:
                self.values.setdefault(key, {}).update(_AT_WORK)
        if values:
            self.values.setdefault(fact.node_id, {}).update(values)  # type: ignore[union-attr]

    def go_on_by(self, version_id: int, plan: Plan, fact: ExecutionReopened) -> None:
        """Go on with another version; all runs are loaded, and those that have begun are in it."""
        self.write_rows()
        self.execution.version_id, self.plan = version_id, plan
        self.columns["version_id"] = version_id
        self.projection.go_on_by(plan)
        self.state = evolve(plan, self.state, fact)
        self.note(fact)

    def note(self, fact: Event) -> None:
        """Keep a fact that the state has folded already."""
        self.recording.facts.append((self, fact))
        match fact:
            case StepOutput(output=value) | StepResumed(data=value):
                self.count(value)
            case LogWritten(message=message, fields=found):
                self.count(message, found)

    def count(self, *values: Any) -> None:
        """Count ``values`` among what is recorded of the root and inside it."""
        self.recording.root.recorded_bytes += sum(map(storable_bytes, values))

    def merge_context(self, changes: Mapping[str, Any]) -> None:
        """Set keys of the runtime context, for the steps that come."""
        self._merge("runtime_context", changes)

    def merge_state(self, changes: Mapping[str, Any]) -> None:
        """Set keys of the shared state, for the steps that come."""
        self._merge("state", changes)

    def add_usage(self, usage: Mapping[str, int]) -> None:
        """Add tokens to the execution's totals."""
        before = self._stored("usage")
        total = {name: before.get(name, 0) + count for name, count in usage.items()}
        self._merge("usage", total)

    def as_logged(self, fact: Event) -> tuple[str, dict[str, Any], str]:
        """Return a fact as the log keeps it: its type, its data, and the execution it is about."""
        data = dump_event(fact)
        if (name := _IN_ROWS.get(type(fact))) is not None:
            data[name] = preview(data[name])
        root, key = self.recording.root, data.get("node_id")
        if key is not None and node_of(key) in self.plan.by_id:
            node = self.plan.by_id[node_of(key)]
            data["name"] = node.title
            if node.is_internal:
                data["internal"] = True
            path = [*self.execution.path, *path_of(self.plan, key)]
            if path != [key]:
                data["path"] = path
        elif self is not root:
            data["path"] = self.execution.path
        return fact.type, data, "" if self is root else self.id

    def write_rows(self) -> None:
        """Write what has changed so far, so that it can be read."""
        if self.unsaved is not None:
            for name, value in self.columns.items():
                setattr(self.unsaved, name, value)
            self.columns = {}
            self.unsaved.save(force_insert=True)
            self.unsaved = None
        self.projection.write_rows(self.state, self.values)
        self.values = {}

    def write_columns(self) -> None:
        """Write what changed in the execution's own row, also in the object of who began it."""
        if self.columns:
            rows.update_execution(self.id, self.columns)
        for name, value in self.columns.items():
            if self._begun is not None:
                setattr(self._begun, name, value)

    def _merge(self, name: str, changes: Mapping[str, Any]) -> None:
        merged = {**self._stored(name), **changes}
        self.count(changes)
        if self.unsaved is not None:
            setattr(self.unsaved, name, merged)
        else:
            rows.update_execution(self.id, {name: merged})

    def _stored(self, name: str) -> dict[str, Any]:
        if self.unsaved is not None:
            return dict(getattr(self.unsaved, name))
        return dict(Execution.objects.values_list(name, flat=True).get(pk=self.id))

    def _joins_after(self, key: str) -> set[str]:
        indexes = indexes_of(key)
        return {
            key_of(successor, indexes)
            for successor in self.plan.successors[node_of(key)]
            if len(self.plan.by_id[successor].needs) > 1
        }

    def _loaded(self, steps: list[StepRow]) -> None:
        self.state = projection.with_rows(self.state, steps)
