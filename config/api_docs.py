"""The API's documentation as a page, from files of our own: it works without a network."""

from __future__ import annotations

from typing import Any

from django.contrib.auth.views import redirect_to_login
from django.http import HttpResponse
from drf_spectacular.utils import extend_schema
from drf_spectacular.views import SpectacularSwaggerSplitView
from rest_framework.permissions import AllowAny
from rest_framework.request import Request
from rest_framework.response import Response

from config.security_headers import CONTENT_SECURITY_POLICY


class ApiDocsView(SpectacularSwaggerSplitView):
    """Swagger UI; its script is a second request, so that none is inline."""

    # People read it: whoever is not logged in is shown where to, not an error object.
    permission_classes = [AllowAny]

    @extend_schema(exclude=True)
    def get(self, request: Request, *args: Any, **kwargs: Any) -> HttpResponse:
        """Return the page, its script, or the way to the login."""
        if not request.user.is_authenticated:
            return redirect_to_login(request.get_full_path(), "/admin/login/")
        response: Response = super().get(request, *args, **kwargs)
        # Swagger UI writes style attributes; scripts stay as strict as everywhere.
        response["Content-Security-Policy"] = (
            f"{CONTENT_SECURITY_POLICY}; style-src 'self' 'unsafe-inline'"
        )
        return response
