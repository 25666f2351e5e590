"""Where scenarios are told: starting workflows, waiting for conditions, reading the diary."""

from __future__ import annotations

import time
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from itertools import accumulate
from typing import Any

from executions_app.engine.statuses import FINAL
from executions_app.following.follow import follow
from executions_app.models import Execution
from executions_app.operations.audit import differences, orphans
from executions_app.result import ExecutionResult
from executions_app.run import Run
from executions_app.testing import Engine
from tests.live.workers import wait_until
from tests.semantics import diary
from workflows_app.authoring import Workflow

#: No scenario takes as long; one that does is broken.
PATIENCE_SECONDS = 30.0


@dataclass(slots=True)
class Stage:
    """One driver: in memory with ``engine``, or on real workers without."""

    engine: Engine | None
    choose: Callable[[int], int] = lambda count: 0
    """In memory: which of so many attempts that are due is made next; the earliest by default."""

    @property
    def is_memory(self) -> bool:
        return self.engine is not None

    @property
    def driver(self) -> str:
        return "memory" if self.is_memory else "workers"

    # -- running ----------------------------------------------------------------------------------

    def run(
        self,
        workflow: Workflow,
        input_data: Any = None,
        *,
        run_id: str | None = None,
        resource_id: str | None = None,
        **options: Any,
    ) -> ExecutionResult:
        """Start ``workflow``; return what it came to when it ended, suspended or paused."""
        run = workflow.create_run(run_id, resource_id)
        return run.start(input_data=input_data, timeout=PATIENCE_SECONDS, **options)

    def begin(self, workflow: Workflow, input_data: Any = None, **options: Any) -> Run:
        """Start ``workflow`` and return its handle at once."""
        run: Run = workflow.create_run()
        run.start_async(input_data=input_data, **options)
        return run

    def end_of(self, run: Run) -> ExecutionResult:
        """Wait until ``run`` has ended, is suspended or paused; return what it came to."""
        return run.wait(timeout=PATIENCE_SECONDS)

    def go(self, run: Run) -> None:
        """Let the bodies of ``run`` that wait for the test go on."""
        diary.write("go", "", run.id)

    def wait_for_begun(self, run: Run, step: str) -> None:
        """Return once the body of ``step`` has begun in ``run``, or in what is nested in it."""
        self.wait_until(lambda: self.calls(run, step), what=f"the body of {step!r} to begin")

    def wait_until(self, condition: Callable[[], object], *, what: str) -> None:
        """Return once ``condition()`` is true; in memory, what is due is done meanwhile.

        Raises:
            AssertionError: if it never becomes true, naming ``what`` was awaited.
        """
        if self.engine is None:
            wait_until(condition, what=what, seconds=PATIENCE_SECONDS)
            return
        while not condition():
            assert self.engine.work(), f"nothing is due any more, and yet: {what}"

    def linger(self, workflow: Workflow) -> None:
        """Give what should not happen a chance to happen: ``workflow`` is run meanwhile."""
        self.run(workflow)
        for _ in range(20):
            if self.engine is not None:
                self.engine.work_now()

    def wait_for_status(self, run: Run | ExecutionResult, status: str) -> None:
        """Return once ``run`` has ``status``; in memory time does not pass meanwhile."""
        execution = Execution.objects.filter(pk=run.execution_id)
        if self.engine is not None:
            self.engine.run_until_idle()
            assert execution.get().status == status
            return
        self.wait_until(lambda: execution.get().status == status, what=f"{status!r}")

    def now(self) -> datetime:
        """Return the time by the clock that runs executions; aware, UTC."""
        if self.engine is not None:
            return self.engine.now
        return datetime.fromtimestamp(time.time()).astimezone()

    # -- reading ----------------------------------------------------------------------------------

    def calls(self, run: Run | ExecutionResult, step: str | None = None) -> list[diary.Call]:
        """Return how often bodies ran in ``run`` and what is nested in it, as they began.

        With ``step``, only the body of that one.
        """
        return [
            call for call in diary.calls(self.entries(run)) if step is None or call.step == step
        ]

    def counts(self, run: Run | ExecutionResult) -> dict[str, int]:
        """Return how often each body ran, by step, in the order in which they began."""
        return dict(Counter(call.step for call in self.calls(run)))

    def asked(self, run: Run | ExecutionResult, name: str) -> list[diary.Entry]:
        """Return each time the callable ``name`` was asked, with what it saw."""
        return [
            entry for entry in self.entries(run) if entry.kind == "asked" and entry.step == name
        ]

    def most_at_once(self, run: Run | ExecutionResult, step: str) -> int:
        """Return how many items of the foreach ``step`` were at work side by side at most.

        On workers those whose bodies ran; in memory, where one body runs at a time, those that
        were due.
        """
        moves = {"begin": 1, "end": -1, "step_scheduled": 1, "step_completed": -1}
        if self.is_memory:
            told = follow(run.execution_id)
            kinds = [event["type"] for event in told if (event.get("path") or [])[:-1] == [step]]
        else:
            kinds = [entry.kind for entry in self.entries(run) if entry.step == step]
        return max(accumulate(moves.get(kind, 0) for kind in kinds))

    def events(self, run: Run, *types: str) -> list[dict[str, Any]]:
        """Return the events of an execution that has ended; with ``types``, only those."""
        assert run.status in FINAL, f"{run!r} is {run.status}, its events have no end yet"
        return [event for event in run.stream() if not types or event["type"] in types]

    def entries(self, run: Run | ExecutionResult) -> list[diary.Entry]:
        """Return every line about ``run`` and what is nested in it."""
        inner = Execution.objects.filter(root_id=run.execution_id).values_list("pk", flat=True)
        runs = {run.execution_id, *inner}
        return [entry for entry in diary.read() if entry.run in runs]

    # -- afterwards -------------------------------------------------------------------------------

    def check_laws(self) -> None:
        """Assert that rows equal the fold of the log, and that nothing is forgotten."""
        for execution_id in Execution.objects.filter(root=None).values_list("pk", flat=True):
            assert differences(execution_id) == []
        if self.engine is not None:
            assert not list(orphans())
            return
        wait_until(lambda: not orphans().exists(), what="nothing to be forgotten", seconds=3.0)
