"""Steps that count their calls and fail as often as a test says; and the laws after every story."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Mapping
from typing import Any

from executions_app.models import Event, StepRun
from executions_app.operations.audit import differences, orphans
from workflows_app.authoring import create_step
from workflows_app.interface import get_plan
from workflows_app.language.plan import node_of


class Calls:
    """What the bodies of a test's steps were called with, in order."""

    def __init__(self) -> None:
        self.seen: dict[str, list[Any]] = defaultdict(list)

    @property
    def counts(self) -> dict[str, int]:
        return {name: len(values) for name, values in self.seen.items()}

    def step(
        self,
        name: str,
        *,
        execute: Callable[[Any], Any] = lambda value: value + 1,
        failing: int = 0,
        failing_on: Mapping[Any, int] | None = None,
        **options: Any,
    ) -> Any:
        """Return a step that fails at its first ``failing`` calls, or at the first calls with the
        values of ``failing_on``, and then returns what ``execute`` does."""
        left = {"any": failing, **(failing_on or {})}

        def body(value: Any) -> Any:
            self.seen[name].append(value)
            for reason in ("any", value if isinstance(value, int) else None):
                if left.get(reason, 0) > 0:
                    left[reason] -= 1
                    raise ValueError(f"{name} fails as planned")
            return execute(value)

        return create_step(id=name, execute=body, **options)


def check_laws(execution_id: str) -> None:
    """Assert that rows equal the log's fold, that nothing is forgotten, and that nothing is counted
    twice."""
    assert differences(execution_id) == []
    assert list(orphans()) == []
    for progress in Event.objects.filter(execution_id=execution_id, type="step_progress"):
        total = progress.data["total_count"]
        assert total is None or progress.data["completed_count"] <= total
    for row in StepRun.objects.filter(root_id=execution_id).only("version_id", "node_id", "met"):
        assert row.met <= len(get_plan(row.version_id).by_id[node_of(row.node_id)].needs)
