"""What of an execution is suspended, and which of it somebody means.  Reads only."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from executions_app.engine.progress import path_of
from executions_app.engine.statuses import NodeStatus
from executions_app.errors import (
    NotSuspended,
    ResumeAmbiguous,
    ResumeClaimed,
    ResumeUnknownLabel,
    ResumeUnknownStep,
)
from executions_app.models import Execution, StepRun
from workflows_app.interface import find_step, get_plan
from workflows_app.language.catalogue import AmbiguousStep
from workflows_app.language.plan import NodeKind, Plan, face_of, node_of

#: A step as callers name it: its id, a path of ids, or objects that have one; the last part may be
#: the key of one run, as ``charge[5]``.
StepName = Any


@dataclass(frozen=True, slots=True, kw_only=True)
class Suspension:
    """One run that waits for an answer."""

    execution_id: str
    key: str
    kind: str
    path: tuple[str, ...]
    """The ids from the root's step down to it; rounds left out."""
    indexes: tuple[int, ...]
    """The rounds around it, outermost first."""
    labels: tuple[str, ...]
    payload: Any
    form: Mapping[str, Any] | None = None
    """JSON Schema of the answer; ``None`` where anything will do."""


def suspensions_of(execution: Execution) -> list[Suspension]:
    """Return the runs of ``execution``, and of those nested in it, that wait for an answer, in
    the order of the document."""
    return _inside(execution, get_plan(execution.version_id), (), ())


def _inside(
    execution: Execution, plan: Plan, path: tuple[str, ...], indexes: tuple[int, ...]
) -> list[Suspension]:
    rows = StepRun.objects.filter(execution_id=execution.pk, status=NodeStatus.SUSPENDED)
    found: list[Suspension] = []
    for row in sorted(rows.defer("input", "output"), key=lambda row: (row.position, row.pk)):
        here = (*path, face_of(node_of(row.node_id)))
        rounds = tuple(part for part in path_of(plan, row.node_id) if isinstance(part, int))
        if row.kind != NodeKind.WORKFLOW:
            found.append(
                Suspension(
                    execution_id=execution.pk,
                    key=row.node_id,
                    kind=row.kind,
                    path=here,
                    indexes=(*indexes, *rounds),
                    labels=tuple(row.labels),
                    payload=row.suspend_payload,
                    form=form_of(plan, row.node_id, workflow_id=execution.workflow_id),
                )
            )
            continue
        nested = Execution.objects.filter(parent_id=execution.pk, parent_key=row.node_id)
        child = nested.filter(ended_at=None).first()
        if child is not None:
            inner = get_plan(child.version_id)
            found += _inside(child, inner, here, (*indexes, *rounds))
    return found


def form_of(plan: Plan, key: str, *, workflow_id: str) -> Mapping[str, Any] | None:
    """Return the JSON Schema of what answers the run ``key``; ``None`` where anything will do, or
    where the code of its step is not in this process."""
    node = plan.by_id.get(node_of(key))
    if node is None:
        return None
    if node.kind is NodeKind.APPROVAL:
        return node.form or {}
    if node.kind is not NodeKind.STEP:
        return None
    try:
        step = find_step(node.ref, workflow_id=workflow_id)
    except AmbiguousStep:
        return None
    return None if step is None else step.resume_type.json_schema


def paths_of(suspensions: Sequence[Suspension]) -> list[list[str]]:
    """Return the path of each suspended step once, in order."""
    return [list(path) for path in dict.fromkeys(item.path for item in suspensions)]


def chosen(
    execution: Execution,
    *,
    step: StepName = None,
    label: str | None = None,
    foreach_index: int | None = None,
) -> list[Suspension]:
    """Return the runs that are meant: one step's; of a foreach those of all its items, or of one.

    Raises:
        NotSuspended, ResumeAmbiguous, ResumeUnknownStep, ResumeUnknownLabel, ResumeClaimed: if
            that is none, or not clear.
    """
    there = suspensions_of(execution)
    if label is not None:
        return _labelled(there, label)
    wanted = None if step is None else _ids(step)
    if not there or (wanted and not _named(there, wanted)):
        _refuse_second(execution, wanted)
    if not there:
        raise NotSuspended(execution.pk, execution.status)
    names = [".".join(path) for path in paths_of(there)]
    if wanted is None:
        if len(names) > 1:
            raise ResumeAmbiguous(names)
        meant = there
    else:
        meant = _named(there, wanted)
        if not meant:
            raise ResumeUnknownStep(".".join(wanted), names)
        if len(paths_of(meant)) > 1:
            raise ResumeAmbiguous([".".join(path) for path in paths_of(meant)])
    if foreach_index is not None:
        at = [item for item in meant if item.indexes[-1:] == (foreach_index,)]
        if not at:
            raise ResumeUnknownStep(f"{'.'.join(meant[0].path)}[{foreach_index}]", _numbered(meant))
        return at
    return meant


def _labelled(there: Sequence[Suspension], label: str) -> list[Suspension]:
    found = [item for item in there if label in item.labels]
    if not found:
        known = dict.fromkeys(label for item in there for label in item.labels)
        raise ResumeUnknownLabel(label, list(known))
    return found


def _named(there: Sequence[Suspension], wanted: tuple[str, ...]) -> list[Suspension]:
    exact = [item for item in there if wanted in (item.path, (*item.path[:-1], item.key))]
    below = [item for item in there if item.path[: len(wanted)] == wanted]
    if exact or below or len(wanted) > 1:
        return exact or below
    dotted = tuple(wanted[0].split("."))
    return _named(there, dotted) if len(dotted) > 1 else []


def _ids(step: StepName) -> tuple[str, ...]:
    parts = step if isinstance(step, list | tuple) else [step]
    return tuple(part if isinstance(part, str) else part.id for part in parts)


def _numbered(items: Sequence[Suspension]) -> list[str]:
    return [f"{'.'.join(item.path)}[{item.indexes[-1]}]" if item.indexes else "" for item in items]


def _refuse_second(execution: Execution, wanted: tuple[str, ...] | None) -> None:
    """Tell whoever comes second that somebody was quicker, where that is what happened."""
    going_on = StepRun.objects.filter(
        root_id=execution.root_id or execution.pk,
        status=NodeStatus.RUNNING,
        resumed_at__isnull=False,
        due_at__isnull=False,
    )
    for key in going_on.values_list("node_id", flat=True):
        node_id = face_of(node_of(key))
        if wanted is None or wanted[-1].split(".")[-1] == node_id:
            raise ResumeClaimed(node_id)
