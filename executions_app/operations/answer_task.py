"""Answering what people are asked, by those who may.  Refuses everybody else, and second answers.

The execution is held meanwhile, so that what is checked is what is answered.
"""

from __future__ import annotations

from typing import Any

from django.core.exceptions import PermissionDenied
from django.db import transaction

from executions_app import database
from executions_app.database_retry import retried
from executions_app.models import Approval, Execution
from executions_app.operations.find_tasks import get_task, tasks_for
from executions_app.operations.resume import resume_execution
from executions_app.recording import nesting
from executions_app.suspensions import chosen
from workflows_app.authoring.errors import WorkflowError
from workflows_app.language.plan import NodeKind

MAX_COMMENT_CHARS = 10_000


class TaskAnswered(WorkflowError):
    """Somebody was quicker, and what they said counts."""

    code = "task.answered"

    def __init__(self, task: Approval) -> None:
        who = f" by {task.answered_by}" if task.answered_by else ""
        at = task.answered_at.isoformat() if task.answered_at else None
        super().__init__(
            f"this was answered{who} already; look at what it came to",
            details={"answered_by": task.answered_by, "answered_at": at},
        )


class TaskClosed(WorkflowError):
    """Nobody's answer counts any more."""

    code = "task.closed"

    def __init__(self, status: str) -> None:
        said = {
            Approval.Status.EXPIRED: "its deadline has passed",
            Approval.Status.WITHDRAWN: "what asked it was cancelled, skipped, or has ended",
        }
        super().__init__(
            f"this is asked no more: {said.get(Approval.Status(status), status)}",
            details={"status": status},
        )


@retried
@transaction.atomic
def answer_task(task_id: int, *, user: Any, data: Any, comment: str = "") -> Approval:
    """Answer a question for ``user``, let its execution go on, and return the question.

    Raises:
        TaskNotFound: if ``user`` may see none of that id.
        PermissionDenied: if they may see it and not answer it.
        TaskAnswered, TaskClosed: if it is not open any more.
        ResumeDataInvalid: if ``data`` does not fit the form; the question stays open.
        NotApplicable: if the execution is paused.
    """
    _hold(get_task(user, task_id).execution_id)
    task = get_task(user, task_id)
    if not task.can_answer:  # type: ignore[attr-defined]
        raise PermissionDenied
    if task.status == Approval.Status.ANSWERED:
        raise TaskAnswered(task)
    if task.status != Approval.Status.OPEN:
        raise TaskClosed(task.status)
    resume_execution(task.execution_id, step=task.node_id, data=data, by=user.get_username())
    if comment:
        Approval.objects.filter(pk=task.pk).update(comment=comment)
    return get_task(user, task_id)


@retried
@transaction.atomic
def resume_for(
    user: Any,
    execution_id: str,
    *,
    data: Any,
    step: Any = None,
    label: str | None = None,
    foreach_index: int | None = None,
    **options: Any,
) -> Execution:
    """Resume an execution for ``user``, as :func:`resume_execution` does; who may see it is
    judged by the caller.

    Raises:
        PermissionDenied: if that would answer what only others are asked.
    """
    _hold(execution_id)
    which = {"step": step, "label": label, "foreach_index": foreach_index}
    meant = chosen(Execution.objects.get(pk=execution_id), **which)
    asked = [(it.execution_id, it.key) for it in meant if it.kind == NodeKind.APPROVAL]
    if asked:
        may = tasks_for(user).filter(execution_id__in={key for key, _ in asked}, can_answer=True)
        allowed = set(may.values_list("execution_id", "node_id"))
        if not allowed.issuperset(asked):
            raise PermissionDenied
    return resume_execution(execution_id, data=data, by=user.get_username(), **which, **options)


def _hold(execution_id: str) -> None:
    root = Execution.objects.filter(pk=nesting.root_of(execution_id)).only("id")
    database.locked(root).first()
