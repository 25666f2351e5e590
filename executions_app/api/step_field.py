"""How a request names a step.  Refuses what could name none; whether there is one is not asked."""

from __future__ import annotations

from typing import Any

from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

_MAX_CHARS, _MAX_PARTS = 2_000, 20


@extend_schema_field(
    {
        "oneOf": [
            {"type": "string", "minLength": 1, "maxLength": _MAX_CHARS},
            {"type": "array", "items": {"type": "string"}, "minItems": 1, "maxItems": _MAX_PARTS},
        ]
    }
)
class StepField(serializers.Field[Any, Any, Any, Any]):
    """A step's id, a path of ids into nested workflows (a list, or dotted), or a run's key."""

    default_error_messages = {
        "not_a_step": "send a step's id, or a list of ids that leads into nested workflows"
    }

    def to_internal_value(self, data: Any) -> str | list[str]:
        """Return ``data``.

        Raises:
            rest_framework.exceptions.ValidationError: if it names no step.
        """
        parts = data if isinstance(data, list) else [data]
        if not 0 < len(parts) <= _MAX_PARTS or not all(_is_name(part) for part in parts):
            self.fail("not_a_step")
        return list(parts) if isinstance(data, list) else str(data)

    def to_representation(self, value: Any) -> Any:
        """Return ``value``."""
        return value


def _is_name(part: Any) -> bool:
    return isinstance(part, str) and 0 < len(part) <= _MAX_CHARS
