"""The tools that a definition may name, with their schemas.  Runs none of them."""

from __future__ import annotations

from bisect import bisect_right
from typing import Any

from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.utils.urls import remove_query_param, replace_query_param

from workflows_app.api import examples
from workflows_app.api.bodies import JsonObject
from workflows_app.api.filters import Filters, read_filters, text
from workflows_app.api.lookup import ToolNotFound
from workflows_app.api.openapi import PAGING_PARAMETERS, operation, page_example, page_of
from workflows_app.api.paging import CursorPaging
from workflows_app.api.views import ApiView
from workflows_app.connectors.base import Tool, UnknownTool, registry

TAG = "Tools"
FILTERS: Filters = {
    "q": text("Part of its name or description."),
    "toolkit": text("The service behind it, for example gmail.", max_length=100),
}


class ToolSerializer(serializers.Serializer[Tool]):
    """One thing a step can do."""

    name = serializers.CharField(help_text="What `tool` in a node says.")
    description = serializers.CharField()
    toolkit = serializers.CharField(allow_null=True, help_text="The service behind it.")
    needs_connection = serializers.BooleanField(help_text="Whether it acts with an account.")
    idempotent = serializers.BooleanField(help_text="Whether running it twice does no more.")
    input_schema = JsonObject(help_text="JSON Schema.")
    output_schema = JsonObject(help_text="JSON Schema.")


class ListTools(ApiView):
    @operation(
        "tools_list",
        summary="List tools",
        description="Those that are registered by name. A family such as `composio.` has more; "
        "each can be read by its name.",
        answers={200: (page_of("ToolPage", ToolSerializer), page_example(examples.TOOL))},
        filters=FILTERS,
        headers=PAGING_PARAMETERS,
        tag=TAG,
    )
    def get(self, request: Request) -> Response:
        asked = read_filters(request, FILTERS, paged=True)
        wanted = [tool for tool in registry.all() if _fits(tool, asked)]
        return Response(_page(request, wanted))


class ReadTool(ApiView):
    @operation(
        "tools_read",
        summary="Read a tool",
        answers={200: (ToolSerializer, examples.TOOL)},
        errors=[404],
        tag=TAG,
    )
    def get(self, request: Request, name: str) -> Response:
        try:
            tool = registry.get(name)
        except UnknownTool:
            raise ToolNotFound(name) from None
        return Response(ToolSerializer(tool).data)


def _fits(tool: Tool, asked: dict[str, Any]) -> bool:
    words = asked.get("q", "").casefold()
    if "toolkit" in asked and tool.toolkit != asked["toolkit"]:
        return False
    return words in tool.name.casefold() or words in tool.description.casefold()


def _page(request: Request, tools: list[Tool]) -> dict[str, Any]:
    """Return one page of ``tools``, which are ordered by name; a cursor is the name before it."""
    size = CursorPaging().get_page_size(request)
    names = [tool.name for tool in tools]
    start = bisect_right(names, request.query_params.get("cursor", ""))
    address = request.build_absolute_uri()
    following = previous = None
    if start + size < len(tools):
        following = replace_query_param(address, "cursor", names[start + size - 1])
    if start > size:
        previous = replace_query_param(address, "cursor", names[start - size - 1])
    elif start > 0:
        previous = remove_query_param(address, "cursor")
    return {
        "results": ToolSerializer(tools[start : start + size], many=True).data,
        "next": following,
        "previous": previous,
    }
