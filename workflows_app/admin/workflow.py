"""Workflows in the admin: what is saved, whether it is sound, and every version there was.

Refuses to save without compiling, and to edit what code defines.
"""

from __future__ import annotations

from typing import Any

from django.contrib import admin, messages
from django.contrib.admin.utils import quote, unquote
from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import URLPattern, path, reverse
from django.utils.html import format_html
from django.utils.http import urlencode
from django.utils.safestring import SafeString

from workflows_app.admin.definition_form import BLANK_DEFINITION, DefinitionForm
from workflows_app.admin.json_form_field import MAX_CHARS
from workflows_app.admin.rendering import NOTHING, badge, json_text, url_or_none
from workflows_app.admin.visibility import staff_workflows
from workflows_app.models import Workflow
from workflows_app.operations.save_draft import RevisionConflict, create_draft, save_draft
from workflows_app.queries import versions_of

#: Older versions are reached by their number in the address.
VERSIONS_SHOWN = 100
#: Views of an app this one does not know; where it is not installed, their links are left out.
EXECUTIONS, START = "admin:executions_app_execution_changelist", "admin:executions_app_start"
MAY_START = "executions_app.add_execution"


@admin.register(Workflow)
class WorkflowAdmin(admin.ModelAdmin):
    """One list, one page a workflow, one page a version."""

    list_display = ("name", "source", "soundness", "live", "owner", "updated_at", "executions")
    list_display_links = ("name",)
    list_filter = ("compile_status", "source", "updated_at")
    list_select_related = ("published", "owner")
    list_per_page = 50
    search_fields = ("id", "name", "description")
    search_help_text = "Part of a name, a description or an id"
    show_full_result_count = False
    show_facets = admin.ShowFacets.NEVER
    actions = None
    ordering = ("-updated_at", "id")

    class Media:
        css = {"all": ["workflows_app/admin.css"]}

    # --- who may what --------------------------------------------------------------------------
    def get_queryset(self, request: HttpRequest) -> QuerySet[Workflow]:
        return staff_workflows(request.user).order_by(*self.ordering)

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Drawn ones may be edited by those who have the permission; code is edited as code."""
        if obj is not None and obj.source != Workflow.Source.DRAWN:
            return False
        return super().has_change_permission(request, obj)

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False  # history points here; the API retires workflows, rows stay

    # --- the list ------------------------------------------------------------------------------
    def changelist_view(self, request: HttpRequest, extra_context: Any = None) -> HttpResponse:
        return super().changelist_view(request, {"title": "Workflows", **(extra_context or {})})

    @admin.display(description="compiles", ordering="compile_status")
    def soundness(self, workflow: Workflow) -> SafeString:
        return badge(workflow.compile_status)

    @admin.display(description="live version", ordering="published__number")
    def live(self, workflow: Workflow) -> str:
        return f"v{workflow.published.number}" if workflow.published else NOTHING

    @admin.display(description="executions")
    def executions(self, workflow: Workflow) -> SafeString | str:
        url = _executions_url(workflow)
        return format_html('<a href="{}">show</a>', url) if url else NOTHING

    # --- pages ---------------------------------------------------------------------------------
    def get_urls(self) -> list[URLPattern]:
        version = path(
            "<path:object_id>/versions/<int:number>/",
            self.admin_site.admin_view(self.version_view),
            name="workflows_app_workflow_version",
        )
        return [version, *super().get_urls()]

    def changeform_view(
        self,
        request: HttpRequest,
        object_id: str | None = None,
        form_url: str = "",
        extra_context: Any = None,
    ) -> HttpResponse:
        """Show one workflow, or a blank one, and save what its form holds."""
        workflow = self._find(request, object_id) if object_id is not None else None
        editable = (
            self.has_change_permission(request, workflow)
            if workflow
            else self.has_add_permission(request)
        )
        if not editable and (workflow is None or request.method not in ("GET", "HEAD")):
            raise PermissionDenied
        form = self._form(request, workflow) if editable else None
        if form is not None and form.is_bound and form.is_valid():
            saved = self._save(request, workflow, form)
            if saved is not None:
                return HttpResponseRedirect(_address(saved))
        return self._page(request, "change_form", self._described(request, workflow, form=form))

    def version_view(self, request: HttpRequest, object_id: str, number: int) -> HttpResponse:
        """Show one version, as it was written."""
        workflow = self._find(request, object_id)
        version = versions_of(workflow).filter(number=number).first()
        if version is None:
            raise Http404("there is no such version")
        context = {
            "title": f"{workflow.name}, version {version.number}",
            "workflow": workflow,
            "version": version,
            "is_live": workflow.published_id == version.pk,
            "diagnostics": version.diagnostics,
            "definition_text": json_text(version.definition),
            "plan_text": json_text(version.plan),
        }
        return self._page(request, "version", context)

    def _find(self, request: HttpRequest, object_id: str) -> Workflow:
        """Return the workflow, if the user may see it.

        Raises:
            PermissionDenied: if the user may see none.
            Http404: if there is none, or it is somebody else's.
        """
        if not self.has_view_permission(request):
            raise PermissionDenied
        workflow = self.get_queryset(request).filter(pk=unquote(object_id)).first()
        if workflow is None:
            raise Http404("there is no such workflow")
        return workflow

    def _form(self, request: HttpRequest, workflow: Workflow | None) -> DefinitionForm:
        initial = {
            "definition": json_text(
                workflow.definition if workflow else BLANK_DEFINITION, max_chars=MAX_CHARS
            ),
            "revision": workflow.revision if workflow else None,
        }
        return DefinitionForm(request.POST if request.method == "POST" else None, initial=initial)

    def _save(
        self, request: HttpRequest, workflow: Workflow | None, form: DefinitionForm
    ) -> Workflow | None:
        """Return the saved workflow, or ``None`` with the reason among the form's errors."""
        definition = form.cleaned_data["definition"]
        revision = form.cleaned_data["revision"]
        if workflow is None:
            saved = create_draft(definition=definition, owner=request.user)
            self.log_addition(request, saved, "Drawn in the admin.")
        else:
            try:
                saved = save_draft(
                    workflow,
                    definition=definition,
                    by=request.user,
                    expected_revisions=None if revision is None else frozenset({revision}),
                )
            except RevisionConflict as conflict:
                now = conflict.details["theirs"]["revision"]
                form.add_error(
                    None,
                    f"Not saved: somebody saved revision {now} since you opened revision "
                    f"{revision}. Keep a copy of your text, open the page anew and merge.",
                )
                return None
            except Workflow.DoesNotExist:
                form.add_error(None, "Not saved: the workflow was deleted since you opened it.")
                return None
            self.log_change(request, saved, f"Saved revision {saved.revision}.")
        self._tell(request, saved)
        return saved

    def _tell(self, request: HttpRequest, workflow: Workflow) -> None:
        match workflow.compile_status:
            case Workflow.CompileStatus.ERRORS:
                live = workflow.published_id is not None
                kept = "the version before stays live" if live else "nothing is live"
                said = f"Saved, with errors: {kept}. What is wrong stands under Diagnostics."
                messages.warning(request, said)
            case Workflow.CompileStatus.WARNINGS:
                messages.success(request, "Saved and live; the warnings stand under Diagnostics.")
            case _:
                messages.success(request, "Saved and live.")

    def _described(
        self, request: HttpRequest, workflow: Workflow | None, *, form: DefinitionForm | None
    ) -> dict[str, Any]:
        if workflow is None:
            return {"title": "Add workflow", "workflow": None, "form": form}
        can_start = workflow.published is not None and request.user.has_perm(MAY_START)
        versions = versions_of(workflow).defer("definition", "plan", "diagnostics")
        return {
            "title": workflow.name,
            "workflow": workflow,
            "form": form,
            "diagnostics": workflow.diagnostics,
            "definition_text": "" if form else json_text(workflow.definition),
            "versions": versions[:VERSIONS_SHOWN],
            "start_url": url_or_none(START, quote(workflow.pk)) if can_start else None,
            "executions_url": _executions_url(workflow),
        }

    def _page(self, request: HttpRequest, template: str, context: Any) -> TemplateResponse:
        request.current_app = self.admin_site.name
        return TemplateResponse(
            request,
            f"admin/workflows_app/workflow/{template}.html",
            {**self.admin_site.each_context(request), "opts": self.opts, "media": self.media}
            | context,
        )


def _executions_url(workflow: Workflow) -> str | None:
    return url_or_none(EXECUTIONS, query="?" + urlencode({"workflow": workflow.pk}))


def _address(workflow: Workflow) -> str:
    return reverse("admin:workflows_app_workflow_change", args=[quote(workflow.pk)])
