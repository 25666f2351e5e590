"""``POST /api/workflows/preview/``: what a source comes to while it is being written."""

from __future__ import annotations

from typing import Any

from drf_spectacular.utils import extend_schema_field
from pydantic import ValidationError
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from executions_app.api import place_examples as examples
from executions_app.api.place import PlaceBody, seen_from
from executions_app.operations.preview_source import TYPES, Previewed, preview_source
from workflows_app.api.bodies import JsonObject
from workflows_app.api.named_choice import NamedChoice
from workflows_app.api.openapi import operation
from workflows_app.api.views import ApiView
from workflows_app.language.sources import Source


@extend_schema_field(
    {
        "type": "object",
        "properties": {
            "value": {},
            "from": {"type": "string"},
            "expression": {"type": "string"},
            "template": {"type": "string"},
            "code": {"type": "string"},
        },
        "minProperties": 1,
        "maxProperties": 1,
        "additionalProperties": False,
    }
)
class SourceField(serializers.Field[Any, Any, Any, Any]):
    """A source as it stands in a definition."""

    def to_internal_value(self, data: Any) -> Source:
        """Return ``data`` as a source.

        Raises:
            rest_framework.exceptions.ValidationError: if it is none.
        """
        try:
            return Source.model_validate(data)
        except ValidationError as error:
            said = error.errors(include_url=False, include_input=False, include_context=False)
            raise serializers.ValidationError(
                [item["msg"].removeprefix("Value error, ") for item in said]
            ) from None

    def to_representation(self, value: Any) -> Any:
        """Return ``value``."""
        return value


class SourcePreviewBody(PlaceBody):
    """A source or a condition, and the place it is meant for."""

    source = SourceField(required=False)
    condition = serializers.CharField(
        required=False, allow_blank=True, trim_whitespace=False, max_length=4_096
    )

    def validate(self, attrs: dict[str, Any]) -> dict[str, Any]:
        """Return ``attrs``.

        Raises:
            rest_framework.exceptions.ValidationError: unless one of the two was sent.
        """
        if ("source" in attrs) == ("condition" in attrs):
            raise serializers.ValidationError("send either source or condition")
        return attrs


class RefusalShape(serializers.Serializer[Any]):
    """Why there is no value."""

    code = serializers.CharField()
    message = serializers.CharField()
    position = serializers.IntegerField(
        allow_null=True, help_text="Where in the text, in characters from 0, if that is known."
    )
    line = serializers.IntegerField(allow_null=True, help_text="From 1.")
    column = serializers.IntegerField(allow_null=True, help_text="From 1.")
    fix = serializers.CharField(allow_null=True)


class AdviceShape(serializers.Serializer[Any]):
    """What is worth knowing about it."""

    code = serializers.CharField()
    message = serializers.CharField()
    fix = serializers.CharField(allow_null=True)


class SourcePreviewShape(serializers.Serializer[Previewed]):
    """What a source comes to."""

    ok = serializers.BooleanField(help_text="Whether nothing is wrong with it.")
    evaluated = serializers.BooleanField(
        help_text="Whether it was worked out; if not, and nothing is wrong, data was missing."
    )
    value = serializers.SerializerMethodField(
        help_text="Over 64 KiB the first 1,000 characters of its JSON."
    )
    type = NamedChoice(TYPES, type_name="PreviewType")
    bytes = serializers.IntegerField(allow_null=True, help_text="As JSON.")
    truncated = serializers.BooleanField()
    schema = JsonObject(allow_null=True, help_text="Of the value, as known without data.")
    error = RefusalShape(allow_null=True)
    warnings = AdviceShape(many=True)
    missing_roots = serializers.ListField(
        child=serializers.CharField(), help_text="Names that have no value in the data."
    )
    missing_steps = serializers.ListField(
        child=serializers.CharField(), help_text="Steps that have no output in the data."
    )

    @extend_schema_field({})
    def get_value(self, previewed: Previewed) -> Any:
        return previewed.value


class PreviewSource(ApiView):
    """Works a source out."""

    @operation(
        "workflows_preview",
        summary="Preview a value",
        description="Works out a source or a condition by the rules of executions, over the data "
        "of a past execution, a sample, or both. Nothing is run and nothing is stored; what is "
        "wrong with the text is part of the answer.",
        tag="Compiling",
        takes=(SourcePreviewBody, examples.PREVIEW_BODY),
        answers={200: (SourcePreviewShape, examples.PREVIEW)},
        errors=(404,),
    )
    def post(self, request: Request) -> Response:
        """Return what it comes to."""
        asked = self.body(SourcePreviewBody)
        is_condition = "condition" in asked
        source = Source(expression=asked["condition"]) if is_condition else asked["source"]
        seen = seen_from(request, asked)
        found = preview_source(source, seen=seen, is_condition=is_condition)
        return Response(SourcePreviewShape(found).data)
