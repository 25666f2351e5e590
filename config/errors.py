"""What a failed request is told when no view answered.  Refuses HTML under ``/api/``, and details
of our insides anywhere.

Views answer for themselves: their errors are shaped in ``workflows_app.api.errors``.
"""

from __future__ import annotations

import sys
from typing import Any

from django.db import InterfaceError, OperationalError
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.views import csrf, defaults

API_PREFIX = "/api/"


def error_response(
    *, status: int, code: str, message: str, details: dict[str, Any] | None = None
) -> JsonResponse:
    """Return the API's error body, ``{"code", "message", "details"}``."""
    return JsonResponse({"code": code, "message": message, "details": details or {}}, status=status)


def is_api(request: HttpRequest) -> bool:
    """Return whether the client expects JSON whatever happens."""
    return request.path_info.startswith(API_PREFIX)


def bad_request(request: HttpRequest, exception: Exception) -> HttpResponse:
    """Answer 400: the request was refused before a view saw it."""
    if is_api(request):
        return error_response(
            status=400, code="request.refused", message="send a well-formed request to a known host"
        )
    return defaults.bad_request(request, exception)


def permission_denied(request: HttpRequest, exception: Exception) -> HttpResponse:
    """Answer 403."""
    if is_api(request):
        return error_response(
            status=403, code="auth.forbidden", message="this account may not do that"
        )
    return defaults.permission_denied(request, exception)


def not_found(request: HttpRequest, exception: Exception) -> HttpResponse:
    """Answer 404."""
    if is_api(request):
        return error_response(
            status=404,
            code="not_found",
            message="nothing here; addresses end with a slash, and /api/schema/ lists them",
        )
    return defaults.page_not_found(request, exception)


def server_error(request: HttpRequest) -> HttpResponse:
    """Answer 500, or 503 while the database is away; what went wrong is in the log only."""
    # Called by Django while it handles what was raised.
    is_busy = isinstance(sys.exception(), OperationalError | InterfaceError)
    if not is_api(request):
        answer: HttpResponse = defaults.server_error(request)
        answer.status_code = 503 if is_busy else 500
    elif is_busy:
        answer = error_response(status=503, code="server.busy", message="try again in a moment")
    else:
        answer = error_response(
            status=500, code="server.error", message="something broke here; it has been logged"
        )
    if is_busy:
        answer["Retry-After"] = "1"
    return answer


def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:
    """Answer 403 to a request that a foreign page may have sent."""
    if is_api(request):
        return error_response(
            status=403,
            code="request.csrf",
            message="send the csrftoken cookie's value as the X-CSRFToken header",
        )
    return csrf.csrf_failure(request, reason=reason)
