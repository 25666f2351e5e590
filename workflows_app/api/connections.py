"""Connections: list, add, read, remove; everybody their own.  No credential comes in or out."""

from __future__ import annotations

from typing import Any

from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.reverse import reverse

from workflows_app.api import examples
from workflows_app.api.bodies import BodySerializer
from workflows_app.api.filters import Filters, choice, read_filters, text
from workflows_app.api.lookup import connection_of
from workflows_app.api.named_choice import NamedChoice
from workflows_app.api.openapi import PAGING_PARAMETERS, operation, page_example, page_of
from workflows_app.api.views import ApiView
from workflows_app.models import Connection
from workflows_app.operations.connect_account import connect_account
from workflows_app.queries import connections_for

TAG = "Connections"
STATUSES = [status.value for status in Connection.Status]
FILTERS: Filters = {
    "toolkit": text("The service, for example gmail.", max_length=100),
    "status": choice("Whether it can be used.", STATUSES),
}


class ConnectionSerializer(serializers.Serializer[Connection]):
    """An account of the caller at a service."""

    id = serializers.IntegerField()
    toolkit = serializers.CharField()
    account_id = serializers.CharField()
    label = serializers.CharField()
    status = NamedChoice(STATUSES, type_name="ConnectionStatus")
    is_default = serializers.BooleanField(help_text="Used where a step names no connection.")
    created_at = serializers.DateTimeField()


class ConnectionBody(BodySerializer):
    """An account that was connected at the connector hub."""

    ignored = frozenset({"id", "status", "is_default", "created_at"})

    toolkit = serializers.RegexField(
        r"^[a-z0-9][a-z0-9_\-]*$", max_length=100, help_text="In lower case: gmail, browser_tool."
    )
    account_id = serializers.RegexField(
        r"^[A-Za-z0-9_\-]+$", max_length=128, help_text="The hub's own id of the account."
    )
    label = serializers.CharField(max_length=200, required=False, allow_blank=True, default="")


class ListConnections(ApiView):
    @operation(
        "connections_list",
        summary="List your connections",
        answers={
            200: (
                page_of("ConnectionPage", ConnectionSerializer),
                page_example(examples.CONNECTION),
            )
        },
        filters=FILTERS,
        headers=PAGING_PARAMETERS,
        tag=TAG,
    )
    def get(self, request: Request) -> Response:
        asked = read_filters(request, FILTERS, paged=True)
        rows = connections_for(request.user)
        if "toolkit" in asked:
            rows = rows.filter(toolkit=asked["toolkit"])
        if "status" in asked:
            rows = rows.filter(status=asked["status"])
        return self.page(rows, ConnectionSerializer, ordering=("-created_at", "-id"))


class AddConnection(ApiView):
    @operation(
        "connections_add",
        summary="Add a connection",
        description="The account is checked against its owner. One that is there already is "
        "activated again.",
        takes=(
            ConnectionBody,
            {"toolkit": "gmail", "account_id": "ca_9fQ2mZ", "label": "Work"},
        ),
        answers={
            201: (ConnectionSerializer, examples.CONNECTION),
            200: (ConnectionSerializer, examples.CONNECTION),
        },
        errors=[502, 503],
        tag=TAG,
    )
    def post(self, request: Request) -> Response:
        body: dict[str, Any] = self.body(ConnectionBody)
        connection, created = connect_account(
            owner=request.user,
            toolkit=body["toolkit"],
            account_id=body["account_id"],
            label=body["label"],
        )
        return Response(
            ConnectionSerializer(connection).data,
            status=201 if created else 200,
            headers={"Location": reverse("connection", args=[connection.pk])},
        )


class ReadConnection(ApiView):
    @operation(
        "connections_read",
        summary="Read a connection",
        answers={200: (ConnectionSerializer, examples.CONNECTION)},
        errors=[404],
        tag=TAG,
    )
    def get(self, request: Request, connection_id: int) -> Response:
        return Response(ConnectionSerializer(connection_of(request, connection_id)).data)


class RemoveConnection(ApiView):
    @operation(
        "connections_remove",
        summary="Remove a connection",
        description="Steps can no longer use it. The account at the service stays.",
        answers={204: (None, None)},
        errors=[403, 404],
        tag=TAG,
    )
    def delete(self, request: Request, connection_id: int) -> Response:
        connection_of(request, connection_id).delete()
        return Response(status=204)
