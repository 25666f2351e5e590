"""What stands behind the names at a place in a definition: values somebody gives, else those of a
past execution.  Reads what it is asked for, executes nothing and writes nothing.

The definition may have changed since: what it shares with the version that ran is found by the
ids of the nodes.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import Any, Final

from executions_app import rows
from executions_app.models import Execution, Item
from executions_app.models.value_field import resolved
from executions_app.recording.values import keys_in, outputs_in
from executions_app.rows import ExecutionValues
from workflows_app.interface import get_plan
from workflows_app.language.definition import Fields
from workflows_app.language.draft import NodeDraft
from workflows_app.language.expression_bounds import ExpressionError
from workflows_app.language.paths import MISSING, PathError
from workflows_app.language.plan import REPEATED, NodeKind, Plan, PlanNode, indexes_of, key_of
from workflows_app.language.source_values import value_of
from workflows_app.language.sources import Source
from workflows_app.language.viewpoint import At, Checked, Viewpoint, hands_items

#: Stands for a value that nobody gives, and that is in no execution.
NOTHING: Final[Any] = object()
_NEVER_STORED: Final = {"trigger": {}}


@dataclass(frozen=True, slots=True, kw_only=True)
class Sought:
    """The names that a source looks at, with their values."""

    variables: Mapping[str, Any]
    missing_roots: tuple[str, ...] = ()
    missing_steps: tuple[str, ...] = ()

    @property
    def is_complete(self) -> bool:
        return not (self.missing_roots or self.missing_steps)


@dataclass(kw_only=True)
class SeenValues:
    """The values at one place."""

    view: Viewpoint
    given: Mapping[str, Any] = field(default_factory=dict)
    """Root -> value; ``steps`` maps ids to outputs."""
    execution: Execution | None = None
    key: str = ""
    """The run whose view is taken; without it, the first item of lists and the last round of
    loops."""

    def sought(self, checked: Checked) -> Sought:
        """Return the values of everything that a source looks at."""
        variables: dict[str, Any] = {}
        missing = []
        for name in sorted(checked.reads.roots - {"steps"}):
            value = self.root(name)
            if value is NOTHING:
                missing.append(name)
            else:
                variables[name] = value
        wanted = checked.reads.steps
        variables["steps"] = outputs = self.outputs(wanted)
        return Sought(
            variables=variables,
            missing_roots=tuple(missing),
            missing_steps=tuple(sorted(wanted - outputs.keys())),
        )

    def root(self, name: str) -> Any:
        """Return the value of one name other than ``steps``, or ``NOTHING``."""
        if name in self.given:
            return self.given[name]
        if name == "configs":
            return self.view.header.configs
        if name == "input":
            return self._input()
        if self.execution is None:
            return NOTHING
        match name:
            case "inputs":
                return self._values.input
            case "state":
                return self._values.state
            case "context":
                return self._values.runtime_context
            case "item":
                return self._item()
            case "index":
                return self._round(NodeKind.FOREACH)
            case "iteration":
                found = self._round(NodeKind.LOOP)
                return found if found is NOTHING else found + 1
        return _NEVER_STORED.get(name, NOTHING)

    def outputs(self, step_ids: Iterable[str]) -> dict[str, Any]:
        """Return the outputs of those of ``step_ids`` that have one."""
        given = self.given.get("steps") or {}
        wanted = set(step_ids)
        found = {step: given[step] for step in wanted if step in given}
        left = [step for step in wanted - found.keys() if step in self._past_nodes]
        if left and self.execution is not None:
            found |= outputs_in(self._plan, self.execution.pk, left, rounds=self.rounds)
        return found

    def keys(self, step_ids: Iterable[str]) -> dict[str, str]:
        """Return the keys of the runs within reach of the past execution -> the step."""
        left = [step for step in step_ids if step in self._past_nodes]
        if not left or self.execution is None:
            return {}
        return keys_in(self._plan, self.execution.pk, left, rounds=self.rounds)

    @cached_property
    def rounds(self) -> dict[str, int]:
        """The round of each repeated container around the place, by its id, outermost first; up
        to the first that the past execution does not have there."""
        found: dict[str, int] = {}
        indexes = indexes_of(self.key)
        around = reversed(list(self.view.scopes.around(self.view.reader.scope)))
        for holder in around:
            node = self._past_nodes.get(holder.node.id)
            if node is None or node.kind not in REPEATED or self.execution is None:
                continue
            outer = [it.id for it in self._plan.around[node.id] if it.kind in REPEATED]
            if outer != list(found):
                break
            if len(found) < len(indexes):
                found[node.id] = indexes[len(found)]
                continue
            if node.kind is NodeKind.FOREACH:
                found[node.id] = 0
                continue
            key = key_of(node.id, tuple(found.values()))
            progress = rows.read_progress(self.execution.pk, key)
            found[node.id] = max(0, progress.next - 1) if progress else 0
        return found

    # -- inside ----------------------------------------------------------------------------------

    def _input(self) -> Any:
        view, node = self.view, self.view.node
        match view.at:
            case At.INPUT if node is not None:
                return self._handed_to(node)
            case At.OWN if node is not None:
                return self.received()
            case At.END if node is not None:
                return self._put_out()
        return self.root("inputs")

    def received(self) -> Any:
        """Return what the node works on, or ``NOTHING``: its ``input`` where it has one, of which
        fields that cannot be worked out are left out; else what comes to it."""
        node = self.view.node
        if node is None:
            return NOTHING
        if node.node.input is None:
            return self._handed_to(node)
        return self.before().values_of(node.node.input)

    def before(self) -> SeenValues:
        """Return the values where the node's ``input`` is worked out."""
        return SeenValues(
            view=replace(self.view, at=At.INPUT),
            given={name: value for name, value in self.given.items() if name != "input"},
            execution=self.execution,
            key=self.key,
        )

    def values_of(self, fields: Fields) -> Any:
        """Return the values of ``fields``, without those that cannot be worked out; ``NOTHING``
        if that is all of them."""
        found = {name: self.value_of(source) for name, source in fields.items()}
        known = {name: value for name, value in found.items() if value is not NOTHING}
        return NOTHING if fields and not known else known

    def value_of(self, source: Source) -> Any:
        """Return the value of one source, or ``NOTHING`` where it has none."""
        if source.kind == "code":
            return NOTHING
        checked = self.view.check(source)
        sought = self.sought(checked)
        if checked.error is not None or not sought.is_complete:
            return NOTHING
        try:
            value = value_of(source, sought.variables)
        except (PathError, ExpressionError):
            return NOTHING
        return NOTHING if value is MISSING else value

    def _handed_to(self, node: NodeDraft) -> Any:
        needs = self.view.scopes.needs(node.node.id)
        if needs:
            outputs = self.outputs(needs)
            if len(needs) == 1 and not node.node.collect:
                return outputs.get(needs[0], NOTHING)
            kept = {need: outputs[need] for need in needs if need in outputs}
            return kept or NOTHING
        holder = next(self.view.scopes.around(self.view.reader.scope), None)
        if holder is None:
            return self.root("inputs")
        return self.root("item") if hands_items(holder) else self._received_by(holder.node.id)

    def _received_by(self, container_id: str) -> Any:
        """Return what a container around the place worked on."""
        if self.execution is None or container_id not in self._past_nodes:
            return NOTHING
        outer = [it.id for it in self._plan.around[container_id] if it.kind in REPEATED]
        key = key_of(container_id, [self.rounds.get(one, 0) for one in outer])
        values = rows.read_step_values(self.execution.pk, key, "input")
        return NOTHING if values is None else values["input"]

    def _put_out(self) -> Any:
        graph = self.view.scopes.graphs[self.view.reader.scope]
        match graph.scope.output:
            case Source() as source:
                return self.value_of(source)
            case None:
                ends = graph.terminals
                outputs = self.outputs(ends)
                if len(ends) == 1:
                    return outputs.get(ends[0], NOTHING)
                return {end: outputs[end] for end in ends if end in outputs} or NOTHING
            case fields:
                return self.values_of(fields)

    def _item(self) -> Any:
        found = self._nearest(NodeKind.FOREACH)
        if found is None or self.execution is None:
            return NOTHING
        container, outer, index = found
        key = key_of(container, outer)
        items = Item.objects.filter(execution_id=self.execution.pk, node_id=key, index=index)
        for value in items.values_list("value", flat=True):
            return resolved(value, of=f"item {index} of step {key!r}")
        return NOTHING

    def _round(self, kind: NodeKind) -> Any:
        found = self._nearest(kind)
        return NOTHING if found is None else found[2]

    def _nearest(self, kind: NodeKind) -> tuple[str, list[int], int] | None:
        """Return the nearest container of ``kind`` around the place, the rounds around it, and
        its own."""
        ids = list(self.rounds)
        for at in range(len(ids) - 1, -1, -1):
            if self._past_nodes[ids[at]].kind is kind:
                return ids[at], [self.rounds[one] for one in ids[:at]], self.rounds[ids[at]]
        return None

    @cached_property
    def _plan(self) -> Plan:
        assert self.execution is not None
        return get_plan(self.execution.version_id)

    @property
    def _past_nodes(self) -> Mapping[str, PlanNode]:
        return {} if self.execution is None else self._plan.by_id

    @cached_property
    def _values(self) -> ExecutionValues:
        assert self.execution is not None
        return rows.read_execution(self.execution.pk, with_input=True)
