"""Running a workflow again with the input of an earlier execution, or an edited one."""

from __future__ import annotations

from typing import Any, Final

from executions_app.models import Execution
from executions_app.operations.start_execution import start_execution


class _Unchanged:
    """Says that the earlier input is used; ``None`` is an input of its own."""


UNCHANGED: Final = _Unchanged()


def rerun_execution(
    execution: Execution,
    *,
    input_data: Any = UNCHANGED,
    version: str = "pinned",
    owner: Any = None,
    idempotency_key: str | None = None,
) -> Execution:
    """Return a new execution with a link to ``execution``, which stays as it is.

    ``version`` is ``"pinned"`` for the version that ran, or ``"latest"`` for the published one.

    Raises:
        ValueError: if ``version`` is neither.
        NotExecutable, InputInvalid: as when starting.
    """
    if version not in ("pinned", "latest"):
        raise ValueError(f"version must be 'pinned' or 'latest', not {version!r}")
    return start_execution(
        execution.workflow,
        input_data=execution.input if isinstance(input_data, _Unchanged) else input_data,
        owner=owner,
        runtime_context=execution.runtime_context,
        resource_id=execution.resource_id,
        trigger=Execution.Trigger.RERUN,
        version=execution.version if version == "pinned" else None,
        rerun_of=execution,
        idempotency_key=idempotency_key,
    )
