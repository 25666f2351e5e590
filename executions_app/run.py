"""The handle that ``workflow.create_run()`` returns: one execution, from Python."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.db import connection

from executions_app import inline
from executions_app.engine.statuses import FINAL
from executions_app.errors import ExecutionNotFound
from executions_app.following.follow import follow
from executions_app.following.run_streams import RunStreams, refuse_in_transaction
from executions_app.models import Execution, new_execution_id
from executions_app.operations.cancel import cancel_execution
from executions_app.operations.pause import pause_execution, unpause_execution
from executions_app.operations.rerun import UNCHANGED, rerun_execution
from executions_app.operations.restart import restart_execution
from executions_app.operations.resume import resume_execution
from executions_app.operations.retry import retry_execution
from executions_app.operations.send_event import send_event
from executions_app.operations.skip import skip_step
from executions_app.operations.start_execution import start_execution
from executions_app.operations.time_travel import time_travel
from executions_app.result import ExecutionResult, result_of
from workflows_app.authoring.workflow import Workflow
from workflows_app.operations.sync_registry import ensure_published


class Run(RunStreams):
    """One execution of a workflow: started here, or found again by its id."""

    def __init__(
        self, workflow: Workflow, run_id: str | None = None, resource_id: str | None = None
    ) -> None:
        self.workflow = workflow
        self.id = run_id or new_execution_id()
        self.resource_id = resource_id
        self._cancelled_before: dict[str, str] | None = None

    @property
    def run_id(self) -> str:
        return self.id

    @property
    def execution_id(self) -> str:
        return self.id

    @property
    def status(self) -> str:
        """The status now; ``pending`` before the start."""
        row = Execution.objects.filter(pk=self.id).values_list("status", flat=True).first()
        return row or "pending"

    def start(
        self,
        *,
        input_data: Any = None,
        runtime_context: Mapping[str, Any] | None = None,
        initial_state: Mapping[str, Any] | None = None,
        timeout: float | None = None,
        per_step: bool = False,
        priority: int | None = None,
    ) -> ExecutionResult:
        """Start, wait until the execution ends, is suspended or paused, and return what it came
        to.  ``per_step`` pauses it after its first step; ``priority`` replaces the workflow's.

        Raises:
            InputInvalid, StartClaimed: if it cannot start.
            TimeoutError: if it has not ended after ``timeout`` seconds; it goes on.
        """
        refuse_in_transaction()
        self.start_async(
            input_data=input_data,
            runtime_context=runtime_context,
            initial_state=initial_state,
            per_step=per_step,
            priority=priority,
        )
        return self.wait(timeout=timeout)

    def start_async(
        self,
        *,
        input_data: Any = None,
        runtime_context: Mapping[str, Any] | None = None,
        initial_state: Mapping[str, Any] | None = None,
        per_step: bool = False,
        priority: int | None = None,
    ) -> str:
        """Start, and return the execution's id at once."""
        version = ensure_published(self.workflow)
        start_execution(
            version.workflow,
            version=version,
            input_data=input_data,
            runtime_context=runtime_context,
            initial_state=initial_state,
            per_step=per_step,
            priority=priority,
            resource_id=self.resource_id or "",
            trigger=Execution.Trigger.PYTHON,
            execution_id=self.id,
            cancelled=self._cancelled_before,
        )
        return self.id

    def wait(self, *, timeout: float | None = None) -> ExecutionResult:
        """Wait until the execution ends, is suspended or paused, and return what it came to.

        Raises:
            TimeoutError: if it has not ended after ``timeout`` seconds; it goes on.
        """
        refuse_in_transaction()
        self._execution()
        for _ in follow(self.id, timeout_seconds=timeout, until_rest=True):
            pass
        return self.get_result()

    def get_result(self) -> ExecutionResult:
        """Return the execution as it stands now, without waiting.

        Raises:
            ExecutionNotFound: if it was never started.
        """
        return result_of(self._execution())

    def cancel(self, *, reason: str = "", by: str = "") -> ExecutionResult:
        """Cancel the execution; cancelling again changes nothing.

        One that was not started yet is cancelled as soon as it is, and runs no step.

        Raises:
            NotApplicable: if it completed or failed before.
        """
        try:
            return result_of(cancel_execution(self.id, reason=reason, by=by))
        except ExecutionNotFound:
            self._cancelled_before = {"reason": reason, "by": by}
            return ExecutionResult(execution_id=self.id, status="cancelled")

    def rerun(
        self,
        *,
        input_data: Any = UNCHANGED,
        from_step: Any = None,
        version: str = "pinned",
    ) -> Run:
        """Start a new execution with the same input, or another one, and return its handle.

        With ``from_step`` it begins there: what comes before has the outputs it had.

        Raises:
            UnknownStep, StepNotApplicable: if it cannot begin there.
        """
        execution = self._execution()
        again = rerun_execution(
            execution,
            input_data=input_data,
            from_step=from_step,
            version=version,
            owner=execution.owner,
        )
        return Run(self.workflow, again.pk, self.resource_id)

    def resume(
        self,
        step: Any = None,
        *,
        resume_data: Any = None,
        label: str | None = None,
        foreach_index: int | None = None,
        runtime_context: Mapping[str, Any] | None = None,
        timeout: float | None = None,
    ) -> ExecutionResult:
        """Answer what is suspended, wait as :meth:`start` does, and return what it came to.

        Inside a transaction it does not wait: workers see the answer only after the commit.

        Raises:
            ResumeRefused: if it is not clear what is meant, or the data does not fit.
            TimeoutError: if it has not ended after ``timeout`` seconds; it goes on.
        """
        self.resume_async(
            step,
            resume_data=resume_data,
            label=label,
            foreach_index=foreach_index,
            runtime_context=runtime_context,
        )
        if connection.in_atomic_block and inline.active is None:
            return self.get_result()
        return self.wait(timeout=timeout)

    def resume_async(self, step: Any = None, **options: Any) -> str:
        """Answer what is suspended, and return the execution's id at once; see :meth:`resume`."""
        data = options.pop("resume_data", None)
        return resume_execution(self.id, step=step, data=data, **options).pk

    def send_event(self, event: str, data: Any = None) -> ExecutionResult:
        """Send ``event``; the first wait for it goes on, now or when it is reached.

        Raises:
            NotApplicable: if the execution has ended.
            ExecutionNotFound: if it was never started.
        """
        return result_of(send_event(self.id, event=event, data=data))

    def pause(self, *, reason: str = "", by: str = "") -> ExecutionResult:
        """Let nothing new start until :meth:`unpause`; what runs may finish.

        Raises:
            NotApplicable: if the execution has ended.
        """
        return result_of(pause_execution(self.id, reason=reason, by=by))

    def unpause(self, *, reason: str = "", by: str = "") -> ExecutionResult:
        """Go on after a pause; does not wait.

        Raises:
            NotApplicable: if the execution is not paused.
        """
        return result_of(unpause_execution(self.id, reason=reason, by=by))

    def retry(
        self, step: Any = None, *, timeout: float | None = None, reason: str = "", by: str = ""
    ) -> ExecutionResult:
        """Run the step that failed again, or all that did, and what follows; wait for the end.

        Raises:
            NotApplicable: if the execution has not failed.
        """
        retry_execution(self.id, step=step, reason=reason, by=by)
        return self._come_to(timeout)

    def skip(
        self,
        step: Any,
        *,
        output: Any = None,
        timeout: float | None = None,
        reason: str = "",
        by: str = "",
    ) -> ExecutionResult:
        """Go on as if ``step`` had put out ``output``; wait for the end.

        Raises:
            NotApplicable: if the step has neither failed nor waits.
        """
        skip_step(self.id, step=step, output=output, reason=reason, by=by)
        return self._come_to(timeout)

    def restart(
        self, *, timeout: float | None = None, reason: str = "", by: str = ""
    ) -> ExecutionResult:
        """Take up what is due of an execution that was left; completed steps stay.

        Raises:
            ExecutionNotActive: if it is suspended, paused or cancelled, or was never started.
        """
        restart_execution(self.id, reason=reason, by=by)
        return self._come_to(timeout)

    def time_travel(
        self, step: Any = None, *, timeout: float | None = None, **options: Any
    ) -> ExecutionResult:
        """Go on from ``step`` once more, and wait for the end; options as in
        :func:`~executions_app.operations.time_travel.time_travel`.

        Raises:
            ExecutionRunning: if it is still running.
        """
        self.time_travel_async(step, **options)
        return self._come_to(timeout)

    def time_travel_async(self, step: Any = None, **options: Any) -> str:
        """Go on from ``step`` once more, and return the execution's id at once."""
        version = ensure_published(self.workflow)
        return time_travel(self.id, step=step, workflow=version.workflow, **options).pk

    def _come_to(self, timeout: float | None) -> ExecutionResult:
        if connection.in_atomic_block and inline.active is None:
            return self.get_result()
        return self.wait(timeout=timeout)

    @property
    def is_finished(self) -> bool:
        """Whether nothing will follow."""
        return self.status in FINAL

    def _execution(self) -> Execution:
        row = Execution.objects.filter(pk=self.id).first()
        if row is None:
            raise ExecutionNotFound(self.id)
        return row

    def __repr__(self) -> str:
        return f"<Run {self.id} of {self.workflow.id!r}>"
