"""What a run's handle offers to those who follow the execution: streams, and being called back."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import Any

from django.db import connection, transaction

from executions_app import database, inline
from executions_app.errors import StartClaimed
from executions_app.following.event_stream import AsyncEventStream, EventStream, Source
from executions_app.following.formats import EVENTS, STREAMS, teller_of
from executions_app.following.watching import watch
from executions_app.models import Execution
from executions_app.streaming.log import log_of
from workflows_app.authoring.errors import WorkflowError

_NO_INPUT: Any = object()


class RunStreams:
    """The part of a :class:`~executions_app.run.Run` that follows the execution."""

    id: str
    start_async: Callable[..., str]
    resume_async: Callable[..., str]
    time_travel_async: Callable[..., str]

    def stream(
        self,
        *,
        input_data: Any = _NO_INPUT,
        format: str = EVENTS,
        close_on_suspend: bool = True,
        **options: Any,
    ) -> EventStream:
        """Return a stream of every event from the first to the last, as browsers receive them.

        With ``input_data`` the execution is started first (``options`` are those of
        :meth:`start_async`); without it the stream attaches to what is there.  It ends with the
        execution, and with ``close_on_suspend`` also where that is suspended or paused.
        ``format`` is ``"events"``, ``"mastra"`` or ``"legacy"``, which tell an input that is
        refused in the stream instead of raising.

        Raises:
            InputInvalid, StartClaimed, StartRefused: if it cannot start.
            ValueError: if there is no such format.
        """
        teller_of(STREAMS, format)
        refusal: Exception | None = None
        if input_data is not _NO_INPUT or not Execution.objects.filter(pk=self.id).exists():
            refuse_in_transaction()
            given = None if input_data is _NO_INPUT else input_data
            try:
                self.start_async(input_data=given, **options)
            except StartClaimed:
                raise
            except WorkflowError as error:
                if format == EVENTS:
                    raise
                refusal = error
        return EventStream(
            Source(
                execution_id=self.id,
                format=format,
                closes_at_rest=close_on_suspend,
                refusal=refusal,
            )
        )

    def astream(self, **options: Any) -> AsyncEventStream:
        """Return what :meth:`stream` does, for ``async for``; it starts when it is first asked."""
        return AsyncEventStream(lambda: self.stream(**options).source)

    def resume_stream(
        self,
        step: Any = None,
        *,
        format: str = EVENTS,
        close_on_suspend: bool = True,
        **options: Any,
    ) -> EventStream:
        """Answer what is suspended, and return a stream of what follows; see :meth:`resume`.

        Raises:
            ResumeRefused: if it is not clear what is meant, or the data does not fit.
        """
        resume = partial(self.resume_async, step, **options)
        return self._stream_after(resume, format=format, close_on_suspend=close_on_suspend)

    def aresume_stream(self, step: Any = None, **options: Any) -> AsyncEventStream:
        """Return what :meth:`resume_stream` does, for ``async for``."""
        return AsyncEventStream(lambda: self.resume_stream(step, **options).source)

    def time_travel_stream(
        self,
        step: Any = None,
        *,
        format: str = EVENTS,
        close_on_suspend: bool = True,
        **options: Any,
    ) -> EventStream:
        """Go on from ``step`` once more, and return a stream of what follows.

        Raises:
            ExecutionRunning: if it is still running.
        """
        travel = partial(self.time_travel_async, step, **options)
        return self._stream_after(travel, format=format, close_on_suspend=close_on_suspend)

    def watch(
        self, callback: Callable[[dict[str, Any]], None], *, format: str = EVENTS
    ) -> Callable[[], None]:
        """Call ``callback`` with every event, from the first, on a thread of its own.

        It may be called before the start.  ``format`` is ``"events"``, ``"mastra"``, or
        ``"watch"`` for the step that changed and the whole as it then stood.  Returns a function
        that stops the calls; it may be called from the callback.
        """
        return watch(self.id, callback, format=format)

    def _stream_after(
        self, command: Callable[[], Any], *, format: str, close_on_suspend: bool
    ) -> EventStream:
        """Carry out ``command``, and return a stream that begins with what it brings about."""
        teller_of(STREAMS, format)
        refuse_in_transaction()
        log = log_of(self.id)
        with transaction.atomic():
            # Under the lock nobody else can add to the log before the command does.
            database.locked(Execution.objects.filter(pk=log.root_id).only("pk")).first()
            after = log.last_seq
            command()
        return EventStream(
            Source(
                execution_id=self.id, after=after, format=format, closes_at_rest=close_on_suspend
            )
        )


def refuse_in_transaction() -> None:
    """Raise where waiting would never end.

    Raises:
        WorkflowError: inside a transaction of the caller's.
    """
    if connection.in_atomic_block and inline.active is None:
        raise WorkflowError(
            "waiting inside a transaction would wait for ever, because workers see nothing "
            "before it commits; use start_async() here",
            code="start.in_transaction",
        )
