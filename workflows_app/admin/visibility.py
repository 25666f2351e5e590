"""Which definitions a member of staff meets in the admin.  Refuses other people's to all but
superusers.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db.models import Q, QuerySet

from workflows_app.models import Workflow
from workflows_app.queries import workflows_for

if TYPE_CHECKING:
    from django.contrib.auth.models import AbstractBaseUser, AnonymousUser


def staff_workflows(user: AbstractBaseUser | AnonymousUser) -> QuerySet[Workflow]:
    """Return what ``user`` may see anywhere, and drawn workflows that nobody owns.

    Those are looked after by staff: their owner's account is gone, or they came without one.
    """
    rows = workflows_for(user)
    if not getattr(user, "is_staff", False) or getattr(user, "is_superuser", False):
        return rows
    alive = Workflow.objects.filter(deleted_at=None).select_related("owner", "published")
    return alive.filter(Q(owner_id=user.pk) | Q(owner_id=None))
