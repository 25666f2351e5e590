"""Section L: suspending and resuming arms that run side by side."""

from __future__ import annotations

from typing import Any

from tests.semantics.bodies import asked, recorded
from workflows_app.authoring import StepContext, create_workflow


def _multiply(value: Any, ctx: StepContext) -> Any:
    if ctx.resume_data is None:
        return ctx.suspend({"ask": "multiplier"})
    return {"value": value["value"] * ctx.resume_data["multiplier"]}


def _divide(value: Any, ctx: StepContext) -> Any:
    if ctx.resume_data is None:
        return ctx.suspend({"ask": "divisor"})
    return {"value": value["value"] // ctx.resume_data["divisor"]}


#: 206 - 208
both_ask = (
    create_workflow(id="l-both-ask")
    .parallel([recorded("a", _multiply), recorded("b", _divide)])
    .commit()
)

#: 209
one_asks = (
    create_workflow(id="l-one-asks")
    .parallel([recorded("x"), recorded("ask", _multiply), recorded("y")])
    .then(recorded("last", lambda value: sorted(value)))
    .commit()
)


def _times(value: Any, ctx: StepContext) -> Any:
    if ctx.resume_data is None:
        return ctx.suspend({"arm": ctx.step_id})
    return value["value"] * ctx.resume_data["factor"]


#: 210
two_arms = (
    create_workflow(id="l-two-arms")
    .branch(
        [
            (asked("a?", lambda ctx: ctx.input_data["value"] > 1), recorded("a", _times)),
            (asked("b?", lambda ctx: ctx.input_data["value"] > 2), recorded("b", _times)),
        ]
    )
    .commit()
)

#: 211
other_arm = (
    create_workflow(id="l-other-arm")
    .branch(
        [("input.value > 1", recorded("a", _times)), ("input.value > 99", recorded("b", _times))]
    )
    .then(recorded("last"))
    .commit()
)
