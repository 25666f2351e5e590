"""``GET /api/executions/{id}/stream/``: the log as it grows, as Server-Sent Events."""

from __future__ import annotations

from collections.abc import Mapping
from functools import partial
from types import MappingProxyType
from typing import Any

from django.contrib.auth import get_user_model
from django.core.handlers.asgi import ASGIRequest
from django.http import StreamingHttpResponse
from django_eventstream.utils import add_default_headers, get_channelmanager
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiExample, OpenApiParameter, OpenApiResponse, extend_schema
from rest_framework.exceptions import APIException, PermissionDenied
from rest_framework.negotiation import BaseContentNegotiation
from rest_framework.renderers import BaseRenderer
from rest_framework.request import Request

from executions_app.api import examples
from executions_app.api.after_paging import FORMAT, tell_in
from executions_app.api.lookup import execution_of
from executions_app.engine.statuses import FINAL
from executions_app.errors import ExecutionNotFound
from executions_app.queries import executions_for
from executions_app.streaming.channels import channel_of
from executions_app.streaming.log import Log
from executions_app.streaming.stream import Position, Subject, parse_position, stream
from executions_app.streaming.stream_reads import Reading
from executions_app.streaming.stream_slots import MAX_STREAMS, has_room
from workflows_app.api.filters import Filter, parameters, read_filters, text
from workflows_app.api.openapi import ErrorSerializer
from workflows_app.api.views import ApiView
from workflows_app.authoring.errors import WorkflowError

_LONGEST_ID = 10_000
FILTERS: Mapping[str, Filter] = MappingProxyType(
    {
        "last_event_id": text(
            "Go on after this `seq`, as of a record's `last_seq`.", max_length=_LONGEST_ID
        ),
        "lastEventId": text("The same.", max_length=_LONGEST_ID),
        "format": FORMAT,
    }
)
LAST_EVENT_ID = OpenApiParameter(
    "Last-Event-ID",
    str,
    OpenApiParameter.HEADER,
    description="Sent by browsers that come back; counts for more than the parameters.",
)


class StreamLimit(WorkflowError):
    """The caller holds as many streams as one account may."""

    code = "stream.limit"

    def __init__(self) -> None:
        super().__init__(
            f"an account may follow {MAX_STREAMS} streams at a time; close one first",
            details={"limit": MAX_STREAMS},
        )


class NeedsAsgi(APIException):
    """This server cannot stream."""

    status_code = 501
    default_detail = "serve config.asgi:application with an ASGI server to follow executions live"


class _AnyAccept(BaseContentNegotiation):
    """An EventSource accepts nothing but events, but errors are JSON also for it."""

    def select_renderer(
        self, request: Request, renderers: Any, format_suffix: str | None = None
    ) -> tuple[BaseRenderer, str]:
        return renderers[0], renderers[0].media_type


class StreamEvents(ApiView):
    """Streams one execution."""

    http_method_names = ["get", "options"]  # a HEAD would hold a stream that nobody reads
    content_negotiation_class = _AnyAccept

    @extend_schema(
        operation_id="executions_stream",
        summary="Follow an execution",
        description="Every event after the one that was seen last, exactly once and in order, "
        "then live; `event: end` is the last. An id that is none of this execution's gets "
        "`event: reset` and everything from the beginning.",
        tags=["executions"],
        parameters=[*parameters(FILTERS), LAST_EVENT_ID],
        responses={
            (200, "text/event-stream"): OpenApiResponse(
                OpenApiTypes.STR,
                description="`id:` is the `seq`, `event:` the type, `data:` the event.",
                examples=[OpenApiExample("A stream", examples.STREAM, response_only=True)],
            ),
            **{
                (status, "application/json"): OpenApiResponse(ErrorSerializer, description=why)
                for status, why in {
                    400: "A parameter cannot be read.",
                    401: "No valid credentials.",
                    403: "Another site's page asked for it.",
                    404: "There is no such execution among what the caller may see.",
                    429: f"The account follows {MAX_STREAMS} streams.",
                }.items()
            },
        },
    )
    def get(self, request: Request, execution_id: str) -> StreamingHttpResponse:
        """Return the stream."""
        _refuse_other_sites(request)
        asked = read_filters(request, FILTERS)
        subject, position = _subject_and_position(request, execution_id, asked)
        if not isinstance(request._request, ASGIRequest):
            raise NeedsAsgi
        user_id: int = request.user.pk
        if not has_room(user_id):
            raise StreamLimit
        may_look = partial(_may_look, user_id, execution_id)
        response = StreamingHttpResponse(
            stream(subject, position, user_id=user_id, may_look=may_look),
            content_type="text/event-stream",
        )
        add_default_headers(response, request=request._request)
        response["Cache-Control"] = "no-store"
        return response


def _subject_and_position(
    request: Request, execution_id: str, asked: Mapping[str, str]
) -> tuple[Subject, Position]:
    execution = execution_of(request, execution_id)
    if not get_channelmanager().can_read_channel(request.user, channel_of(execution_id)):
        raise ExecutionNotFound(execution_id)
    sent = request.headers.get("Last-Event-ID") or asked.get("last_event_id")
    log = Log(execution_id=execution_id, root_id=execution.root_id or execution_id)
    last_seq = log.last_seq if log.is_part else execution.last_seq
    position = parse_position(sent or asked.get("lastEventId", ""), last_seq=last_seq)
    subject = Subject(
        reading=Reading(log=log, tell=tell_in(asked, execution_id)),
        last_seq=last_seq,
        finished=execution.status in FINAL,
    )
    return subject, position


def _refuse_other_sites(request: Request) -> None:
    """Refuse a cookie that another site's page had the browser send.

    Raises:
        PermissionDenied: if it was so.
    """
    site = request.headers.get("Sec-Fetch-Site", "same-origin")
    if request.auth is None and site not in ("same-origin", "none"):
        raise PermissionDenied


def _may_look(user_id: int, execution_id: str) -> bool:
    """Return whether the user, as they are now, may go on."""
    user = get_user_model().objects.filter(pk=user_id).first()
    return (
        user is not None
        and executions_for(user).filter(pk=execution_id).exists()
        and get_channelmanager().can_read_channel(user, channel_of(execution_id))
    )
