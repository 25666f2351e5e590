"""What stands between a definition and running it: validate, compile, preflight.  Runs nothing."""

from __future__ import annotations

from typing import Any

from drf_spectacular.types import OpenApiTypes
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from workflows_app.api import examples
from workflows_app.api.bodies import BodySerializer, JsonObject
from workflows_app.api.lookup import workflow_of
from workflows_app.api.openapi import operation
from workflows_app.api.views import ApiView
from workflows_app.api.workflow_shapes import (
    CompileSerializer,
    CompileStatus,
    DefinitionBody,
    ValidationSerializer,
    validation_of,
)
from workflows_app.interface import compile_document
from workflows_app.language.definition import definition_json_schema
from workflows_app.operations.compile_draft import compile_draft
from workflows_app.operations.preflight import preflight

TAG = "Compiling"


class NoBody(BodySerializer):
    """An empty body."""


class ReasonSerializer(serializers.Serializer[Any]):
    code = serializers.CharField()
    message = serializers.CharField()
    node_ids = serializers.ListField(child=serializers.CharField())


class NeededConnectionSerializer(serializers.Serializer[Any]):
    toolkit = serializers.CharField()
    wanted = serializers.CharField(allow_null=True, help_text="Label or account id, if named.")
    node_ids = serializers.ListField(child=serializers.CharField())
    connection_id = serializers.IntegerField(allow_null=True, help_text="The one that is used.")


class PublishedSerializer(serializers.Serializer[Any]):
    version = serializers.IntegerField()
    plan_hash = serializers.CharField()


class DraftSerializer(serializers.Serializer[Any]):
    status = CompileStatus()
    plan_hash = serializers.CharField(allow_null=True)


class PreflightSerializer(serializers.Serializer[Any]):
    """Whether the caller can run the workflow now."""

    can_run = serializers.BooleanField()
    reasons = ReasonSerializer(many=True, help_text="Why not; empty when it can run.")
    up_to_date = serializers.BooleanField(
        help_text="Whether what would run is what the draft compiles to now."
    )
    published = PublishedSerializer(allow_null=True)
    draft = DraftSerializer()
    input_schema = JsonObject(help_text="JSON Schema of the input that would be asked for.")
    connections = NeededConnectionSerializer(many=True)
    missing_connections = serializers.ListField(child=serializers.CharField())


class ValidateDefinition(ApiView):
    @operation(
        "workflows_validate",
        summary="Validate a definition",
        description="Compiles it against what is installed. Nothing is saved, nothing is run.",
        takes=(DefinitionBody, {"definition": examples.DEFINITION}),
        answers={200: (ValidationSerializer, examples.VALIDATION)},
        tag=TAG,
    )
    def post(self, request: Request) -> Response:
        definition = self.body(DefinitionBody)["definition"]
        compiled = compile_document(definition, owner_id=request.user.pk)
        return Response(ValidationSerializer(validation_of(compiled)).data)


class CompileWorkflow(ApiView):
    @operation(
        "workflows_compile",
        summary="Compile a workflow",
        description="Compiles the saved draft again, as saving does, and publishes it when it "
        "has no errors.",
        takes=(NoBody, {}),
        answers={200: (CompileSerializer, examples.COMPILE)},
        errors=[404, 409],
        tag=TAG,
    )
    def post(self, request: Request, workflow_id: str) -> Response:
        workflow = workflow_of(request, workflow_id)
        self.body(NoBody)
        return Response(CompileSerializer(compile_draft(workflow, by=request.user)).data)


class Preflight(ApiView):
    @operation(
        "workflows_preflight",
        summary="Ask whether a workflow can run",
        description="For the caller, with their connections, now.",
        answers={200: (PreflightSerializer, examples.PREFLIGHT)},
        errors=[404],
        tag=TAG,
    )
    def get(self, request: Request, workflow_id: str) -> Response:
        workflow = workflow_of(request, workflow_id)
        return Response(PreflightSerializer(preflight(workflow, user_id=request.user.pk)).data)


class DefinitionSchema(ApiView):
    @operation(
        "definition_schema",
        summary="Read the schema of definitions",
        description="JSON Schema 2020-12, made from the models that read definitions.",
        answers={
            200: (
                OpenApiTypes.OBJECT,
                {"$schema": "https://json-schema.org/draft/2020-12/schema", "type": "object"},
            )
        },
        tag=TAG,
    )
    def get(self, request: Request) -> Response:
        return Response(definition_json_schema())
