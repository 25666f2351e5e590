"""The tools that a definition may name, with their schemas.  Runs none of them."""

from __future__ import annotations

from typing import Any

from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from workflows_app.api import examples
from workflows_app.api.bodies import JsonObject
from workflows_app.api.filters import Filters, read_filters, text
from workflows_app.api.lookup import ToolNotFound
from workflows_app.api.openapi import PAGING_PARAMETERS, operation, page_example, page_of
from workflows_app.api.paging_by_name import page_by_name
from workflows_app.api.views import ApiView
from workflows_app.connectors.base import Tool, UnknownTool, registry

TAG = "Tools"
FILTERS: Filters = {
    "q": text("Part of its name, title or description."),
    "toolkit": text("The service behind it, for example gmail.", max_length=100),
}


class ToolSerializer(serializers.Serializer[Tool]):
    """One thing a step can do."""

    name = serializers.CharField(help_text="What `tool` in a node says.")
    title = serializers.CharField(source="shown_title", help_text="For people.")
    group = serializers.CharField(source="shown_group", help_text="What it belongs to.")
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
        return Response(page_by_name(request, wanted, ToolSerializer, name=lambda one: one.name))


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
    if "toolkit" in asked and tool.toolkit != asked["toolkit"]:
        return False
    words = asked.get("q", "").casefold()
    return any(words in said.casefold() for said in (tool.name, tool.title, tool.description))
