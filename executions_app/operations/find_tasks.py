"""Who is asked what: the questions to people that somebody may see, and may answer.  Reads only.

Seen by those it is for, by whoever may see the execution, and by superusers.  Answered by those it
is for; by the execution's owner where it is for nobody in particular.
"""

from __future__ import annotations

from typing import Any

from django.db.models import Case, Exists, OuterRef, Q, QuerySet, Value, When

from executions_app.models import Approval
from executions_app.queries import EXECUTION_VALUES
from workflows_app.authoring.errors import WorkflowError

#: What an execution and its workflow hold, and no question shows.
_HEAVY = (
    *(f"execution__{name}" for name in EXECUTION_VALUES),
    "execution__workflow__definition",
    "execution__workflow__diagnostics",
)


class TaskNotFound(WorkflowError):
    """There is no such question among those the caller may see."""

    code = "task.not_found"

    def __init__(self, task_id: int) -> None:
        super().__init__(f"there is no task {task_id}; /api/tasks/ lists yours")


def tasks_for(user: Any) -> QuerySet[Approval]:
    """Return the questions ``user`` may see, each with ``can_answer``: whether they may, if it is
    open, answer it."""
    rows = Approval.objects.select_related("execution__workflow", "owner").defer(*_HEAVY)
    if user is None or not user.is_authenticated or not user.is_active:
        return rows.none()
    if user.is_superuser:
        return rows.annotate(can_answer=Value(True))
    rows = rows.annotate(can_answer=Case(When(_may_answer(user), then=True), default=False))
    return rows.filter(_may_see(user))


def mine(rows: QuerySet[Approval], user: Any) -> QuerySet[Approval]:
    """Return those of ``rows`` that ``user`` is asked: not all that a superuser could answer."""
    return rows.filter(_may_answer(user))


def get_task(user: Any, task_id: int) -> Approval:
    """Return one question.

    Raises:
        TaskNotFound: if ``user`` may see none of that id.
    """
    found = tasks_for(user).filter(pk=task_id).first()
    if found is None:
        raise TaskNotFound(task_id)
    return found


def _is_for(user: Any) -> Q:
    named = Approval.users.through.objects.filter(approval_id=OuterRef("pk"), user_id=user.pk)
    groups = Approval.groups.through.objects.filter(
        approval_id=OuterRef("pk"), group_id__in=user.groups.values("pk")
    )
    return Q(Exists(named)) | Q(Exists(groups))


def _may_see(user: Any) -> Q:
    rule = _is_for(user) | Q(owner_id=user.pk)
    return rule | Q(owner__isnull=True) if user.is_staff else rule


def _may_answer(user: Any) -> Q:
    owns = Q(owner_id=user.pk)
    if user.is_staff:
        owns |= Q(owner__isnull=True)
    return _is_for(user) | Q(assignees=[]) & owns
