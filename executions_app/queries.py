"""Who sees which executions, and how their rows are read.  Reads only.

Refuses to count, and to load what a list does not show: with a million executions, or megabytes in
each step, a page costs the same.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, TypeVar

from django.db.models import Case, F, Func, IntegerField, Model, Q, QuerySet, Sum, TextField, When
from django.db.models.functions import Coalesce

from executions_app.engine.preview import PREVIEW_BYTES
from executions_app.engine.statuses import NodeStatus
from executions_app.errors import ExecutionNotFound
from executions_app.models import Event, Execution, StepRun
from executions_app.streaming.channels import visible_to
from workflows_app.authoring.errors import WorkflowError
from workflows_app.models import Workflow

#: Columns that hold values of any size.
EXECUTION_VALUES = ("input", "output", "error", "runtime_context", "state")
STEP_VALUES = ("input", "output", "error")
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
_BEGUN = (NodeStatus.SCHEDULED, NodeStatus.RETRYING)
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


class _JsonBytes(Func):
    """The size of a JSON column as it is stored."""

    output_field = IntegerField()
    template = "OCTET_LENGTH(%(expressions)s::text)"

    def as_sqlite(self, compiler: Any, connection: Any, **context: Any) -> Any:
        template = "LENGTH(CAST(%(expressions)s AS BLOB))"
        return self.as_sql(compiler, connection, template=template, **context)


class _JsonStart(Func):
    """The first characters of a JSON column."""

    output_field = TextField()
    template = f"SUBSTR(CAST(%(expressions)s AS TEXT), 1, {_PREVIEW_CHARS})"


@dataclass(frozen=True, slots=True, kw_only=True)
class Snapshot:
    """An execution with its steps, not older than ``execution.last_seq``."""

    execution: Execution
    steps: Sequence[StepRun]


def executions_for(user: Any) -> QuerySet[Execution]:
    """Return the executions ``user`` may see; whoever may see one may command it."""
    rule = visible_to(user)
    rows = Execution.objects.select_related("workflow", "version", "owner")
    return rows.none() if rule is None else rows.filter(rule)


def listed(rows: QuerySet[Execution]) -> QuerySet[Execution]:
    """Return ``rows`` without the columns that no list shows."""
    return rows.defer(*_NEVER_LISTED)


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


def snapshot(user: Any, execution_id: str, *, full: bool = False) -> Snapshot:
    """Return an execution and its steps; large values are read as previews unless ``full``.

    Raises:
        ExecutionNotFound: if ``user`` may see none of that id.
        TooLargeToAnswer: if it is to be full, and is more than 32 MiB.
    """
    rows = executions_for(user).defer(*(n for n in _NEVER_LISTED if "__" in n))
    # A join that was never reached has a row that only counts.
    begun = StepRun.objects.exclude(status=NodeStatus.PENDING)
    steps = begun.filter(execution_id=execution_id).order_by("position")
    if full:
        _check_size(rows, steps, execution_id)
    else:
        rows = _with_previews(rows, EXECUTION_VALUES)
        steps = _with_previews(steps, STEP_VALUES)
    # The execution first: its ``last_seq`` is then never ahead of the steps, so whoever goes on
    # with the events after it misses none.
    execution = _the_one(rows, execution_id)
    return Snapshot(execution=execution, steps=list(steps))


def get_step(execution: Execution, step_id: str) -> StepRun:
    """Return one step with its whole values.

    Raises:
        StepRun.DoesNotExist: if it has not been reached, or there is none of that id.
    """
    return StepRun.objects.get(execution_id=execution.pk, node_id=step_id)


def events_after(execution_id: str, *, after: int, limit: int) -> list[Event]:
    """Return at most ``limit`` events that follow ``after``, in order."""
    rows = Event.objects.filter(execution_id=execution_id, seq__gt=after)
    return list(rows.order_by("seq")[:limit])


def logs_after(
    execution_id: str, *, after: int, limit: int, level: str = "", step_id: str = ""
) -> list[Event]:
    """Return log lines like :func:`events_after`, of ``level`` and more urgent ones."""
    rows = Event.objects.filter(execution_id=execution_id, seq__gt=after, type="log")
    if level:
        rows = rows.filter(data__level__in=LOG_LEVELS[LOG_LEVELS.index(level) :])
    if step_id:
        rows = rows.filter(data__node_id=step_id)
    return list(rows.order_by("seq")[:limit])


def shown_status(step: StepRun) -> str:
    """Return the step's status as people know it: what a worker has begun is running."""
    if step.claimed_at is not None and step.status in _BEGUN:
        return str(NodeStatus.RUNNING)
    if step.status == NodeStatus.RUNNING and (step.progress or {}).get("held"):
        at_work = sum(step.progress["open"].values()) - step.progress["held"]
        return str(NodeStatus.SUSPENDED if at_work <= 0 else step.status)
    return str(step.status)


def shown_value(row: Execution | StepRun, name: str, *, href: str) -> Any:
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
        rows = rows.annotate(**{f"{name}_bytes": _JsonBytes(F(name))})
        small, large = {f"{name}_bytes__lte": PREVIEW_BYTES}, {f"{name}_bytes__gt": PREVIEW_BYTES}
        rows = rows.annotate(
            **{
                f"{name}_small": Case(When(**small, then=F(name))),
                f"{name}_start": Case(When(**large, then=_JsonStart(F(name)))),
            }
        )
    return rows.defer(*names)


def _check_size(rows: QuerySet[Execution], steps: QuerySet[StepRun], execution_id: str) -> None:
    size_bytes = 0
    for part, names in ((rows.filter(pk=execution_id), EXECUTION_VALUES), (steps, STEP_VALUES)):
        sums = {f"sum_{name}": Coalesce(Sum(_JsonBytes(F(name))), 0) for name in names}
        size_bytes += sum(part.order_by().aggregate(**sums).values())
    if size_bytes > MAX_WHOLE_BYTES:
        raise TooLargeToAnswer(size_bytes)
