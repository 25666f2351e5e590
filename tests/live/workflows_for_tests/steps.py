"""Steps that live tests run.  Each leaves a mark when it begins, in a file that only grows, so that
a body that ran twice is seen.  None waits for time: they wait for a file that the test makes."""

from __future__ import annotations

import os
import signal
import sys
import threading
import time
from collections.abc import Callable
from functools import wraps
from pathlib import Path
from typing import Any

from django.contrib.auth.models import Group
from django.db import transaction

from workflows_app.authoring import NonRetryableError, StepContext, create_step

#: A body that waits for a file in vain gives up, so that a broken test leaves no worker behind.
_PATIENCE_SECONDS = 60.0
_LOOK_SECONDS = 0.01

Body = Callable[[Any, StepContext], Any]


def _marks(ctx: StepContext) -> Path:
    return Path(ctx.runtime_context["marks"])


def _mark(ctx: StepContext) -> None:
    line = f"{ctx.step_id} {ctx.retry_count} {int(ctx.restart)} {os.getpid()} {ctx.idempotency_key}"
    # One write in append mode: whole even when processes write at once, kept when they die.
    descriptor = os.open(_marks(ctx) / "starts", os.O_WRONLY | os.O_APPEND | os.O_CREAT)
    os.write(descriptor, f"{line}\n".encode())
    os.close(descriptor)


def _marked(body: Body) -> Body:
    @wraps(body)
    def begin(value: Any, ctx: StepContext) -> Any:
        _mark(ctx)
        return body(value, ctx)

    return begin


def _wait(arrived: Callable[[], bool]) -> None:
    until = time.monotonic() + _PATIENCE_SECONDS
    while not arrived():
        if time.monotonic() > until:
            raise TimeoutError("the test never let this step go on")
        time.sleep(_LOOK_SECONDS)


def _echo(value: Any, ctx: StepContext) -> Any:
    return {"node": ctx.step_id, "got": value}


def _same(value: Any, ctx: StepContext) -> Any:
    return value


def _slow(value: Any, ctx: StepContext) -> Any:
    _wait((_marks(ctx) / f"go-{ctx.step_id}").exists)
    return {"node": ctx.step_id}


def _brief(value: Any, ctx: StepContext) -> Any:
    threading.Event().wait(0.1)  # so that a worker has something in its hands
    return {"node": ctx.step_id}


def _writes_then_waits(value: Any, ctx: StepContext) -> Any:
    ctx.logger.info("begun")
    ctx.writer.write({"n": 1})
    ctx.writer.custom("data-progress", 0.5)
    _wait((_marks(ctx) / f"go-{ctx.step_id}").exists)
    ctx.writer.write({"n": 2})
    return {"node": ctx.step_id}


def _books_and_dies(value: Any, ctx: StepContext) -> Any:
    Group.objects.create(name=f"{ctx.run_id}/{os.getpid()}")
    if not ctx.restart:
        os.kill(os.getpid(), signal.SIGKILL)
    return Group.objects.filter(name__startswith=ctx.run_id).count()


def _polite(value: Any, ctx: StepContext) -> Any:
    _wait(lambda: ctx.cancelled)
    return {"stopped": True}


def _flaky(value: Any, ctx: StepContext) -> Any:
    if ctx.retry_count < ctx.runtime_context["failures"]:
        raise ConnectionError(f"try {ctx.retry_count} fails")
    return {"tries": ctx.retry_count + 1}


def _fails(value: Any, ctx: StepContext) -> Any:
    raise ValueError(f"{ctx.step_id} is broken")


def _fails_late(value: Any, ctx: StepContext) -> Any:
    _wait((_marks(ctx) / f"go-{ctx.step_id}").exists)
    raise ValueError(f"{ctx.step_id} is broken")


def _refuses(value: Any, ctx: StepContext) -> Any:
    raise NonRetryableError("no further try can help")


def _kills_worker(value: Any, ctx: StepContext) -> Any:
    os.kill(os.getpid(), signal.SIGKILL)


def _writes_rows(value: Any, ctx: StepContext) -> Any:
    with transaction.atomic():
        Group.objects.create(name=f"{ctx.run_id}/one")
        if not ctx.restart and ctx.runtime_context.get("die_inside"):
            os.kill(os.getpid(), signal.SIGKILL)
        Group.objects.create(name=f"{ctx.run_id}/two")
    return Group.objects.filter(name__startswith=ctx.run_id).count()


def _breaks_its_transaction(value: Any, ctx: StepContext) -> Any:
    Group.objects.create(name=ctx.run_id)
    Group.objects.create(name=ctx.run_id)  # the name is unique


def _large(value: Any, ctx: StepContext) -> Any:
    return "x" * value["bytes"]


def _unstorable(value: Any, ctx: StepContext) -> Any:
    return {"text": "a\x00b"}


def _fails_with_nul(value: Any, ctx: StepContext) -> Any:
    ctx.logger.info("a line with \x00 in it")
    raise ValueError("a message with \x00 in it")


def _logs_anything(value: Any, ctx: StepContext) -> Any:
    ctx.logger.warning("odd", extra={"path": Path("/x"), "object": object, "nul": "\x00"})
    return "logged"


def _deep(value: Any, ctx: StepContext) -> Any:
    nested: Any = 0
    for _ in range(700):
        nested = {"in": nested}
    return nested


def _exits(value: Any, ctx: StepContext) -> Any:
    sys.exit(3)


def _no_json(value: Any, ctx: StepContext) -> Any:
    return object()


async def _asynchronous(value: Any, ctx: StepContext) -> Any:
    _mark(ctx)
    return {"async": value}


def _key(value: Any, ctx: StepContext) -> Any:
    ctx.logger.info("called with %s", ctx.idempotency_key, extra={"token": "hidden"})
    return ctx.idempotency_key


echo = create_step(_marked(_echo), id="live-echo")
same = create_step(_marked(_same), id="live-same")
slow = create_step(_marked(_slow), id="live-slow")
brief = create_step(_marked(_brief), id="live-brief")
writes_then_waits = create_step(_marked(_writes_then_waits), id="live-writes-then-waits")
books_and_dies = create_step(_marked(_books_and_dies), id="live-books-and-dies", atomic=True)
polite = create_step(_marked(_polite), id="live-polite")
flaky = create_step(_marked(_flaky), id="live-flaky")
fails = create_step(_marked(_fails), id="live-fails")
fails_late = create_step(_marked(_fails_late), id="live-fails-late")
refuses = create_step(_marked(_refuses), id="live-refuses")
kills_worker = create_step(_marked(_kills_worker), id="live-kills-worker")
writes_rows = create_step(_marked(_writes_rows), id="live-writes-rows")
breaks_its_transaction = create_step(
    _marked(_breaks_its_transaction), id="live-breaks-its-transaction"
)
large = create_step(_marked(_large), id="live-large")
unstorable = create_step(_marked(_unstorable), id="live-unstorable")
fails_with_nul = create_step(_marked(_fails_with_nul), id="live-fails-with-nul")
logs_anything = create_step(_marked(_logs_anything), id="live-logs-anything")
deep = create_step(_marked(_deep), id="live-deep")
exits = create_step(_marked(_exits), id="live-exits")
no_json = create_step(_marked(_no_json), id="live-no-json")
asynchronous = create_step(_asynchronous, id="live-asynchronous")
key = create_step(_marked(_key), id="live-key")
