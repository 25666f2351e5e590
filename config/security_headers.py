"""Headers that keep a browser from running or showing what is not ours.  Refuses inline scripts.

A view that needs another policy sets the header itself; it is then left as it is.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from asgiref.sync import iscoroutinefunction, markcoroutinefunction
from django.http import HttpRequest, HttpResponseBase

from config.errors import is_api

CONTENT_SECURITY_POLICY = "; ".join(
    (
        "default-src 'self'",
        "img-src 'self' data:",
        "object-src 'none'",
        "base-uri 'none'",
        "form-action 'self'",
        "frame-ancestors 'none'",
    )
)
PERMISSIONS_POLICY = "camera=(), geolocation=(), microphone=(), payment=(), usb=()"


class SecurityHeadersMiddleware:
    """Adds the policies to every response, and keeps answers of the API out of caches."""

    sync_capable = True
    async_capable = True

    def __init__(self, get_response: Callable[[HttpRequest], Any]) -> None:
        self._get_response = get_response
        if iscoroutinefunction(get_response):
            markcoroutinefunction(self)

    def __call__(self, request: HttpRequest) -> Any:
        """Return the response with its headers (an awaitable of it under ASGI)."""
        if iscoroutinefunction(self):
            return self._later(request)
        return _with_headers(request, self._get_response(request))

    async def _later(self, request: HttpRequest) -> HttpResponseBase:
        return _with_headers(request, await self._get_response(request))


def _with_headers(request: HttpRequest, response: HttpResponseBase) -> HttpResponseBase:
    response.headers.setdefault("Content-Security-Policy", CONTENT_SECURITY_POLICY)
    response.headers.setdefault("Permissions-Policy", PERMISSIONS_POLICY)
    if is_api(request):
        response.headers.setdefault("Cache-Control", "no-store")
    return response
