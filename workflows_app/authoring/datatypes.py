"""One face for the ways to say what data looks like: a pydantic type, a JSON Schema, or nothing."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from pydantic import BaseModel, PydanticSchemaGenerationError, TypeAdapter, ValidationError
from pydantic_core import PydanticSerializationError, to_jsonable_python

from workflows_app.language.schemas import apply_defaults, validate_value


class DataInvalid(ValueError):
    """Data does not fit its type; ``problems`` are (dotted path, sentence) pairs."""

    def __init__(self, problems: list[tuple[str, str]]) -> None:
        super().__init__("\n".join(f"- {path or '.'}: {message}" for path, message in problems))
        self.problems = problems


class NotJson(TypeError):
    """A value cannot be stored, because it has no JSON form."""


@dataclass(frozen=True, slots=True)
class DataType:
    """What an input or an output looks like."""

    adapter: TypeAdapter[Any] | None
    json_schema: Mapping[str, Any] | None
    """``None`` when nothing is said."""

    def parse(self, value: Any) -> Any:
        """Return ``value`` as step bodies receive it: defaults applied, models built.

        Raises:
            DataInvalid: with every problem at once.
        """
        if self.adapter is not None:
            try:
                return self.adapter.validate_python(value)
            except ValidationError as error:
                raise DataInvalid(
                    [
                        (".".join(map(str, item["loc"])), item["msg"])
                        for item in error.errors(include_url=False)
                    ]
                ) from None
        if self.json_schema is not None:
            schema = dict(self.json_schema)
            value = apply_defaults(schema, value)
            problems = validate_value(schema, value)
            if problems:
                raise DataInvalid([(item.path, item.message) for item in problems])
        return value

    def normalise(self, value: Any) -> Any:
        """Return ``value`` parsed and written as JSON again: defaults applied, extras dropped.

        Raises:
            DataInvalid: with every problem at once.
        """
        return to_json(self.parse(value))


ANYTHING = DataType(adapter=None, json_schema=None)


def data_type(declared: Any) -> DataType:
    """Return the data type that ``declared`` says.

    ``declared`` is ``None``, a JSON Schema as a mapping, or anything pydantic makes a type
    adapter of: a model, ``list[Item]``, ``int``.

    Raises:
        TypeError: if it is none of these.
    """
    if declared is None or declared is Any:
        return ANYTHING
    if isinstance(declared, DataType):
        return declared
    if isinstance(declared, Mapping):
        return DataType(adapter=None, json_schema=dict(declared))
    try:
        adapter: TypeAdapter[Any] = TypeAdapter(declared)
        schema = adapter.json_schema()
    except (PydanticSchemaGenerationError, ValueError) as error:
        raise TypeError(
            f"{declared!r} is no schema: give a pydantic model or type, or a JSON Schema"
        ) from error
    return DataType(adapter=adapter, json_schema=schema)


def to_json(value: Any) -> Any:
    """Return ``value`` as plain JSON data.

    Raises:
        NotJson: if pydantic cannot write it, naming the type in the way.
    """
    if isinstance(value, BaseModel):
        return value.model_dump(mode="json", by_alias=True)
    try:
        return to_jsonable_python(value, by_alias=True, inf_nan_mode="strings")
    except (PydanticSerializationError, ValueError, RecursionError) as error:
        raise NotJson(f"a value of type {type(value).__name__} has no JSON form: {error}") from None
