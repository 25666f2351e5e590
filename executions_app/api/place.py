"""How a request names a place in a definition, and the values to look at from there."""

from __future__ import annotations

import re
from typing import Any

from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers
from rest_framework.request import Request

from executions_app.api.lookup import execution_of
from executions_app.operations.seen_values import SeenValues
from workflows_app.api.bodies import BodySerializer, JsonObject
from workflows_app.api.named_choice import NamedChoice
from workflows_app.authoring.errors import WorkflowError
from workflows_app.interface import place_in
from workflows_app.language.sources import MAX_NODE_ID_LENGTH
from workflows_app.language.viewpoint import At, PlaceUnknown

#: Names that a sample may give a value; ``steps`` maps ids to outputs.
SAMPLED = ("inputs", "input", "steps", "state", "context", "item", "index", "iteration", "trigger")
_OBJECTS = frozenset({"steps", "state", "context", "trigger"})
_KEY = re.compile(r"[A-Za-z0-9._:\-]{1,200}(?:\[[0-9]{1,9}\]){0,10}")


class PlaceNotThere(WorkflowError):
    """The definition that was sent has no such place."""

    code = "place.unknown"

    def __init__(self, error: PlaceUnknown) -> None:
        super().__init__(f"{error}; send the node and the definition as they are now")


@extend_schema_field(
    {
        "type": "object",
        "properties": {
            name: {"type": "object", "additionalProperties": {}} if name in _OBJECTS else {}
            for name in SAMPLED
        },
        "additionalProperties": False,
    }
)
class SampleField(serializers.Field[Any, Any, Any, Any]):
    """Values by the names that sources use."""

    default_error_messages = {
        "not_an_object": "send an object",
        "unknown": f"there is no name {{name!r}}; use {', '.join(SAMPLED)}",
    }

    def to_internal_value(self, data: Any) -> dict[str, Any]:
        """Return ``data``.

        Raises:
            rest_framework.exceptions.ValidationError: if it names what has no value anywhere.
        """
        if not isinstance(data, dict):
            self.fail("not_an_object")
        for name, value in data.items():
            if name not in SAMPLED:
                self.fail("unknown", name=str(name)[:100])
            if name in _OBJECTS and not isinstance(value, dict):
                self.fail("not_an_object")
        return data

    def to_representation(self, value: Any) -> Any:
        """Return ``value``."""
        return value


class KeyField(serializers.CharField):
    """The key of a run; ``charge[5]`` in a loop."""

    default_error_messages = {"not_a_key": "send a step's id, or the key of a run as charge[5]"}

    def to_internal_value(self, data: Any) -> str:
        """Return ``data``.

        Raises:
            rest_framework.exceptions.ValidationError: if it is the key of nothing.
        """
        key = super().to_internal_value(data)
        if not _KEY.fullmatch(key):
            self.fail("not_a_key")
        return key


class DataBody(BodySerializer):
    """Where values are taken from."""

    execution_id = serializers.CharField(
        required=False, max_length=200, help_text="A past execution of the caller's."
    )
    key = KeyField(
        required=False,
        max_length=300,
        help_text="Of one run in it; without it, the first item and the last round.",
    )
    sample = SampleField(
        required=False, help_text="Values by name; they come before those of the execution."
    )


class PlaceBody(DataBody):
    """A place in a definition; without a node, that of the workflow's result."""

    definition = JsonObject(help_text="As it is being written; it need not compile.")
    node_id = serializers.CharField(required=False, max_length=MAX_NODE_ID_LENGTH)
    at = NamedChoice(
        [at.value for at in At],
        type_name="SourcePlace",
        required=False,
        default=At.INPUT.value,
        help_text="`input`: a field of the node's input. `own`: any other of its fields. `end`: "
        "after its body, as a loop's condition or the body's output.",
    )
    case = serializers.CharField(
        required=False, max_length=MAX_NODE_ID_LENGTH, help_text="With `end`: a branch's case."
    )


def seen_from(request: Request, asked: dict[str, Any]) -> SeenValues:
    """Return the values at the place that a :class:`PlaceBody` names.

    Raises:
        PlaceNotThere: if the definition has no such place.
        ExecutionNotFound: if the caller may see no such execution.
    """
    execution_id = asked.get("execution_id")
    execution = None if execution_id is None else execution_of(request, execution_id)
    try:
        view = place_in(
            asked["definition"],
            owner_id=request.user.pk,
            node_id=asked.get("node_id"),
            at=At(asked["at"]),
            case=asked.get("case"),
        )
    except PlaceUnknown as error:
        raise PlaceNotThere(error) from None
    return SeenValues(
        view=view,
        given=asked.get("sample", {}),
        execution=execution,
        key=asked.get("key", ""),
    )
