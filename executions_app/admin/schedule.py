"""Schedules in the admin: when what starts by itself, and what became of it.

Refuses staff other people's schedules, and changes to those that code defines; these can be paused.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.contrib import admin, messages
from django.contrib.admin.utils import unquote
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString

from executions_app.admin.schedule_form import ScheduleForm
from executions_app.models import Schedule, ScheduleFire
from executions_app.operations.find_schedules import schedules_for
from executions_app.operations.pause_schedule import pause_schedule, resume_schedule
from executions_app.operations.set_schedule import (
    change_schedule,
    create_schedule,
    delete_schedule,
)
from executions_app.operations.trigger_schedule import trigger_schedule
from workflows_app.admin.rendering import NOTHING, badge
from workflows_app.authoring.errors import WorkflowError
from workflows_app.queries import workflows_for

FIRES_SHOWN = 25


class FireInline(admin.TabularInline):
    """The latest slots, read-only."""

    model = ScheduleFire
    verbose_name_plural = "latest fires"
    fields = ("slot", "outcome", "reason", "execution_link", "fired_at")
    readonly_fields = fields
    ordering = ("-slot",)
    extra = max_num = 0
    can_delete = False

    def get_queryset(self, request: HttpRequest) -> QuerySet[ScheduleFire]:
        match = request.resolver_match
        schedule_id = unquote(match.kwargs.get("object_id", "")) if match else ""
        latest = ScheduleFire.objects.filter(schedule_id=schedule_id).order_by("-slot", "-id")
        return super().get_queryset(request).filter(pk__in=latest.values("pk")[:FIRES_SHOWN])

    def has_add_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_view_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return True  # whoever sees the schedule

    @admin.display(description="execution")
    def execution_link(self, fire: ScheduleFire) -> SafeString | str:
        if fire.execution_id is None:
            return NOTHING
        address = reverse("admin:executions_app_execution_change", args=[fire.execution_id])
        return format_html('<a href="{}">{}</a>', address, fire.execution_id)


@admin.register(Schedule)
class ScheduleAdmin(admin.ModelAdmin):
    """Written with a form, through the operations."""

    form = ScheduleForm
    inlines = (FireInline,)
    autocomplete_fields = ("workflow",)
    list_display = ("workflow", "when", "timezone", "state", "overlap", "owner", "source")
    list_filter = ("source", "overlap")
    list_per_page = 50
    ordering = ("-created_at", "-id")
    sortable_by = ()
    search_fields = ("id", "workflow__name")
    search_help_text = "Part of an id, or of a workflow's name"
    show_full_result_count = False
    show_facets = admin.ShowFacets.NEVER
    actions = ("pause_selected", "resume_selected", "trigger_selected")

    class Media:
        css = {"all": ["workflows_app/admin.css"]}

    # --- who may what --------------------------------------------------------------------------
    def get_queryset(self, request: HttpRequest) -> QuerySet[Schedule]:
        return schedules_for(request.user).order_by(*self.ordering)

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return _is_written_here(obj) and super().has_change_permission(request, obj)

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return _is_written_here(obj) and super().has_delete_permission(request, obj)

    def has_pause_permission(self, request: HttpRequest) -> bool:
        return super().has_change_permission(request)

    def has_start_permission(self, request: HttpRequest) -> bool:
        return bool(request.user.has_perm("executions_app.add_execution"))

    # --- the list ------------------------------------------------------------------------------
    @admin.display(description="when")
    def when(self, schedule: Schedule) -> str:
        return schedule.cron or f"every {schedule.interval_seconds} s"

    @admin.display(description="next (UTC)")
    def state(self, schedule: Schedule) -> SafeString | str:
        if schedule.paused_at is not None:
            return badge("paused")
        if schedule.next_fire_at is None:
            return badge("ended")
        return f"{schedule.next_fire_at:%Y-%m-%d %H:%M:%S}"

    @admin.action(description="Pause selected schedules", permissions=["pause"])
    def pause_selected(self, request: HttpRequest, rows: QuerySet[Schedule]) -> None:
        by = request.user.get_username()
        self._each(request, rows, "Paused", lambda row: pause_schedule(row.pk, by=by))

    @admin.action(description="Resume selected schedules", permissions=["pause"])
    def resume_selected(self, request: HttpRequest, rows: QuerySet[Schedule]) -> None:
        self._each(request, rows, "Resumed", lambda row: resume_schedule(row.pk))

    @admin.action(description="Fire selected schedules now", permissions=["start"])
    def trigger_selected(self, request: HttpRequest, rows: QuerySet[Schedule]) -> None:
        by = request.user.get_username()
        self._each(request, rows, "Fired", lambda row: trigger_schedule(row.pk, by=by))

    def _each(
        self,
        request: HttpRequest,
        rows: QuerySet[Schedule],
        done: str,
        act: Callable[[Schedule], object],
    ) -> None:
        """Act on each; every failure has a message of its own and stops no other."""
        count = 0
        for row in rows:
            try:
                act(row)
            except WorkflowError as error:
                messages.error(request, f"{row.pk}: {error}")
            else:
                self.log_change(request, row, f"{done}.")
                count += 1
        if count:
            what = "1 schedule" if count == 1 else f"{count} schedules"
            messages.success(request, f"{done} {what}.")

    # --- the page of one -----------------------------------------------------------------------
    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> tuple[str, ...]:
        if obj is None:
            return ()
        return ("workflow", "owner", "source", "paused_at", "paused_by", "next_fire_at")

    def get_fields(self, request: HttpRequest, obj: Any = None) -> list[str]:
        written = list(ScheduleForm.Meta.fields)
        return written if obj is None else [*written, *self.get_readonly_fields(request, obj)[1:]]

    def formfield_for_foreignkey(self, db_field: Any, request: HttpRequest, **options: Any) -> Any:
        if db_field.name == "workflow":
            # Not what staff only look after: the schedule runs as the one who writes it.
            options["queryset"] = workflows_for(request.user)
        return super().formfield_for_foreignkey(db_field, request, **options)

    def render_change_form(
        self, request: HttpRequest, context: dict[str, Any], *args: Any, **options: Any
    ) -> HttpResponse:
        form = context["adminform"].form
        shown = form.next_fires() if isinstance(form, ScheduleForm) else []
        context |= {"next_fires": shown, "is_preview": getattr(form, "is_preview", False)}
        return super().render_change_form(request, context, *args, **options)

    # --- writing -------------------------------------------------------------------------------
    def save_model(
        self, request: HttpRequest, obj: Schedule, form: ScheduleForm, change: bool
    ) -> None:
        if change:
            saved = change_schedule(obj.pk, form.rule)
        else:
            saved = create_schedule(form.rule, workflow=obj.workflow, owner=request.user)
        obj.pk = saved.pk
        obj.refresh_from_db()

    def delete_model(self, request: HttpRequest, obj: Schedule) -> None:
        delete_schedule(obj.pk)

    def delete_queryset(self, request: HttpRequest, queryset: QuerySet[Schedule]) -> None:
        for row in queryset:
            try:
                delete_schedule(row.pk)
            except WorkflowError as error:
                messages.error(request, f"{row.pk}: {error}")


def _is_written_here(schedule: Schedule | None) -> bool:
    return schedule is None or schedule.source != Schedule.Source.PYTHON
