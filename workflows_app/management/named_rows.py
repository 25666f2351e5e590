"""Users and workflows by what people call them.  Refuses to choose where a name fits several."""

from __future__ import annotations

from django.contrib.auth import get_user_model
from django.contrib.auth.models import AbstractBaseUser

from workflows_app.management.terminal_command import Refused
from workflows_app.models import Workflow
from workflows_app.operations.sync_registry import sync_registry

#: A message names this many candidates at most.
_SHOWN = 5


def user_named(name: str) -> AbstractBaseUser:
    """Return the user called ``name``.

    Raises:
        Refused: if there is none.
    """
    users = get_user_model()._default_manager
    user = users.filter(**{get_user_model().USERNAME_FIELD: name}).first()
    if user is None:
        raise Refused(
            f"there is no user {name!r}; make one with 'manage.py createsuperuser' or in the admin",
            code="user.not_found",
        )
    return user


def workflow_named(name: str) -> Workflow:
    """Return the workflow whose id is ``name``, or the only one that is called so.

    Code is looked at first, so that a workflow that was just written is found.

    Raises:
        Refused: if there is none, or if several share the name.
    """
    sync_registry()
    rows = Workflow.objects.filter(deleted_at=None).select_related("owner", "published")
    found = rows.filter(pk=name).first()
    if found is not None:
        return found
    named = list(rows.filter(name=name).order_by("pk")[: _SHOWN + 1])
    if len(named) == 1:
        return named[0]
    if named:
        shown = ", ".join(row.pk for row in named[:_SHOWN]) + ", ..." * (len(named) > _SHOWN)
        raise Refused(
            f"several workflows are called {name!r}; use an id: {shown}",
            code="workflow.ambiguous",
            details={"ids": [row.pk for row in named]},
        )
    raise Refused(
        f"there is no workflow {name!r}; 'manage.py workflows list' shows them all",
        code="workflow.not_found",
    )
