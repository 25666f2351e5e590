"""Questions to people, as rows that those they are for can find.  Written beside the facts."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from django.contrib.auth import get_user_model
from django.contrib.auth.models import Group

from executions_app.engine.outcomes import Suspended
from executions_app.frame import Frame
from executions_app.models import Approval
from workflows_app.language.plan import PlanNode

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
    Approval.objects.filter(
        execution_id=frame.id, node_id=key, status=Approval.Status.OPEN
    ).update(status=status, answered_at=frame.now, answered_by=by, answer=answer)
