"""Finding files that an action's input asks for.  Refuses to open, or even look at, any path."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any


def requested_files(schema: Mapping[str, Any], value: Any) -> list[str]:
    """Return where in ``value`` the ``schema`` takes a file and something is given for it.

    Places are spelled ``attachment`` or ``items[2].file``; ``None`` counts as nothing given.
    References are resolved inside ``schema`` only.
    """
    return list(_walk(schema, value, path="", root=schema, open_refs=frozenset()))


def _walk(
    schema: Any, value: Any, *, path: str, root: Mapping[str, Any], open_refs: frozenset[str]
) -> Iterator[str]:
    if not isinstance(schema, Mapping) or value is None:
        return
    if schema.get("file_uploadable"):
        yield path or "input"
        return
    reference = schema.get("$ref")
    if isinstance(reference, str) and reference not in open_refs:
        target = _resolve(root, reference)
        yield from _walk(target, value, path=path, root=root, open_refs=open_refs | {reference})
    for keyword in ("anyOf", "oneOf", "allOf"):
        for part in _list(schema.get(keyword)):
            yield from _walk(part, value, path=path, root=root, open_refs=open_refs)
    # One level down a reference may be met again: the value, which is finite, got smaller.
    if isinstance(value, Mapping):
        properties = schema.get("properties")
        properties = properties if isinstance(properties, Mapping) else {}
        rest = schema.get("additionalProperties")
        for key, item in value.items():
            place = f"{path}.{key}" if path else str(key)
            below = properties.get(key, rest)
            yield from _walk(below, item, path=place, root=root, open_refs=frozenset())
    elif isinstance(value, list):
        for index, item in enumerate(value):
            place = f"{path}[{index}]"
            below = schema.get("items")
            yield from _walk(below, item, path=place, root=root, open_refs=frozenset())


def _resolve(root: Mapping[str, Any], reference: str) -> Any:
    if not reference.startswith("#/"):
        return None
    found: Any = root
    for part in reference[2:].split("/"):
        found = found.get(part) if isinstance(found, Mapping) else None
    return found


def _list(value: Any) -> list[Any]:
    return value if isinstance(value, list) else []
