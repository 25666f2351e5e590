"""The API's documentation as a page, from files of our own: it works without a network."""

from __future__ import annotations

from typing import Any

from drf_spectacular.utils import extend_schema
from drf_spectacular.views import SpectacularSwaggerSplitView
from rest_framework.request import Request
from rest_framework.response import Response

from config.security_headers import CONTENT_SECURITY_POLICY


class ApiDocsView(SpectacularSwaggerSplitView):
    """Swagger UI; its script is a second request, so that none is inline."""

    @extend_schema(exclude=True)
    def get(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        """Return the page, or its script."""
        response: Response = super().get(request, *args, **kwargs)
        # Swagger UI writes style attributes; scripts stay as strict as everywhere.
        response["Content-Security-Policy"] = (
            f"{CONTENT_SECURITY_POLICY}; style-src 'self' 'unsafe-inline'"
        )
        return response
