"""Steps whose every beginning and effect leaves a line, so that bodies that ran twice are seen.

The lines go to the directory ``CHAOS_MARKS``; what they say is in :mod:`tests.chaos.marks`.
"""

from __future__ import annotations

import os
import signal
import time
from typing import Any

from tests.chaos import marks
from workflows_app.authoring import StepContext, step

#: A body that waits in vain gives up, so that a broken run leaves no worker behind.
PATIENCE_SECONDS = 120.0
_LOOK_SECONDS = 0.01


def _last(seconds: float, ctx: StepContext | None = None) -> None:
    """Return after ``seconds``, or as soon as the execution is being cancelled."""
    until = time.monotonic() + seconds
    while (left := until - time.monotonic()) > 0 and not (ctx is not None and ctx.cancelled):
        time.sleep(min(left, _LOOK_SECONDS * 5))


@step(id="chaos-work")
def work(value: Any, ctx: StepContext) -> dict[str, Any]:
    """Take ``work_seconds`` of the runtime context, then have an effect."""
    marks.write("starts", ctx)
    _last(ctx.runtime_context.get("work_seconds", 0.02))
    marks.write("effects", ctx)
    return {"step": ctx.step_id}


@step(id="chaos-same")
def same(value: Any, ctx: StepContext) -> Any:
    """Hand on what comes in."""
    marks.write("starts", ctx)
    marks.write("effects", ctx)
    return value


@step(id="chaos-hold")
def hold(value: Any, ctx: StepContext) -> dict[str, Any]:
    """Wait until the run says ``go`` (:meth:`tests.chaos.marks.Marks.go`)."""
    marks.write("starts", ctx)
    until = time.monotonic() + PATIENCE_SECONDS
    while not marks.may_go(ctx):
        if time.monotonic() > until:
            raise TimeoutError("nobody let this step go on")
        time.sleep(_LOOK_SECONDS)
    marks.write("effects", ctx)
    return {"step": ctx.step_id}


@step(id="chaos-poison")
def poison(value: Any, ctx: StepContext) -> None:
    """Kill the process it runs in, as a segmentation fault or the kernel would."""
    marks.write("starts", ctx)
    os.kill(os.getpid(), signal.SIGKILL)


@step(id="chaos-glutton")
def glutton(value: Any, ctx: StepContext) -> int:
    """Take more memory than there is: of the address space that is allowed just now."""
    import resource

    marks.write("starts", ctx)
    limits = resource.getrlimit(resource.RLIMIT_AS)
    with open("/proc/self/statm") as file:
        used_bytes = int(file.read().split()[0]) * resource.getpagesize()
    resource.setrlimit(resource.RLIMIT_AS, (used_bytes + 64 * 1024**2, limits[1]))
    try:
        return len(bytearray(1024**3))
    finally:
        resource.setrlimit(resource.RLIMIT_AS, limits)


@step(id="chaos-breaks")
def breaks(value: Any, ctx: StepContext) -> None:
    """Fail as often as ``failures`` of the runtime context says, then hand on."""
    marks.write("starts", ctx)
    if ctx.retry_count < ctx.runtime_context.get("failures", 1):
        raise ConnectionError(f"try {ctx.retry_count} fails")
    marks.write("effects", ctx)


@step(id="chaos-ask")
def ask(value: Any, ctx: StepContext) -> Any:
    """Suspend, and hand on the answer."""
    marks.write("starts", ctx)
    if ctx.resume_data is None:
        return ctx.suspend({"ask": ctx.step_id})
    marks.write("effects", ctx)
    return ctx.resume_data
