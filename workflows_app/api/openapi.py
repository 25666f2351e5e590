"""How operations are described.  Refuses an operation without an example and without its errors."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from types import MappingProxyType
from typing import Any, TypeVar

from drf_spectacular.utils import (
    OpenApiExample,
    OpenApiParameter,
    OpenApiResponse,
    extend_schema,
    inline_serializer,
)
from rest_framework import serializers

from workflows_app.api.bodies import JsonObject
from workflows_app.api.filters import Filters, parameters
from workflows_app.api.paging import MAX_PAGE_SIZE, PAGE_SIZE

View = TypeVar("View", bound=Callable[..., Any])
Json = Any

#: Status -> (what it means, code, message); the example of each error.
ERRORS: Mapping[int, tuple[str, str, str]] = MappingProxyType(
    {
        400: (
            "The request cannot be understood.",
            "request.invalid",
            "correct the fields that are named in details.problems",
        ),
        401: (
            "No valid credentials.",
            "auth.required",
            "log in at /api/auth/login/ or send an Authorization: Token header",
        ),
        403: (
            "The account may not do that, or the CSRF token is missing.",
            "request.csrf",
            "send the csrftoken cookie's value as the X-CSRFToken header",
        ),
        404: (
            "There is no such thing among what the caller may see.",
            "workflow.not_found",
            "there is no workflow 'x'; /api/workflows/ lists yours",
        ),
        409: (
            "The thing is in another state than the request asks for.",
            "workflow.read_only",
            "workflow 'hello' is defined in Python; change it in workflows_app.workflows",
        ),
        413: (
            "The body, or one text in it, is too large.",
            "request.too_large",
            "send at most 2621440 bytes in one request",
        ),
        415: (
            "The body is not JSON.",
            "request.unsupported_media_type",
            "send the body as application/json",
        ),
        429: ("Too many requests.", "request.throttled", "too many requests; wait 60 seconds"),
        502: (
            "A service we had to ask refused us.",
            "composio.unauthorized",
            "the service refused our key",
        ),
        503: ("Try again later.", "server.busy", "try again in a moment"),
    }
)


class ErrorSerializer(serializers.Serializer[Any]):
    """What went wrong."""

    code = serializers.CharField(help_text="Stable; for programs.")
    message = serializers.CharField(help_text="Says what to do; for people.")
    details = JsonObject(help_text="What the message is about, by code.")


def operation(
    operation_id: str,
    *,
    summary: str,
    answers: Mapping[int, tuple[Any, Json]],
    tag: str,
    takes: tuple[type[serializers.Serializer[Any]], Json] | None = None,
    filters: Filters | None = None,
    headers: Sequence[OpenApiParameter] = (),
    errors: Sequence[int] = (),
    description: str = "",
    anonymous: bool = False,
) -> Callable[[View], View]:
    """Return a decorator that describes a view's method.

    ``answers`` maps a status to (serializer, example); ``takes`` is the same for the body.
    Errors that come with having a body or credentials are added.
    """
    expected = {*errors, *(() if anonymous else (401,))}
    expected |= {400, 403, 413, 415} if takes else set()
    expected |= {400} if filters is not None else set()
    examples = [
        OpenApiExample(f"{summary} ({status})", value, response_only=True, status_codes=[status])
        for status, (_, value) in answers.items()
        if value is not None
    ]
    if takes:
        examples.append(OpenApiExample(summary, takes[1], request_only=True))
    responses: dict[int, Any] = {
        status: OpenApiResponse(shape, description=summary)
        for status, (shape, _) in answers.items()
    }
    for status in sorted(expected):
        responses[status] = _error(status)
    extra: dict[str, Any] = {"auth": []} if anonymous else {}
    return extend_schema(
        operation_id=operation_id,
        summary=summary,
        description=description or summary,
        request=takes[0] if takes else None,
        responses=responses,
        examples=examples,
        parameters=[*parameters(filters or {}), *headers],
        tags=[tag],
        **extra,
    )


def page_of(name: str, row: type[serializers.Serializer[Any]]) -> serializers.Serializer[Any]:
    """Return the shape of one page of ``row``."""
    return inline_serializer(
        name,
        {
            "results": row(many=True),
            "next": serializers.URLField(allow_null=True),
            "previous": serializers.URLField(allow_null=True),
        },
    )


def page_example(*rows: Json) -> dict[str, Json]:
    """Return a page that holds ``rows`` and is the only one."""
    return {"results": list(rows), "next": None, "previous": None}


def _error(status: int) -> OpenApiResponse:
    meaning, code, message = ERRORS[status]
    example = OpenApiExample(
        code,
        {"code": code, "message": message, "details": {}},
        response_only=True,
        status_codes=[status],
    )
    return OpenApiResponse(ErrorSerializer, description=meaning, examples=[example])


PAGING_PARAMETERS = [
    OpenApiParameter("cursor", str, description="From a next or previous link."),
    OpenApiParameter(
        "page_size",
        {"type": "integer", "minimum": 1, "maximum": MAX_PAGE_SIZE, "default": PAGE_SIZE},
        description="How many to answer at once.",
    ),
]
IF_MATCH = OpenApiParameter(
    "If-Match",
    str,
    OpenApiParameter.HEADER,
    description='The revision the change was made to, as in ETag: `"3"`. Without it, or with '
    "`*`, whatever is stored is overwritten.",
)
