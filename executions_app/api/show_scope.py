"""``POST /api/workflows/scope/``: what a source may name at a place, for pickers and completion."""

from __future__ import annotations

from typing import Any

from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from executions_app.api import place_examples as examples
from executions_app.api.place import PlaceBody, seen_from
from executions_app.api.shapes import one_of
from executions_app.engine.statuses import ExecutionStatus
from executions_app.models import Execution
from executions_app.operations.seen_values import SeenValues
from executions_app.operations.show_scope import TITLES, Name, names_at, unavailable_at
from workflows_app.api.bodies import JsonObject
from workflows_app.api.named_choice import NamedChoice
from workflows_app.api.openapi import operation
from workflows_app.api.views import ApiView
from workflows_app.language.expression_syntax import MACROS
from workflows_app.language.expressions import FUNCTIONS
from workflows_app.language.scopes import Hidden


class NameShape(serializers.Serializer[Name]):
    """Something that may be named."""

    name = serializers.CharField(help_text="As a path or an expression writes it.")
    kind = NamedChoice([*TITLES, "step"], type_name="NameKind")
    step_id = serializers.CharField(allow_null=True)
    title = serializers.CharField(help_text="For people.")
    node_type = serializers.CharField(allow_null=True)
    schema = JsonObject(allow_null=True, help_text="JSON Schema, as far as it is known.")
    has_sample = serializers.BooleanField(help_text="Whether it has a value in the data.")
    sample = serializers.SerializerMethodField(
        help_text="That value; over 64 KiB `{preview, bytes, truncated: true}`."
    )
    status = serializers.CharField(
        allow_null=True, help_text="Of the step's run in the execution, if it was reached."
    )

    @extend_schema_field({})
    def get_sample(self, name: Name) -> Any:
        return name.sample if name.has_sample else None


class UnavailableShape(serializers.Serializer[Any]):
    """A step that may not be named here."""

    step_id = serializers.CharField()
    title = serializers.CharField()
    node_type = serializers.CharField()
    reason = NamedChoice([hidden.value for hidden in Hidden], type_name="HiddenReason")
    message = serializers.CharField()
    fix = serializers.CharField(allow_null=True)


class SampledShape(serializers.Serializer[Execution]):
    """The execution that samples are from."""

    id = serializers.CharField()
    version = serializers.IntegerField(source="version.number")
    status = serializers.SerializerMethodField()
    created_at = serializers.DateTimeField()

    @extend_schema_field(one_of(ExecutionStatus))
    def get_status(self, execution: Execution) -> str:
        return execution.status


class ScopeShape(serializers.Serializer[SeenValues]):
    """What may be named at a place."""

    node_id = serializers.SerializerMethodField()
    at = serializers.CharField(source="view.at.value")
    names = serializers.SerializerMethodField()
    unavailable = serializers.SerializerMethodField(help_text="The other steps, and why.")
    functions = serializers.SerializerMethodField(help_text="Of expressions.")
    execution = SampledShape(allow_null=True)

    def get_node_id(self, seen: SeenValues) -> str | None:
        return None if seen.view.node is None else seen.view.node.node.id

    @extend_schema_field(NameShape(many=True))
    def get_names(self, seen: SeenValues) -> Any:
        return NameShape(names_at(seen), many=True).data

    @extend_schema_field(UnavailableShape(many=True))
    def get_unavailable(self, seen: SeenValues) -> Any:
        return UnavailableShape(unavailable_at(seen), many=True).data

    @extend_schema_field(serializers.ListField(child=serializers.CharField()))
    def get_functions(self, seen: SeenValues) -> list[str]:
        return sorted({*FUNCTIONS, *MACROS})


class ShowScope(ApiView):
    """Tells what a source may name."""

    @operation(
        "workflows_scope",
        summary="List what may be named at a place",
        description="Names, their types, and their values in a past execution or a sample. A "
        "step is there if it has run whenever the place is reached: in a lane only those before "
        "it, in a case none of the other cases.",
        tag="Compiling",
        takes=(PlaceBody, examples.SCOPE_BODY),
        answers={200: (ScopeShape, examples.SCOPE)},
        errors=(404,),
    )
    def post(self, request: Request) -> Response:
        """Return the names."""
        return Response(ScopeShape(seen_from(request, self.body(PlaceBody))).data)
