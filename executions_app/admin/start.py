"""The admin page that starts a workflow.  Refuses to start what the user may not see."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.contrib import messages
from django.contrib.admin.utils import quote, unquote
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse

from executions_app.admin.input_form import InputForm, blank_form, input_fields
from executions_app.admin.visibility import may_start
from executions_app.models import Execution
from executions_app.operations.start_execution import start_execution
from workflows_app.admin.visibility import staff_workflows
from workflows_app.authoring.errors import WorkflowError
from workflows_app.models import Workflow

if TYPE_CHECKING:
    from executions_app.admin.execution import ExecutionAdmin


def start_view(admin: ExecutionAdmin, request: HttpRequest, workflow_id: str) -> HttpResponse:
    """Ask for the input of a workflow, and start it with what is sent."""
    if not may_start(request):
        raise PermissionDenied
    workflow = staff_workflows(request.user).filter(pk=unquote(workflow_id)).first()
    if workflow is None:
        raise Http404("there is no such workflow")
    schema = workflow.published.plan.get("inputs", {}) if workflow.published else {}
    form = InputForm(request.POST) if request.method == "POST" else blank_form(schema)
    if form.is_bound and form.is_valid():
        execution = _start(request, workflow, form)
        if execution is not None:
            admin.log_addition(request, execution, "Started in the admin.")
            messages.success(request, f"Started {workflow.name}.")
            return HttpResponseRedirect(
                reverse("admin:executions_app_execution_change", args=[quote(execution.pk)])
            )
    context = {
        "title": f"Run {workflow.name}",
        "workflow": workflow,
        "form": form,
        "input_fields": input_fields(schema),
    }
    return admin.page(request, "start", context)


def _start(request: HttpRequest, workflow: Workflow, form: InputForm) -> Execution | None:
    """Return the execution, or ``None`` with the reason among the form's errors."""
    input_data = form.cleaned_data["input"]
    try:
        return start_execution(
            workflow,
            input_data={} if input_data is None else input_data,
            owner=request.user,
            runtime_context=form.cleaned_data["runtime_context"],
            trigger=Execution.Trigger.ADMIN,
            idempotency_key=f"admin:{form.cleaned_data['key']}",
        )
    except WorkflowError as error:
        form.explain(error)
        return None
