"""Writing an output that a run did not come to itself.  Says in the log whose it is."""

from __future__ import annotations

from typing import Any

from executions_app.engine.events import StepCompleted
from executions_app.frame import Frame

#: Stands where nobody is named.
SOMEBODY = "somebody"


def supply(frame: Frame, key: str, output: Any, *, by: str) -> None:
    """Complete the run ``key`` with ``output``, whether it had begun or not."""
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
