"""What the workflows of the scenarios are made of: steps and callables that keep a diary.

They are the same under both drivers.  Where a scenario needs bodies side by side they wait for one
another, never for time; in memory, where one body runs at a time, they do not wait.
"""

from __future__ import annotations

import inspect
import time
import uuid
from collections.abc import Callable
from typing import Any

from executions_app import inline
from tests.semantics import diary
from workflows_app.authoring import Step, StepContext, create_step

#: A body that waits in vain gives up, so that a broken test leaves no worker behind.
PATIENCE_SECONDS = 20.0
_LOOK_SECONDS = 0.01


def recorded(id: str, execute: Callable[..., Any] | None = None, **options: Any) -> Step:
    """Return a step that writes down when its body begins and ends, and what it saw.

    ``execute`` takes the input, the input and a context, or nothing; without one the step hands
    on its input.  ``options`` are those of ``create_step``.
    """
    takes = 0 if execute is None else _needed_arguments(execute)

    def body(value: Any, ctx: StepContext) -> Any:
        call = uuid.uuid4().hex
        diary.write(
            "begin",
            ctx.step_id,
            ctx.run_id,
            call=call,
            input=ctx.input_data,
            resume_data=ctx.resume_data,
            suspend_data=ctx.suspend_data,
            state=dict(ctx.state),
            retry_count=ctx.retry_count,
            index=ctx.index,
            iteration=ctx.iteration_count,
            restart=ctx.restart,
            cancelled=ctx.cancelled,
            resource_id=ctx.resource_id,
            key=ctx.idempotency_key,
        )
        try:
            return value if execute is None else execute(*(value, ctx)[:takes])
        finally:
            diary.write("end", ctx.step_id, ctx.run_id, call=call)

    return create_step(id=id, execute=body, **options)


def gives(id: str, output: Any, **options: Any) -> Step:
    """Return a step that puts out ``output`` whatever it receives."""
    return recorded(id, lambda: output, **options)


def asked(name: str, answer: Callable[[Any], Any]) -> Callable[[Any], Any]:
    """Return ``answer``, a condition or the like, that writes down each time it is asked."""

    def ask(ctx: Any) -> Any:
        diary.write("asked", name, ctx.run_id, input=ctx.input_data, iteration=ctx.iteration_count)
        return answer(ctx)

    return ask


def wait_for(condition: Callable[[], object]) -> None:
    """Return once ``condition()`` is true; at once in memory.

    Raises:
        TimeoutError: if it never is.
    """
    until = time.monotonic() + PATIENCE_SECONDS
    while inline.active is None and not condition():
        if time.monotonic() > until:
            raise TimeoutError("what this body waits for never happened")
        time.sleep(_LOOK_SECONDS)


def wait_for_begun(ctx: StepContext, step: str, times: int = 1) -> None:
    """Return once the body of ``step`` has begun ``times`` times in this execution."""
    wait_for(lambda: _count("begin", ctx.run_id, step) >= times)


def wait_for_ended(ctx: StepContext, step: str, times: int = 1) -> None:
    """Return once the body of ``step`` has ended ``times`` times in this execution."""
    wait_for(lambda: _count("end", ctx.run_id, step) >= times)


def wait_for_go(ctx: StepContext) -> None:
    """Return once the test lets this execution go on; at once in memory."""
    wait_for(lambda: _count("go", ctx.run_id, "") >= 1)


def take(seconds: float) -> None:
    """Take time, where time is real.  For steps that shall be met while they run, or to measure."""
    until = time.monotonic() + seconds
    while inline.active is None and time.monotonic() < until:
        time.sleep(_LOOK_SECONDS)


def _needed_arguments(function: Callable[..., Any]) -> int:
    parameters = inspect.signature(function).parameters.values()
    return sum(parameter.default is parameter.empty for parameter in parameters)


def _count(kind: str, run: str, step: str) -> int:
    return sum(
        entry.kind == kind and entry.run == run and entry.step == step for entry in diary.read()
    )
