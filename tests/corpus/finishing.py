"""Letting a stored execution come to its end, and saying what that was."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from executions_app.models import Execution
from executions_app.operations.pause import unpause_execution
from executions_app.operations.resume import resume_execution
from executions_app.operations.send_event import send_event
from executions_app.testing import Engine


def finish(engine: Engine, execution_id: str, moves: Sequence[Sequence[Any]]) -> dict[str, Any]:
    """Make ``moves``, each followed by everything that is due, and return what it came to."""
    for verb, *arguments in moves:
        match verb, arguments:
            case "advance", [seconds]:
                engine.advance(seconds)
            case "resume", [step, data]:
                resume_execution(execution_id, step=step, data=data)
            case "event", [name, data]:
                send_event(execution_id, event=name, data=data)
            case "unpause", []:
                unpause_execution(execution_id)
            case _:
                raise AssertionError(f"a move that is none: {verb!r} {arguments!r}")
        engine.run_until_idle()
    return ending_of(execution_id)


def ending_of(execution_id: str) -> dict[str, Any]:
    """Return how an execution stands."""
    row = Execution.objects.get(pk=execution_id)
    return {"status": row.status, "output": row.output, "error": (row.error or {}).get("code")}
