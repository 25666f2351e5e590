"""A closed set of values with a name of its own in OpenAPI.  Refuses to be named after its field:
half of all fields are called ``status``.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from drf_spectacular.extensions import OpenApiSerializerFieldExtension
from drf_spectacular.openapi import AutoSchema
from rest_framework import serializers


class NamedChoice(serializers.ChoiceField):
    """One of ``values``; clients generated from the schema call the type ``type_name``."""

    def __init__(self, values: Iterable[str], *, type_name: str, **options: Any) -> None:
        self.type_name = type_name
        super().__init__(list(values), **options)


class NamedChoiceSchema(OpenApiSerializerFieldExtension):
    """How OpenAPI describes it: once, as a component."""

    target_class = NamedChoice
    match_subclasses = True

    def get_name(self) -> str:
        name: str = self.target.type_name
        return name

    def map_serializer_field(self, auto_schema: AutoSchema, direction: str) -> dict[str, Any]:
        return {"type": "string", "enum": list(self.target.choices)}
