"""What an attempt may hand on: as much as the installation keeps, and only what can be stored."""

from __future__ import annotations

import logging
from collections.abc import Mapping
from typing import Any

from django.conf import settings

from executions_app.engine.preview import OutputTooLarge, check_size
from executions_app.engine.storable import storable_bytes
from executions_app.runner.claim import Claim

logger = logging.getLogger("celeriac.runner")


class StateTooLarge(Exception):
    """What the step sets would make the shared state larger than it may be."""

    code = "state.limit"
    retryable = False

    def __init__(self, size_bytes: int, limit_bytes: int) -> None:
        super().__init__(
            f"the shared state would be {size_bytes:,} bytes of JSON, the limit is "
            f"{limit_bytes:,}; keep large values elsewhere and share a reference"
        )
        self.details = {"size_bytes": size_bytes, "limit_bytes": limit_bytes}


def output_of(value: Any, claim: Claim) -> Any:
    """Return ``value``, which a step puts out; a large one is named in the worker's log, so that
    somebody can act before it is refused.

    Raises:
        OutputTooLarge, NotStorable: if it may not be handed on.
    """
    limits, size = settings.LIMITS, storable_bytes(value)
    if size > limits.value_bytes:
        raise OutputTooLarge(size, limits.value_bytes)
    if size > limits.large_value_bytes:
        logger.warning(
            "a step put out a large value",
            extra={
                "action": "value.large",
                "run_id": claim.execution_id,
                "node_id": claim.node_id,
                "attempt": claim.attempt,
                "size_bytes": size,
                "limit_bytes": limits.value_bytes,
            },
        )
    return value


def bounded(value: Any) -> Any:
    """Return ``value``.

    Raises:
        OutputTooLarge, NotStorable: if it may not be handed on.
    """
    return check_size(value, limit_bytes=settings.LIMITS.value_bytes)


def shared(state: Mapping[str, Any], changes: Mapping[str, Any]) -> Mapping[str, Any]:
    """Return ``changes`` to the shared ``state``.

    Raises:
        StateTooLarge: if the state with them would be too large.
        NotStorable: if a database would refuse them.
    """
    limit = settings.LIMITS.value_bytes
    if changes and (size := storable_bytes({**state, **changes})) > limit:
        raise StateTooLarge(size, limit)
    return changes
