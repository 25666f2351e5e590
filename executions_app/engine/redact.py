"""Keeping secrets out of history: values under names that hold credentials are masked."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

MASK = "[redacted]"

#: Names of fields and headers whose values are never stored.
_SECRET_NAME = re.compile(
    r"(^|[_\-. ])(authorization|proxy[_\-]authorization|cookie|set[_\-]cookie|password|passwd|"
    r"secret|token|api[_\-]?key|access[_\-]?key|private[_\-]?key|client[_\-]?secret|"
    r"credential|credentials)$",
    re.IGNORECASE,
)


def redact(value: Any) -> Any:
    """Return ``value`` with everything under a secret's name masked, however deep it is."""
    match value:
        case Mapping():
            return {
                name: MASK if item and _is_secret(name) else redact(item)
                for name, item in value.items()
            }
        case list() | tuple():
            return [redact(item) for item in value]
    return value


def _is_secret(name: Any) -> bool:
    return isinstance(name, str) and _SECRET_NAME.search(name) is not None
