"""What people are asked, in the admin: the list, and the page of one with the form of its answer.

Refuses to answer for those who are not asked, and to change what was answered.
"""

from __future__ import annotations

from typing import Any

from django.contrib import admin, messages
from django.contrib.admin.utils import quote, unquote
from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils.safestring import SafeString

from executions_app.admin.schema_form import SchemaForm
from executions_app.errors import ResumeDataInvalid
from executions_app.models import Approval
from executions_app.operations.answer_task import answer_task
from executions_app.operations.find_tasks import tasks_for
from workflows_app.admin.rendering import badge, json_text
from workflows_app.authoring.errors import WorkflowError

TITLE_CHARS = 100


@admin.register(Approval)
class ApprovalAdmin(admin.ModelAdmin):
    """Read, and answered through the operation."""

    list_display = (
        *("short_title", "status_badge", "workflow_name", "of", "created_at", "deadline_at"),
        "answered_by",
    )
    list_filter = ("status",)
    list_per_page = 50
    ordering = ("-created_at", "-id")
    sortable_by = ()
    search_fields = ("execution__id", "title")
    search_help_text = "An execution's id, or part of the question"
    show_full_result_count = False
    show_facets = admin.ShowFacets.NEVER
    actions = None

    class Media:
        css = {"all": ["workflows_app/admin.css", "executions_app/admin.css"]}

    # --- who may what --------------------------------------------------------------------------
    def get_queryset(self, request: HttpRequest) -> QuerySet[Approval]:
        return tasks_for(request.user).order_by(*self.ordering)

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False  # executions ask

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False  # goes with its execution

    def _may_answer(self, request: HttpRequest, task: Approval) -> bool:
        is_asked: bool = task.can_answer  # type: ignore[attr-defined]
        return is_asked and bool(request.user.has_perm("executions_app.change_approval"))

    # --- the list ------------------------------------------------------------------------------
    @admin.display(description="question")
    def short_title(self, task: Approval) -> str:
        return task.title if len(task.title) <= TITLE_CHARS else f"{task.title[:TITLE_CHARS]}…"

    @admin.display(description="status")
    def status_badge(self, task: Approval) -> SafeString:
        return badge(task.status)

    @admin.display(description="workflow")
    def workflow_name(self, task: Approval) -> str:
        return task.execution.workflow.name

    @admin.display(description="of")
    def of(self, task: Approval) -> str:
        return _of_whom(task)

    # --- the page of one -----------------------------------------------------------------------
    def changeform_view(
        self,
        request: HttpRequest,
        object_id: str | None = None,
        form_url: str = "",
        extra_context: Any = None,
    ) -> HttpResponse:
        """Show one question, and take its answer."""
        if object_id is None or not self.has_view_permission(request):
            raise PermissionDenied
        task = self._find(request, unquote(object_id))
        may_answer = self._may_answer(request, task)
        if request.method != "POST":
            form = SchemaForm(task.form)
        elif not may_answer:
            raise PermissionDenied
        else:
            form = SchemaForm(task.form, request.POST)
            if form.is_valid() and self._answer(request, task, form):
                address = reverse("admin:executions_app_approval_change", args=[quote(task.pk)])
                return HttpResponseRedirect(address)
        is_open = task.status == Approval.Status.OPEN
        context = {
            "title": task.title,
            "task": task,
            "of": _of_whom(task),
            "form": form if may_answer and is_open else None,
            "shown": json_text(task.context) if task.context else "",
            "answer": "" if task.answered_at is None else json_text(task.answer),
        }
        return self._page(request, context)

    def _find(self, request: HttpRequest, task_id: str) -> Approval:
        is_number = task_id.isascii() and task_id.isdigit() and len(task_id) <= 18
        found = self.get_queryset(request).filter(pk=int(task_id)) if is_number else None
        task = found.first() if found is not None else None
        if task is None:
            raise Http404("there is no such task")
        return task

    def _answer(self, request: HttpRequest, task: Approval, form: SchemaForm) -> bool:
        """Answer it, or show in ``form`` why not; return whether it is answered."""
        comment = request.POST.get("comment", "").strip()
        try:
            answer_task(task.pk, user=request.user, data=form.value, comment=comment)
        except ResumeDataInvalid as error:
            form.explain(error.details["problems"])
            return False
        except WorkflowError as error:
            form.add_error(None, str(error))
            return False
        self.log_change(request, task, "Answered.")
        messages.success(request, "Answered; the execution goes on.")
        return True

    def _page(self, request: HttpRequest, context: dict[str, Any]) -> HttpResponse:
        request.current_app = self.admin_site.name
        return TemplateResponse(
            request,
            "admin/executions_app/approval/change_form.html",
            {**self.admin_site.each_context(request), "opts": self.opts, "media": self.media}
            | context,
        )


def _of_whom(task: Approval) -> str:
    owner = task.owner.get_username() if task.owner else "staff"
    return ", ".join(task.assignees) or owner
