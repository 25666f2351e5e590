"""Query parameters by an allow-list.  Refuses a name it does not know and a value it cannot read;
never hands either to the database unread.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

from drf_spectacular.utils import OpenApiParameter
from rest_framework.request import Request

from workflows_app.authoring.errors import WorkflowError

PAGING = frozenset({"cursor", "page_size"})


class UnknownFilter(WorkflowError):
    """The address takes no query parameter of this name."""

    code = "query.unknown_filter"

    def __init__(self, name: str, known: Collection[str]) -> None:
        may = f"use {', '.join(sorted(known))}" if known else "send none"
        super().__init__(
            f"there is no query parameter {name[:100]!r}; {may}",
            details={"parameter": name[:100], "known": sorted(known)},
        )


class InvalidFilter(WorkflowError):
    """A query parameter has a value that cannot be read."""

    code = "query.invalid"

    def __init__(self, name: str, why: str) -> None:
        super().__init__(f"query parameter {name!r}: {why}", details={"parameter": name})


@dataclass(frozen=True, slots=True, kw_only=True)
class Filter:
    """One query parameter."""

    read: Callable[[str], Any]
    """Raises ``ValueError``, whose message says what to send instead."""

    description: str
    schema: Mapping[str, Any] = field(default_factory=lambda: {"type": "string"})


Filters = Mapping[str, Filter]


def read_filters(request: Request, allowed: Filters, *, paged: bool = False) -> dict[str, Any]:
    """Return the values of the parameters that were sent, by name.

    ``paged`` lets the parameters of :mod:`~workflows_app.api.paging` pass; they are read there.

    Raises:
        InvalidFilter: if one is sent twice or cannot be read.
        UnknownFilter: if one is not in ``allowed``.
    """
    known = set(allowed) | (PAGING if paged else set())
    found: dict[str, Any] = {}
    for name, values in request.query_params.lists():
        if name not in known:
            raise UnknownFilter(name, known)
        if len(values) != 1:
            raise InvalidFilter(name, "send it once")
        if name in allowed:
            try:
                found[name] = allowed[name].read(values[0])
            except ValueError as error:
                raise InvalidFilter(name, str(error)) from None
    return found


def read_values(given: Mapping[str, Any], allowed: Filters) -> dict[str, Any]:
    """Return the values of ``given``, a JSON object that says the same as query parameters would.

    Numbers stand for themselves; a list for what a parameter has with commas between.

    Raises:
        InvalidFilter: if one cannot be read.
        UnknownFilter: if one is not in ``allowed``.
    """
    found: dict[str, Any] = {}
    for name, value in given.items():
        if name not in allowed:
            raise UnknownFilter(name, allowed)
        try:
            found[name] = allowed[name].read(_as_text(value))
        except ValueError as error:
            raise InvalidFilter(name, str(error)) from None
    return found


def _as_text(value: Any) -> str:
    match value:
        case str():
            return value
        case int() if not isinstance(value, bool):
            return str(value)
        case [*parts] if parts and all(isinstance(part, str) for part in parts):
            return ",".join(parts)
    raise ValueError("send it as it would stand in the address")


def parameters(allowed: Filters) -> list[OpenApiParameter]:
    """Return ``allowed`` as OpenAPI describes them."""
    return [
        OpenApiParameter(
            name, dict(known.schema), OpenApiParameter.QUERY, description=known.description
        )
        for name, known in allowed.items()
    ]


def text(description: str, *, max_length: int = 200) -> Filter:
    """Return a filter that takes any text of at most ``max_length`` characters."""

    def read(value: str) -> str:
        # Neither can be stored, and PostgreSQL breaks on being asked for it.
        if "\0" in value or any("\ud800" <= sign <= "\udfff" for sign in value):
            raise ValueError("send text without NUL and surrogates")
        if len(value) > max_length:
            raise ValueError(f"send at most {max_length} characters")
        return value

    schema = {"type": "string", "maxLength": max_length}
    return Filter(read=read, description=description, schema=schema)


def choice(description: str, values: Collection[str]) -> Filter:
    """Return a filter that takes one of ``values``."""
    ordered = list(values)

    def read(value: str) -> str:
        if value not in ordered:
            raise ValueError(f"send one of {', '.join(ordered)}")
        return value

    return Filter(read=read, description=description, schema={"type": "string", "enum": ordered})


def choices(description: str, values: Collection[str]) -> Filter:
    """Return a filter that takes one of ``values``, or several with commas between; it gives them
    in the order of ``values``, each once."""
    one = choice(description, values)

    def read(value: str) -> list[str]:
        asked = {one.read(part) for part in value.split(",")}
        return [known for known in values if known in asked]

    either = "|".join(values)
    return Filter(
        read=read,
        description=f"{description} Several with commas between: {', '.join(values)}.",
        schema={"type": "string", "pattern": f"^({either})(,({either}))*$"},
    )


def whole_number(description: str, *, least: int, most: int) -> Filter:
    """Return a filter that takes a whole number from ``least`` to ``most``."""

    def read(value: str) -> int:
        # ``int`` alone would take "1_0", " 1" and the digits of every script.
        plain = value.removeprefix("-")
        if not (plain.isascii() and plain.isdigit() and len(plain) <= 18):
            raise ValueError(f"send a whole number from {least} to {most}")
        number = int(value)
        if not least <= number <= most:
            raise ValueError(f"send a whole number from {least} to {most}")
        return number

    schema = {"type": "integer", "minimum": least, "maximum": most}
    return Filter(read=read, description=description, schema=schema)


def flag(description: str) -> Filter:
    """Return a filter that takes ``1`` or ``true``, ``0`` or ``false``."""
    meaning = {"1": True, "true": True, "0": False, "false": False}

    def read(value: str) -> bool:
        if value not in meaning:
            raise ValueError("send true or false")
        return meaning[value]

    return Filter(read=read, description=description, schema={"type": "boolean"})


def moment(description: str) -> Filter:
    """Return a filter that takes a time as ISO 8601; one without an offset is UTC."""

    def read(value: str) -> datetime:
        try:
            # A "+" that was not escaped in the address arrives as a space.
            when = datetime.fromisoformat(value.replace(" 0", "+0").replace(" 1", "+1"))
            when = when.replace(tzinfo=UTC) if when.tzinfo is None else when.astimezone(UTC)
        except (ValueError, OverflowError):
            raise ValueError("send a time like 2026-05-04T10:00:00Z") from None
        return when

    return Filter(
        read=read, description=description, schema={"type": "string", "format": "date-time"}
    )
