"""Running definitions in live tests: publish, start, wait for the end, read the marks."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from executions_app.engine.statuses import FINAL
from executions_app.models import Execution, StepRun
from executions_app.operations.audit import differences, orphans
from executions_app.operations.start_execution import start_execution
from executions_app.result import ExecutionResult, result_of
from tests.live.workers import wait_until
from tests.published import Node
from workflows_app.models import Workflow


def node(node_id: str, step: str = "echo", **options: Any) -> Node:
    """Return a node that runs the step ``live-<step>``."""
    return {"id": node_id, "type": "step", "step": f"live-{step}", **options}


@dataclass(slots=True)
class Stage:
    """What a live test starts executions on, and where their steps leave their marks."""

    marks: Path

    def start(self, workflow: Workflow, input_data: Any = None, **context: Any) -> Execution:
        """Start ``workflow``; ``context`` is seen by its steps."""
        return start_execution(
            workflow,
            input_data=input_data,
            runtime_context={"marks": str(self.marks), **context},
        )

    def run(self, workflow: Workflow, input_data: Any = None, **context: Any) -> ExecutionResult:
        """Start ``workflow`` and return what it came to."""
        return self.end_of(self.start(workflow, input_data, **context))

    def end_of(self, execution: Execution, *, seconds: float = 40.0) -> ExecutionResult:
        """Wait for the end of ``execution`` and return what it came to, its laws checked."""
        wait_until(
            lambda: status_of(execution) in FINAL,
            what=f"the end of {describe(execution)}",
            seconds=seconds,
        )
        assert differences(execution.pk) == []
        return result_of(Execution.objects.get(pk=execution.pk))

    def go(self, node_id: str) -> None:
        """Let the step at ``node_id`` go on."""
        (self.marks / f"go-{node_id}").touch()

    def starts(self) -> list[list[str]]:
        """Return what each body wrote when it began: node, retries, restart, process, key."""
        path = self.marks / "starts"
        return [line.split() for line in path.read_text().splitlines()] if path.exists() else []

    def counts(self) -> Counter[str]:
        """Return how often the body of each node began."""
        return Counter(start[0] for start in self.starts())

    def wait_for_start(self, node_id: str, *, times: int = 1) -> None:
        """Return once the body of ``node_id`` has begun."""
        wait_until(lambda: self.counts()[node_id] >= times, what=f"start {times} of {node_id!r}")


def status_of(execution: Execution) -> str:
    """Return the status as it is now."""
    return Execution.objects.values_list("status", flat=True).get(pk=execution.pk)


def row_of(execution: Execution, node_id: str) -> StepRun:
    """Return the step run as it is now."""
    return StepRun.objects.get(execution=execution, node_id=node_id)


def statuses(result: ExecutionResult) -> Mapping[str, str]:
    """Return the status of each step that was reached."""
    return {name: step.status for name, step in result.steps.items() if name != "input"}


def describe(execution: Execution) -> str:
    """Return how far ``execution`` is, for a test that waits in vain."""
    rows = StepRun.objects.filter(execution=execution).exclude(ended_at__isnull=False)
    stuck = rows.values("node_id", "status", "attempt", "claimed_by", "claimed_at", "wake_at")[:5]
    return f"{execution.pk}, {status_of(execution)}: {list(stuck)}"


def no_orphans() -> bool:
    """Return whether everything that has not ended will go on."""
    return not orphans().exists()
