"""JSON Schemas that users write.  Never fetches anything; refuses what could run away.

A schema is checked once (:func:`check_schema`) and then validates values in a compiled form.
References stay inside the document, patterns run in a linear engine (look-around and back
references are refused), formats are asserted.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Any, Final

import jsonschema_rs

from workflows_app.language.paths import format_path
from workflows_app.language.schema_problems import sentence, spoken
from workflows_app.language.schema_rules import SchemaProblem, escape, pointer_of, survey_schema

__all__ = [
    "SchemaError",
    "SchemaProblem",
    "ValueProblem",
    "apply_defaults",
    "check_schema",
    "local_target",
    "validate_value",
]

MAX_PROBLEMS: Final = 100
#: Parts of the written-out schema times values in the value.
MAX_WORK: Final = 20_000_000
MAX_WORK_FOR_ALL_PROBLEMS: Final = 50_000
MAX_SCHEMA_CHARS: Final = 262_144
_PATTERN_BYTES: Final = 1_048_576
_MAX_DEFAULTS_DEPTH: Final = 64


class SchemaError(ValueError):
    """A schema was used that :func:`check_schema` refuses."""

    code = "schema.invalid"

    def __init__(self, problems: tuple[SchemaProblem, ...]) -> None:
        first = problems[0]
        super().__init__(f"the schema cannot be used, at '#{first.path}': {first.message}")
        self.problems = problems


@dataclass(frozen=True, slots=True)
class ValueProblem:
    """One place where a value does not fit."""

    path: str
    """Dotted path into the value, as in ``nested.items[0]``; ``.`` for the whole."""
    message: str
    """A whole sentence that names the place."""


def check_schema(schema: Any) -> list[SchemaProblem]:
    """Return everything that is wrong with ``schema`` or refused in it; empty when it is good.

    A schema is a JSON object or a bool, read by the draft its ``$schema`` names, by default
    2020-12.
    """
    text = _text(schema)
    if isinstance(text, SchemaProblem):
        return [text]
    return list(_checked(text, False)[1])


def validate_value(schema: Any, value: Any, *, name: str = "") -> list[ValueProblem]:
    """Return every way in which ``value`` does not fit ``schema``, at most 100.

    Where a large value meets a large schema only the first is returned.

    ``name`` is what the sentences call the whole value, for example ``inputs``.

    Raises:
        SchemaError: when the schema itself cannot be used.  Recursive schemas, which
            :func:`check_schema` refuses to users, are taken here from code.
    """
    text = _text(schema)
    if isinstance(text, SchemaProblem):
        raise SchemaError((text,))
    validator, refused, parts = _checked(text, True)
    if validator is None:
        raise SchemaError(refused)
    work = parts * _nodes(value, MAX_WORK // parts + 1)
    if work > MAX_WORK:
        message = f"{spoken((), name)} is too large to be validated by a schema of {parts} parts"
        return [ValueProblem(".", message)]
    problems: list[ValueProblem] = []
    try:
        for error in _errors(validator, value, all_of_them=work <= MAX_WORK_FOR_ALL_PROBLEMS):
            problems += (
                ValueProblem(format_path(path), message) for path, message in sentence(error, name)
            )
            if len(problems) >= MAX_PROBLEMS:
                break
    except (ValueError, RecursionError) as error:
        # Not JSON (a tuple key, a lone surrogate), or nested past what the validator follows.
        problems = [ValueProblem(".", f"{spoken((), name)} is not plain JSON: {error!s:.120}")]
    return problems[:MAX_PROBLEMS]


def _errors(
    validator: jsonschema_rs.Validator, value: Any, *, all_of_them: bool
) -> Iterable[jsonschema_rs.ValidationError]:
    # The library builds every error before it hands out the first: 100,000 take a second.
    if all_of_them:
        return validator.iter_errors(value)
    try:
        validator.validate(value)
    except jsonschema_rs.ValidationError as error:
        return [error]
    return []


def _nodes(value: Any, most: int) -> int:
    """Return how many values are in ``value``, or ``most`` when there are more."""
    todo, count = [value], 0
    while todo and count < most:
        node = todo.pop()
        count += 1
        if isinstance(node, Mapping):
            todo += node.values()
        elif isinstance(node, list | tuple):
            todo += node
    return count


def apply_defaults(schema: Any, value: Any) -> Any:
    """Return ``value`` with the ``default`` of every property that is absent filled in.

    Goes down ``properties``, ``items``, ``prefixItems``, ``allOf`` and local references; not into
    alternatives, where it would have to guess.  ``value`` is not changed; a given ``null`` stays.
    """
    return _with_defaults(schema, value, schema, 0)


def local_target(root: Any, reference: Any) -> Any:
    """Return the schema that ``reference`` names inside ``root``, or ``None``."""
    if not isinstance(reference, str) or not reference.startswith("#"):
        return None
    found = root
    for part in pointer_of(reference).split("/")[1:]:
        key = part.replace("~1", "/").replace("~0", "~")
        if isinstance(found, Mapping):
            found = found.get(key)
        elif isinstance(found, list) and key.isascii() and key.isdigit():
            found = found[int(key[:6])] if int(key[:6]) < len(found) else None
        else:
            return None
    return found


def _with_defaults(schema: Any, value: Any, root: Any, depth: int) -> Any:
    if not isinstance(schema, Mapping) or depth > _MAX_DEFAULTS_DEPTH:
        return value
    if "$ref" in schema:
        value = _with_defaults(local_target(root, schema["$ref"]), value, root, depth + 1)
    for part in schema.get("allOf") or ():
        value = _with_defaults(part, value, root, depth + 1)
    properties = schema.get("properties")
    if isinstance(value, Mapping) and isinstance(properties, Mapping):
        filled = dict(value)
        for key, inner in properties.items():
            if key not in filled and isinstance(inner, Mapping) and "default" in inner:
                filled[key] = json.loads(json.dumps(inner["default"]))
            if key in filled:
                filled[key] = _with_defaults(inner, filled[key], root, depth + 1)
        return filled
    if isinstance(value, list):
        prefix = schema.get("prefixItems") or ()
        rest = schema.get("items")
        return [
            _with_defaults(prefix[i] if i < len(prefix) else rest, item, root, depth + 1)
            for i, item in enumerate(value)
        ]
    return value


def _text(schema: Any) -> str | SchemaProblem:
    if not isinstance(schema, Mapping | bool):
        return SchemaProblem(
            "", "schema.not_a_schema", f"a schema is an object or a bool, got {schema!r:.60}"
        )
    try:
        text = json.dumps(schema, allow_nan=False, default=_mapping)
        text.encode()
    except (TypeError, ValueError, RecursionError) as error:
        return SchemaProblem("", "schema.not_a_schema", f"the schema is not JSON: {error!s:.120}")
    if len(text) > MAX_SCHEMA_CHARS:
        return SchemaProblem("", "schema.limit", f"a schema has at most {MAX_SCHEMA_CHARS:,} bytes")
    return text


def _mapping(value: Any) -> dict[str, Any]:
    if isinstance(value, Mapping):
        return dict(value)
    raise TypeError(f"{value!r:.60} is not JSON")


@lru_cache(maxsize=512)
def _checked(
    text: str, recursive: bool
) -> tuple[jsonschema_rs.Validator | None, tuple[SchemaProblem, ...], int]:
    """Return the compiled validator of ``text``, or why there is none, and its size in parts."""
    schema = json.loads(text)
    problems, parts = survey_schema(schema, recursive=recursive)
    if problems:
        return None, problems, parts
    if isinstance(schema, dict):
        schema.pop("$id", None)  # only a name; references are inside the document
    try:
        return _compile(schema), (), parts
    except jsonschema_rs.ValidationError as error:
        where = "".join(f"/{escape(str(part))}" for part in error.instance_path)
        return None, (SchemaProblem(where, "schema.invalid", f"{error.message:.200}"),), parts
    except (ValueError, RecursionError, OverflowError) as error:
        return None, (SchemaProblem("", "schema.invalid", f"{error!s:.200}"),), parts


def _compile(schema: Any) -> jsonschema_rs.Validator:
    return jsonschema_rs.validator_for(
        schema,
        validate_formats=True,
        retriever=_refuse,
        pattern_options=jsonschema_rs.RegexOptions(
            size_limit=_PATTERN_BYTES, dfa_size_limit=_PATTERN_BYTES
        ),
    )


def _refuse(uri: str) -> Any:
    raise ValueError(f"schemas are never fetched, not even {uri!r:.80}")
