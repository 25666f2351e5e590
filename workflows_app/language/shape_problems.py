"""What pydantic says about a document, as diagnostics: one a place, pointing into the document."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from pydantic import ValidationError

from workflows_app.language.diagnostics import Diagnostics
from workflows_app.language.draft import Place

#: What pydantic answers for each model of a union when the value is no object at all.
_NO_OBJECT = frozenset({"model_type", "dict_type", "model_attributes_type"})


def report_shape(
    error: ValidationError,
    document: Any,
    prefix: Place,
    problems: Diagnostics,
    *,
    node_id: str | None = None,
) -> None:
    """Add what ``error`` found in ``document``, which stands at ``prefix``, to ``problems``."""
    said: dict[Place, str] = {}
    for item in error.errors(include_url=False):
        place = _place(item["loc"], item["type"], document)
        message = item["msg"].removeprefix("Value error, ")
        if place in said and item["type"] in _NO_OBJECT:
            said[place] += ", or an object that says where it comes from"
            continue
        said.setdefault(place, message[0].lower() + message[1:])
    for place, message in said.items():
        if isinstance(_at(document, place), Mapping) and _says_more_below(place, said):
            continue  # of a union: the value is an object, and what is wrong stands inside it
        problems.add("definition.field_invalid", message, *prefix, *place, node_id=node_id)


def _says_more_below(place: Place, said: Mapping[Place, str]) -> bool:
    return bool(place) and any(
        len(other) > len(place) and other[: len(place)] == place for other in said
    )


def _place(loc: tuple[int | str, ...], kind: str, document: Any) -> Place:
    """Return ``loc`` without the names of union members that pydantic puts into it."""
    place: list[str | int] = []
    here = document
    for part in loc:
        if (isinstance(here, Mapping) and part in here) or (
            isinstance(here, list) and isinstance(part, int) and 0 <= part < len(here)
        ):
            place.append(part)
            here = _at(here, (part,))
    if kind == "missing" and loc:
        place.append(loc[-1])
    return tuple(place)


def _at(document: Any, place: Place) -> Any:
    for part in place:
        if isinstance(document, Mapping):
            document = document.get(part)
        elif isinstance(document, list) and isinstance(part, int) and part < len(document):
            document = document[part]
        else:
            return None
    return document
