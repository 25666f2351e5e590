"""Cancel and run again, for one execution or for several that are ticked.

Refuses to act on a GET or without being asked twice, and to stop at the first failure: every
execution has a message of its own.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING
from uuid import uuid4

from django.contrib import admin, messages
from django.contrib.admin.helpers import ACTION_CHECKBOX_NAME
from django.contrib.admin.utils import quote, unquote
from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse

from executions_app.admin.visibility import find_execution, may_cancel, may_start
from executions_app.models import Execution
from executions_app.operations.cancel import cancel_execution
from executions_app.operations.rerun import rerun_execution
from workflows_app.authoring.errors import WorkflowError

if TYPE_CHECKING:
    from executions_app.admin.execution import ExecutionAdmin

MAX_REASON_CHARS = 500
#: What a database column for idempotency keys holds.
MAX_KEY_CHARS = 255


@dataclass(frozen=True, slots=True, kw_only=True)
class Command:
    """What the page asks before it acts, and how to act on one execution."""

    name: str
    title: str
    """Of the page, with what it acts on."""
    question: str
    button: str
    is_allowed: Callable[[HttpRequest], bool]
    act: Callable[[ExecutionAdmin, HttpRequest, Execution], Execution]
    """Does it; returns the execution to look at next."""
    done: str
    """Told afterwards, with the number of executions."""


def _cancel(model_admin: ExecutionAdmin, request: HttpRequest, execution: Execution) -> Execution:
    reason = request.POST.get("reason", "").strip()[:MAX_REASON_CHARS]
    cancelled = cancel_execution(execution.pk, reason=reason, by=request.user.get_username())
    model_admin.log_change(request, execution, f"Cancelled. {reason}".strip())
    return cancelled


def _rerun(model_admin: ExecutionAdmin, request: HttpRequest, execution: Execution) -> Execution:
    version = "latest" if request.POST.get("version") == "latest" else "pinned"
    key = request.POST.get("key", "")
    # It goes on belonging to whom it belonged: their connections are the ones it uses.
    again = rerun_execution(
        execution,
        version=version,
        owner=execution.owner,
        idempotency_key=f"admin:{key}:{execution.pk}"[:MAX_KEY_CHARS] if key else None,
    )
    model_admin.log_addition(request, again, f"Run again from {execution.pk}.")
    return again


CANCEL = Command(
    name="cancel",
    title="Cancel {what}",
    question="Nothing new starts; a step that runs may finish, and its result is kept.",
    button="Cancel execution",
    is_allowed=may_cancel,
    act=_cancel,
    done="Asked {count} to stop.",
)
RERUN = Command(
    name="rerun",
    title="Run {what} again",
    question="A new execution is started with the same input; this one stays as it is.",
    button="Run again",
    is_allowed=may_start,
    act=_rerun,
    done="Started {count} again.",
)


def command_view(
    model_admin: ExecutionAdmin, request: HttpRequest, object_id: str, command: Command
) -> HttpResponse:
    """Ask about one execution, then do it and show where it led."""
    if not command.is_allowed(request) or not model_admin.has_view_permission(request):
        raise PermissionDenied
    execution = find_execution(request, unquote(object_id))
    if request.method != "POST":
        return _ask(model_admin, request, [execution], command=command, action="")
    after = _act_on(model_admin, request, [execution], command=command)
    return HttpResponseRedirect(
        reverse("admin:executions_app_execution_change", args=[quote((after or execution).pk)])
    )


def command_action(
    model_admin: ExecutionAdmin,
    request: HttpRequest,
    queryset: QuerySet[Execution],
    command: Command,
) -> HttpResponse | None:
    """Ask about the ticked executions, then do it to each."""
    if not command.is_allowed(request):
        raise PermissionDenied
    # Read whole and anew: the list's rows lack what the operations need.
    ids = list(queryset.values_list("pk", flat=True))
    executions = [find_execution(request, execution_id) for execution_id in ids]
    if "confirmed" not in request.POST:
        action = f"{command.name}_selected"
        return _ask(model_admin, request, executions, command=command, action=action)
    _act_on(model_admin, request, executions, command=command)
    return None


@admin.action(description="Cancel selected executions", permissions=["cancel"])
def cancel_selected(
    model_admin: ExecutionAdmin, request: HttpRequest, queryset: QuerySet[Execution]
) -> HttpResponse | None:
    return command_action(model_admin, request, queryset, CANCEL)


@admin.action(description="Run selected executions again", permissions=["start"])
def rerun_selected(
    model_admin: ExecutionAdmin, request: HttpRequest, queryset: QuerySet[Execution]
) -> HttpResponse | None:
    return command_action(model_admin, request, queryset, RERUN)


def _ask(
    model_admin: ExecutionAdmin,
    request: HttpRequest,
    executions: Sequence[Execution],
    *,
    command: Command,
    action: str,
) -> HttpResponse:
    what = "execution" if len(executions) == 1 else f"{len(executions)} executions"
    context = {
        "title": command.title.format(what=what),
        "command": command,
        "executions": executions,
        "action": action,
        "checkbox_name": ACTION_CHECKBOX_NAME,
        "max_reason_chars": MAX_REASON_CHARS,
        "key": uuid4().hex,
    }
    return model_admin.page(request, "command", context)


def _act_on(
    model_admin: ExecutionAdmin,
    request: HttpRequest,
    executions: Sequence[Execution],
    *,
    command: Command,
) -> Execution | None:
    """Act on each; return what the last success led to, ``None`` if there was none."""
    after, count = None, 0
    for execution in executions:
        try:
            after = command.act(model_admin, request, execution)
            count += 1
        except WorkflowError as error:
            messages.error(request, f"{execution.pk}: {error}")
    if count:
        what = "1 execution" if count == 1 else f"{count} executions"
        messages.success(request, command.done.format(count=what))
    return after
