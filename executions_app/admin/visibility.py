"""Who does what with executions in the admin.  Refuses staff other people's executions, and every
command that the model permissions do not grant.
"""

from __future__ import annotations

from django.db.models import QuerySet
from django.http import Http404, HttpRequest

from executions_app.models import Execution
from executions_app.queries import executions_for


def staff_executions(request: HttpRequest) -> QuerySet[Execution]:
    """Return the executions the user may see, the newest first."""
    return executions_for(request.user).order_by("-created_at", "-id")


def find_execution(request: HttpRequest, execution_id: str) -> Execution:
    """Return one execution, whole.

    Raises:
        Http404: if there is none, or it is somebody else's.
    """
    found = staff_executions(request).select_related("workflow", "version", "owner")
    execution = found.filter(pk=execution_id).first()
    if execution is None:
        raise Http404("there is no such execution")
    return execution


def may_start(request: HttpRequest) -> bool:
    """Return whether the user may start executions, and run one again."""
    return request.user.has_perm("executions_app.add_execution")


def may_cancel(request: HttpRequest) -> bool:
    """Return whether the user may stop executions."""
    return request.user.has_perm("executions_app.change_execution")
