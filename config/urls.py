"""Where everything is.  Refuses routes of its own besides probes and documentation."""

from __future__ import annotations

from django.contrib import admin
from django.urls import include, path, re_path
from drf_spectacular.views import SpectacularAPIView
from knox.models import get_token_model

from config.api_docs import ApiDocsView
from config.browser import shell
from config.health import healthz, readyz
from workflows_app.admin.login import LimitedLoginForm

admin.site.site_header = admin.site.site_title = "Celeriac"
admin.site.index_title = "Workflows and their executions"
admin.site.login_form = LimitedLoginForm
# A token made in the admin would never be shown; ``manage.py create_token`` shows it once.
admin.site.unregister(get_token_model())

urlpatterns = [
    path("admin/", admin.site.urls),
    path("api/schema/", SpectacularAPIView.as_view(), name="schema"),
    path("api/docs/", ApiDocsView.as_view(url_name="schema"), name="docs"),
    # First, so that no workflow's id takes the addresses under workflows/ that are about its runs.
    path("api/", include("executions_app.api.urls")),
    path("api/", include("workflows_app.api.urls")),
    path("healthz", healthz, name="healthz"),
    path("readyz", readyz, name="readyz"),
    re_path(shell.PATTERN, shell.shell, name="home"),
]

handler400 = "config.errors.bad_request"
handler403 = "config.errors.permission_denied"
handler404 = "config.errors.not_found"
handler500 = "config.errors.server_error"
