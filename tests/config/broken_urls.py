"""Routes that fail in each way a view can, for ``test_web_answers``."""

from __future__ import annotations

from django.core.exceptions import PermissionDenied, SuspiciousOperation
from django.db import OperationalError
from django.http import HttpRequest, HttpResponse
from django.urls import path

from config.urls import handler400, handler403, handler404, handler500

__all__ = ["handler400", "handler403", "handler404", "handler500", "urlpatterns"]


def _raising(error: Exception):
    def view(request: HttpRequest) -> HttpResponse:
        raise error

    return view


def _accepting(request: HttpRequest) -> HttpResponse:
    return HttpResponse(str(len(request.body)))


_views = {
    "broken": _raising(RuntimeError("SELECT secret FROM /srv/inside")),
    "forbidden": _raising(PermissionDenied("inside")),
    "suspicious": _raising(SuspiciousOperation("inside")),
    "busy": _raising(OperationalError("connection to inside failed")),
    "form": _accepting,
}
urlpatterns = [
    path(f"{prefix}{name}/", view) for prefix in ("", "api/") for name, view in _views.items()
]
