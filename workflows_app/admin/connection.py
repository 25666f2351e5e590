"""Connections in the admin: which accounts users have.  Refuses changes: there is no credential to
show, and an account is connected by its owner, who is asked for consent.
"""

from __future__ import annotations

from typing import Any

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils.safestring import SafeString

from workflows_app.admin.rendering import badge
from workflows_app.models import Connection


@admin.register(Connection)
class ConnectionAdmin(admin.ModelAdmin):
    """Read-only, but for deleting; superusers see every user's, others their own."""

    list_display = (
        "toolkit",
        "label",
        "owner",
        "status_badge",
        "is_default",
        "account_id",
        "created_at",
    )
    list_display_links = ("toolkit", "label")
    list_filter = ("status",)
    list_select_related = ("owner",)
    search_fields = ("toolkit", "label", "account_id")
    fields = ("toolkit", "label", "account_id", "owner", "status", "is_default", "created_at")
    show_facets = admin.ShowFacets.NEVER

    class Media:
        css = {"all": ["workflows_app/admin.css"]}

    def get_queryset(self, request: HttpRequest) -> QuerySet[Connection]:
        rows = super().get_queryset(request)
        return rows if request.user.is_superuser else rows.filter(owner=request.user)

    def has_add_permission(self, request: HttpRequest, *args: Any) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    @admin.display(description="status", ordering="status")
    def status_badge(self, connection: Connection) -> SafeString:
        return badge(connection.status)
