"""Who sees which executions, and how their rows are read.  Reads only.

Refuses to count, and to load what a list does not show: with a million executions, or megabytes in
each step, a page costs the same.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import Any, TypeVar

from django.db.models import Case, F, Model, Q, QuerySet, Sum, When
from django.db.models.functions import Coalesce

from executions_app.engine.preview import PREVIEW_BYTES
from executions_app.engine.statuses import FINAL, NodeStatus
from executions_app.errors import ExecutionNotFound
from executions_app.models import Event, Execution, StepRun
from executions_app.models.value_functions import ValueBytes, ValueStart
from executions_app.step_runs import (
    BEGUN,
    MAX_ITEMS,
    Tally,
    children_of,
    runs_of,
    tallies,
    telling_items,
    without_items,
)
from executions_app.streaming.channels import visible_to
from executions_app.suspensions import Suspension, suspensions_of
from executions_app.waiting_reasons import Reason, waiting_reasons
from workflows_app.authoring.errors import WorkflowError
from workflows_app.models import Workflow

#: Columns that hold values of any size.
EXECUTION_VALUES = ("input", "output", "error", "runtime_context", "state")
STEP_VALUES = ("input", "output", "error", "suspend_payload", "resume_data")
#: Runs of steps that a record shows; the others are read a page at a time.
MAX_RUNS = 1_000
#: A record is answered whole up to this size of its values.
MAX_WHOLE_BYTES = 32 * 1024 * 1024
_PREVIEW_CHARS = 1_000
_NEVER_LISTED = (
    *EXECUTION_VALUES,
    "workflow__definition",
    "workflow__diagnostics",
    "version__definition",
    "version__plan",
    "version__diagnostics",
)
#: Workflows that one search by name looks into.
_MOST_WORKFLOWS = 500
#: From the least to the most urgent.
LOG_LEVELS = ("debug", "info", "warning", "error", "critical")

RowT = TypeVar("RowT", bound=Model)


class TooLargeToAnswer(WorkflowError):
    """The values of a record are too many bytes for one answer."""

    code = "response.too_large"

    def __init__(self, size_bytes: int) -> None:
        super().__init__(
            f"the values of this execution are {size_bytes:,} bytes; leave out full=1 and read "
            "the steps you need one at a time",
            details={"size_bytes": size_bytes, "limit_bytes": MAX_WHOLE_BYTES},
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Snapshot:
    """An execution with its steps, not older than the log's number that it was read with."""

    execution: Execution
    steps: Sequence[StepRun]
    more_steps: bool
    """Whether further runs were left out."""
    children: Sequence[Execution]
    """The executions directly inside it, the earliest first."""
    suspensions: Sequence[Suspension]
    waiting_for: Sequence[Reason]
    """Why it does not move; empty if it ended."""
    tallies: Sequence[Tally] | None = None
    """How the runs inside repetitions stand, if that was asked for."""


def executions_for(user: Any) -> QuerySet[Execution]:
    """Return the executions ``user`` may see; whoever may see one may command it."""
    rule = visible_to(user)
    rows = Execution.objects.select_related("workflow", "version", "owner")
    return rows.none() if rule is None else rows.filter(rule)


def listed(rows: QuerySet[Execution]) -> QuerySet[Execution]:
    """Return ``rows`` without the columns that no list shows."""
    return with_log_seq(rows).defer(*_NEVER_LISTED)


def with_log_seq(rows: QuerySet[Execution]) -> QuerySet[Execution]:
    """Return ``rows`` with ``log_seq``: the newest number of the log that holds their facts."""
    return rows.annotate(log_seq=Coalesce(F("root__last_seq"), F("last_seq")))


def started_by_somebody(rows: QuerySet[Execution]) -> QuerySet[Execution]:
    """Return ``rows`` without those that run inside others."""
    # By the trigger, which no index has: one on the root would be taken for the narrowest.
    return rows.exclude(trigger=Execution.Trigger.NESTED)


def get_execution(user: Any, execution_id: str) -> Execution:
    """Return one execution as a list shows it.

    Raises:
        ExecutionNotFound: if ``user`` may see none of that id.
    """
    return _the_one(listed(executions_for(user)), execution_id)


def matching(rows: QuerySet[Execution], text: str) -> QuerySet[Execution]:
    """Return those of ``rows`` whose id begins with ``text`` or whose workflow's name has it."""
    named = Workflow.objects.filter(name__icontains=text).order_by("pk")
    keys = list(named.values_list("pk", flat=True)[:_MOST_WORKFLOWS])
    return rows.filter(Q(pk__startswith=text) | Q(workflow_id__in=keys))


def snapshot(user: Any, execution_id: str, *, full: bool = False, runs: str = "") -> Snapshot:
    """Return an execution and its steps; large values are read as previews unless ``full``.

    The runs inside a foreach, which may be many thousands, are left out unless ``runs`` is
    ``all``; if it is ``live``, those are there that are at work or failed, and tallies of all.

    Raises:
        ExecutionNotFound: if ``user`` may see none of that id.
        TooLargeToAnswer: if it is to be full, and is more than 32 MiB.
    """
    rows = with_log_seq(executions_for(user)).defer(*(n for n in _NEVER_LISTED if "__" in n))
    # The execution first: its ``log_seq`` is then never ahead of the steps, so whoever goes on
    # with the events after it misses none.
    execution = _the_one(rows if full else _with_previews(rows, EXECUTION_VALUES), execution_id)
    steps = runs_of(execution_id).order_by("position", "pk")
    items = telling_items(steps, execution) if runs == "live" else steps.none()
    items = with_step_previews(items)[:MAX_ITEMS]
    if runs != "all":
        steps = without_items(steps, execution)
    if full:
        _check_size(rows, steps[:MAX_RUNS], execution_id)
    else:
        steps = with_step_previews(steps)
    found = list(steps[: MAX_RUNS + 1])
    is_asking = execution.suspended and execution.status not in FINAL
    return Snapshot(
        execution=execution,
        steps=[*found[:MAX_RUNS], *items],
        more_steps=len(found) > MAX_RUNS,
        children=children_of(execution),
        suspensions=suspensions_of(execution)[:MAX_RUNS] if is_asking else [],
        waiting_for=waiting_reasons(execution),
        tallies=tallies(execution) if runs == "live" else None,
    )


def with_previews(rows: QuerySet[RowT], names: Sequence[str]) -> QuerySet[RowT]:
    """Return ``rows`` with previews of the values in ``names``; see :func:`shown_value`."""
    return _with_previews(rows, names)


def with_step_previews(runs: QuerySet[StepRun]) -> QuerySet[StepRun]:
    """Return ``runs`` with previews of their large values, which stay in the database."""
    return _with_previews(runs, STEP_VALUES)


def get_step(execution: Execution, step_id: str, *, previews: bool = False) -> StepRun:
    """Return one step with its whole values, or with ``previews`` of large ones.

    Raises:
        StepRun.DoesNotExist: if it has not been reached, or there is none of that id.
    """
    rows = with_step_previews(StepRun.objects.all()) if previews else StepRun.objects.all()
    return rows.get(execution_id=execution.pk, node_id=step_id)


def events_after(
    execution_id: str, *, after: int, limit: int, root_id: str | None = None
) -> list[Event]:
    """Return at most ``limit`` events that follow ``after``, in order.

    Those of a nested execution stand in the log of ``root_id``, and have its numbers.
    """
    return list(_log(execution_id, root_id, after).order_by("seq")[:limit])


def logs_after(
    execution_id: str,
    *,
    after: int,
    limit: int,
    root_id: str | None = None,
    levels: Collection[str] = (),
    step_id: str = "",
) -> list[Event]:
    """Return log lines like :func:`events_after`, of ``levels``, or of any; of the step
    ``step_id`` of this execution, in whatever round, or of the run that has it as its key."""
    rows = _log(execution_id, root_id, after).filter(type="log")
    if levels:
        rows = rows.filter(data__level__in=levels)
    if step_id:
        in_rounds = Q(data__node_id__startswith=f"{step_id}[")
        rows = rows.filter(Q(data__node_id=step_id) | in_rounds)
        rows = rows.filter(source=execution_id if root_id else "")
    return list(rows.order_by("seq")[:limit])


def _log(execution_id: str, root_id: str | None, after: int) -> QuerySet[Event]:
    rows = Event.objects.filter(execution_id=root_id or execution_id, seq__gt=after)
    return rows.filter(source=execution_id) if root_id else rows


def shown_status(step: StepRun) -> str:
    """Return the step's status as people know it: what a worker has begun is running."""
    if step.claimed_at is not None and step.status in BEGUN:
        return str(NodeStatus.RUNNING)
    if step.status == NodeStatus.RUNNING and (step.progress or {}).get("held"):
        at_work = sum(step.progress["open"].values()) - step.progress["held"]
        return str(NodeStatus.SUSPENDED if at_work <= 0 else step.status)
    return str(step.status)


def shown_value(row: Model, name: str, *, href: str) -> Any:
    """Return the value in column ``name``, or its preview if it was read as one."""
    size_bytes = getattr(row, f"{name}_bytes", None)
    if size_bytes is None:
        return getattr(row, name) if name in row.__dict__ else None
    if size_bytes <= PREVIEW_BYTES:
        return getattr(row, f"{name}_small")
    start = getattr(row, f"{name}_start")
    return {"preview": start, "bytes": size_bytes, "truncated": True, "href": href}


def _the_one(rows: QuerySet[Execution], execution_id: str) -> Execution:
    found = rows.filter(pk=execution_id).first()
    if found is None:
        raise ExecutionNotFound(execution_id)
    return found


def _with_previews(rows: QuerySet[RowT], names: Sequence[str]) -> QuerySet[RowT]:
    """Return ``rows`` that leave large values in the database; see :func:`shown_value`."""
    for name in names:
        rows = rows.annotate(**{f"{name}_bytes": ValueBytes(name)})
        small, large = {f"{name}_bytes__lte": PREVIEW_BYTES}, {f"{name}_bytes__gt": PREVIEW_BYTES}
        rows = rows.annotate(
            **{
                f"{name}_small": Case(When(**small, then=F(name))),
                f"{name}_start": Case(When(**large, then=ValueStart(name, chars=_PREVIEW_CHARS))),
            }
        )
    return rows.defer(*names)


def _check_size(rows: QuerySet[Execution], steps: QuerySet[StepRun], execution_id: str) -> None:
    size_bytes = 0
    for part, names in ((rows.filter(pk=execution_id), EXECUTION_VALUES), (steps, STEP_VALUES)):
        sums = {f"sum_{name}": Coalesce(Sum(ValueBytes(name)), 0) for name in names}
        size_bytes += sum(part.aggregate(**sums).values())
    if size_bytes > MAX_WHOLE_BYTES:
        raise TooLargeToAnswer(size_bytes)
