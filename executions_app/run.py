"""The handle that ``workflow.create_run()`` returns: one execution, from Python."""

from __future__ import annotations

import threading
from collections.abc import AsyncIterator, Callable, Iterator, Mapping
from functools import partial
from typing import Any, NoReturn

from asgiref.sync import sync_to_async
from django.db import close_old_connections, connection, transaction

from executions_app import inline
from executions_app.engine.statuses import FINAL
from executions_app.errors import ExecutionNotFound
from executions_app.follow import follow
from executions_app.models import Execution, new_execution_id
from executions_app.operations.cancel import cancel_execution
from executions_app.operations.rerun import UNCHANGED, rerun_execution
from executions_app.operations.start_execution import start_execution
from executions_app.result import ExecutionResult, result_of
from workflows_app.authoring.errors import NotSupported, WorkflowError
from workflows_app.authoring.workflow import Workflow
from workflows_app.operations.sync_registry import ensure_published

_NO_INPUT: Any = object()


class Run:
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
    ) -> ExecutionResult:
        """Start, wait until the execution ends, and return what it came to.

        Raises:
            InputInvalid, StartClaimed: if it cannot start.
            TimeoutError: if it has not ended after ``timeout`` seconds; it goes on.
        """
        _refuse_in_transaction()
        self.start_async(
            input_data=input_data, runtime_context=runtime_context, initial_state=initial_state
        )
        return self.wait(timeout=timeout)

    def start_async(
        self,
        *,
        input_data: Any = None,
        runtime_context: Mapping[str, Any] | None = None,
        initial_state: Mapping[str, Any] | None = None,
    ) -> str:
        """Start, and return the execution's id at once."""
        version = ensure_published(self.workflow)
        start = partial(
            start_execution,
            version.workflow,
            version=version,
            input_data=input_data,
            runtime_context=runtime_context,
            initial_state=initial_state,
            resource_id=self.resource_id or "",
            trigger=Execution.Trigger.PYTHON,
            execution_id=self.id,
        )
        if self._cancelled_before is None:
            start()
        else:
            with transaction.atomic():
                start()
                cancel_execution(self.id, **self._cancelled_before)
        return self.id

    def wait(self, *, timeout: float | None = None) -> ExecutionResult:
        """Wait until the execution ends, and return what it came to.

        Raises:
            TimeoutError: if it has not ended after ``timeout`` seconds; it goes on.
        """
        _refuse_in_transaction()
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

    def stream(self, *, input_data: Any = _NO_INPUT, **options: Any) -> Iterator[dict[str, Any]]:
        """Yield every event from the first to the last, as browsers receive them.

        With ``input_data`` the execution is started first; without it the stream attaches to
        what is there.
        """
        if input_data is not _NO_INPUT or not Execution.objects.filter(pk=self.id).exists():
            self.start_async(input_data=None if input_data is _NO_INPUT else input_data, **options)
        return follow(self.id)

    async def astream(
        self, *, input_data: Any = _NO_INPUT, **options: Any
    ) -> AsyncIterator[dict[str, Any]]:
        """Yield what :meth:`stream` yields, for ``async for``."""
        events = await sync_to_async(self.stream)(input_data=input_data, **options)
        advance = sync_to_async(next)
        while (event := await advance(events, None)) is not None:
            yield event

    def watch(self, callback: Callable[[dict[str, Any]], None]) -> Callable[[], None]:
        """Call ``callback`` with every event, from the first, on a thread of its own.

        Returns a function that stops the calls; it may be called from the callback.
        """
        stopped = threading.Event()

        def run() -> None:
            try:
                for event in follow(self.id):
                    if stopped.is_set():
                        return
                    callback(event)
            finally:
                close_old_connections()

        threading.Thread(target=run, name=f"watch-{self.id}", daemon=True).start()
        return stopped.set

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

    def rerun(self, *, input_data: Any = UNCHANGED, version: str = "pinned") -> Run:
        """Start a new execution with the same input, or another one, and return its handle."""
        execution = self._execution()
        again = rerun_execution(
            execution, input_data=input_data, version=version, owner=execution.owner
        )
        return Run(self.workflow, again.pk, self.resource_id)

    def resume(self, *_: Any, **__: Any) -> NoReturn:
        raise NotSupported("resume()")

    def send_event(self, *_: Any, **__: Any) -> NoReturn:
        raise NotSupported("send_event()")

    def pause(self) -> NoReturn:
        raise NotSupported("pause()")

    def unpause(self) -> NoReturn:
        raise NotSupported("unpause()")

    def retry(self, *_: Any, **__: Any) -> NoReturn:
        raise NotSupported("retry()")

    def skip(self, *_: Any, **__: Any) -> NoReturn:
        raise NotSupported("skip()")

    def restart(self) -> NoReturn:
        raise NotSupported("restart()")

    def time_travel(self, *_: Any, **__: Any) -> NoReturn:
        raise NotSupported("time_travel()")

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


def _refuse_in_transaction() -> None:
    if connection.in_atomic_block and inline.active is None:
        raise WorkflowError(
            "waiting inside a transaction would wait for ever, because workers see nothing "
            "before it commits; use start_async() here",
            code="start.in_transaction",
        )
