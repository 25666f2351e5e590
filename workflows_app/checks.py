"""What ``manage.py check``, and every start of a process, says of workflows in code."""

from __future__ import annotations

from typing import Any

from django.core.checks import CheckMessage, Warning

from workflows_app.authoring.registry import registry

#: Registry problem -> id of the check.
IDS = {"module.broken": "workflows_app.W001", "workflow.duplicate_id": "workflows_app.W002"}
_HINTS = {
    "module.broken": "Correct the module; until then its workflows are missing.",
    "workflow.duplicate_id": "Give one of the two another id.",
}


def check_registry(**_: Any) -> list[CheckMessage]:
    """Return a warning for everything in code that could not be registered.

    Warnings, because one broken module must not take the other workflows down.
    """
    return [
        Warning(
            f"{problem.module}: {problem.message}",
            hint=_HINTS[problem.code],
            id=IDS[problem.code],
        )
        for problem in registry.problems
    ]
