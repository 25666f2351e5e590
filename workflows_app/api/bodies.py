"""Shapes of request bodies.  Refuses fields it does not know, so that a typing error is no silence,
and lets nobody write what the server decides.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, ClassVar

from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers
from rest_framework.exceptions import ErrorDetail


class BodySerializer(serializers.Serializer[Any]):
    """A body; ``ignored`` names what an answer holds, so that it can be changed and sent back."""

    ignored: ClassVar[frozenset[str]] = frozenset()

    def to_internal_value(self, data: Any) -> Any:
        """Return the validated fields of ``data``.

        Raises:
            rest_framework.exceptions.ValidationError: with every problem in it.
        """
        if not isinstance(data, Mapping):
            return super().to_internal_value(data)
        unknown = [key for key in data if key not in self.fields and key not in self.ignored]
        if unknown:
            may = ", ".join(self.fields)
            raise serializers.ValidationError(
                {
                    str(key)[:100]: ErrorDetail(f"there is no such field; send {may}", "unknown")
                    for key in unknown[:50]
                }
            )
        return super().to_internal_value(data)


@extend_schema_field({"type": "object", "additionalProperties": {}})
class JsonObject(serializers.Field[Any, Any, Any, Any]):
    """Any JSON object, handed on as it is."""

    default_error_messages = {"not_an_object": "send a JSON object"}

    def to_internal_value(self, data: Any) -> dict[str, Any]:
        """Return ``data``.

        Raises:
            rest_framework.exceptions.ValidationError: if it is no object.
        """
        if not isinstance(data, dict):
            self.fail("not_an_object")
        return data

    def to_representation(self, value: Any) -> Any:
        """Return ``value``."""
        return value
