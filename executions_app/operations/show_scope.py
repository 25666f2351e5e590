"""What a source may name at a place in a definition, with types and samples.  Reads only."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Final

from executions_app.engine.preview import preview
from executions_app.engine.statuses import NodeStatus
from executions_app.models import StepRun
from executions_app.operations.seen_values import NOTHING, SeenValues
from executions_app.queries import shown_value, with_step_previews
from executions_app.streaming.wire import step_href
from workflows_app.language.data_types import Schema
from workflows_app.language.paths import format_path
from workflows_app.language.viewpoint import title_of, type_of

#: Root -> what people call it, in the order in which it is offered.
TITLES: Final[Mapping[str, str]] = {
    "input": "What comes in",
    "inputs": "Inputs of the workflow",
    "item": "The item",
    "index": "Number of the item, from 0",
    "iteration": "Number of the round, from 1",
    "state": "Shared state",
    "context": "Context of the execution",
    "configs": "Settings of the workflow",
    "trigger": "What started it",
}
_HANDED_ON = (NodeStatus.COMPLETED, NodeStatus.SKIPPED)


@dataclass(frozen=True, slots=True, kw_only=True)
class Name:
    """Something that may be named."""

    name: str
    """As it is written in a path or an expression."""
    kind: str
    title: str
    schema: Schema | None
    step_id: str | None = None
    node_type: str | None = None
    sample: Any = NOTHING
    """A preview of its value in the data."""
    status: str | None = None
    """Of the run that the sample is from."""

    @property
    def has_sample(self) -> bool:
        return self.sample is not NOTHING


@dataclass(frozen=True, slots=True, kw_only=True)
class Unavailable:
    """A step that may not be named, and why."""

    step_id: str
    title: str
    node_type: str
    reason: str
    message: str
    fix: str | None


def names_at(seen: SeenValues) -> list[Name]:
    """Return what may be named: the roots that have a value at the place, then the steps."""
    return [*_roots(seen), *_steps(seen)]


def unavailable_at(seen: SeenValues) -> list[Unavailable]:
    """Return the steps that may not be named, in the order of the document."""
    return [
        Unavailable(
            step_id=draft.node.id,
            title=title_of(draft),
            node_type=type_of(draft),
            reason=hidden.value,
            message=problem.message,
            fix=problem.fix,
        )
        for draft, hidden, problem in seen.view.hidden()
    ]


def _roots(seen: SeenValues) -> Iterator[Name]:
    for root, title in TITLES.items():
        if root in seen.view.roots:
            value = seen.root(root)
            yield Name(
                name=root,
                kind=root,
                title=title,
                schema=seen.view.schema_of(root),
                sample=value if value is NOTHING else preview(value),
            )


def _steps(seen: SeenValues) -> Iterator[Name]:
    visible = list(seen.view.visible())
    given = seen.given.get("steps") or {}
    past = _past_runs(seen, [it.node.id for it in visible if it.node.id not in given])
    for draft in visible:
        node_id = draft.node.id
        run = past.get(node_id)
        sample = preview(given[node_id]) if node_id in given else NOTHING
        if run is not None and run.status in _HANDED_ON:
            href = step_href(run.execution_id, run.node_id)
            sample = shown_value(run, "output", href=href)
        yield Name(
            name=format_path(("steps", node_id)),
            kind="step",
            title=title_of(draft),
            schema=seen.view.types.put_out_by(node_id),
            step_id=node_id,
            node_type=type_of(draft),
            sample=sample,
            status=None if run is None else str(run.status),
        )


def _past_runs(seen: SeenValues, step_ids: list[str]) -> dict[str, StepRun]:
    if seen.execution is None:
        return {}
    keys = seen.keys(step_ids)
    runs = StepRun.objects.filter(execution_id=seen.execution.pk, node_id__in=list(keys))
    return {keys[run.node_id]: run for run in with_step_previews(runs)}
