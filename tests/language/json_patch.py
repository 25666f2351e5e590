"""Applying a JSON Patch, as an editor does.  Source: RFC 6902; only what repairs use."""

from __future__ import annotations

from collections.abc import Sequence
from copy import deepcopy
from typing import Any

from workflows_app.language.diagnostics import Operation


def patched(document: Any, operations: Sequence[Operation]) -> Any:
    """Return ``document`` after ``operations``; it stays as it is.

    Raises:
        LookupError: if one of them does not fit.
    """
    changed = deepcopy(document)
    for operation in operations:
        *names, last = [
            part.replace("~1", "/").replace("~0", "~") for part in operation.path.split("/")[1:]
        ]
        parent = changed
        for name in names:
            parent = parent[int(name)] if isinstance(parent, list) else parent[name]
        if isinstance(parent, list):
            _change_list(parent, last, operation)
        elif operation.op == "add":
            parent[last] = operation.value
        else:
            del parent[last]
            if operation.op == "replace":
                parent[last] = operation.value
    return changed


def _change_list(items: list[Any], name: str, operation: Operation) -> None:
    match operation.op:
        case "add":
            items.insert(len(items) if name == "-" else int(name), operation.value)
        case "remove":
            del items[int(name)]
        case "replace":
            items[int(name)] = operation.value
