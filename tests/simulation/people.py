"""People, in a simulation: they answer twice, send events early, change their minds, and cancel."""

from __future__ import annotations

from collections.abc import Callable
from random import Random

from executions_app.engine.statuses import FINAL
from executions_app.models import Execution, StepRun
from executions_app.operations.cancel import cancel_execution
from executions_app.operations.pause import pause_execution, unpause_execution
from executions_app.operations.restart import restart_execution
from executions_app.operations.resume import resume_execution
from executions_app.operations.send_event import send_event
from executions_app.suspensions import suspensions_of
from tests.simulation.story import ANSWER, EVENT
from workflows_app.authoring.errors import WorkflowError

PAYMENT = 7


class People:
    """Everybody who does something to executions from outside."""

    def __init__(self, random: Random) -> None:
        self.cancelled: set[str] = set()
        self._random = random
        self._is_calm = False

    def calm_down(self) -> None:
        """Only do what is asked for from now on."""
        self._is_calm = True

    def act(self) -> str:
        """Do one thing to one execution; return what, or nothing if there is nothing to do."""
        alive = list(Execution.objects.exclude(status__in=FINAL).order_by("pk"))
        roots = [execution for execution in alive if execution.root_id is None]
        if not roots:
            return ""
        execution = self._random.choice(roots)
        helpful: list[Callable[[Execution], str]] = [self._answer, self._send, self._unpause]
        odd: list[Callable[[Execution], str]] = [self._pause, self._restart, self._cancel]
        acts = helpful if self._is_calm or self._random.random() < 0.8 else odd
        try:
            return self._random.choice(acts)(execution)
        except WorkflowError as error:
            return f"refused {error.code}"

    def _answer(self, execution: Execution) -> str:
        asked = suspensions_of(execution)
        if not asked:
            return ""
        step = self._random.choice(asked).path
        for _ in range(self._random.choice([1, 1, 2])):
            resume_execution(execution.pk, step=step, data=ANSWER)
        return f"answered {step}"

    def _send(self, execution: Execution) -> str:
        waiting = StepRun.objects.filter(root_id=execution.pk, event=EVENT, status="waiting")
        if not waiting.exists() and (self._is_calm or self._random.random() < 0.9):
            return ""  # else it comes early
        send_event(execution.pk, event=EVENT, data=PAYMENT)
        return f"sent {EVENT}"

    def _pause(self, execution: Execution) -> str:
        pause_execution(execution.pk)
        return "paused"

    def _unpause(self, execution: Execution) -> str:
        if execution.status != "paused":
            return ""
        unpause_execution(execution.pk)
        return "unpaused"

    def _restart(self, execution: Execution) -> str:
        restart_execution(execution.pk)
        return "restarted"

    def _cancel(self, execution: Execution) -> str:
        if self._random.random() < 0.8:
            return ""
        cancel_execution(execution.pk)
        self.cancelled.add(execution.pk)
        return "cancelled"
