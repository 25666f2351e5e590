"""Section Q: cancelling.  Running bodies cancel their own execution, as somebody else would."""

from __future__ import annotations

import time
from typing import Any

from tests.semantics.bodies import recorded
from workflows_app.authoring import StepContext, create_workflow

#: How long a body listens before it goes on as if nobody had cancelled it.
LISTEN_SECONDS = 5.0

#: 280
never_run = create_workflow(id="q-never-run").then(recorded("A")).commit()


def _cancelled_meanwhile(value: Any, ctx: StepContext) -> Any:
    ignores.create_run(ctx.run_id).cancel()
    return "finished all the same"


#: 281
ignores = (
    create_workflow(id="q-ignores")
    .then(recorded("A", _cancelled_meanwhile))
    .then(recorded("B"))
    .commit()
)


def _listen(ctx: StepContext) -> str:
    until = time.monotonic() + LISTEN_SECONDS
    while not ctx.cancelled:
        if time.monotonic() > until:
            return "never told"
        time.sleep(0.01)
    return "told"


def _raise_when_told(value: Any, ctx: StepContext) -> Any:
    listens.create_run(ctx.run_id).cancel()
    if _listen(ctx) == "told":
        raise InterruptedError("stopped when told to")
    return "never told"


#: 282
listens = (
    create_workflow(id="q-listens")
    .then(recorded("A", _raise_when_told))
    .then(recorded("B"))
    .commit()
)

#: 283
undisturbed = (
    create_workflow(id="q-undisturbed")
    .then(recorded("A"))
    .parallel([recorded("B"), recorded("C")])
    .then(recorded("D"))
    .commit()
)


def _abort(value: Any, ctx: StepContext) -> Any:
    ctx.abort()
    return "kept"


#: 284
aborts = (
    create_workflow(id="q-aborts")
    .then(recorded("A"))
    .then(recorded("B", _abort))
    .then(recorded("C"))
    .commit()
)


def _ask(value: Any, ctx: StepContext) -> Any:
    return ctx.suspend() if ctx.resume_data is None else ctx.resume_data


#: 285
asks = create_workflow(id="q-asks").then(recorded("A", _ask)).then(recorded("B")).commit()


def _cancelled_from_above(value: Any, ctx: StepContext) -> Any:
    outer.create_run(ctx.runtime_context["outer"]).cancel()
    return _listen(ctx)


#: 286
inner = (
    create_workflow(id="q-inner")
    .then(recorded("long", _cancelled_from_above))
    .then(recorded("after"))
    .commit()
)
outer = create_workflow(id="q-outer").then(inner).then(recorded("B")).commit()
