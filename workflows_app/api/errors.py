"""Every failure of the API as ``{"code", "message", "details"}``.  Refuses to show a trace, a path
of this machine or a statement of the database.

What a caller did wrong is a ``WorkflowError`` with a stable code; one table says its status.
"""

from __future__ import annotations

import logging
from collections.abc import Iterator, Mapping
from fnmatch import fnmatchcase
from types import MappingProxyType
from typing import Any

from django.core.exceptions import PermissionDenied
from django.db import InterfaceError, OperationalError
from django.http import Http404
from rest_framework import exceptions
from rest_framework.response import Response
from rest_framework.views import set_rollback

from workflows_app.authoring.errors import WorkflowError
from workflows_app.language.diagnostics import pointer

logger = logging.getLogger(__name__)

#: Code of a ``WorkflowError`` -> HTTP status; the first pattern that fits wins, otherwise 400.
STATUS_OF: Mapping[str, int] = MappingProxyType(
    {
        "auth.required": 401,
        "auth.invalid": 401,
        "auth.forbidden": 403,
        "auth.unavailable": 503,
        "request.csrf": 403,
        "request.too_large": 413,
        "input.too_large": 413,
        "value.lost": 410,
        "stream.limit": 429,
        "*.not_found": 404,
        # The request is sound and the thing is in another state than it asks for.
        "workflow.archived": 409,
        "workflow.not_executable": 409,
        "workflow.not_installed": 409,
        "workflow.invalid": 409,
        "workflow.read_only": 409,
        "schedule.read_only": 409,
        "connection.missing": 409,
        "workflow.no_engine": 503,
        # Another process, of the release that is being deployed, may answer it.
        "plan.unreadable": 503,
        "revision.conflict": 409,
        "idempotency.mismatch": 409,
        "command.not_applicable": 409,
        "command.unknown_step": 409,
        "bulk.busy": 409,
        "execution.running": 409,
        "execution.not_active": 409,
        "step.data_missing": 409,
        "resume.not_suspended": 409,
        "resume.ambiguous": 409,
        "resume.unknown_step": 409,
        "resume.unknown_label": 409,
        "task.answered": 409,
        "task.closed": 409,
        "*.claimed": 409,
        "start.refused": 409,
        # Somebody we had to ask could not be asked.
        "composio.unavailable": 503,
        "composio.rate_limited": 503,
        "composio.unauthorized": 502,
        "composio.outcome_unknown": 502,
    }
)

#: Exceptions of REST framework -> (code, message); ``None`` keeps its own words.
_FRAMEWORK: Mapping[type[Exception], tuple[str, str | None]] = MappingProxyType(
    {
        exceptions.NotAuthenticated: (
            "auth.required",
            "log in at /api/auth/login/ or send an Authorization: Token header",
        ),
        exceptions.AuthenticationFailed: ("auth.invalid", None),
        exceptions.NotFound: ("not_found", "nothing here; /api/schema/ lists what there is"),
        exceptions.MethodNotAllowed: ("request.method_not_allowed", None),
        exceptions.NotAcceptable: ("request.not_acceptable", "accept application/json"),
        exceptions.UnsupportedMediaType: (
            "request.unsupported_media_type",
            "send the body as application/json",
        ),
        exceptions.ParseError: ("request.invalid", None),
    }
)


def status_of(code: str) -> int:
    """Return the HTTP status of a ``WorkflowError`` with ``code``."""
    return next((status for known, status in STATUS_OF.items() if fnmatchcase(code, known)), 400)


def exception_handler(error: Exception, context: Mapping[str, Any]) -> Response:
    """Return the answer to a request that ended in ``error``.  Anything unforeseen is logged."""
    set_rollback()
    if isinstance(error, Http404):
        error = exceptions.NotFound()
    elif isinstance(error, PermissionDenied):
        error = exceptions.PermissionDenied()
    match error:
        case WorkflowError():
            return _answer(status_of(error.code), error.code, str(error), error.details)
        case exceptions.ValidationError():
            return _answer(
                400,
                "request.invalid",
                "correct the fields that are named in details.problems",
                {"problems": list(problems_of(error.detail))},
            )
        case exceptions.Throttled():
            return _throttled(error)
        case exceptions.PermissionDenied():
            return _refused(error)
        case exceptions.APIException():
            return _from_framework(error)
        case OperationalError() | InterfaceError():
            logger.exception("The database could not answer a request", extra=_where(context))
            response = _answer(503, "server.busy", "try again in a moment", {})
            response["Retry-After"] = "1"
            return response
    logger.error(
        "A request broke on an error that was not foreseen", exc_info=error, extra=_where(context)
    )
    return _answer(500, "server.error", "something broke here; it has been logged", {})


def problems_of(detail: Any, *path: str | int) -> Iterator[dict[str, str]]:
    """Yield ``{"path", "message", "code"}`` for each problem a serializer found.

    ``path`` is a JSON Pointer into the body; ``""`` is the whole of it.
    """
    if isinstance(detail, Mapping):
        for key, below in detail.items():
            here = path if key == "non_field_errors" else (*path, key)
            yield from problems_of(below, *here)
    elif isinstance(detail, list):
        for index, below in enumerate(detail):
            nested = isinstance(below, (Mapping, list))
            yield from problems_of(below, *((*path, index) if nested else path))
    else:
        code = getattr(detail, "code", "invalid")
        yield {"path": pointer(*path), "message": str(detail), "code": str(code)}


def _answer(status: int, code: str, message: str, details: Mapping[str, Any]) -> Response:
    return Response({"code": code, "message": message, "details": dict(details)}, status=status)


def _throttled(error: exceptions.Throttled) -> Response:
    seconds = max(1, round(error.wait or 1))
    response = _answer(
        429,
        "request.throttled",
        f"too many requests; wait {seconds} seconds",
        {"retry_after_seconds": seconds},
    )
    response["Retry-After"] = str(seconds)
    return response


def _refused(error: exceptions.PermissionDenied) -> Response:
    # REST framework has no exception of its own for a request that may come from a foreign page.
    if str(error.detail).startswith("CSRF Failed"):
        return _answer(
            403,
            "request.csrf",
            "send the csrftoken cookie's value as the X-CSRFToken header",
            {},
        )
    return _answer(403, "auth.forbidden", "this account may not do that", {})


def _from_framework(error: exceptions.APIException) -> Response:
    code, message = next(
        (said for kind, said in _FRAMEWORK.items() if isinstance(error, kind)),
        ("request.invalid", None),
    )
    response = _answer(error.status_code, code, message or str(error.detail), {})
    challenge = getattr(error, "auth_header", None)
    if challenge:
        response["WWW-Authenticate"] = challenge
    return response


def _where(context: Mapping[str, Any]) -> dict[str, str]:
    request, view = context.get("request"), context.get("view")
    return {
        "action": type(view).__name__,
        "method": getattr(request, "method", "") or "",
        "path": getattr(request, "path", ""),
    }
