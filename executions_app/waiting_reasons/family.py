"""The reasons of an execution and of those inside it, read together, named in order."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import suppress

from executions_app import database
from executions_app.engine.statuses import FINAL, UNSETTLED, ExecutionStatus
from executions_app.models import Approval, Event, Execution, StepRun
from executions_app.place_in_line import HeldBy, place_in_line
from executions_app.waiting_reasons.of_a_run import Look, reason_of
from executions_app.waiting_reasons.reason import Code, Reason, moment
from workflows_app.interface import PlanUnreadable, get_plan
from workflows_app.language.plan import NodeKind, face_of, indexes_of, node_of

#: More reasons than these are counted, not named.
MAX_REASONS = 20
#: Runs, and executions inside, that are looked at.
MAX_RUNS = MAX_FAMILY = 1_000
#: Executions inside one another that are looked into.
MAX_DEPTH = 10
_NOT_NEEDED = ("input", "output", "suspend_payload", "resume_data", "progress")


def waiting_reasons(execution: Execution) -> list[Reason]:
    """Return why ``execution`` does not move, in the order of the document; nothing if it ended.

    Reasons of executions inside it follow the step that they are the inside of.  Where there are
    more than twenty the last one says how many are left out.
    """
    if execution.status in FINAL:
        return []
    found = list(_reasons(execution))
    if len(found) <= MAX_REASONS:
        return found
    left_out = len(found) - MAX_REASONS
    more = Reason(
        code=Code.MORE,
        message=f"and {left_out:,} more",
        execution_id=execution.pk,
        details={"count": left_out},
    )
    return [*found[:MAX_REASONS], more]


def _reasons(execution: Execution) -> Iterator[Reason]:
    yield from _of_the_whole(execution)
    if execution.lane is not None and execution.status == ExecutionStatus.PENDING:
        with suppress(PlanUnreadable):
            yield from _in_line(execution)
        return
    runs, look = _read(execution)
    inside = list(_inside(execution, runs, look, (), depth=1))
    yield from inside
    if not inside and execution.status != ExecutionStatus.PAUSED:
        yield Reason(
            code=Code.NOTHING,
            message="nothing recorded would move it on, which is a bug; time-travel takes it up",
            execution_id=execution.pk,
        )


def _read(execution: Execution) -> tuple[dict[str, list[StepRun]], Look]:
    """Return the runs that have begun and not settled, by execution, and what stands around."""
    look = Look(now=database.now())
    ids = [execution.pk]
    if execution.root_id or execution.nested_count:
        family = Execution.objects.filter(root_id=execution.root_id or execution.pk, ended_at=None)
        names = ("status", "parent_id", "parent_key", "workflow_id", "version_id", "created_at")
        for child in family.only(*names)[:MAX_FAMILY]:
            look.children[child.parent_id or "", child.parent_key] = child
            ids.append(child.pk)
    # By executions, which have an index; of all families together the runs are many.
    rows = StepRun.objects.filter(execution_id__in=ids, status__in=UNSETTLED).defer(*_NOT_NEEDED)
    runs: dict[str, list[StepRun]] = {}
    for row in rows.order_by("position", "pk")[:MAX_RUNS]:
        runs.setdefault(row.execution_id, []).append(row)
    if any(row.kind == NodeKind.APPROVAL for some in runs.values() for row in some):
        asked = Approval.objects.filter(execution_id__in=runs, status=Approval.Status.OPEN)
        for task in asked.only("execution_id", "node_id", "assignees"):
            look.approvals[task.execution_id, task.node_id] = task
    return runs, look


def _inside(
    execution: Execution,
    runs: dict[str, list[StepRun]],
    look: Look,
    way: tuple[str | int, ...],
    *,
    depth: int,
) -> Iterator[Reason]:
    for run in runs.get(execution.pk, ()):
        here = (*way, face_of(node_of(run.node_id)), *indexes_of(run.node_id))
        reason = reason_of(run, execution, look, path=here)
        if reason is not None:
            yield reason
        child = look.children.get((execution.pk, run.node_id))
        if child is not None and depth < MAX_DEPTH:
            yield from _inside(child, runs, look, here, depth=depth + 1)


# -- the execution itself -------------------------------------------------------------------------


def _of_the_whole(execution: Execution) -> Iterator[Reason]:
    try:
        get_plan(execution.version_id)
    except PlanUnreadable as error:
        yield Reason(code=Code.PLAN_UNREADABLE, message=str(error), execution_id=execution.pk)
    if execution.stopping:
        why = "it is being cancelled" if execution.stopping == "cancel" else "its time is over"
        yield Reason(
            code=Code.STOPPING,
            message=f"{why}: nothing new starts, and it ends when what runs has ended",
            execution_id=execution.pk,
            until=None,
            details={"by": execution.stopped_by, "reason": execution.stop_reason},
        )
    if execution.status == ExecutionStatus.PAUSED:
        yield _paused(execution)


def _paused(execution: Execution) -> Reason:
    log = Event.objects.filter(execution_id=execution.root_id or execution.pk)
    fact = log.filter(type="execution_paused").order_by("-seq").only("at", "data").first()
    data = fact.data if fact else {}
    by, reason = data.get("by") or "", data.get("reason") or ""
    # A pause after a single step is nobody's, and looks like one by somebody who gave no name.
    who = f" by {by}" if by else ", or has made the single step it was to make"
    why = f" ({reason})" if reason else ""
    return Reason(
        code=Code.PAUSED,
        message=f"it was paused{who}{why}; unpause lets it go on",
        execution_id=execution.pk,
        since=fact.at if fact else None,
        details={"by": by, "reason": reason},
    )


def _in_line(execution: Execution) -> Iterator[Reason]:
    place = place_in_line(execution)
    if place is None:  # admitted meanwhile
        return
    lane = f" for {place.lane!r}" if place.lane else ""
    ahead = f"; {place.ahead:,} are ahead of it" if place.ahead else "; it is the next"
    match place.reason:
        case HeldBy.LIMIT:
            words = f"{place.running:,} of its workflow{lane} are at work, and no more may be"
        case HeldBy.START_RATE:
            until = f", the next at {moment(place.next_start_at)}" if place.next_start_at else ""
            words = f"{place.start_limit:,} of its workflow{lane} may begin in "
            words += f"{place.start_seconds:g} seconds{until}"
        case _:
            words = (
                f"there is room for its workflow{lane}: it begins with the next look of a worker"
            )
    yield Reason(
        code=Code(place.reason.value),
        message=f"{words}{ahead}",
        execution_id=execution.pk,
        since=execution.created_at,
        until=place.next_start_at,
        details={
            "lane": place.lane,
            "limit": place.limit,
            "running": place.running,
            "start_limit": place.start_limit,
            "start_seconds": place.start_seconds,
            "priority": place.priority,
            "ahead": place.ahead,
        },
    )
