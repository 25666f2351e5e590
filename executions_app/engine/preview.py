"""How a large value travels: as a beginning and a size.  The whole stays in its row."""

from __future__ import annotations

import json
from typing import Any

from executions_app.engine.limits import DEFAULTS
from executions_app.engine.storable import NotStorable, storable_bytes

#: Larger values are cut in events and lists.
PREVIEW_BYTES = 64 * 1024


class OutputTooLarge(Exception):
    """A value passes the limit of what one step may hand on."""

    code = "output.too_large"
    retryable = False

    def __init__(self, size_bytes: int, limit_bytes: int) -> None:
        super().__init__(
            f"the value is {size_bytes:,} bytes of JSON, the limit is {limit_bytes:,}; "
            "store it elsewhere and hand on a reference"
        )
        self.details = {"size_bytes": size_bytes, "limit_bytes": limit_bytes}


#: Why a value may not be handed on.
OutputRefused = (OutputTooLarge, NotStorable)


def check_size(value: Any, *, limit_bytes: int = DEFAULTS.value_bytes) -> Any:
    """Return ``value``.

    Raises:
        OutputTooLarge: if it is more than ``limit_bytes`` of JSON.
        NotStorable: if a database would refuse it.
    """
    size = storable_bytes(value)
    if size > limit_bytes:
        raise OutputTooLarge(size, limit_bytes)
    return value


def preview(value: Any) -> Any:
    """Return ``value``, or ``{"preview", "bytes", "truncated"}`` where it is large."""
    if value is None or isinstance(value, bool | int | float):
        return value
    text = json.dumps(value, ensure_ascii=False, separators=(",", ":"))
    size = len(text.encode("utf-8"))
    if size <= PREVIEW_BYTES:
        return value
    return {"preview": text[:1_000], "bytes": size, "truncated": True}
