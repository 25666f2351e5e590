"""Reminding people of what they are asked, once, by e-mail.  Refuses to tell one of the others.

Runs with the rescuer, in any number of processes: each question is taken by one of them.
"""

from __future__ import annotations

import logging
from collections.abc import Sequence
from datetime import timedelta
from smtplib import SMTPException
from typing import Any

from django.contrib.auth import get_user_model
from django.core.mail import EmailMessage, get_connection
from django.db import transaction
from django.db.models import Q

from executions_app import database
from executions_app.models import Approval

logger = logging.getLogger("celeriac.remind")

#: Questions looked at in one transaction.
BATCH = 100
#: After a mail server refused, it is asked again.
TRY_AGAIN_AFTER = timedelta(minutes=5)
#: The rescuer has other things to do than to wait for a mail server.
MAIL_SECONDS = 10
_SUBJECT_CHARS = 150


def remind() -> int:
    """Remind those whose time to answer is running, and return how many questions it was for.

    A question nobody with an address is asked counts as reminded of.
    """
    due = _take()
    for position, task in enumerate(due):
        try:
            get_connection(timeout=MAIL_SECONDS).send_messages(_messages(task))
        except (SMTPException, OSError) as error:
            _put_back(due[position:], error)
            return position
    return len(due)


def _put_back(tasks: Sequence[Approval], error: Exception) -> None:
    logger.warning(
        "the mail server took no reminder, it is tried again",
        extra={"action": "remind.refused", "count": len(tasks), "error": repr(error)},
    )
    later = database.now() + TRY_AGAIN_AFTER
    rows = Approval.objects.filter(pk__in=[task.pk for task in tasks])
    rows.update(reminded_at=None, remind_at=later)


@transaction.atomic
def _take() -> list[Approval]:
    """Return the questions to remind of; nobody else will, even if this process dies now."""
    now = database.now()
    due = Approval.objects.filter(
        status=Approval.Status.OPEN, remind_at__lte=now, reminded_at__isnull=True
    ).order_by("remind_at", "pk")
    found = list(database.locked(due.select_related("execution__workflow"), skip=True)[:BATCH])
    if found:
        Approval.objects.filter(pk__in=[task.pk for task in found]).update(reminded_at=now)
    return found


def _messages(task: Approval) -> list[EmailMessage]:
    """Return a message of their own to each person, so that no address is shown to another."""
    subject = " ".join(f"Waiting for you: {task.title}".split())[:_SUBJECT_CHARS]
    name = task.execution.workflow.name
    lines = [
        f"{task.title}",
        "",
        f"The workflow {name!r} waits for your answer since {task.created_at:%Y-%m-%d %H:%M} UTC.",
    ]
    if task.deadline_at is not None:
        lines.append(f"It waits until {task.deadline_at:%Y-%m-%d %H:%M} UTC.")
    lines += ["", f"Task {task.pk}, execution {task.execution_id}"]
    return [
        EmailMessage(subject=subject, body="\n".join(lines), to=[address])
        for address in _addresses(task)
    ]


def _addresses(task: Approval) -> list[str]:
    people: Any = get_user_model()._default_manager.filter(is_active=True).exclude(email="")
    asked = Q(approvals=task.pk) | Q(groups__approvals=task.pk)
    if not task.assignees:
        asked = Q(pk=task.owner_id)
    return list(people.filter(asked).order_by("email").values_list("email", flat=True).distinct())
