"""Who sees which definitions.  Reads only; every row another app or the API shows comes from here.

A row somebody may not see is not in the queryset, so a foreign id is indistinguishable from one
that was never given out.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db.models import Q, QuerySet

from workflows_app.models import Connection, Workflow, WorkflowVersion
from workflows_app.models.version import TEST_NUMBER

if TYPE_CHECKING:
    from django.contrib.auth.models import AbstractBaseUser, AnonymousUser

    User = AbstractBaseUser | AnonymousUser


def workflows_for(user: User) -> QuerySet[Workflow]:
    """Return the workflows ``user`` may see and run: their own, and those defined in code.

    A superuser sees all, nobody sees deleted ones, and somebody who is not logged in sees none.
    """
    alive = Workflow.objects.filter(deleted_at=None).select_related("owner", "published")
    if not _is_active(user):
        return alive.none()
    if getattr(user, "is_superuser", False):
        return alive
    return alive.filter(Q(owner_id=user.pk) | Q(owner_id=None, source=Workflow.Source.PYTHON))


def versions_of(workflow: Workflow) -> QuerySet[WorkflowVersion]:
    """Return the versions of ``workflow``, the newest first; not what only tests of a step run.

    Whoever may see a workflow may see its versions; ask :func:`workflows_for` first.
    """
    return (
        WorkflowVersion.objects.filter(workflow=workflow, number__gt=TEST_NUMBER)
        .select_related("created_by")
        .order_by("-number")
    )


def connections_for(user: User) -> QuerySet[Connection]:
    """Return the connections of ``user``.

    Nobody sees another's, superusers included: a connection acts in its owner's name.
    """
    if not _is_active(user):
        return Connection.objects.none()
    return Connection.objects.filter(owner_id=user.pk)


def _is_active(user: User) -> bool:
    return bool(user.is_authenticated and getattr(user, "is_active", False))
