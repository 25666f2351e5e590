"""Workflows to begin with, and documents brought along: shown, compiled, never saved.  Whoever
likes what they see creates a workflow of it.
"""

from __future__ import annotations

from typing import Any

from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from workflows_app.api import examples
from workflows_app.api.bodies import BodySerializer, JsonObject
from workflows_app.api.filters import read_filters
from workflows_app.api.lookup import SampleNotFound
from workflows_app.api.named_choice import NamedChoice
from workflows_app.api.openapi import operation, page_example, page_of
from workflows_app.api.views import ApiView
from workflows_app.api.workflow_shapes import ValidationSerializer, validation_of
from workflows_app.interface import compile_document
from workflows_app.language.outline import count_nodes, node_types_of
from workflows_app.operations.import_document import FORMATS, recognise
from workflows_app.operations.load_samples import Sample, shipped_samples

TAG = "Samples"


class Kind(NamedChoice):
    """Which format a document is in."""

    def __init__(self, **options: Any) -> None:
        super().__init__(FORMATS, type_name="DocumentKind", **options)


class NoteSerializer(serializers.Serializer[Any]):
    """What a conversion could not carry over."""

    code = serializers.CharField()
    path = serializers.CharField(help_text="JSON Pointer into the document.")
    message = serializers.CharField()


class SampleSummarySerializer(serializers.Serializer[Sample]):
    """A sample in a list."""

    name = serializers.CharField(help_text="As in its address.")
    title = serializers.SerializerMethodField()
    description = serializers.SerializerMethodField()
    kind = Kind(source="readable.format")
    node_types = serializers.SerializerMethodField(help_text="Each once, by name.")
    node_count = serializers.SerializerMethodField(help_text="In all its bodies.")

    def get_title(self, sample: Sample) -> str:
        return str(sample.readable.definition.get("name", sample.name))

    def get_description(self, sample: Sample) -> str:
        return str(sample.readable.definition.get("description", ""))

    def get_node_types(self, sample: Sample) -> list[str]:
        return node_types_of(sample.readable.definition)

    def get_node_count(self, sample: Sample) -> int:
        return count_nodes(sample.readable.definition)


class SampleSerializer(SampleSummarySerializer):
    """A sample with its definition."""

    definition = serializers.SerializerMethodField(help_text="To create a workflow of.")
    notes = NoteSerializer(source="readable.notes", many=True)

    @extend_schema_field(JsonObject())
    def get_definition(self, sample: Sample) -> dict[str, Any]:
        return _without_id(sample.readable.definition)


class ImportBody(BodySerializer):
    """A document that somebody has."""

    document = serializers.JSONField(
        help_text="A definition, as it is exported; or a `workflow.json` of Agipo."
    )


class ImportSerializer(serializers.Serializer[Any]):
    """What a document is, or converts to; nothing was saved."""

    kind = Kind()
    definition = JsonObject(help_text="To create a workflow of.")
    notes = NoteSerializer(many=True, help_text="What could not be carried over.")
    compile = ValidationSerializer(help_text="What compiling the definition said.")


class ListSamples(ApiView):
    @operation(
        "samples_list",
        summary="List samples",
        description="Workflows to begin with. All are on one page.",
        answers={
            200: (
                page_of("SamplePage", SampleSummarySerializer),
                page_example(examples.SAMPLE_SUMMARY),
            )
        },
        filters={},
        tag=TAG,
    )
    def get(self, request: Request) -> Response:
        read_filters(request, {})
        rows = SampleSummarySerializer(shipped_samples(), many=True).data
        return Response({"results": rows, "next": None, "previous": None})


class ReadSample(ApiView):
    @operation(
        "samples_read",
        summary="Read a sample",
        answers={200: (SampleSerializer, examples.SAMPLE)},
        errors=[404],
        tag=TAG,
    )
    def get(self, request: Request, name: str) -> Response:
        found = next((sample for sample in shipped_samples() if sample.name == name), None)
        if found is None:
            raise SampleNotFound(name)
        return Response(SampleSerializer(found).data)


class ImportDocument(ApiView):
    @operation(
        "workflows_import",
        summary="Look at a document to import",
        description="Answers the definition that it is or converts to, with what could not be "
        "carried over and what compiling it said. Nothing is saved: create a workflow of it.",
        takes=(ImportBody, {"document": examples.DEFINITION}),
        answers={200: (ImportSerializer, examples.IMPORTED)},
        tag=TAG,
    )
    def post(self, request: Request) -> Response:
        readable = recognise(self.body(ImportBody)["document"])
        definition = _without_id(readable.definition)
        compiled = compile_document(definition, owner_id=request.user.pk)
        found = {
            "kind": readable.format,
            "definition": definition,
            "notes": readable.notes,
            "compile": validation_of(compiled),
        }
        return Response(ImportSerializer(found).data)


def _without_id(definition: dict[str, Any]) -> dict[str, Any]:
    """Return ``definition`` without the id it had elsewhere: what is created gets a new one."""
    return {key: value for key, value in definition.items() if key != "id"}
