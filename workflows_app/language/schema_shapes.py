"""Reading a JSON Schema piece by piece: its alternatives, its one type, the schema of a part.

Answers conservatively: what a schema does not say is not known, and patterns are not tried.
"""

from __future__ import annotations

from collections.abc import Mapping
from enum import Enum
from itertools import islice
from typing import Any, Final

from workflows_app.language.schemas import local_target

MAX_ALTERNATIVES: Final = 50
MAX_REFERENCES: Final = 20
_TYPES_OF_VALUES: Final[Mapping[type, str]] = {
    bool: "boolean",
    int: "integer",
    float: "number",
    str: "string",
    list: "array",
    dict: "object",
    type(None): "null",
}


class Unknown(Enum):
    """The type of :data:`UNKNOWN`."""

    UNKNOWN = "unknown"

    def __bool__(self) -> bool:
        return False

    def __repr__(self) -> str:
        return "UNKNOWN"


#: The schema does not say what is there.
UNKNOWN: Final = Unknown.UNKNOWN


def alternatives(schema: Any, root: Any, depth: int = 0) -> list[Mapping[str, Any]]:
    """Return schemas of one type each that together are ``schema``; empty when one is unknown.

    ``{"type": ["string", "null"]}`` and ``anyOf`` of the two are the same two alternatives.
    """
    node = dereference(schema, root)
    if not isinstance(node, Mapping) or not node or depth > MAX_REFERENCES:
        return []
    for combiner in ("anyOf", "oneOf"):
        branches = node.get(combiner)
        if isinstance(branches, list):
            rest = {key: value for key, value in node.items() if key != combiner}
            made: list[Mapping[str, Any]] = []
            for branch in islice(branches, MAX_ALTERNATIVES):
                inner = dereference(branch, root)
                if not isinstance(inner, Mapping):
                    return []
                parts = alternatives({**rest, **inner}, root, depth + 1)
                if not parts or len(made) > MAX_ALTERNATIVES:
                    return []
                made += parts
            return made
    if isinstance(node.get("allOf"), list):
        return _merged(node, root, depth)
    if "not" in node or "if" in node:
        return []
    types = types_of(node)
    return [{**node, "type": one} for one in types] if types else []


def _merged(node: Mapping[str, Any], root: Any, depth: int) -> list[Mapping[str, Any]]:
    """Return the alternatives of ``node`` with its ``allOf`` written into it."""
    merged: dict[str, Any] = {}
    for part in (*node["allOf"], {key: node[key] for key in node if key != "allOf"}):
        inner = dereference(part, root)
        if not isinstance(inner, Mapping):
            return []
        properties = {**mapping_at(merged, "properties"), **mapping_at(inner, "properties")}
        required = [*names_at(merged, "required"), *names_at(inner, "required")]
        merged |= inner
        if properties:
            merged["properties"] = properties
        if required:
            merged["required"] = required
    return alternatives(merged, root, depth + 1)


def dereference(schema: Any, root: Any) -> Any:
    """Return ``schema`` with its local references followed; ``None`` when they lead nowhere."""
    for _ in range(MAX_REFERENCES):
        if not isinstance(schema, Mapping) or "$ref" not in schema:
            return schema
        target = local_target(root, schema["$ref"])
        siblings = {key: value for key, value in schema.items() if key != "$ref"}
        schema = {**target, **siblings} if isinstance(target, Mapping) and siblings else target
    return None


def types_of(node: Mapping[str, Any]) -> list[str]:
    """Return the types that ``node`` allows; empty when it does not say."""
    declared = node.get("type")
    if isinstance(declared, str):
        types = [declared]
    elif isinstance(declared, list):
        types = [one for one in declared if isinstance(one, str)]
    else:
        values = choices_of(node)
        types = [_TYPES_OF_VALUES.get(type(value), "object") for value in values or []]
    if types and node.get("nullable") is True:
        types.append("null")
    return list(dict.fromkeys(types))


def type_of(node: Mapping[str, Any]) -> str | None:
    """Return the one type of an alternative."""
    found = node.get("type")
    return found if isinstance(found, str) else None


def choices_of(node: Mapping[str, Any]) -> list[Any] | None:
    """Return the values that ``node`` names one by one, or ``None`` when it names none."""
    if "const" in node:
        return [node["const"]]
    values = node.get("enum")
    return values if isinstance(values, list) else None


def mapping_at(node: Mapping[str, Any], keyword: str) -> Mapping[str, Any]:
    """Return ``node[keyword]`` if it is an object, else an empty one."""
    found = node.get(keyword)
    return found if isinstance(found, Mapping) else {}


def names_at(node: Mapping[str, Any], keyword: str) -> list[str]:
    """Return the texts in the list ``node[keyword]``."""
    found = node.get(keyword)
    return [one for one in found if isinstance(one, str)] if isinstance(found, list) else []


def has_reference(schema: Any) -> bool:
    """Return whether a ``$ref`` stands anywhere in ``schema``."""
    todo = [schema]
    while todo:
        node = todo.pop()
        if isinstance(node, Mapping):
            if "$ref" in node:
                return True
            todo += node.values()
        elif isinstance(node, list):
            todo += node
    return False


def part_of(schema: Any, segment: str | int, root: Any, depth: int = 0) -> Any:
    """Return the schema of ``segment`` in a value of ``schema``: a schema, ``None`` or UNKNOWN."""
    node = dereference(schema, root)
    if node is False:
        return None
    if not isinstance(node, Mapping) or depth > MAX_REFERENCES:
        return UNKNOWN
    own = _own_part(node, segment)
    if own is not UNKNOWN:
        return own
    for combiner, decide in (("anyOf", _any), ("oneOf", _any), ("allOf", _all)):
        branches = node.get(combiner)
        if isinstance(branches, list) and branches:
            parts = [part_of(branch, segment, root, depth + 1) for branch in branches]
            if (found := decide(parts)) is not UNKNOWN:
                return found
    return UNKNOWN


def _any(parts: list[Any]) -> Any:
    # One open alternative is enough for anything to be there.
    if any(part is UNKNOWN for part in parts):
        return UNKNOWN
    found = [part for part in parts if part is not None]
    return found[0] if len(found) == 1 else {"anyOf": found} if found else None


def _all(parts: list[Any]) -> Any:
    if any(part is None for part in parts):
        return None
    return next((part for part in parts if part is not UNKNOWN), UNKNOWN)


def _own_part(node: Mapping[str, Any], segment: str | int) -> Any:
    types = types_of(node)
    may_be_list = isinstance(segment, int) and (not types or "array" in types)
    may_be_object = "object" in types or (not types and not (may_be_list and _lists(node)))
    list_part = _item(node, int(segment)) if may_be_list else None
    object_part = _property(node, str(segment)) if may_be_object else None
    if may_be_list and may_be_object:
        return _any([list_part, object_part])
    return list_part if may_be_list else object_part


def _lists(node: Mapping[str, Any]) -> bool:
    """Return whether a schema without a type speaks of lists only."""
    return ("items" in node or "prefixItems" in node) and "properties" not in node


def _property(node: Mapping[str, Any], name: str) -> Any:
    properties = mapping_at(node, "properties")
    if name in properties:
        return None if properties[name] is False else properties[name]
    if mapping_at(node, "patternProperties"):
        return UNKNOWN
    return _rest(node.get("additionalProperties"))


def _item(node: Mapping[str, Any], index: int) -> Any:
    most = node.get("maxItems")
    if isinstance(most, int) and index >= most:
        return None
    items = node.get("items")
    prefix = items if isinstance(items, list) else node.get("prefixItems")
    if isinstance(prefix, list):
        if index < len(prefix):
            return prefix[index]
        if isinstance(items, list):
            return _rest(node.get("additionalItems"))
    return _rest(items)


def _rest(schema: Any) -> Any:
    if schema is False:
        return None
    return schema if isinstance(schema, Mapping) else UNKNOWN
