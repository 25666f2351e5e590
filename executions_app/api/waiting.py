"""``/api/waiting/``: what waits for the caller, and how much."""

from __future__ import annotations

import base64
import binascii
import json
from collections.abc import Mapping
from datetime import datetime
from types import MappingProxyType
from typing import Any

from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.utils.urls import remove_query_param, replace_query_param

from executions_app.api import waiting_examples as examples
from executions_app.models import Approval
from executions_app.operations.find_waiting import (
    APPROVAL,
    EVENT,
    KINDS,
    Position,
    Waiting,
    WaitingPage,
    count_waiting,
    find_waiting,
)
from executions_app.queries import shown_value
from executions_app.streaming.wire import step_href
from executions_app.suspensions import form_of
from workflows_app.api.bodies import JsonObject
from workflows_app.api.filters import Filter, InvalidFilter, choice, read_filters, text
from workflows_app.api.named_choice import NamedChoice
from workflows_app.api.openapi import PAGING_PARAMETERS, operation, page_example, page_of
from workflows_app.api.paging import CursorPaging
from workflows_app.api.views import ApiView
from workflows_app.interface import get_plan
from workflows_app.language.plan import face_of, node_of

TAG = "tasks"
FILTERS: Mapping[str, Filter] = MappingProxyType(
    {
        "kind": choice("Only this.", KINDS),
        "workflow": text("Only of the workflow of this id."),
    }
)


class WaitingShape(serializers.Serializer[Waiting]):
    """One thing that waits."""

    id = serializers.SerializerMethodField(help_text="Kind and number.")
    kind = NamedChoice(
        KINDS,
        type_name="WaitingKind",
        help_text="`approval`: a question of a task. `step`: a step of the caller's that "
        "suspended. `event`: one that waits for an event.",
    )
    execution = serializers.CharField(source="row.execution_id")
    root = serializers.SerializerMethodField(help_text="The outermost execution around it.")
    workflow = serializers.CharField(source="row.execution.workflow_id")
    workflow_name = serializers.CharField(source="row.execution.workflow.name")
    step_id = serializers.SerializerMethodField()
    key = serializers.CharField(source="row.node_id", help_text="The run; `resume` takes it.")
    step_name = serializers.SerializerMethodField()
    title = serializers.SerializerMethodField(help_text="Of an approval its question.")
    form = serializers.SerializerMethodField(
        help_text="JSON Schema of the answer; null where anything will do."
    )
    payload = serializers.SerializerMethodField(
        help_text="What is asked or shown. Over 64 KiB `{preview, bytes, truncated, href}`."
    )
    event = serializers.SerializerMethodField(help_text="The event that is waited for.")
    labels = serializers.SerializerMethodField(help_text="Names by which it may be resumed.")
    since = serializers.DateTimeField(source="position.since")
    deadline_at = serializers.SerializerMethodField(
        help_text="When nobody's answer counts any more."
    )
    task = serializers.SerializerMethodField(help_text="Of an approval: its id in /api/tasks/.")

    def get_id(self, it: Waiting) -> str:
        return f"{it.kind}:{it.row.pk}"

    def get_root(self, it: Waiting) -> str:
        return str(it.row.execution.root_id or it.row.execution_id)

    def get_step_id(self, it: Waiting) -> str:
        return face_of(node_of(it.row.node_id))

    def get_step_name(self, it: Waiting) -> str:
        if not isinstance(it.row, Approval):
            return it.row.name
        node = get_plan(it.row.execution.version_id).by_id.get(node_of(it.row.node_id))
        return node.title if node is not None else self.get_step_id(it)

    def get_title(self, it: Waiting) -> str:
        return it.row.title if isinstance(it.row, Approval) else it.row.name

    @extend_schema_field(JsonObject(allow_null=True))
    def get_form(self, it: Waiting) -> Any:
        if isinstance(it.row, Approval):
            return it.row.form
        plan = get_plan(it.row.version_id)
        return form_of(plan, it.row.node_id, workflow_id=it.row.execution.workflow_id)

    @extend_schema_field({})
    def get_payload(self, it: Waiting) -> Any:
        if isinstance(it.row, Approval):
            return shown_value(it.row, "context", href=f"/api/tasks/{it.row.pk}/")
        href = step_href(it.row.execution_id, it.row.node_id)
        return shown_value(it.row, "suspend_payload", href=href)

    def get_event(self, it: Waiting) -> str | None:
        return it.row.event if it.kind == EVENT and not isinstance(it.row, Approval) else None

    @extend_schema_field(serializers.ListField(child=serializers.CharField()))
    def get_labels(self, it: Waiting) -> Any:
        return [] if isinstance(it.row, Approval) else it.row.labels

    @extend_schema_field({"type": "string", "format": "date-time", "nullable": True})
    def get_deadline_at(self, it: Waiting) -> Any:
        when = it.row.deadline_at if isinstance(it.row, Approval) else it.row.due_at
        return None if when is None else serializers.DateTimeField().to_representation(when)

    def get_task(self, it: Waiting) -> int | None:
        return it.row.pk if it.kind == APPROVAL else None


class WaitingCountShape(serializers.Serializer[Any]):
    """How much waits."""

    count = serializers.IntegerField(help_text="What people are asked: approvals and steps.")
    approval = serializers.IntegerField()
    step = serializers.IntegerField()
    event = serializers.IntegerField()


class ListWaiting(ApiView):
    """Lists what waits for the caller."""

    @operation(
        "waiting_list",
        summary="List what waits for you",
        description="Questions that the caller may answer, and what the caller's own executions "
        "wait for: steps that suspended, and events; the newest first.",
        tag=TAG,
        answers={200: (page_of("WaitingPage", WaitingShape), page_example(examples.WAITING))},
        filters=FILTERS,
        headers=PAGING_PARAMETERS,
    )
    def get(self, request: Request) -> Response:
        """Return one page."""
        asked = read_filters(request, FILTERS, paged=True)
        found = find_waiting(
            request.user,
            size=CursorPaging().get_page_size(request),
            kind=asked.get("kind"),
            workflow_id=asked.get("workflow"),
            **_read_cursor(request.query_params.get("cursor")),
        )
        return Response(_page(request, found))


class CountWaiting(ApiView):
    """Counts what waits for the caller."""

    @operation(
        "waiting_count",
        summary="Count what waits for you",
        description="As cheap as a number beside a name has to be that is asked for all the time.",
        tag=TAG,
        answers={200: (WaitingCountShape, examples.COUNT)},
        filters={},
    )
    def get(self, request: Request) -> Response:
        """Return the numbers."""
        read_filters(request, {})
        return Response(WaitingCountShape(count_waiting(request.user)).data)


def _page(request: Request, found: WaitingPage) -> dict[str, Any]:
    address = request.build_absolute_uri()
    following = previous = None
    if found.rows and found.has_older:
        cursor = _written("after", found.rows[-1].position)
        following = replace_query_param(address, "cursor", cursor)
    if found.rows and found.has_newer:
        cursor = _written("before", found.rows[0].position)
        previous = replace_query_param(address, "cursor", cursor)
    elif not found.rows and found.has_newer:
        previous = remove_query_param(address, "cursor")
    return {
        "results": WaitingShape(found.rows, many=True).data,
        "next": following,
        "previous": previous,
    }


def _written(way: str, place: Position) -> str:
    parts = [way, place.since.isoformat(), place.kind, place.pk]
    return base64.urlsafe_b64encode(json.dumps(parts).encode()).decode()


def _read_cursor(written: str | None) -> dict[str, Position]:
    if written is None:
        return {}
    try:
        way, since, kind, pk = json.loads(base64.urlsafe_b64decode(written.encode()))
        when = datetime.fromisoformat(since)
        if way not in ("after", "before") or kind not in KINDS or when.tzinfo is None:
            raise ValueError
        if not isinstance(pk, int) or not 0 < pk < 2**63:
            raise ValueError
        return {way: Position(when, kind, pk)}
    except (ValueError, TypeError, binascii.Error, RecursionError):
        raise InvalidFilter("cursor", "follow the next and previous links as they are") from None
