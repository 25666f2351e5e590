"""The Python steps that a drawn node may name, with their schemas.  Runs none of them."""

from __future__ import annotations

from typing import Any

from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from workflows_app.api import examples
from workflows_app.api.bodies import JsonObject
from workflows_app.api.filters import Filters, read_filters, text
from workflows_app.api.openapi import PAGING_PARAMETERS, operation, page_example, page_of
from workflows_app.api.paging_by_name import page_by_name
from workflows_app.api.views import ApiView
from workflows_app.authoring.registry import NamedStep, registry

TAG = "Steps"
FILTERS: Filters = {
    "q": text("Part of its name, title or description."),
    "workflow": text("Only those that the workflow of this id, from code, is made of."),
}


class PythonStepSerializer(serializers.Serializer[NamedStep]):
    """One Python step."""

    ref = serializers.CharField(help_text="What `step` in a node says.")
    id = serializers.CharField(source="step.id")
    name = serializers.CharField(source="title", help_text="For people.")
    description = serializers.CharField(source="step.description")
    input_schema = JsonObject(
        source="step.input_type.json_schema", allow_null=True, help_text="JSON Schema; null: any."
    )
    output_schema = JsonObject(source="step.output_type.json_schema", allow_null=True)
    resume_schema = JsonObject(
        source="step.resume_type.json_schema",
        allow_null=True,
        help_text="Of the answer, where it suspends.",
    )
    suspend_schema = JsonObject(
        source="step.suspend_type.json_schema",
        allow_null=True,
        help_text="Of what it asks, where it suspends.",
    )
    state_schema = JsonObject(source="step.state_type.json_schema", allow_null=True)
    retries = serializers.IntegerField(
        source="step.retries", allow_null=True, help_text="Unless the node says otherwise."
    )
    timeout_seconds = serializers.FloatField(source="step.timeout_seconds", allow_null=True)
    queue = serializers.CharField(source="step.queue", allow_null=True)
    atomic = serializers.BooleanField(
        source="step.atomic", help_text="Whether what it writes and its outcome are one."
    )
    workflows = serializers.ListField(
        child=serializers.CharField(), help_text="Workflows from code that are made of it."
    )


class ListSteps(ApiView):
    @operation(
        "steps_list",
        summary="List steps",
        description="The Python steps of this installation, by the name under which a node of "
        "type `step` runs them.",
        answers={
            200: (page_of("PythonStepPage", PythonStepSerializer), page_example(examples.STEP))
        },
        filters=FILTERS,
        headers=PAGING_PARAMETERS,
        tag=TAG,
    )
    def get(self, request: Request) -> Response:
        asked = read_filters(request, FILTERS, paged=True)
        wanted = [one for one in registry.named_steps() if _fits(one, asked)]
        return Response(
            page_by_name(request, wanted, PythonStepSerializer, name=lambda one: one.ref)
        )


def _fits(one: NamedStep, asked: dict[str, Any]) -> bool:
    if "workflow" in asked and asked["workflow"] not in one.workflows:
        return False
    words = asked.get("q", "").casefold()
    return any(words in said.casefold() for said in (one.ref, one.title, one.step.description))
