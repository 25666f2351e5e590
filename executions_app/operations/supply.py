"""Writing values that an execution did not come to itself.  Says in the log whose outputs are."""

from __future__ import annotations

from typing import Any

from executions_app import rows
from executions_app.engine.events import StepCompleted
from executions_app.recording.frame import Frame

#: Stands where nobody is named.
SOMEBODY = "somebody"


def supply(frame: Frame, key: str, output: Any, *, by: str) -> None:
    """Complete the run ``key`` with ``output``, whether it had begun or not."""
    frame.count(output)
    frame.add(
        StepCompleted(
            node_id=key,
            attempt=frame.state.node(key).attempt,
            output=output,
            supplied=by or SOMEBODY,
        ),
        output=output,
        ended_at=frame.now,
    )


def replace_value(frame: Frame, name: str, value: Any) -> None:
    """Replace a value of the execution's own, so that all that is decided from now on sees it."""
    if frame.unsaved is not None:
        setattr(frame.unsaved, name, value)
    else:
        rows.update_execution(frame.id, {name: value})
