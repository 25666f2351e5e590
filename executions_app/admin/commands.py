"""The pages of commands, for one execution or for several that are ticked.

Refuses to act on a GET or without being asked twice, and to stop at the first failure: every
execution has a message of its own.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Any

from django import forms
from django.contrib import admin, messages
from django.contrib.admin.helpers import ACTION_CHECKBOX_NAME
from django.contrib.admin.utils import quote, unquote
from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse

from executions_app.admin.execution_commands import (
    CANCEL,
    PAUSE,
    RERUN,
    RESTART,
    RESUME,
    RETRY,
    UNPAUSE,
    Command,
)
from executions_app.admin.inside import questions_of
from executions_app.admin.visibility import find_execution
from executions_app.models import Execution
from workflows_app.authoring.errors import WorkflowError

if TYPE_CHECKING:
    from executions_app.admin.execution import ExecutionAdmin


def command_view(
    model_admin: ExecutionAdmin, request: HttpRequest, object_id: str, command: Command
) -> HttpResponse:
    """Ask about one execution, then do it and show where it led."""
    if not command.is_allowed(request) or not model_admin.has_view_permission(request):
        raise PermissionDenied
    execution = find_execution(request, unquote(object_id))
    form = command.form(request.POST) if request.method == "POST" else command.form()
    if request.method != "POST" or not form.is_valid():
        return _ask(model_admin, request, [execution], command=command, form=form)
    after = _act_on(model_admin, request, [execution], command=command, form=form)
    if after is None and command.form.base_fields.keys() - {"reason", "key"}:
        # What was typed is worth keeping; the message says what is wrong with it.
        return _ask(model_admin, request, [execution], command=command, form=form)
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
    is_confirmed = "confirmed" in request.POST
    form = command.form(request.POST) if is_confirmed else command.form()
    if not is_confirmed or not form.is_valid():
        action = f"{command.name}_selected"
        return _ask(model_admin, request, executions, command=command, form=form, action=action)
    _act_on(model_admin, request, executions, command=command, form=form)
    return None


Action = Callable[["ExecutionAdmin", HttpRequest, "QuerySet[Execution]"], HttpResponse | None]


def _action(command: Command, description: str, *, permission: str = "cancel") -> Action:
    """Return what the list offers for the executions that are ticked."""

    def act(
        model_admin: ExecutionAdmin, request: HttpRequest, queryset: QuerySet[Execution]
    ) -> HttpResponse | None:
        return command_action(model_admin, request, queryset, command)

    act.__name__ = f"{command.name}_selected"  # by which the form and its answer name it
    return admin.action(act, description=description, permissions=[permission])


ACTIONS = (
    _action(CANCEL, "Cancel selected executions"),
    _action(PAUSE, "Pause selected executions"),
    _action(UNPAUSE, "Let selected executions go on"),
    _action(RETRY, "Retry selected executions"),
    _action(RESTART, "Restart selected executions"),
    _action(RERUN, "Run selected executions again", permission="start"),
)


def _ask(
    model_admin: ExecutionAdmin,
    request: HttpRequest,
    executions: Sequence[Execution],
    *,
    command: Command,
    form: forms.Form,
    action: str = "",
) -> HttpResponse:
    what = "execution" if len(executions) == 1 else f"{len(executions)} executions"
    context: dict[str, Any] = {
        "title": command.title.format(what=what),
        "command": command,
        "form": form,
        "executions": executions,
        "questions": questions_of(executions[0]) if command is RESUME else [],
        "action": action,
        "checkbox_name": ACTION_CHECKBOX_NAME,
    }
    return model_admin.page(request, "command", context)


def _act_on(
    model_admin: ExecutionAdmin,
    request: HttpRequest,
    executions: Sequence[Execution],
    *,
    command: Command,
    form: forms.Form,
) -> Execution | None:
    """Act on each; return what the last success led to, ``None`` if there was none."""
    after, count = None, 0
    for execution in executions:
        try:
            after = command.act(request, execution, form.cleaned_data)
        except WorkflowError as error:
            messages.error(request, f"{execution.pk}: {error}")
            continue
        count += 1
        _log(model_admin, request, execution, after, command=command, form=form)
    if count:
        what = "1 execution" if count == 1 else f"{count} executions"
        messages.success(request, command.done.format(count=what))
    return after


def _log(
    model_admin: ExecutionAdmin,
    request: HttpRequest,
    before: Execution,
    after: Execution,
    *,
    command: Command,
    form: forms.Form,
) -> None:
    if command.makes_new:
        model_admin.log_addition(request, after, f"Run again from {before.pk}.")
        return
    reason = form.cleaned_data.get("reason", "")
    model_admin.log_change(request, before, f"{command.label}. {reason}".strip())
