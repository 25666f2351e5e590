"""Executions in the admin: the list, and the page of one with everything that happened to it.

Refuses to change history: an execution is started and commanded through the operations, and
deleted, whole, once it has ended.
"""

from __future__ import annotations

from functools import partial
from typing import Any

from django.contrib import admin, messages
from django.contrib.admin.utils import quote, unquote
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseNotAllowed
from django.template.response import TemplateResponse
from django.urls import URLPattern, path, reverse
from django.utils import timezone
from django.utils.html import format_html
from django.utils.safestring import SafeString

from executions_app.admin.commands import ACTIONS, command_view
from executions_app.admin.execution_commands import COMMANDS, offered
from executions_app.admin.filters import WorkflowFilter
from executions_app.admin.history import (
    EVENTS_SHOWN,
    causes_of,
    duration_of,
    events_of,
    for_page,
    steps_of,
    values_of,
)
from executions_app.admin.inside import inside_of
from executions_app.admin.listing import NewestFirst
from executions_app.admin.start import start_view
from executions_app.admin.timeline import UNITS, timeline
from executions_app.admin.visibility import may_cancel, may_start, staff_executions
from executions_app.engine.statuses import FINAL
from executions_app.models import Execution
from executions_app.operations.delete import forget
from executions_app.waiting_reasons import waiting_reasons
from workflows_app.admin.rendering import badge, duration_text

#: What a list may be asked for by its address; anything else would search without an index.
LOOKUPS = frozenset(
    {
        *("status__exact", "trigger__exact", "workflow", "created_at__gte", "created_at__lt"),
        "parent__exact",
    }
)
RERUNS_SHOWN = 20
SHORT_ID_CHARS = 8


@admin.register(Execution)
class ExecutionAdmin(admin.ModelAdmin):
    """History, read-only."""

    list_display = (
        "workflow_name",
        "status_badge",
        "created",
        "took",
        "trigger",
        "owner",
        "short_id",
    )
    list_display_links = ("workflow_name", "short_id")
    list_filter = ("status", WorkflowFilter, "trigger", "created_at")
    list_per_page = 50
    search_fields = ("id",)
    search_help_text = "The beginning of an execution's id, or a workflow's id or part of its name"
    sortable_by = ()
    show_full_result_count = False
    show_facets = admin.ShowFacets.NEVER
    actions = ACTIONS

    class Media:
        css = {"all": ["workflows_app/admin.css", "executions_app/admin.css"]}

    # --- who may what --------------------------------------------------------------------------
    def get_queryset(self, request: HttpRequest) -> QuerySet[Execution]:
        return staff_executions(request)

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False  # started with an input, on a page of its own

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        is_alone = obj is None or (obj.status in FINAL and obj.root_id is None)
        return is_alone and super().has_delete_permission(request, obj)

    def has_cancel_permission(self, request: HttpRequest) -> bool:
        return may_cancel(request)

    def has_start_permission(self, request: HttpRequest) -> bool:
        return may_start(request)

    # --- the list ------------------------------------------------------------------------------
    def get_changelist(self, request: HttpRequest, **kwargs: Any) -> type[NewestFirst]:
        return NewestFirst

    def changelist_view(self, request: HttpRequest, extra_context: Any = None) -> HttpResponse:
        return super().changelist_view(request, {"title": "Executions", **(extra_context or {})})

    def lookup_allowed(self, lookup: str, value: Any, request: Any = None) -> bool:
        return lookup in LOOKUPS

    def get_search_results(
        self, request: HttpRequest, queryset: QuerySet[Execution], search_term: str
    ) -> tuple[QuerySet[Execution], bool]:
        return queryset, False  # the list searches, see NewestFirst

    def response_action(self, request: HttpRequest, queryset: Any) -> HttpResponse | None:
        if request.POST.get("select_across", "0") not in ("", "0"):
            messages.error(request, "Actions apply to the executions of one page; tick those.")
            return None
        return super().response_action(request, queryset)

    @admin.display(description="workflow")
    def workflow_name(self, execution: Execution) -> str:
        return f"{execution.workflow.name} v{execution.version.number}"

    @admin.display(description="status")
    def status_badge(self, execution: Execution) -> SafeString:
        return badge(execution.status, label=status_label(execution))

    @admin.display(description="id")
    def short_id(self, execution: Execution) -> SafeString:
        # Ids begin with the time, so the end is what tells neighbours apart.
        full = execution.pk
        text = full if len(full) <= SHORT_ID_CHARS else f"…{full[-SHORT_ID_CHARS:]}"
        return format_html('<code title="{}">{}</code>', full, text)

    @admin.display(description="created")
    def created(self, execution: Execution) -> str:
        return f"{timezone.localtime(execution.created_at):%Y-%m-%d %H:%M:%S}"

    @admin.display(description="took")
    def took(self, execution: Execution) -> str:
        return duration_text(duration_of(execution, now=timezone.now()))

    # --- pages ---------------------------------------------------------------------------------
    def get_urls(self) -> list[URLPattern]:
        def view(route: str, function: Any, name: str) -> URLPattern:
            return path(route, self.admin_site.admin_view(function), name=name)

        prefix = "executions_app_execution"
        return [
            view("start/<path:workflow_id>/", partial(start_view, self), "executions_app_start"),
            *(
                view(
                    f"<path:object_id>/{command.name}/",
                    partial(command_view, self, command=command),
                    f"{prefix}_{command.name}",
                )
                for command in COMMANDS
            ),
            *super().get_urls(),
        ]

    def changeform_view(
        self,
        request: HttpRequest,
        object_id: str | None = None,
        form_url: str = "",
        extra_context: Any = None,
    ) -> HttpResponse:
        """Show one execution."""
        if object_id is None or not self.has_view_permission(request):
            raise PermissionDenied
        if request.method not in ("GET", "HEAD"):
            return HttpResponseNotAllowed(["GET", "HEAD"])
        execution = for_page(self.get_queryset(request)).filter(pk=unquote(object_id)).first()
        if execution is None:
            raise Http404("there is no such execution")
        return self.page(request, "change_form", self._described(request, execution))

    def _described(self, request: HttpRequest, execution: Execution) -> dict[str, Any]:
        now = timezone.now()
        page = max(_number(request.GET.get("steps")), 1)
        steps, more_steps = steps_of(execution, page=page, now=now)
        bars = timeline(
            [step.span for step in steps],
            begin=execution.started_at or execution.created_at,
            end=execution.ended_at,
            now=now,
        )
        visible = staff_executions(request).select_related(None).only("status", "created_at")
        reruns = visible.filter(rerun_of_id=execution.pk).order_by("created_at", "id")
        is_final = execution.status in FINAL
        return {
            "title": execution.workflow.name,
            "execution": execution,
            "status_label": status_label(execution),
            "took": duration_text(duration_of(execution, now=now)),
            "values": values_of(execution),
            "causes": causes_of(execution.error),
            "steps": [(step, duration_text(step.duration)) for step in steps],
            "steps_page": page,
            "more_steps": more_steps,
            "bars": [(bar, duration_text(bar.ran_for)) for bar in bars],
            "bar_units": UNITS,
            "events": events_of(execution),
            "events_shown": EVENTS_SHOWN,
            "reruns": reruns[:RERUNS_SHOWN],
            "is_final": is_final,
            "reasons": waiting_reasons(execution),
            "commands": [
                (command, f"admin:executions_app_execution_{command.name}")
                for command in offered(request, execution)
            ],
            "inside": inside_of(request, execution),
            "can_delete": self.has_delete_permission(request, execution),
        }

    def page(self, request: HttpRequest, template: str, context: dict[str, Any]) -> HttpResponse:
        """Return one of the admin's own pages."""
        request.current_app = self.admin_site.name
        return TemplateResponse(
            request,
            f"admin/executions_app/execution/{template}.html",
            {**self.admin_site.each_context(request), "opts": self.opts, "media": self.media}
            | context,
        )

    # --- deleting ------------------------------------------------------------------------------
    def get_deleted_objects(
        self, objs: Any, request: HttpRequest
    ) -> tuple[list[Any], dict[str, int], set[str], list[Any]]:
        """Return what deleting ``objs`` takes away, without reading thousands of events for it."""
        executions = list(objs)
        going_on = [
            format_html("{} has not ended, or is part of another", execution.pk)
            for execution in executions
            if execution.status not in FINAL or execution.root_id is not None
        ]
        lacking = set() if self.has_delete_permission(request) else {"execution"}
        lines = [f"{execution.pk}, with its steps and events" for execution in executions]
        return lines, {"executions": len(executions)}, lacking, going_on

    def delete_queryset(self, request: HttpRequest, queryset: QuerySet[Execution]) -> None:
        with transaction.atomic():
            over = queryset.filter(status__in=FINAL, root=None)
            forget(*over.values_list("pk", flat=True))

    def delete_model(self, request: HttpRequest, obj: Execution) -> None:
        self.delete_queryset(request, Execution.objects.filter(pk=obj.pk))


def status_label(execution: Execution) -> str:
    """Return the status in words; one that was asked to stop and has not yet says so."""
    if execution.status in FINAL or not execution.stopping:
        return execution.status
    return "cancelling" if execution.stopping == "cancel" else "stopping"


def execution_url(execution_id: str) -> str:
    """Return the address of an execution's page."""
    return reverse("admin:executions_app_execution_change", args=[quote(execution_id)])


def _number(written: str | None) -> int:
    return int(written) if written and written.isascii() and written.isdigit() else 0
