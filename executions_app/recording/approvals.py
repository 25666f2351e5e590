"""Questions to people, as rows that those they are for can find.  Written beside the facts."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import timedelta
from typing import TYPE_CHECKING, Any

from django.contrib.auth import get_user_model
from django.contrib.auth.models import Group
from django.db.models import F, QuerySet

from executions_app.engine.outcomes import Suspended
from executions_app.engine.statuses import NodeStatus
from executions_app.models import Approval, Execution, StepRun
from workflows_app.language.plan import PlanNode

if TYPE_CHECKING:
    from executions_app.recording.frame import Frame

GROUP = "group:"


def ask(frame: Frame, node: PlanNode, key: str, question: Suspended) -> None:
    """Put the question of the run ``key`` before the people it is for."""
    frame.write_rows()
    payload: dict[str, Any] = question.payload
    remind = node.reminder_seconds
    approval = Approval.objects.create(
        execution_id=frame.id,
        step_id=frame.row(key).id,
        owner_id=frame.execution.owner_id,
        node_id=key,
        title=payload["title"],
        form=payload["form"],
        context=payload["context"],
        assignees=list(node.assignees),
        created_at=frame.now,
        deadline_at=question.until,
        remind_at=None if remind is None else frame.now + timedelta(seconds=remind),
    )
    groups = [name.removeprefix(GROUP) for name in node.assignees if name.startswith(GROUP)]
    users = [name for name in node.assignees if not name.startswith(GROUP)]
    if users:
        approval.users.set(get_user_model().objects.filter(username__in=users))
    if groups:
        approval.groups.set(Group.objects.filter(name__in=groups))


def close(frame: Frame, key: str, status: str, *, by: str = "", answer: Any = None) -> None:
    """Take the question of the run ``key`` off the table."""
    Approval.objects.filter(execution_id=frame.id, node_id=key, status=Approval.Status.OPEN).update(
        status=status, answered_at=frame.now, answered_by=by, answer=answer
    )


def withdraw(frame: Frame) -> None:
    """Take off the table whatever an execution that ended, or one inside it, still asks.

    Its deadline is kept, and no longer looked at: nothing more is written after an end.
    """
    _inside(frame).filter(status=Approval.Status.OPEN).update(status=Approval.Status.WITHDRAWN)
    _with_deadlines(frame).update(wake_at=None)


def ask_again(frame: Frame) -> None:
    """Put back on the table what an execution that goes on was asking when it ended.

    A deadline that has passed meanwhile is met at once.
    """
    still = _inside(frame).filter(step__status=NodeStatus.SUSPENDED)
    still.filter(status=Approval.Status.WITHDRAWN).update(status=Approval.Status.OPEN)
    _with_deadlines(frame).update(wake_at=F("due_at"))


def _with_deadlines(frame: Frame) -> QuerySet[StepRun]:
    """Return the runs that wait for an answer until some moment."""
    suspended = StepRun.objects.filter(execution_id=frame.id, status=NodeStatus.SUSPENDED)
    return suspended.filter(due_at__isnull=False, claimed_at=None)


def _inside(frame: Frame) -> QuerySet[Approval]:
    """Return what an execution and those inside it ask."""
    family = found = [frame.id]
    while found:
        nested = Execution.objects.filter(parent_id__in=found)
        found = list(nested.values_list("pk", flat=True))
        family = [*family, *found]
    return Approval.objects.filter(execution_id__in=family)


def forget(execution_id: str, keys: Iterable[str]) -> None:
    """Let go of the runs ``keys``, which are no more; what they asked is asked no more either."""
    asked = Approval.objects.filter(execution_id=execution_id, step__isnull=False)
    forgotten = set(keys)
    let_go = Approval.objects.filter(
        pk__in=[pk for pk, key in asked.values_list("pk", "node_id") if key in forgotten]
    )
    let_go.filter(status=Approval.Status.OPEN).update(status=Approval.Status.WITHDRAWN)
    let_go.update(step=None)
