"""Working out a source while it is being written.  Executes nothing and stores nothing."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Final

from executions_app.engine.preview import PREVIEW_BYTES, preview
from executions_app.engine.storable import NotStorable, storable_bytes
from executions_app.operations.seen_values import SeenValues
from workflows_app.language.data_types import Schema
from workflows_app.language.expression_bounds import ExpressionError
from workflows_app.language.expressions import check as check_expression
from workflows_app.language.paths import MISSING, PathError, parse_path
from workflows_app.language.source_values import value_of
from workflows_app.language.sources import Source
from workflows_app.language.templates import check_template

MISSING_TYPE: Final = "missing"
UNKNOWN_TYPE: Final = "unknown"
#: Types as a preview names them.
TYPES: Final = (
    *("null", "boolean", "number", "string", "array", "object"),
    *(MISSING_TYPE, UNKNOWN_TYPE),
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Refusal:
    """Why a source has no value."""

    code: str
    message: str
    position: int | None = None
    """Where in its text, from 0, as far as that is known; so are line and column, from 1."""
    line: int | None = None
    column: int | None = None
    fix: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Previewed:
    """What a source comes to."""

    evaluated: bool = False
    """Whether it was worked out; not where it is wrong, and not where data is missing."""
    value: Any = None
    type: str = UNKNOWN_TYPE
    bytes: int | None = None
    truncated: bool = False
    schema: Schema | None = None
    """Of the value, as far as it is known without data."""
    error: Refusal | None = None
    warnings: tuple[Mapping[str, Any], ...] = ()
    missing_roots: tuple[str, ...] = ()
    missing_steps: tuple[str, ...] = field(default=())

    @property
    def ok(self) -> bool:
        return self.error is None


def preview_source(source: Source, *, seen: SeenValues, is_condition: bool = False) -> Previewed:
    """Return what ``source`` comes to at the place and over the values of ``seen``.

    What is wrong with it is said, not raised.  Where a name has no value in the data, nothing is
    worked out, and the names are given.
    """
    refusal = _misspelt(source, roots=seen.view.roots)
    if refusal is not None:
        return Previewed(error=refusal)
    checked = seen.view.check(source, is_condition=is_condition)
    if checked.error is not None:
        wrong = checked.error
        return Previewed(error=Refusal(code=wrong.code, message=wrong.message, fix=wrong.fix))
    warnings = [
        {"code": one.code, "message": one.message, "fix": one.fix} for one in checked.problems
    ]
    sought = seen.sought(checked)
    if not sought.is_complete:
        return Previewed(
            schema=checked.schema,
            warnings=tuple(warnings),
            missing_roots=sought.missing_roots,
            missing_steps=sought.missing_steps,
        )
    try:
        value = value_of(source, sought.variables)
    except (PathError, ExpressionError) as error:
        return Previewed(
            evaluated=True, schema=checked.schema, error=_refusal(error), warnings=tuple(warnings)
        )
    if is_condition and not isinstance(value, bool):
        counts = "true" if value is not MISSING and value else "false"
        warnings.append(
            {
                "code": "condition.not_boolean",
                "message": f"this is neither true nor false; it counts as {counts}",
                "fix": "compare it with something, as in `... > 0` or `... != null`",
            }
        )
    return _shown(value, schema=checked.schema, warnings=tuple(warnings))


def _shown(value: Any, *, schema: Schema | None, warnings: tuple[Mapping[str, Any], ...]) -> Any:
    if value is MISSING:
        return Previewed(evaluated=True, type=MISSING_TYPE, schema=schema, warnings=warnings)
    try:
        size = storable_bytes(value)
    except NotStorable as error:
        refusal = Refusal(code=error.code, message=str(error))
        return Previewed(evaluated=True, schema=schema, warnings=warnings, error=refusal)
    is_large = size > PREVIEW_BYTES
    return Previewed(
        evaluated=True,
        value=preview(value)["preview"] if is_large else value,
        type=type_name(value),
        bytes=size,
        truncated=is_large,
        schema=schema,
        warnings=warnings,
    )


def type_name(value: Any) -> str:
    """Return the JSON type of ``value``."""
    match value:
        case None:
            return "null"
        case bool():
            return "boolean"
        case int() | float():
            return "number"
        case str():
            return "string"
        case list():
            return "array"
    return "object"


def _misspelt(source: Source, *, roots: frozenset[str]) -> Refusal | None:
    """Return where a source cannot be read; checked by itself because only here is it known at
    which character."""
    try:
        match source.kind:
            case "from":
                parse_path(source.from_ or "")
            case "expression":
                check_expression(source.expression or "", roots=roots)
            case "template":
                check_template(source.template or "")
            case "code":
                return Refusal(
                    code="preview.callable",
                    message="this value is made by Python code, which runs on workers only",
                )
    except (PathError, ExpressionError) as error:
        return _refusal(error)
    return None


def _refusal(error: PathError | ExpressionError) -> Refusal:
    return Refusal(
        code=error.code,
        message=error.message,
        position=error.position,
        line=getattr(error, "line", None),
        column=getattr(error, "column", None),
    )
